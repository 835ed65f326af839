"""The overdue page and the unit table over many petitions, in SQL and over HTTP."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import date, timedelta
from functools import partial
from typing import Any

from domain.status import DueState
from projections import owed_list, unit_figures
from projections.projection import Connection, TextReader
from service.commands.office import ApplicationService
from service.postgres.pools import async_pool
from service.projector.runner import ProjectionRunner
from tests.benchmarks.dataset import tell
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.results import Outcome, in_turn, latencies, milliseconds
from tests.benchmarks.serving import Client, served

CALLS = 150
LONGEST = 5.0
"""Milliseconds at p99 for the page and the table of today, and over HTTP."""

LONGEST_OF_PAST_DAY, LONGEST_OF_QUARTER = 10.0, 15.0
"""Milliseconds at p99 for those of a past day, and of a past quarter."""

ROUND_TRIP, NAIVE = "SELECT 1", "counting the petitions by unit"
_COUNT = (
    "SELECT unit, count(*), count(*) FILTER (WHERE stage IS NOT NULL),"
    " count(*) FILTER (WHERE stage IS NOT NULL AND due_on < %s) FROM kiennghi_views.overdue GROUP BY unit"
)
Once = Callable[[int], Awaitable[object]]


async def measure(ground: Ground) -> list[Outcome]:
    outcomes: list[Outcome] = []
    size = f"{ground.petitions:,} petitions"
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        await tell(dsn, ground.petitions, office.today)
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
            assert await follower.wait_until_current()
        pool = await stack.enter_async_context(async_pool(dsn, min_size=1, max_size=1))
        connection = await stack.enter_async_context(pool.connection())
        await connection.execute("SET search_path = kiennghi_views")
        await connection.execute("ANALYZE")  # as autovacuum has it a minute after an import
        ground.settle()
        for name, once in questions(connection, office.texts, office.today).items():
            asked, tripped, counted = await in_turn(
                ground.rounds(3),
                partial(milliseconds, once, CALLS),
                partial(milliseconds, partial(_select_1, connection), CALLS),
                partial(milliseconds, partial(_count, connection, office.today), CALLS // 10),
            )
            outcomes += latencies(f"{name}, {size}", asked, ROUND_TRIP, tripped, p99=_longest(name))
            outcomes += latencies(f"{name}, {size}", asked, NAIVE, counted)
        outcomes += await _over_http(ground, dsn, connection, size)
    return outcomes


async def _over_http(ground: Ground, dsn: str, connection: Connection, size: str) -> list[Outcome]:
    outcomes: list[Outcome] = []
    with served(dsn) as port:
        for name, path in {"GET /overdue": "/overdue?limit=50", "GET /units": "/units"}.items():
            asked, tripped = await in_turn(
                ground.rounds(3),
                partial(_asked, port, path),
                partial(milliseconds, partial(_select_1, connection), CALLS),
            )
            outcomes += latencies(f"{name}, {size}", asked, ROUND_TRIP, tripped, p99=LONGEST)
    return outcomes


async def _asked(port: int, path: str) -> Sequence[float]:
    with Client(port) as client:
        return [client.get(path) for _ in range(10 + CALLS)][10:]


def _longest(name: str) -> float:
    if "past quarter" in name:
        return LONGEST_OF_QUARTER
    return LONGEST_OF_PAST_DAY if "past day" in name else LONGEST


def questions(connection: Connection, texts: TextReader, today: date) -> dict[str, Once]:
    soon = today + timedelta(days=7)
    quarter = today - timedelta(days=180), today - timedelta(days=90)
    then = today - timedelta(days=90)
    past_day = partial(owed_list.overdue_on, connection, texts, then, soon_until=then, today=today, has_day_sums=True)
    return {
        "overdue page of 50": lambda _: owed_list.overdue_on(connection, texts, today, soon_until=soon, today=today),
        "overdue page of 50, one unit": lambda n: owed_list.overdue_on(
            connection, texts, today, soon_until=soon, unit=f"so-{n % 60:02}", today=today
        ),
        "overdue page of 50 of a past day": lambda _: past_day(),
        "overdue page of 50 of a past day, one unit": lambda n: past_day(unit=f"so-{n % 60:02}"),
        "overdue page of 50 of a past day, one unit, all states": lambda n: past_day(
            unit=f"so-{n % 60:02}", states=tuple(DueState)
        ),
        "unit table of a past day": lambda _: unit_figures.unit_figures_on(connection, then, today=today),
        "unit table today": lambda _: unit_figures.unit_figures_on(connection, today, today=today),
        "unit table of a past quarter": lambda _: unit_figures.unit_figures_between(connection, *quarter),
    }


async def _select_1(connection: Connection, _: int) -> None:
    cursor = await connection.execute("SELECT 1")
    assert await cursor.fetchone() == (1,)


async def _count(connection: Connection, today: date, _: int) -> None:
    cursor: Any = await connection.execute(_COUNT, [today])
    assert await cursor.fetchall()
