"""What was entered late, listed and counted, and what the tables behind the figures cost on the disk for a petition."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import date, timedelta
from functools import partial

from psycopg import sql

from projections.late_entries import (
    LateEntries,
    LateEntryFigure,
    LateEntryFilter,
    count_late_entries,
    list_late_entries,
)
from projections.overdue import Overdue
from projections.owed_list import overdue_on
from projections.projection import Projection
from projections.unit_workload import UnitWorkload
from service.commands.office import ApplicationService
from service.known_at.past_views import past_snapshot
from service.projector.rebuild import rebuild_views
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.known_at import UNIT, record_day_by_day
from tests.benchmarks.results import Figure, Outcome, Series, in_turn, latencies, milliseconds

CALLS = 20
WITHIN = 2_000.0
"""Milliseconds for a list or a table."""

PAGE_OF_NOW, WRITTEN = "the overdue page of now", "the facts' own text"
Once = Callable[[int], Awaitable[object]]


async def measure(ground: Ground) -> list[Outcome]:
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        record_day_by_day(dsn, ground.petitions, office.today)
        views = Overdue(), UnitWorkload(), LateEntries()
        await rebuild_views(office.pool, office.histories, office.vault, *views)
        async with office.pool.connection() as connection:
            await connection.execute("ANALYZE")
        ground.settle()
        sizes = await _bytes_of_tables(ground, office, *views)
        return [*await _measure_late_entries(ground, office, office.today, UNIT), *sizes]


async def _measure_late_entries(ground: Ground, office: ApplicationService, today: date, unit: str) -> list[Outcome]:
    """Ask for the acts of a month, a year and all, listed and counted, beside the list of what is overdue."""
    month, year = today - timedelta(days=30), today - timedelta(days=365)
    outcomes: list[Outcome] = []
    for name, asked in (
        ("late entries, page of a month", _listed(office, LateEntryFilter(last=today, first=month))),
        ("late entries, page of all", _listed(office, LateEntryFilter(last=today))),
        ("late entries, page of a unit and year", _listed(office, LateEntryFilter(last=today, first=year, unit=unit))),
        (
            "late entries, page of dates passed",
            _listed(office, LateEntryFilter(last=today, figure=LateEntryFigure.PASSED_DUE_DATE)),
        ),
        ("late entries, figures of a month", _counted(office, LateEntryFilter(last=today, first=month))),
        ("late entries, figures of all", _counted(office, LateEntryFilter(last=today))),
    ):
        taken, beside = await in_turn(
            ground.rounds(3),
            partial(milliseconds, asked, CALLS),
            partial(milliseconds, _overdue(office, today), CALLS),
        )
        outcomes += latencies(f"{name}, {ground.petitions:,} petitions", taken, PAGE_OF_NOW, beside, p99=WITHIN)
    return outcomes


def _listed(office: ApplicationService, wanted: LateEntryFilter) -> Once:
    async def ask(_: int) -> object:
        async with past_snapshot(office.pool) as connection:
            return await list_late_entries(connection, office.law.calendar, wanted)

    return ask


def _counted(office: ApplicationService, wanted: LateEntryFilter) -> Once:
    async def ask(_: int) -> object:
        async with past_snapshot(office.pool) as connection:
            return await count_late_entries(connection, office.law.calendar, wanted)

    return ask


def _overdue(office: ApplicationService, on: date) -> Once:
    async def ask(_: int) -> object:
        async with past_snapshot(office.pool) as connection:
            return await overdue_on(connection, office.texts, on, soon_until=on + timedelta(days=7), today=on)

    return ask


async def _bytes_of_tables(ground: Ground, office: ApplicationService, *views: Projection) -> list[Outcome]:
    """Return what each table of the views costs a petition, with its indexes, beside the facts as they were written."""
    async with office.pool.connection() as connection:
        cursor = await connection.execute("SELECT sum(octet_length(state))::float8 FROM kiennghi.log")
        (written,) = await cursor.fetchone() or (0.0,)
        outcomes: list[Outcome] = []
        for table in (table.name for view in views for table in view.tables):
            name = sql.Literal(f"kiennghi_views.{table}")
            cursor = await connection.execute(
                sql.SQL("SELECT pg_total_relation_size({}::regclass)::float8").format(name)
            )
            (size,) = await cursor.fetchone() or (0.0,)
            outcomes.append(
                Figure(
                    f"table {table} of a petition, {ground.petitions:,} petitions",
                    "bytes",
                    Series((size / ground.petitions,)),
                    WRITTEN,
                    Series((written / ground.petitions,)),
                )
            )
    return outcomes
