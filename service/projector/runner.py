"""Follows the log and keeps the views behind it up to date, in this process and beside others.

Each view goes at its own pace with a position of its own, which is written with its rows; a view that breaks stops
alone, says so, and is tried again with a growing pause. What several views know of a petition is folded once for all,
and what they make of it is written together (`service.projector.batch_writer`).
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
from service.projector.batch_writer import Writer
from service.projector.checkpoints import Change, Place, Standing, begin, make_positions, standing_of
from service.projector.progress import Progress
from service.projector.rebuild import rebuild
from service.projector.shared_fold import STEPS_KEPT, Fold, Journal, difference

POLL = 0.5
"""Seconds after which the log is looked at even if nobody said that it grew."""

PATIENCE = 0.5
"""Seconds without a step after which a view that catches up is no longer waited for by the others."""

WORTH_LOADING = 5_000
"""Events from which on a view that there never was is loaded rather than followed from the first one on."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
log = structlog.get_logger()


async def prepare(connection: Connection, view: Projection, head: int) -> Standing | None:
    """Where the tables of the view stand. Empty ones are made if there are none, unless it is better to load them."""
    async with connection.transaction():
        await make_positions(connection)
        place = Place(view)
        found = await standing_of(connection, place)
        return await begin(connection, place) if found is None and head < WORTH_LOADING else found


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Returns once the tasks have ended, and those that they began meanwhile.

    They are told more than once: a cancellation that comes together with the connection a task waits for is lost
    in Python 3.11 (`asyncio.wait_for`, by which the pool waits).
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=0.1)
    await asyncio.gather(*tasks, return_exceptions=True)


