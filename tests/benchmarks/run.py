"""Measures: `python -m tests.benchmarks.run [NAME ...]`; docs/explanation/performance.md says what the figures mean."""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import structlog

from service.bootstrap import run_coroutine
from service.config.settings import Settings
from service.postgres.embedded.server import embedded_postgres
from tests.benchmarks import (
    alerts,
    commands,
    concurrent_clients,
    due_dates,
    duplicates,
    facts,
    following,
    growth,
    known_at,
    late_entries,
    law_change,
    log_import,
    over_http,
    overload,
    proofs,
    report,
    sealing,
    storage,
    views,
)
from tests.benchmarks.environment import Ground
from tests.benchmarks.results import Figure, Outcome, number

BENCHMARKS: Mapping[str, Callable[[Ground], Coroutine[Any, Any, list[Outcome]]]] = {
    "import": log_import.measure,
    "http": over_http.measure,
    "crowd": concurrent_clients.measure,
    "overload": overload.measure,
    "views": views.measure,
    "known-at": known_at.measure,
    "late-entries": late_entries.measure,
    "commands": commands.measure,
    "following": following.measure,
    "due-dates": due_dates.measure,
    "facts": facts.measure,
    "sealing": sealing.measure,
    "proofs": proofs.measure,
    "storage": storage.measure,
    "growth": growth.measure,
    "law-change": law_change.measure,
    "duplicates": duplicates.measure,
    "alerts": alerts.measure,
}
HOME = Path(".benchmarks")
LIBRARIES = ("psycopg", "pydantic", "fastapi", "uvicorn", "eventsourcing", "msgspec", "rapidfuzz")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all if left out")
    parser.add_argument("--scale", type=float, default=1, help="times the rounds and calls of the short run")
    parser.add_argument("--petitions", type=int, default=20_000, help="among which the views look")
    parser.add_argument("--home", type=Path, default=HOME, help="folder of the embedded server and of the results")
    parser.add_argument(
        "--output", type=Path, help="JSON lines; a file named after the moment, in the home, if left out"
    )
    parser.add_argument("--page", action="store_true", help="put the figures into docs/explanation/performance.md")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with embedded_postgres(asked.home.absolute() / "postgres") as server:
        ground = Ground(server, Settings(), asked.petitions, asked.scale)
        lines = [_surroundings(ground)]
        for name in asked.names or BENCHMARKS:
            lines += _measured(name, ground)
    output: Path = asked.output or asked.home / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.jsonl"
    output.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    print(f"\nwritten to {output}")
    if asked.page:
        report.renew(lines)


def _measured(name: str, ground: Ground) -> list[dict[str, Any]]:
    """Prints as it goes. The load says who else was using the processors."""
    load, began = os.getloadavg()[0], time.monotonic()
    outcomes = run_coroutine(BENCHMARKS[name](ground))
    told = {"benchmark": name, "load_before": round(load, 2), "load_after": round(os.getloadavg()[0], 2)}
    print(f"\n{name} ({time.monotonic() - began:.0f} s, load {told['load_before']} to {told['load_after']})")
    for outcome in outcomes:
        print(f"  {_said(outcome)}")
    return [told | outcome.line() for outcome in outcomes]


def _said(outcome: Outcome) -> str:
    if not isinstance(outcome, Figure):
        return f"{outcome.name}: left out, {outcome.reason}"
    wanted = f", target {outcome.wanted}" if outcome.wanted else ""
    spread = f"{number(outcome.measured.low, outcome.unit)} to {number(outcome.measured.high, outcome.unit)}"
    return (
        f"{outcome.name}: {number(outcome.measured.value, outcome.unit)} ({spread}){wanted};"
        f" {outcome.ratio:.2f} of {outcome.baseline_name}: {number(outcome.baseline.value, outcome.unit)}"
    )


def _surroundings(ground: Ground) -> dict[str, Any]:
    with psycopg.connect(ground.server) as connection:
        server = connection.info.parameter_status("server_version")
        fsync = connection.execute("SELECT current_setting('fsync')").fetchone()
    return {
        "machine": platform.machine(),
        "processor": _processor(),
        "processors": len(os.sched_getaffinity(0)),
        "nice": os.nice(0),
        "python": platform.python_version(),
        "postgresql": server,
        "fsync": fsync and fsync[0],
        "libraries": {name: version(name) for name in LIBRARIES},
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "petitions": ground.petitions,
        "scale": ground.scale,
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


if __name__ == "__main__":
    main()
