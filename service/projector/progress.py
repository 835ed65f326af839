"""Tracks up to which position a view has followed the event log, and wakes the tasks that wait for a position."""

import asyncio
import contextlib
import heapq
import time
from typing import Any

from service.event_store.log_mark import LogMark

_NOWHERE = LogMark(-1, b"")
"""Below 0 until there are tables: even with an empty log the tables must be created first."""


class ProgressTracker:
    """Holds the mark of one view in the log, and the tasks that wait for the view to pass a position.

    `events` is the number of events that were applied to the view. `broken` is the reason why the view has stopped;
    None while it runs. `is_moving` is true while the view catches up with the log. `moved_at` (seconds, monotonic
    clock) is the time of its last step. `verified` is set once the tables were found to be of this log.
    """

    def __init__(self) -> None:
        self.mark = _NOWHERE
        self.events = 0
        self.verified = asyncio.Event()
        self.broken: str | None = None
        self.is_moving = False
        self.moved_at = 0.0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @property
    def position(self) -> int:
        """Return the position of the view."""
        return self.mark.position

    @property
    def visible_position(self) -> int:
        """Return the position to show to others: 0 while there are no tables."""
        return max(self.position, 0)

    def status(self, head: int) -> dict[str, Any]:
        """Return the position, the number of applied events (equal to it, unless one was missed), the lag in events,
        and the reason why the view is broken; None if it works.
        """
        return {
            "position": self.visible_position,
            "events": self.events,
            "lag": max(head - self.visible_position, 0),
            "broken": self.broken,
        }

    def reset(self, reason: str) -> None:
        """Forget where the view was: it has no tables that may be read. `reason` tells why."""
        self.mark, self.events, self.broken = _NOWHERE, 0, reason
        self.verified.clear()

    def advance(self, mark: LogMark, events: int) -> None:
        """Set the mark and wake the tasks that wait for it. Raise RuntimeError when events were missed."""
        position = mark.position
        if position != events:
            raise RuntimeError(f"{events} events went into a view that is at position {position}")
        self.mark, self.events, self.moved_at = mark, events, time.monotonic()
        self.verified.set()
        while self._waiting and self._waiting[0][0] <= position:
            _, _, waiter = heapq.heappop(self._waiting)
            if not waiter.done():
                waiter.set_result(None)

    async def wait_until_passed(self, position: int) -> None:
        """Return once the view has reached the position or a later one."""
        if self.position < position:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (position, id(waiter), waiter))
            await waiter

    async def reaches(self, position: int, timeout: float) -> bool:
        """Wait until the view has reached the position, at most `timeout` seconds; return whether it has."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self.wait_until_passed(position)
        return self.position >= position

    async def is_verified_within(self, timeout: float) -> bool:
        """Wait until the tables are known to be of this log, at most `timeout` seconds; return whether they are."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self.verified.wait()
        return self.verified.is_set()
