"""Writes the row changes that several views make from the same events with one statement.

One statement costs the program and the server about as much as the rows of a few events, so one statement for each view
would waste time. A view that fails or is slow must not stop the others. In that case each view is written alone, and
the view at fault is written alone for some time.
"""

import asyncio
import contextlib
import time

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from projections.projection import Connection
from service.postgres.pools import async_pool
from service.postgres.roles import PROJECTOR_ROLE
from service.projector.checkpoints import TableChange, TableSet, apply_changes

MAX_EVENTS_WRITTEN_TOGETHER = 200
"""Largest number of events of a page that is written together with other views. A larger page costs more than the
statement that it would save."""

SLOW_WRITE_SECONDS = 1.0
"""Seconds from which on a write counts as slow; a view that takes longer is then written alone.

Also the seconds before the writer connects again.
"""

WRITTEN_ALONE_SECONDS = 60.0
"""Seconds for which a view that failed or was slow is written alone, before it is tried with the others again."""

# Short timeouts: only the view whose table is locked may wait for the lock, for example while its tables are swapped.
# A generic plan: a statement of so many parts takes longer to plan than to run, and no plan depends on its values.
WRITER_SETTINGS = (
    "SELECT set_config('lock_timeout', '100ms', false), set_config('statement_timeout', '1s', false),"
    " set_config('plan_cache_mode', 'force_generic_plan', false)"
)
log = structlog.get_logger()


class BatchWriter:
    """Collects the changes that arrive while one statement runs, and writes them with the next statement."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._waiting: list[tuple[TableChange, asyncio.Future[bool]]] = []
        self._change_arrived = asyncio.Event()
        self._is_connected = False
        self._alone_until: dict[str, float] = {}

    def writes_alone(self, table_set: TableSet) -> bool:
        """Return True while the view is written alone because it failed or was slow."""
        return self._alone_until.get(table_set.key, 0) > time.monotonic()

    async def write(self, change: TableChange) -> bool:
        """Write the change of one view, together with others if possible.

        Return False, and write nothing, if the checkpoint of the tables is not at the position where the change starts.
        Raise only the error of this view or of the database.
        """
        if (
            self._is_connected
            and change.events <= MAX_EVENTS_WRITTEN_TOGETHER
            and not self.writes_alone(change.table_set)
        ):
            result: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
            self._waiting.append((change, result))
            self._change_arrived.set()
            with contextlib.suppress(Exception):  # writing each view alone shows which one is at fault
                return await result
        return await self._write_alone(change)

    async def run(self) -> None:
        """Write batches for ever. While there is no connection, each view is written alone by `write`."""
        while True:
            try:
                async with (
                    async_pool(str(self._pool.conninfo), min_size=1, max_size=1, role=PROJECTOR_ROLE) as pool,
                    pool.connection() as connection,
                ):
                    await connection.execute(WRITER_SETTINGS)
                    self._is_connected = True
                    while not connection.closed:
                        await self._write_next(connection)
            except (psycopg.OperationalError, PoolTimeout) as error:
                log.warning("views_wait_for_database", error=type(error).__name__)
                await asyncio.sleep(SLOW_WRITE_SECONDS)
            finally:
                self._is_connected = False

    async def _write_next(self, connection: Connection) -> None:
        await self._change_arrived.wait()
        seen = 0
        while seen < len(self._waiting):  # views that keep step arrive within a turn or two of the loop
            seen = len(self._waiting)
            await asyncio.sleep(0)
        self._change_arrived.clear()
        batch, self._waiting = self._waiting, []
        try:
            written_keys = await apply_changes(connection, *(change for change, _ in batch))
        except Exception as error:  # the outermost edge: no view may be left waiting for its result
            log.info("views_written_apart", error=type(error).__name__)
            for _, result in batch:
                if not result.done():
                    result.set_exception(error)
        else:
            for change, result in batch:
                if not result.done():
                    result.set_result(change.table_set.key in written_keys)

    async def _write_alone(self, change: TableChange) -> bool:
        started_at, key = time.monotonic(), change.table_set.key
        self._alone_until[key] = started_at + WRITTEN_ALONE_SECONDS
        async with self._pool.connection() as connection:
            written_keys = await apply_changes(connection, change)
        if time.monotonic() < started_at + SLOW_WRITE_SECONDS:
            del self._alone_until[key]
        return bool(written_keys)
