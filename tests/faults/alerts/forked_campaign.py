"""Runs a campaign of alerts in a process that is forked from one that has loaded everything."""

import json
import shutil
from multiprocessing.connection import Connection
from typing import Any

from service.observability import log_setup
from tests.faults.alerts.workload import AlertsWorkload
from tests.faults.harness import make_home, run_campaign
from tests.faults.processes import FORKS, die_with_parent


def run_forked_campaign(server: str, kills: int, seed: int, mutant: str) -> dict[str, Any]:
    """Run a campaign on the server and return its tally. Raise EOFError if the process ends without one."""
    answer, answering = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_run, args=(answering, server, kills, seed, mutant))
    process.start()
    answering.close()
    try:
        assert answer.poll(400), "the campaign does not end"
        tally: dict[str, Any] = json.loads(answer.recv())
        return tally
    finally:
        process.kill()
        process.join()
        answer.close()


def _run(answering: "Connection[str, str]", server: str, kills: int, seed: int, mutant: str) -> None:
    die_with_parent()
    log_setup.configure_logging(AlertsWorkload.log_level)
    home = make_home()
    try:
        tally = run_campaign(AlertsWorkload(kills, seed, mutant), server, home, lambda _: None)
    finally:
        shutil.rmtree(home)
    answering.send(tally.as_json())
