"""How far a view has come."""

import asyncio
import heapq
import time


class Progress:
    """How far a view is, and who waits for it. `broken` is the reason while it does not move."""

    def __init__(self) -> None:
        self.position = -1  # until there are tables: with an empty log, too, a view has to be made first
        self.events = 0
        self.broken: str | None = None
        self.is_moving = False
        self.moved_at = 0.0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @property
    def told(self) -> int:
        """The position as others are told of it: 0 also while there are no tables."""
        return max(self.position, 0)

    def moved(self, position: int, events: int) -> None:
        if position != events:
            raise RuntimeError(f"{events} events went into a view that is at position {position}")
        self.position, self.events, self.moved_at = position, events, time.monotonic()
        while self._waiting and self._waiting[0][0] <= position:
            _, _, passed = heapq.heappop(self._waiting)
            if not passed.done():
                passed.set_result(None)

    async def passed(self, position: int) -> None:
        """Returns once the view has passed the position."""
        if self.position < position:
            passing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (position, id(passing), passing))
            await passing
