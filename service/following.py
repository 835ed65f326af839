"""Follows the log and keeps the views behind it up to date, in this process and beside others.

Each view goes at its own pace with a position of its own, which is written with its rows; a view that breaks stops
alone, says so, and is tried again with a growing pause. Decoded pages are shared among the views.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool

from domain.recorded import Recorded
from projections.projection import Connection, Page, Projection
from projections.views import VIEWS
from service.event_store import Histories
from service.rebuilding import rebuild
from service.view_tables import Place, Standing, apply, begin, make_positions, standing_of

PAGE = 1_000
"""Events in one transaction of a view."""

POLL = 0.5
"""Seconds after which the log is looked at even if nobody said that it grew."""

GATHER = 0.05
"""Seconds for which a view that has caught up lets events come together, unless somebody waits for it.

A page costs a dozen round trips to the database, whether it holds one event or a hundred.
"""

PAGES_KEPT = 8
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
log = structlog.get_logger()


@dataclass(slots=True)
class Progress:
    """How far a view is. `broken` is the reason while it does not move."""

    position: int = 0
    broken: str | None = None
    is_moving: bool = False


class Pages:
    """The log in decoded pages, the last few kept: views that go in step read and decode once."""

    def __init__(self, histories: Histories, size: int = PAGE) -> None:
        self._histories = histories
        self._size = size
        self._kept: OrderedDict[int, list[Recorded[Any]]] = OrderedDict()
        self._locks: dict[int, asyncio.Lock] = {}

    async def after(self, position: int) -> Page:
        lock = self._locks.setdefault(position, asyncio.Lock())
        try:
            async with lock:
                if position not in self._kept:
                    page = await self._histories.page(position, self._size)
                    if not page:
                        return page
                    if page[-1].position != position + len(page):
                        raise RuntimeError(f"the log has a hole after position {position}")
                    self._kept[position] = page
                    if len(self._kept) > PAGES_KEPT:
                        self._kept.popitem(last=False)
                return self._kept[position]
        finally:
            if not lock.locked():
                self._locks.pop(position, None)


async def prepare(connection: Connection, view: Projection) -> Standing:
    """Where the tables of the view stand, which are made if there are none."""
    async with connection.transaction():
        await make_positions(connection)
        place = Place(view)
        return await standing_of(connection, place) or Standing(view.version, await begin(connection, place))


async def _ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Returns once the tasks have ended.

    They are told more than once: a cancellation that comes together with the connection a task waits for is lost
    in Python 3.11 (`asyncio.wait_for`, by which the pool waits).
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        ended, running = await asyncio.wait(running, timeout=0.1)
        await asyncio.gather(*ended, return_exceptions=True)


class Follower:
    """Keeps the views up to date while it is open; `async with Follower.open(...)`."""

    def __init__(self, pool: AsyncConnectionPool, histories: Histories, views: Iterable[Projection]) -> None:
        self._pool = pool
        self._histories = histories
        self.views = list(views)
        self._pages = Pages(histories)
        self.progress = {view.name: Progress() for view in self.views}
        self.head = 0
        self._moved = asyncio.Condition()
        self._grown = asyncio.Event()
        self._wanted = asyncio.Event()
        self._waiting = 0

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        pool: AsyncConnectionPool,
        histories: Histories,
        views: Iterable[Callable[[], Projection]] = VIEWS,
    ) -> AsyncIterator["Follower"]:
        follower = cls(pool, histories, [view() for view in views])
        tasks = [asyncio.create_task(follower._keep(view)) for view in follower.views]
        tasks.append(asyncio.create_task(follower._listen()))
        try:
            yield follower
        finally:
            await _ended(tasks)

    def noticed(self, position: int) -> None:
        """The log has grown to the position; called on the event loop by whoever appended."""
        if position > self.head:
            self.head = position
            self._grown.set()

    async def wait_for(self, position: int, view: str, timeout: float) -> bool:
        """Whether the view has passed the position within so many seconds."""
        progress = self.progress[view]
        self._waiting += 1
        self._wanted.set()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout), self._moved:
                    await self._moved.wait_for(lambda: progress.position >= position)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._wanted.clear()
        return progress.position >= position

    async def caught_up(self, timeout: float = 600) -> bool:
        """Whether all views have passed what is in the log now."""
        position = await self._histories.last_position()
        self.noticed(position)
        waits = [self.wait_for(position, view.name, timeout) for view in self.views]
        return all(await asyncio.gather(*waits))

    def status(self) -> dict[str, dict[str, Any]]:
        """Of each view its position, how many events it is behind, and why it stands still."""
        return {
            name: {
                "position": progress.position,
                "lag": max(self.head - progress.position, 0),
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
                await self._prepare(view, progress)
                while await self._follow(view, progress):
                    if progress.broken:
                        log.info("view_goes_on", view=view.name, position=progress.position)
                    progress.broken, pause = None, FIRST_PAUSE
                    await self._wait_for_growth(progress.position)
                continue  # the tables were replaced by those of another version
            except psycopg.OperationalError as error:
                progress.broken = "the database is not reachable"
                log.warning("view_waits_for_database", view=view.name, error=type(error).__name__)
            except Exception as error:  # the edge of a view: its fault must not stop the others
                progress.broken = f"{type(error).__name__} after position {progress.position}"
                log.error("view_broken", view=view.name, position=progress.position, error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _prepare(self, view: Projection, progress: Progress) -> None:
        """Tables of an earlier version serve until new ones are built beside them."""
        async with self._pool.connection() as connection:
            found = await prepare(connection, view)
        if found.version != view.version:
            progress.broken = f"being built anew: version {view.version} after {found.version}"
            await rebuild(self._pool, self._histories, view)
            await self._prepare(view, progress)
        else:
            await self._moved_to(progress, found.position)

    async def _follow(self, view: Projection, progress: Progress) -> bool:
        """Go as far as the log goes; False when the tables are another version's by now."""
        progress.is_moving = True
        try:
            while page := await self._pages.after(progress.position):
                async with self._pool.connection() as connection:
                    reached = await apply(connection, Place(view), page, progress.position)
                if reached is None:
                    return False
                await self._moved_to(progress, reached)
                await self._not_far_ahead(progress)
                if len(page) < PAGE:
                    break  # that was the end of the log; more of it is told by whoever appends
        finally:
            progress.is_moving = False
            await self._moved_to(progress, progress.position)
        if progress.position > self.head:
            self.head = progress.position
        return True

    async def _not_far_ahead(self, progress: Progress) -> None:
        """Wait for those that move too, so that the pages are still kept that they come to."""
        farthest = progress.position - PAGES_KEPT // 2 * PAGE

        def nobody_is_far_behind() -> bool:
            return not any(other.is_moving and other.position < farthest for other in self.progress.values())

        async with self._moved:
            await self._moved.wait_for(nobody_is_far_behind)

    async def _moved_to(self, progress: Progress, position: int) -> None:
        progress.position = position
        async with self._moved:
            self._moved.notify_all()

    async def _wait_for_growth(self, position: int) -> None:
        if self.head <= position:
            self._grown.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._grown.wait()
        if position < self.head < position + PAGE:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GATHER):
                    await self._wanted.wait()

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
                await asyncio.sleep(FIRST_PAUSE)
