"""Limits how many large requests run at a time and how many wait (bulkhead)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from service.api.problem_details import Problem


class ConcurrencyLimit:
    """Limits large requests, which contain many commands, so that requests with one command need not wait for them.

    At most `at_once` large requests run, and at most `waiting` more wait.
    """

    def __init__(self, at_once: int = 4, waiting: int = 16) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._most_present, self._present = at_once + waiting, 0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait for one of the slots and hold it. Raise Problem busy if too many requests wait already."""
        if self._present >= self._most_present:
            raise Problem("busy", "nothing was recorded; send the same request again shortly")
        self._present += 1
        try:
            async with self._slots:
                yield
        finally:
            self._present -= 1