class Follower:
    """Keeps the views up to date while it is open; `async with Follower.open(...)`."""

    def __init__(self, pool: AsyncConnectionPool, histories: Histories, views: Iterable[Projection]) -> None:
        self._pool = pool
        self._histories = histories
        self._writer = Writer(pool)
        self.views = list(views)
        self.progress = {view.name: Progress() for view in self.views}
        self.head = 0
        self._losses = 0  # of the connection that listens
        self._tasks: list[asyncio.Task[None]] = []
        self._shared: dict[Fold, Journal] = {}
        self._apart: dict[str, Journal] = {}
        self._grown = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        pool: AsyncConnectionPool,
        histories: Histories,
        views: Iterable[Callable[[], Projection]] = VIEWS,
    ) -> AsyncIterator["Follower"]:
        """Has connections of its own to the pool's database: no request waits for them."""
        known = [view() for view in views]
        async with async_pool(str(pool.conninfo), min_size=1, max_size=2 * len(known) + 2) as own:
            follower = cls(own, histories, known)
            follower._tasks = [
                asyncio.create_task(begun) for begun in (follower._writer.run(), follower._listen(), follower._start())
            ]
            try:
                yield follower
            finally:
                await _ended(follower._tasks)

    def noticed(self, position: int) -> None:
        """The log has grown to the position; called on the event loop by whoever appended."""
        if position > self.head:
            self.head = position
            self._grown.set()

    async def wait_for(self, position: int, view: str, timeout: float) -> bool:
        """Whether the view has passed the position within so many seconds."""
        progress = self.progress[view]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await progress.passed(position)
        return progress.position >= position

    async def caught_up(self, timeout: float = 600) -> bool:
        """Whether all views have passed what is in the log now."""
        position = await self._histories.last_position()
        self.noticed(position)
        waits = [self.wait_for(position, view.name, timeout) for view in self.views]
        return all(await asyncio.gather(*waits))

    def status(self) -> dict[str, dict[str, Any]]:
        """Of each view its position, how many events went into it (as many, or something was missed), how many it is
        behind, and why it stands still.
        """
        return {
            name: {
                "position": progress.told,
                "events": progress.events,
                "lag": max(self.head - progress.told, 0),
                "broken": progress.broken,
            }
            for name, progress in self.progress.items()
        }

    async def _keep(self, view: Projection) -> None:
        """Follow for ever; whatever breaks the view stops it alone."""
        progress = self.progress[view.name]
        pause = FIRST_PAUSE
        while True:
            try:
                losses = self._losses
                await self._prepare(view)
                while losses == self._losses and await self._follow(view, progress):
                    if progress.broken:
                        log.info("view_goes_on", view=view.name, position=progress.position)
                    progress.broken, pause = None, FIRST_PAUSE
                    await self._wait_for_growth(progress.position)
                continue  # the tables were replaced by those of another version, or a crash may have taken rows back
            except psycopg.OperationalError as error:
                progress.broken = "the database is not reachable"
                log.warning("view_waits_for_database", view=view.name, error=type(error).__name__)
            except Exception as error:  # the edge of a view: its fault must not stop the others
                progress.broken = f"{type(error).__name__} after position {progress.told}"
                log.error("view_broken", view=view.name, position=progress.told, error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _start(self) -> None:
        """Views that have to be built are built by one reading; if that fails each is tried alone."""
        to_build = []
        for view in self.views:
            try:
                if not await self._is_built(view):
                    to_build.append(view)
                    continue
            except Exception as error:  # it shows again, and is told, when the view is tried alone
                log.warning("view_not_found", view=view.name, error=type(error).__name__)
            self._tasks.append(asyncio.create_task(self._keep(view)))
        try:
            if len(to_build) > 1:
                await rebuild(self._pool, self._histories, *to_build)
        except Exception as error:  # whose fault it is shows when each is built alone
            log.warning("views_not_built_together", error=type(error).__name__)
        self._tasks += [asyncio.create_task(self._keep(view)) for view in to_build]

    async def _is_built(self, view: Projection) -> bool:
        """Tables of an earlier version serve until new ones are built beside them."""
        progress, head = self.progress[view.name], await self._histories.last_position()
        async with self._pool.connection() as connection:
            found = await prepare(connection, view, head)
        if found is None or found.version != view.version:
            progress.broken = f"being built: version {view.version}"
            return False
        progress.moved(found.position, found.events)
        return True

    async def _prepare(self, view: Projection) -> None:
        while not await self._is_built(view):
            await rebuild(self._pool, self._histories, view)

    async def _follow(self, view: Projection, progress: Progress) -> bool:
        """Go as far as the log goes; False when the tables are another version's by now."""
        place = Place(view)
        progress.is_moving = True
        try:
            while True:
                position = progress.position
                events, moved = await self._journal(view, position).after(position)
                if not events:
                    break
                with span("view", {"kiennghi.view": view.name, "kiennghi.events": events}):
                    changed = await difference(view, moved)
                    is_applied = await self._writer.write(Change(place, position, events, changed))
                if is_applied:
                    progress.moved(position + events, progress.events + events)
                else:
                    async with self._pool.connection() as connection:
                        found = await standing_of(connection, place)
                    if found is None or found.version != view.version:
                        return False
                    progress.moved(found.position, found.events)  # another process was first
                await self._not_far_ahead(view, progress)
                if progress.position >= self.head:
                    break  # that was the end of the log; more of it is told by whoever appends
        finally:
            progress.is_moving = False
        self.head = max(self.head, progress.position)
        return True

    def _journal(self, view: Projection, position: int) -> Journal:
        """That of all who fold the same, or one of its own for a view that is far from where the others are."""
        shared = self._shared.get(view.fold)
        if shared is None or shared.end + STEPS_KEPT < position:
            shared = self._shared[view.fold] = Journal(self._pool, view.fold, position)
        if shared.reaches(position):
            self._apart.pop(view.name, None)
            return shared
        apart = self._apart.get(view.name)
        if apart is None or not apart.reaches(position):
            apart = self._apart[view.name] = Journal(self._pool, view.fold, position)
        return apart

    async def _not_far_ahead(self, view: Projection, progress: Progress) -> None:
        """Wait for those that come too, so that what they come to is still kept; but not for one that hardly moves."""
        farthest = progress.position - STEPS_KEPT // 2
        for other in self.views:
            behind = self.progress[other.name]
            while other.fold is view.fold and behind.is_moving and behind.position < farthest:
                patience = behind.moved_at + PATIENCE - time.monotonic()
                if patience <= 0:
                    break
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(patience):
                        await behind.passed(farthest)

    async def _wait_for_growth(self, position: int) -> None:
        if self.head <= position:
            self._grown.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._grown.wait()

    async def _listen(self) -> None:
        """Hear of what other processes append. A notification is a hint: without one the next look finds it."""
        while True:
            try:
                async with self._pool.connection() as connection:
                    await connection.execute("LISTEN kiennghi_log")
                    self.noticed(await self._histories.last_position())
                    async for notification in connection.notifies():
                        self.noticed(int(notification.payload))
            except psycopg.OperationalError:
                # No view waits for the disk: a crash of the server may have taken back what it wrote last. Each looks
                # where it stands, even if nothing is appended any more.
                self._losses += 1
                self._grown.set()
                await asyncio.sleep(FIRST_PAUSE)
