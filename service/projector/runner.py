"""Runs the projections: follows the event log and keeps all views current. Several processes may do so at once.

Each view follows the log independently and has its own checkpoint, which is written with its rows. If a view fails,
only this view stops; it reports the error and is tried again after a growing pause. Views with the same fold share its
work (`service.projector.shared_fold`), and their rows are written together (`service.projector.batch_writer`).
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool

from projections.projection import Connection, Projection
from projections.views import VIEWS
from service.event_store.recorder import Histories
from service.observability.tracing import span
from service.postgres.pools import async_pool
from service.projector.batch_writer import BatchWriter
from service.projector.checkpoints import (
    Checkpoint,
    TableChange,
    TableSet,
    create_checkpoint_tables,
    create_tables,
    read_checkpoint,
)
from service.projector.progress import ProgressTracker
from service.projector.rebuild import rebuild_views
from service.projector.row_texts import RowTexts
from service.projector.shared_fold import MAX_STEPS_KEPT, Fold, SharedFold, diff_rows
from service.security.text_vault import TextVault

POLL_SECONDS = 0.5
"""Seconds after which the log is read even if no notification said that it grew."""

STALLED_AFTER_SECONDS = 0.5
"""Seconds after which the other views no longer wait for a view that makes no step."""

EVENTS_WORTH_LOADING = 5_000
"""Number of events from which on a new view is loaded in bulk instead of following the log from the first event."""

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 0.5, 30.0
"""Seconds before a failed view is tried again: the first pause and the longest one.

