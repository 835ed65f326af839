"""Provides one lock for each key. Tasks get the lock in the order in which they asked for it.

A lock object for each petition, which must be removed again later, costs more than the dictionary used here.
"""

import asyncio
from collections import deque


class KeyedLock:
    """Holds one lock for each key. A queue of waiters is created only when a second task wants the same key."""

    def __init__(self) -> None:
        self._waiters: dict[int, deque[asyncio.Future[None]] | None] = {}

    def holding(self, key: int) -> "HeldLock":
        """Return a context manager that acquires the lock of `key` at its start and releases it at its end."""
        return HeldLock(self, key)

    async def acquire(self, key: int) -> None:
        """Wait until the caller holds the lock of `key`. The caller must `release` it."""
        if key not in self._waiters:
            self._waiters[key] = None
            return
        queue = self._waiters[key]
        if queue is None:
            queue = self._waiters[key] = deque()
        waiter = asyncio.get_running_loop().create_future()
        queue.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled():  # the lock was handed over in the moment of the cancellation
                self.release(key)
            raise

    def release(self, key: int) -> None:
        """Hand the lock of `key` to the first waiter that is not cancelled, or free it."""
        queue = self._waiters[key]
        while queue:
            waiter = queue.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        del self._waiters[key]


class HeldLock:
    """Holds the lock of one key from the beginning of an `async with` block to its end."""

    __slots__ = ("_key", "_lock")

    def __init__(self, lock: KeyedLock, key: int) -> None:
        self._lock = lock
        self._key = key

    async def __aenter__(self) -> None:
        await self._lock.acquire(self._key)

    async def __aexit__(self, *_: object) -> None:
        self._lock.release(self._key)
