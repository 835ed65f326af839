"""Writes what several views make of the same events with one statement.

A statement takes the program and the server about as long as the rows of a few events, and each view would take one for
itself. What is wrong with one of them, or slow, is none of the others' business: then each is written alone, and that
one stays alone for a while.
"""

import asyncio
import contextlib
import time

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from projections.projection import Connection
from service.postgres.pools import async_pool
from service.projector.checkpoints import Change, apply

FEW = 200
"""Events of a page up to which it is written with others: more take longer than a statement does."""

PATIENCE = 1.0
"""Seconds in which a page of few events is written; a view that takes longer lets the others go on without it."""

ALONE_FOR = 60.0
"""Seconds after which a view is tried with the others again."""

# What holds a table up, a rebuilt one that takes its place say, is waited for by the view that it belongs to.
# A statement of so many parts takes longer to plan than to run, and no plan depends on what is in it.
_SETTINGS = (
    "SELECT set_config('lock_timeout', '100ms', false), set_config('statement_timeout', '1s', false),"
    " set_config('plan_cache_mode', 'force_generic_plan', false)"
)
log = structlog.get_logger()


class Writer:
    """Takes the changes that come while one statement is under way into the next one."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._waiting: list[tuple[Change, asyncio.Future[bool]]] = []
        self._called = asyncio.Event()
        self._is_open = False
        self._alone_until: dict[str, float] = {}

    async def write(self, change: Change) -> bool:
        """False when the tables were not where the change begins.

        Raises what is wrong with this view, or with the database.
        """
        if self._is_open and change.events <= FEW and self._alone_until.get(change.place.key, 0) <= time.monotonic():
            answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            self._waiting.append((change, answer))
            self._called.set()
            with contextlib.suppress(Exception):  # whose fault it is shows when each is written alone
                return await answer
        return await self._alone(change)

    async def run(self) -> None:
        """For ever; while there is no connection, each is written alone."""
        while True:
            try:
                async with (
                    async_pool(str(self._pool.conninfo), min_size=1, max_size=1) as pool,
                    pool.connection() as connection,
                ):
                    await connection.execute(_SETTINGS)
                    self._is_open = True
                    while not connection.closed:
                        await self._write_next(connection)
            except (psycopg.OperationalError, PoolTimeout) as error:
                log.warning("views_wait_for_database", error=type(error).__name__)
                await asyncio.sleep(PATIENCE)
            finally:
                self._is_open = False

    async def _write_next(self, connection: Connection) -> None:
        await self._called.wait()
        come = 0
        while come < len(self._waiting):  # those that keep step come within a turn or two
            come = len(self._waiting)
            await asyncio.sleep(0)
        self._called.clear()
        taken, self._waiting = self._waiting, []
        try:
            moved = await apply(connection, *(change for change, _ in taken))
        except Exception as error:  # the edge of all views: none may be left waiting for its answer
            log.info("views_written_apart", error=type(error).__name__)
            for _, answer in taken:
                if not answer.done():
                    answer.set_exception(error)
        else:
            for change, answer in taken:
                if not answer.done():
                    answer.set_result(change.place.key in moved)

    async def _alone(self, change: Change) -> bool:
        began, key = time.monotonic(), change.place.key
        self._alone_until[key] = began + ALONE_FOR
        async with self._pool.connection() as connection:
            moved = await apply(connection, change)
        if time.monotonic() < began + PATIENCE:
            del self._alone_until[key]
        return bool(moved)
