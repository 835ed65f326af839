"""Follows the log for all views that stand at its end, in one task and with one statement for all of them.

What delays a row is not its work but the turns of the event loop between an event and its row: a task for each view
would wait for the log, for the fold, for its difference and for the writer. Here nothing is awaited between the events
that this process committed and the statement that writes their rows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from projections.projection import Connection, Projection
from service.event_store.log_mark import LogMark
from service.observability.tracing import span
from service.postgres.pools import async_pool
from service.postgres.roles import PROJECTOR_ROLE
from service.projector.batch_writer import MAX_EVENTS_WRITTEN_TOGETHER, SLOW_WRITE_SECONDS, WRITER_SETTINGS
from service.projector.checkpoints import TableChange, TableSet, apply_changes
from service.projector.log_growth import LogGrowth
from service.projector.progress import ProgressTracker
from service.projector.row_diff import RowDiff, StateChange
from service.projector.row_texts import RowTexts
from service.projector.shared_fold import EVENTS_A_SLICE

ReadChanges = Callable[[Projection, LogMark, int], Awaitable[tuple[LogMark, list[StateChange]]]]
"""Returns for a view the mark of the last of the next events after a mark, at most so many, and the net changes."""

CHANGES_AT_ONCE = 20
"""Number of changed states from which on other tasks on the event loop get their turn after each view."""

log = structlog.get_logger()


class HeadGroup:
    """Holds the views that are followed together. A view at fault, or overtaken by another process, is let go."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        progress: Mapping[str, ProgressTracker],
        texts: RowTexts,
        read_changes: ReadChanges,
        growth: LogGrowth,
    ) -> None:
        self._pool = pool
        self._progress = progress
        self._texts = texts
        self._read_changes = read_changes
        self._growth = growth
        self._members: dict[str, tuple[Projection, asyncio.Future[None]]] = {}
        self._is_joined = asyncio.Event()
        self._is_connected = False

    @property
    def is_open(self) -> bool:
        """Return True while there is a connection, so that views can be followed together."""
        return self._is_connected

    async def follow(self, view: Projection) -> None:
        """Keep a view that stands at the end of the log current, and return once it must go on by itself."""
        released: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._members[view.name] = view, released
        self._is_joined.set()
        try:
            await released
        finally:
            self._members.pop(view.name, None)

    def release(self, *names: str) -> None:
        """Let the views go on by themselves; without names, all of them."""
        for name in names or tuple(self._members):
            _, released = self._members.pop(name, (None, None))
            if released is not None and not released.done():
                released.set_result(None)

    async def run(self) -> None:
        """Follow the log for ever. While there is no connection, nobody is followed together."""
        while True:
            try:
                async with (
                    async_pool(str(self._pool.conninfo), min_size=1, max_size=1, role=PROJECTOR_ROLE) as pool,
                    pool.connection() as connection,
                ):
                    await connection.execute(WRITER_SETTINGS)
                    self._is_connected = True
                    while not connection.closed:
                        await self._step(connection)
            except (psycopg.OperationalError, PoolTimeout) as error:
                log.warning("views_wait_for_database", error=type(error).__name__)
                self.release()
                await asyncio.sleep(SLOW_WRITE_SECONDS)
            finally:
                self._is_connected = False
                self.release()

    async def _step(self, connection: Connection) -> None:
        """Apply the next events to the views that are least far. A view that is ahead is met where it stands."""
        if not self._members:
            self._is_joined.clear()
            await self._is_joined.wait()
        marks = {name: self._progress[name].mark for name in self._members}
        mark = min(marks.values())
        there = [self._members[name][0] for name, at in marks.items() if at == mark]
        together = [view for view in there if view.fold is there[0].fold]
        ahead = (at.position - mark.position for at in marks.values() if at.position > mark.position)
        limit = min((MAX_EVENTS_WRITTEN_TOGETHER, *ahead))
        try:
            until, changes = await self._read_changes(together[0], mark, limit)
        except psycopg.OperationalError:
            raise
        except Exception as error:  # each view meets it again by itself, and reports it
            log.info("views_read_apart", error=type(error).__name__)
            self.release(*(view.name for view in together))
            return
        if until == mark:
            await self._growth.wait_beyond(mark.position)
            return
        with span("view", {"kiennghi.views": len(together), "kiennghi.events": until.position - mark.position}):
            await self._write(connection, together, mark, until, changes)

    async def _write(
        self,
        connection: Connection,
        views: Sequence[Projection],
        mark: LogMark,
        until: LogMark,
        changes: list[StateChange],
    ) -> None:
        table_changes: list[TableChange] = []
        for view in views:
            try:
                row_diff = RowDiff(view)
                for first in range(0, len(changes), EVENTS_A_SLICE):
                    row_diff.add(changes[first : first + EVENTS_A_SLICE])
                await self._texts.seal(row_diff)
            except psycopg.OperationalError:
                raise
            except Exception as error:  # the view meets it again by itself, and reports it
                log.info("view_goes_apart", view=view.name, error=type(error).__name__)
                self.release(view.name)
                continue
            table_changes.append(TableChange(TableSet(view), mark, until, row_diff))
            if len(changes) > CHANGES_AT_ONCE:
                await asyncio.sleep(0)
        if not table_changes:
            return
        try:
            written = await apply_changes(connection, *table_changes)
        except psycopg.OperationalError:
            if connection.closed:
                raise
            self.release(*(change.table_set.view.name for change in table_changes))  # a lock, or too slow
        except Exception as error:  # whose fault it is shows when each is written by itself
            log.info("views_written_apart", error=type(error).__name__)
            self.release(*(change.table_set.view.name for change in table_changes))
        else:
            for change in table_changes:
                name = change.table_set.view.name
                progress = self._progress[name]
                if change.table_set.key not in written:
                    self.release(name)  # another process was first, or the tables are of another version
                elif progress.mark == mark:  # or it was let go meanwhile, and has read its checkpoint
                    progress.advance(until, progress.events + change.events)
