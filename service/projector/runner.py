"""Runs the projections: follows the event log and keeps all views current. Several processes may do so at once.

Each view follows the log independently and has its own checkpoint, which is written with its rows. If a view fails,
only this view stops; it reports the error and is tried again after a growing pause. Views with the same fold share its
work (`service.projector.shared_fold`), and their rows are written together (`service.projector.batch_writer`). Views at
the end of the log are followed in one task (`service.projector.head_group`).

When the log turns out to be another one than was read, everything in memory is dropped, and each view starts again from
what the database says: tables of another log are not read by anybody until they are rebuilt.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool

from domain.labels import LANGUAGES
from projections.projection import Projection
from projections.views import VIEWS
from service.event_store.continuity import LogContinuity
from service.event_store.damage import LogDamaged
from service.event_store.log_mark import LogMark
from service.event_store.recorder import Histories
from service.observability.tracing import span
from service.postgres.cancellation import cancel_and_wait
from service.postgres.pools import async_pool
from service.postgres.roles import PROJECTOR_ROLE
from service.projector.batch_writer import BatchWriter
from service.projector.checkpoints import TableChange, TableSet, read_checkpoint
from service.projector.folds import Folds
from service.projector.head_group import HeadGroup
from service.projector.log_growth import LogGrowth
from service.projector.pace import wait_for_slower_views
from service.projector.progress import ProgressTracker
from service.projector.rebuild import rebuild_views
from service.projector.row_diff import StateChange
from service.projector.row_texts import RowTexts
from service.projector.serving_tables import find_serving_tables
from service.projector.shared_fold import EVENTS_A_PAGE, LogDiverged, diff_rows
from service.security.text_vault import TextVault

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.5, 30.0
"""Seconds before a failed view is tried again: each pause is twice as long as the last, up to the longest."""

_LOG_CHANGED = "nhật ký đã thay đổi, đang kiểm tra / the log has changed: being examined"
log = structlog.get_logger()


class ProjectionRunner:
    """Keeps the views current while it is open: `async with ProjectionRunner.open(...)`."""

    def __init__(
        self, pool: AsyncConnectionPool, histories: Histories, vault: TextVault, views: Iterable[Projection]
    ) -> None:
        self._pool = pool
        self._histories = histories
        self._vault = vault
        self._texts = RowTexts(vault, pool.connection)
        self._writer = BatchWriter(pool)
        self.views = list(views)
        self.progress = {view.name: ProgressTracker() for view in self.views}
        self._lost_connections = 0  # how often the listening connection was lost
        self._tasks: list[asyncio.Task[None]] = []
        self._view_tasks: list[asyncio.Task[None]] = []
        self._starts_again = asyncio.Event()
        self._growth = LogGrowth()
        self._folds = Folds(pool, vault, histories.committed)
        self._group = HeadGroup(pool, self.progress, self._texts, self._read_changes, self._growth)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        pool: AsyncConnectionPool,
        histories: Histories,
        vault: TextVault,
        views: Iterable[Callable[[], Projection]] = VIEWS,
    ) -> AsyncIterator["ProjectionRunner"]:
        """Start to follow the log, and stop at the end of the block.

        The runner opens connections of its own to the database of the pool, so no request has to wait for one.
        """
        made = [view() for view in views]
        check = histories.continuity.check
        async with async_pool(
            str(pool.conninfo), min_size=1, max_size=2 * len(made) + 2, on_connect=check, role=PROJECTOR_ROLE
        ) as own:
            runner = cls(own, histories, vault, made)
            histories.continuity.on_change(runner._starts_again.set)
            runner._tasks = [
                asyncio.create_task(coroutine)
                for coroutine in (runner._writer.run(), runner._listen(), runner._keep_views())
            ]
            try:
                yield runner
            finally:
                await cancel_and_wait(runner._tasks)
                await cancel_and_wait(runner._view_tasks)
                await runner._folds.drop()

    def notice_append(self, position: int) -> None:
        """Note that the log has grown to the position. The code that appended calls this on the event loop."""
        self._growth.notice(position)

    @property
    def head(self) -> int:
        """Return the last position that the log is known to have."""
        return self._growth.head

    async def wait_for(self, position: int, view: str, timeout: float) -> bool:
        """Wait until the view has reached the position, at most `timeout` seconds; return whether it has."""
        return await self.progress[view].reaches(position, timeout)

    async def wait_until_verified(self, view: str, timeout: float) -> bool:
        """Wait until the tables are known to be of this log, at most `timeout` seconds; return whether they are."""
        return await self.progress[view].is_verified_within(timeout)

    @property
    def continuity(self) -> LogContinuity:
        """Return the watch that this process keeps on the log."""
        return self._histories.continuity

    async def wait_until_current(self, timeout: float = 600) -> bool:
        """Wait until all views have reached the present end of the log, at most `timeout` seconds; say if they have."""
        position = await self._histories.last_position()
        self.notice_append(position)
        waits = [self.wait_for(position, view.name, timeout) for view in self.views]
        return all(await asyncio.gather(*waits))

    def status(self) -> dict[str, dict[str, Any]]:
        """Return for each view what `ProgressTracker.status` says of it."""
        return {name: progress.status(self.head) for name, progress in self.progress.items()}

    async def _keep_views(self) -> None:
        """Run the tasks of all views, and start them all again whenever the log turns out to be another one."""
        while True:
            self._starts_again.clear()
            await self._start_views()
            await self._starts_again.wait()
            log.warning("views_start_again")
            await cancel_and_wait(self._view_tasks)
            self._view_tasks.clear()
            await self._folds.drop()
            for progress in self.progress.values():
                progress.reset(_LOG_CHANGED)
            await self._look_at_log()

    async def _look_at_log(self) -> None:
        """Have the watch of the log compare it, and begin anew with what its end is."""
        try:
            async with self._pool.connection() as connection:
                await self.continuity.check(connection)
            self._growth.head = await self._histories.last_position()
        except psycopg.OperationalError as error:  # whoever connects next looks
            log.warning("views_wait_for_database", error=type(error).__name__)

    async def _run_view(self, view: Projection, *, found_after: int | None = None) -> None:
        """Follow the log until all views start again. An error stops only this view, which is tried again.

        `found_after`, if current tables have just been found, is the number of connections lost before that.
        """
        progress = self.progress[view.name]
        pause = FIRST_RETRY_SECONDS
        while not self._starts_again.is_set():
            try:
                lost_connections = self._lost_connections
                if found_after != lost_connections:
                    await self._ensure_tables(view)
                found_after = None
                while lost_connections == self._lost_connections and await self._follow_log(view, progress):
                    if self._starts_again.is_set():
                        return
                    if progress.broken:
                        log.info("view_goes_on", view=view.name, position=progress.position)
                    progress.broken, pause = None, FIRST_RETRY_SECONDS
                    if self._group.is_open and not self._writer.writes_alone(TableSet(view)):
                        await self._group.follow(view)
                    else:
                        await self._growth.wait_beyond(progress.position)
                continue  # tables of another version took the place, or a crash may have undone rows
            except LogDiverged as diverged:
                log.error("view_of_another_log", view=view.name, position=diverged.mark.position)
                progress.reset(_LOG_CHANGED)
                self._starts_again.set()  # ends this task
            except LogDamaged as damaged:
                progress.broken = " / ".join(damaged.sentence(language) for language in LANGUAGES)
                log.error("log_damaged", view=view.name, position=progress.visible_position, said=str(damaged))
            except psycopg.OperationalError as error:
                progress.broken = "the database is not reachable"
                log.warning("view_waits_for_database", view=view.name, error=type(error).__name__)
            except Exception as error:  # the outermost edge of a view: its error must not stop the others
                progress.broken = f"{type(error).__name__} after position {progress.visible_position}"
                log.error("view_broken", view=view.name, position=progress.visible_position, error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_RETRY_SECONDS)

    async def _start_views(self) -> None:
        """Start the tasks of all views. Views that must be built are built together first, or alone if that fails."""
        self._view_tasks.append(asyncio.create_task(self._group.run()))  # it ends with them: what it reads is theirs
        to_build = []
        for view in self.views:
            found_after: int | None = self._lost_connections
            try:
                if not await self._has_current_tables(view):
                    to_build.append(view)
                    continue
            except Exception as error:  # it comes again, and is reported, when the view is tried alone
                log.warning("view_not_found", view=view.name, error=type(error).__name__)
                found_after = None
            self._view_tasks.append(asyncio.create_task(self._run_view(view, found_after=found_after)))
        try:
            if len(to_build) > 1:
                await rebuild_views(self._pool, self._histories, self._vault, *to_build)
        except Exception as error:  # building each view alone shows which one is at fault
            log.warning("views_not_built_together", error=type(error).__name__)
        self._view_tasks += [asyncio.create_task(self._run_view(view)) for view in to_build]

    async def _has_current_tables(self, view: Projection) -> bool:
        """Return False if the view must be built. Tables of an earlier version serve until new ones are built."""
        progress = self.progress[view.name]
        async with self._pool.connection() as connection:
            tables = await find_serving_tables(connection, view, await self._histories.last_position())
        checkpoint = tables.checkpoint
        if not tables.are_of_this_log:
            log.error(
                "tables_of_another_log", view=view.name, position=0 if checkpoint is None else checkpoint.position
            )
            progress.reset("đang dựng lại từ nhật ký / being rebuilt: its tables are of another log")
            return False
        if checkpoint is None or not tables.are_current(view):
            progress.broken = f"being built: version {view.version}"
            progress.verified.set()
            return False
        progress.advance(checkpoint.mark, checkpoint.events)
        return True

    async def _ensure_tables(self, view: Projection) -> None:
        while not await self._has_current_tables(view):
            await rebuild_views(self._pool, self._histories, self._vault, view)

    async def _follow_log(self, view: Projection, progress: ProgressTracker) -> bool:
        """Apply the log up to its end. Return False if the tables now belong to another version."""
        table_set = TableSet(view)
        progress.is_moving = True
        try:
            while not self._starts_again.is_set():
                mark = progress.mark
                until, changes = await self._read_changes(view, mark, EVENTS_A_PAGE)
                if until == mark:
                    break
                with span("view", {"kiennghi.view": view.name, "kiennghi.events": until.position - mark.position}):
                    row_diff = await diff_rows(view, changes, self._texts)
                    change = TableChange(table_set, mark, until, row_diff)
                    is_applied = await self._writer.write(change)
                if is_applied:
                    progress.advance(until, progress.events + change.events)
                else:
                    async with self._pool.connection() as connection:
                        checkpoint = await read_checkpoint(connection, table_set)
                    if checkpoint is None or checkpoint.version != view.version:
                        return False
                    progress.advance(checkpoint.mark, checkpoint.events)  # another process was first
                await wait_for_slower_views(view, self.views, self.progress)
                if progress.position >= self.head:
                    break  # the end of the log: `notice_append` reports when it grows
        finally:
            progress.is_moving = False
        self._growth.notice(progress.position)
        return True

    async def _read_changes(self, view: Projection, mark: LogMark, limit: int) -> tuple[LogMark, list[StateChange]]:
        """Return what `SharedFold.read_changes` does; nothing new while the views start again."""
        until, changes = await self._folds.fold_for(view, mark).read_changes(mark, limit)
        if self._starts_again.is_set():  # what was read may be of a log that is no more
            return mark, []
        self.continuity.note(until)
        return until, changes

    async def _listen(self) -> None:
        """Listen for appends of other processes. If a notification is lost, a poll finds the events."""
        while True:
            try:
                async with self._pool.connection() as connection:
                    await connection.execute("LISTEN kiennghi_log")
                    self.notice_append(await self._histories.last_position())
                    async for notification in connection.notifies():
                        self.notice_append(int(notification.payload))
            except psycopg.OperationalError:
                # Views do not wait for the disk: a crash of the server may have undone their last writes. So each view
                # reads its checkpoint again, even if nothing is appended any more.
                self._lost_connections += 1
                self._histories.committed.clear()
                self._group.release()
                self._growth.wake()
                await asyncio.sleep(FIRST_RETRY_SECONDS)
