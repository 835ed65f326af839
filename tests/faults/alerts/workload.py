"""Has workers alert officers day after day, while workers and the receiver are killed between deciding and confirming.

`make faults-alerts KILLS=2000 SEED=1` runs it.
"""

import asyncio
import time
from datetime import timedelta
from typing import Any

import psycopg

from service.config.law_files import law_of
from service.config.settings import Settings
from tests.faults.alerts.checker import check_alerts
from tests.faults.alerts.mutants import SENDERS
from tests.faults.alerts.nemesis import Nemesis
from tests.faults.alerts.petitions import (
    EVERYBODY,
    FIRST_DAY,
    count_petitions_not_alerted,
    enter_petitions,
    sleepless_ladder,
)
from tests.faults.alerts.worker import CampaignDay, WorkerSettings
from tests.faults.harness import SETTLE_TIMEOUT_SECONDS, CheckResult, Part, Tally, Workload
from tests.faults.processes import free_port

BACKLOG = len(EVERYBODY)
"""Messages below which a new day begins: so many that some wait behind others to the same recipient."""

LOOK_SECONDS = 0.05
"""Between one look at what is sent and the next."""


class AlertsWorkload(Workload):
    """Kill workers that alert, and the receiver of alerts, at every point between deciding and confirming."""

    name = "alerts"
    unit = "kills"
    default_size = 2000
    part_size = 250
    mutants = tuple(SENDERS)
    log_level = "error"

    def run_part(self, part: Part, tally: Tally) -> None:
        """Make as many kills as the part has; then nobody dies any more, and what is left to do is done."""
        settings = WorkerSettings(
            dsn=part.dsn,
            law=law_of(Settings()),
            http_port=free_port(),
            smtp_port=free_port(),
            ladder=sleepless_ladder(),
            day=CampaignDay(FIRST_DAY),
            mutant=self.mutant,
        )
        asyncio.run(enter_petitions(part.dsn, settings.law, settings.http_port, days=5 + part.size // 6))
        nemesis = Nemesis(settings, part.folder, seed := self.seed + part.number)
        with psycopg.connect(part.dsn, autocommit=True) as connection, nemesis.started(connection):
            _make_kills(nemesis, part.size, settings.day, connection)
            nemesis.stop_killing()
            _settle(settings.day, connection)
        kills, result = nemesis.kills(), _check(settings, nemesis)
        tally.kills.update(kills)
        tally.add(result)
        part.say(f"seed {seed}: {kills.total()} kills, {result.wrongs.total()} wrong")


def _make_kills(nemesis: Nemesis, kills: int, day: CampaignDay, connection: psycopg.Connection[Any]) -> None:
    """Let the nemesis strike; begin a new day when most messages of the present one are sent."""
    looked_at = 0.0
    while nemesis.killed < kills:
        nemesis.strike()
        if time.monotonic() - looked_at > LOOK_SECONDS:
            looked_at = time.monotonic()
            if day.is_looked_at() and _count_waiting_messages(connection) < BACKLOG:
                day.begin(day.today() + timedelta(days=1))
        time.sleep(0.003)


def _settle(day: CampaignDay, connection: psycopg.Connection[Any]) -> None:
    """Return once a worker has looked at the last day and all messages are sent, or after the timeout."""
    settled_by = time.monotonic() + SETTLE_TIMEOUT_SECONDS
    day.set_looked_at(FIRST_DAY)
    while not (day.is_looked_at() and _count_waiting_messages(connection) == 0) and time.monotonic() < settled_by:
        time.sleep(0.01)


def _count_waiting_messages(connection: psycopg.Connection[Any]) -> int:
    """Return how many messages are composed and not sent."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE topic = 'MessageComposed')"
        " - count(DISTINCT stream) FILTER (WHERE topic = 'MessageSent')"
        " FROM kiennghi.readable_log WHERE topic IN ('MessageComposed', 'MessageSent')"
    ).fetchone()
    assert row is not None
    return int(row[0])


def _check(settings: WorkerSettings, nemesis: Nemesis) -> CheckResult:
    result = check_alerts(settings.dsn, nemesis.received.lines(), nemesis.worker_history.lines())
    today = settings.day.today()
    result.wrongs["due_and_not_raised"] = asyncio.run(
        count_petitions_not_alerted(settings.dsn, settings.law, settings.ladder, today)
    )
    result.figures["days"] = (today - FIRST_DAY).days + 1
    return result
