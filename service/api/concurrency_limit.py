"""Room for so many at a time, and for so many who wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.api.problem_details import Problem


class Places:
    """For requests that are many in one: those that were sent alone must come between."""

    def __init__(self, at_once: int = 4, waiting: int = 16) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most, self._here = at_once + waiting, 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Problem busy when too many wait already."""
        if self._here >= self._most:
            raise Problem("busy", "nothing was recorded; send the same request again shortly")
        self._here += 1
        try:
            async with self._places:
                yield
        finally:
            self._here -= 1