Each pause is twice as long as the last.
"""

log = structlog.get_logger()


async def prepare_view(connection: Connection, view: Projection, head: int) -> Checkpoint | None:
    """Return the checkpoint of the serving tables of the view; create empty tables if there are none.

    Return None if there are no tables and the log is so long that they should be loaded in bulk.
    """
    async with connection.transaction():
        await create_checkpoint_tables(connection)
        table_set = TableSet(view)
        checkpoint = await read_checkpoint(connection, table_set)
        return (
            await create_tables(connection, table_set)
            if checkpoint is None and head < EVENTS_WORTH_LOADING
            else checkpoint
        )


async def _cancel_and_wait(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel the tasks, and those that they start meanwhile, and return once all have ended.

    The tasks are cancelled again and again: in Python 3.11 a cancellation is lost when it arrives together with the
    connection that a task waits for (`asyncio.wait_for`, which the pool uses).
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=0.1)
    await asyncio.gather(*tasks, return_exceptions=True)


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
        self.head = 0
        self._lost_connections = 0  # how often the listening connection was lost
        self._tasks: list[asyncio.Task[None]] = []
        self._shared_folds: dict[Fold, SharedFold] = {}
        self._separate_folds: dict[str, SharedFold] = {}
        self._log_grew = asyncio.Event()

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
        async with async_pool(str(pool.conninfo), min_size=1, max_size=2 * len(made) + 2) as own:
            runner = cls(own, histories, vault, made)
            runner._tasks = [
                asyncio.create_task(coroutine)
                for coroutine in (runner._writer.run(), runner._listen(), runner._start_views())
            ]
            try:
                yield runner
            finally:
                await _cancel_and_wait(runner._tasks)
                for fold in (*runner._shared_folds.values(), *runner._separate_folds.values()):
                    await fold.aclose()

    def notice_append(self, position: int) -> None:
        """Note that the log has grown to the position. The code that appended calls this on the event loop."""
        if position > self.head:
            self.head = position
            self._log_grew.set()

    async def wait_for(self, position: int, view: str, timeout: float) -> bool:
        """Wait until the view has reached the position, at most `timeout` seconds; return True if it has."""
        progress = self.progress[view]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await progress.wait_until_passed(position)
        return progress.position >= position

    async def wait_until_current(self, timeout: float = 600) -> bool:
        """Wait until all views have reached the present end of the log, at most `timeout` seconds.

        Return True if they have.
        """
        position = await self._histories.last_position()
        self.notice_append(position)
        waits = [self.wait_for(position, view.name, timeout) for view in self.views]
        return all(await asyncio.gather(*waits))

    def status(self) -> dict[str, dict[str, Any]]:
        """Return for each view its position, number of applied events, lag in events, and the reason why it is broken.

        The number of applied events equals the position, unless an event was missed. The reason is None if the view
        works.
        """
        return {
            name: {
                "position": progress.visible_position,
                "events": progress.events,
                "lag": max(self.head - progress.visible_position, 0),
                "broken": progress.broken,
            }
            for name, progress in self.progress.items()
        }

    async def _run_view(self, view: Projection) -> None:
        """Follow the log for ever. An error of the view stops only this view, which is tried again after a pause."""
        progress = self.progress[view.name]
        pause = FIRST_RETRY_SECONDS
        while True:
            try:
                lost_connections = self._lost_connections
                await self._ensure_tables(view)
                while lost_connections == self._lost_connections and await self._follow_log(view, progress):
                    if progress.broken:
                        log.info("view_goes_on", view=view.name, position=progress.position)
                    progress.broken, pause = None, FIRST_RETRY_SECONDS
                    await self._wait_for_growth(progress.position)
                continue  # tables of another version took the place, or a crash may have undone rows
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
        to_build = []
        for view in self.views:
            try:
                if not await self._has_current_tables(view):
                    to_build.append(view)
                    continue
            except Exception as error:  # it comes again, and is reported, when the view is tried alone
                log.warning("view_not_found", view=view.name, error=type(error).__name__)
            self._tasks.append(asyncio.create_task(self._run_view(view)))
        try:
            if len(to_build) > 1:
                await rebuild_views(self._pool, self._histories, self._vault, *to_build)
        except Exception as error:  # building each view alone shows which one is at fault
            log.warning("views_not_built_together", error=type(error).__name__)
        self._tasks += [asyncio.create_task(self._run_view(view)) for view in to_build]

    async def _has_current_tables(self, view: Projection) -> bool:
        """Return False if the view must be built. Tables of an earlier version serve until new ones are built."""
        progress, head = self.progress[view.name], await self._histories.last_position()
        async with self._pool.connection() as connection:
            checkpoint = await prepare_view(connection, view, head)
        if checkpoint is None or checkpoint.version != view.version:
            progress.broken = f"being built: version {view.version}"
            return False
        progress.advance(checkpoint.position, checkpoint.events)
        return True

    async def _ensure_tables(self, view: Projection) -> None:
        while not await self._has_current_tables(view):
            await rebuild_views(self._pool, self._histories, self._vault, view)

    async def _follow_log(self, view: Projection, progress: ProgressTracker) -> bool:
        """Apply the log up to its end. Return False if the tables now belong to another version."""
        table_set = TableSet(view)
        progress.is_moving = True
        try:
            while True:
                position = progress.position
                events, changes = await self._fold_for(view, position).read_changes(position)
                if not events:
                    break
                with span("view", {"kiennghi.view": view.name, "kiennghi.events": events}):
                    row_diff = await diff_rows(view, changes, self._texts)
                    is_applied = await self._writer.write(TableChange(table_set, position, events, row_diff))
                if is_applied:
                    progress.advance(position + events, progress.events + events)
                else:
                    async with self._pool.connection() as connection:
                        checkpoint = await read_checkpoint(connection, table_set)
                    if checkpoint is None or checkpoint.version != view.version:
                        return False
                    progress.advance(checkpoint.position, checkpoint.events)  # another process was first
                await self._wait_for_slower_views(view, progress)
                if progress.position >= self.head:
                    break  # the end of the log: `notice_append` reports when it grows
        finally:
            progress.is_moving = False
        self.head = max(self.head, progress.position)
        return True

    def _fold_for(self, view: Projection, position: int) -> SharedFold:
        """Return the fold that the view shares with others, or a separate fold if their positions are far away."""
        shared = self._shared_folds.get(view.fold)
        if shared is None or shared.end + MAX_STEPS_KEPT < position:
            shared = self._shared_folds[view.fold] = SharedFold(self._pool, self._vault, view.fold, position)
        if shared.can_serve(position):
            self._separate_folds.pop(view.name, None)
            return shared
        separate = self._separate_folds.get(view.name)
        if separate is None or not separate.can_serve(position):
            separate = self._separate_folds[view.name] = SharedFold(self._pool, self._vault, view.fold, position)
        return separate

    async def _wait_for_slower_views(self, view: Projection, progress: ProgressTracker) -> None:
        """Wait for slower views with the same fold, so that the steps that they need are still kept.

        Do not wait for a view that has not moved for STALLED_AFTER_SECONDS.
        """
        kept_from = progress.position - MAX_STEPS_KEPT // 2
        for other in self.views:
            behind = self.progress[other.name]
            while other.fold is view.fold and behind.is_moving and behind.position < kept_from:
                patience = behind.moved_at + STALLED_AFTER_SECONDS - time.monotonic()
                if patience <= 0:
                    break
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(patience):
                        await behind.wait_until_passed(kept_from)

    async def _wait_for_growth(self, position: int) -> None:
        if self.head <= position:
            self._log_grew.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._log_grew.wait()

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
                self._log_grew.set()
                await asyncio.sleep(FIRST_RETRY_SECONDS)
