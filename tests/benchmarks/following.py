"""How fast the views follow: a log they have never seen, caught up with and built anew."""

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from projections.views import VIEWS
from service.application import Office
from service.database import async_pool
from service.following import PAGE, Follower
from service.rebuilding import rebuild
from tests.benchmarks.cases import tell
from tests.benchmarks.figures import Figure, Outcome, first_of_each, in_turn
from tests.benchmarks.ground import VAULT_KEY, Ground

PETITIONS = 3_000
READING = "SELECT of the same pages, not decoded"


async def measure(ground: Ground) -> list[Outcome]:
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        office = await stack.enter_async_context(Office.open(dsn, ground.settings, vault_key=VAULT_KEY))
        events = await tell(dsn, PETITIONS, office.today)
        pool = await stack.enter_async_context(async_pool(dsn, min_size=1, max_size=1))

        async def caught_up() -> Sequence[float]:
            await _forget_views(office.pool)
            ground.settle()
            began = time.perf_counter()
            async with Follower.open(office.pool, office.histories) as follower:
                assert await follower.caught_up()
            return [events / (time.perf_counter() - began)]

        async def rebuilt() -> Sequence[float]:
            ground.settle()
            began = time.perf_counter()
            for view in VIEWS:
                assert await rebuild(office.pool, office.histories, view()) == events
            return [events / (time.perf_counter() - began)]

        async def read() -> Sequence[float]:
            return [events / await _seconds_to_read(pool, events)]

        catching_up, rebuilding, reading = await in_turn(ground.rounds(3), caught_up, rebuilt, read)
    baseline = first_of_each(reading)
    return [
        Figure("catching up, three views at once", "events/s", first_of_each(catching_up), READING, baseline),
        Figure("rebuilding, three views in turn", "events/s", first_of_each(rebuilding), READING, baseline),
    ]


async def _forget_views(pool: AsyncConnectionPool) -> None:
    """As if the log had never been looked at."""
    async with pool.connection() as connection, connection.transaction():
        cursor = await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'kiennghi_views'")
        for (table,) in await cursor.fetchall():
            await connection.execute(sql.SQL("DROP TABLE kiennghi_views.{}").format(sql.Identifier(table)))


async def _seconds_to_read(pool: AsyncConnectionPool, events: int) -> float:
    began = time.perf_counter()
    async with pool.connection() as connection:
        for after in range(0, events, PAGE):
            cursor: Any = await connection.execute(
                "SELECT originator_id, originator_version, topic, state, notification_id, recorded_at, command_id,"
                " reference FROM kiennghi.log WHERE notification_id > %s ORDER BY notification_id LIMIT %s",
                [after, PAGE],
                binary=True,
            )
            assert await cursor.fetchall()
    return time.perf_counter() - began
