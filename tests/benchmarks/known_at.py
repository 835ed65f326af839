"""Questions as they were known a day, a month and a year ago, beside the same questions of now.

The petitions are recorded day by day, as an office does: each event on its own day, and one answer of twenty up to 45
days late. So the position of a day has petitions that were open then, and a log that went on after it.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import NamedTuple
from uuid import UUID, uuid4

import psycopg

from domain.deadlines.explained_run import explained_runs
from domain.events import AnsweredInWriting, PetitionEvent, PetitionReceived
from domain.imported_history import facts_of_imported_case
from domain.value import UNSET, replace
from domain.vocabulary import PetitionId
from projections import owed_list, unit_figures
from projections.overdue import Overdue
from projections.unit_workload import UnitWorkload
from service.commands.office import ApplicationService
from service.event_store.codec import encode_fact
from service.known_at.past_views import past_figures, past_list, past_snapshot
from service.known_at.petition_then import history_then
from service.known_at.restatement import restate_figures
from service.known_at.texts_then import TextsThen
from service.projector.rebuild import rebuild_views
from tests.benchmarks.dataset import past_cases
from tests.benchmarks.environment import DIGEST, OFFICER, VAULT_KEY, Ground
from tests.benchmarks.results import Outcome, in_turn, latencies, milliseconds

AGES = {"a day": 1, "a month": 30, "a year": 365}
LATE_OF, LATEST = 20, 45
"""One answer of so many is recorded late, by up to so many days."""

COLUMNS = (
    *("position", "recorded_at", "stream", "version", "category", "topic", "officer", "command_id"),
    *("request_digest", "context", "reference", "state"),
)
CALLS = 5
UNIT = "so-07"
SAME, TABLE = "the same of now", "the unit table of now"
WITHIN, ONE_WITHIN = 2_000.0, 20.0
"""Milliseconds for a list or a table, and for one petition."""


class Recorded(NamedTuple):
    """One event, in the order in which an office records it."""

    on: date
    case: int
    version: int
    fact: PetitionEvent


async def measure(ground: Ground) -> list[Outcome]:
    outcomes: list[Outcome] = []
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        last_of_day = record_day_by_day(dsn, ground.petitions, office.today)
        await rebuild_views(office.pool, office.histories, office.vault, Overdue(), UnitWorkload())
        async with office.pool.connection() as connection:
            await connection.execute("ANALYZE")  # as autovacuum has it a minute after an import
        ground.settle()
        for age, days in AGES.items():
            on = office.today - timedelta(days=days)
            known = max(position for day, position in last_of_day.items() if day <= on)
            outcomes += await _measure_moment(ground, office, f"{age} ago, {ground.petitions:,} petitions", known, on)
    return outcomes


async def _measure_moment(
    ground: Ground, office: ApplicationService, words: str, known: int, on: date
) -> list[Outcome]:
    (latest,) = await office.histories.page(known - 1, 1)
    petition = PetitionId(latest.originator_id)
    quarter = on - timedelta(days=90)
    outcomes: list[Outcome] = []
    for name, then, baseline, now, target in (
        ("overdue page of 50", _list(office, known, on), SAME, _list(office, None, on), WITHIN),
        ("overdue page, a unit", _list(office, known, on, UNIT), SAME, _list(office, None, on, UNIT), WITHIN),
        ("unit table of a day", _table(office, known, None, on), SAME, _table(office, None, None, on), WITHIN),
        (
            "unit table of a quarter",
            _table(office, known, quarter, on),
            SAME,
            _table(office, None, quarter, on),
            WITHIN,
        ),
        ("explanation of a petition", _one(office, petition, known), SAME, _one(office, petition, None), ONE_WITHIN),
        (
            "restated of a quarter",
            _restated(office, known, quarter, on),
            TABLE,
            _table(office, None, quarter, on),
            WITHIN,
        ),
    ):
        asked, beside = await in_turn(
            ground.rounds(3), partial(milliseconds, then, CALLS), partial(milliseconds, now, CALLS)
        )
        outcomes += latencies(f"{name}, as known {words}", asked, baseline, beside, p99=target)
    return outcomes


Once = Callable[[int], Awaitable[object]]


def _list(office: ApplicationService, known: int | None, on: date, unit: str | None = None) -> Once:
    async def ask(_: int) -> object:
        async with past_snapshot(office.pool) as connection:
            past = None if known is None else await past_list(connection, known)
            texts = office.texts if past is None else TextsThen(office.texts, office.vault, past, known or 0)
            soon = on + timedelta(days=7)
            return await owed_list.overdue_on(connection, texts, on, soon_until=soon, unit=unit, past=past)

    return ask


def _table(office: ApplicationService, known: int | None, first: date | None, last: date) -> Once:
    async def ask(_: int) -> object:
        async with past_snapshot(office.pool) as connection:
            past = None if known is None else await past_figures(connection, known, last)
            if first is None:
                return await unit_figures.unit_figures_on(connection, last, past=past)
            return await unit_figures.unit_figures_between(connection, first, last, past=past)

    return ask


def _one(office: ApplicationService, petition: PetitionId, known: int | None) -> Once:
    async def ask(_: int) -> object:
        history = await office.queries.history(petition)
        then = history if known is None else history_then(history, known)
        return explained_runs(then, office.law)

    return ask


def _restated(office: ApplicationService, known: int, first: date, last: date) -> Once:
    async def ask(_: int) -> object:
        async with past_snapshot(office.pool) as connection:
            return await restate_figures(connection, known, first, last)

    return ask


def events_day_by_day(amount: int, today: date) -> list[Recorded]:
    """Return all events of so many cases, as if they had been entered, in the order of the days of recording."""
    random = Random(20_260_102)
    events: list[Recorded] = []
    for number, case in enumerate(past_cases(amount, today)):
        on = case.received_on
        for version, imported in enumerate(facts_of_imported_case(case, today), start=1):
            fact = replace(imported, source=UNSET) if isinstance(imported, PetitionReceived) else imported
            late = isinstance(fact, AnsweredInWriting) and not random.randrange(LATE_OF)
            on = min(max(on, fact.occurred_on) + timedelta(days=random.randrange(LATEST) if late else 0), today)
            events.append(Recorded(on, number, version, fact))
    return sorted(events, key=lambda event: event[:3])


def record_day_by_day(dsn: str, amount: int, today: date) -> dict[date, int]:
    """Write the log as an office would have it after three years; the position of the last event of each day.

    Straight into the table, since only questions are measured, and with plain texts.
    """
    events = events_day_by_day(amount, today)
    with psycopg.connect(dsn) as connection:
        topics: dict[str, int] = dict(connection.execute("SELECT topic, number FROM kiennghi.topics").fetchall())
        by = OFFICER.acting_officer
        connection.execute(
            "INSERT INTO kiennghi.officers VALUES (1, %s, %s, %s, NULL)", [by.officer, by.unit, by.position]
        )
        with connection.cursor().copy(f"COPY kiennghi.log ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for position, event in enumerate(events, start=1):
                recorded_at = datetime.combine(event.on, time(9), UTC)
                reference = f"BENCH-{event.case:06d}" if event.version == 1 else None
                ids = UUID(int=event.case + 1), event.version, 1, topics[type(event.fact).__name__], 1, uuid4()
                copy.write_row((position, recorded_at, *ids, DIGEST, b"{}", reference, encode_fact(event.fact)))
        connection.execute("UPDATE kiennghi.log_head SET position = %s, recorded_at = now()", [len(events)])
    return {event.on: position for position, event in enumerate(events, start=1)}
