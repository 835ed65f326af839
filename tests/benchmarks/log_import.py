"""Importing a real log, from the file to the last view, against the same events inserted one by one."""

import csv
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from service.bootstrap import running_office
from service.imports.importing import import_file
from service.imports.mapping import load_mapping
from tests.benchmarks.environment import OFFICER, VAULT_KEY, Ground
from tests.benchmarks.results import Figure, Outcome, Series, Skipped, first_of_each, in_turn

ROOT = Path(__file__).parents[2]
REAL_LOG = ROOT.parent / "shared/data/receipt/receipt.csv"
MAPPING = ROOT / "docs/examples/receipt.toml"
TARGET = 5_000
ONE_BY_ONE = "the same events, psycopg, one INSERT a COMMIT"


async def measure(ground: Ground) -> list[Outcome]:
    with _log() as (path, name):
        imported: list[tuple[int, int, float]] = []
        stored: list[tuple[Any, ...]] = []

        async def told() -> Sequence[float]:
            with ground.database() as dsn:
                ground.settle()
                imported.append(await _imported(ground, dsn, path))
                if not stored:
                    stored.extend(_stored(dsn))
            _, events, seconds = imported[-1]
            return [events / seconds]

        async def inserted() -> Sequence[float]:
            if not stored:
                await told()
                imported.pop()
            with ground.database() as dsn:
                ground.settle()
                return [len(stored) / _seconds_to_insert(dsn, stored)]

        ours, theirs = await in_turn(ground.rounds(3), told, inserted)
    baseline = first_of_each(theirs)
    rows = Series(tuple(rows / seconds for rows, _, seconds in imported))
    a_row = imported[0][0] / imported[0][1]
    in_rows = Series(tuple(rate * a_row for rate in baseline.rounds))
    left_out = [] if path == REAL_LOG else [Skipped("import of the real log", "the log is not here: see shared/data")]
    return [
        Figure(f"import of {name}, views caught up", "events/s", first_of_each(ours), ONE_BY_ONE, baseline, TARGET),
        Figure("the same, rows of the file", "rows/s", rows, ONE_BY_ONE, in_rows),
        *left_out,
    ]


async def _imported(ground: Ground, dsn: str, path: Path) -> tuple[int, int, float]:
    """Rows, events in the log and seconds until every view has them; units are opened on the way."""
    async with running_office(dsn, ground.settings, vault_key=VAULT_KEY) as (office, views):
        assert await views.wait_until_current()
        began = time.perf_counter()
        summary = await import_file(office, path, load_mapping(MAPPING), OFFICER)
        assert await views.wait_until_current()
        seconds = time.perf_counter() - began
        assert summary.complete
        return summary.rows, await office.histories.last_position(), seconds


def _stored(dsn: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            "SELECT log.stream, log.version, t.topic, log.state FROM kiennghi.log JOIN kiennghi.topics AS t"
            " ON t.number = log.topic ORDER BY log.position"
        ).fetchall()


def _seconds_to_insert(dsn: str, events: Sequence[tuple[Any, ...]]) -> float:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE public.raw_log (originator_id uuid, originator_version bigint, topic text NOT NULL,"
            " state bytea NOT NULL, position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,"
            " PRIMARY KEY (originator_id, originator_version))"
        )
        began = time.perf_counter()
        for event in events:
            connection.execute(
                "INSERT INTO public.raw_log (originator_id, originator_version, topic, state) VALUES (%s, %s, %s, %s)",
                event,
            )
        return time.perf_counter() - began


@contextmanager
def _log() -> Iterator[tuple[Path, str]]:
    """The real log, or one of its shape where it is not here."""
    if REAL_LOG.exists():
        yield REAL_LOG, "the receipt log"
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "made-up.csv"
        _write_made_up(path, cases=1_400, steps=6)
        yield path, "a made-up log"


def _write_made_up(path: Path, *, cases: int, steps: int) -> None:
    columns = (
        *("case:concept:name", "case:startdate", "case:deadline", "case:enddate", "case:group", "case:responsible"),
        *("case:channel", "case:department", "concept:name", "time:timestamp", "org:group", "org:resource"),
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for n in range(cases):
            received = datetime(2024, 1, 2, 8, tzinfo=UTC) + timedelta(hours=5 * n)
            group, officer = f"Group {n % 9}", f"Resource{n % 40:02}"
            ended = received + timedelta(days=7 + n % 50)
            case = (f"case-{n}", received, received + timedelta(days=56), ended, group, officer, "Post", "General")
            for step in range(steps):
                at = received + timedelta(hours=step * 20)
                writer.writerow((*case, f"Step {step}", at, group, officer))
