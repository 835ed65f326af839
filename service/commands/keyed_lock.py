"""Provides one lock for each key. Tasks get the lock in the order in which they asked for it.

A lock object for each petition, which must be removed again later, costs more than the dictionary used here.
"""

import asyncio
from collections import deque
from collections.abc import Iterable


class KeyedLock:
    """Holds one lock for each key. A queue of waiters is created only when a second task wants the same key."""

    def __init__(self) -> None:
        self._waiters: dict[int, deque[asyncio.Future[None]] | None] = {}

    def holding(self, keys: Iterable[int]) -> "HeldLocks":
        """Return a context manager that acquires the locks of `keys` at its start and releases them at its end."""
        return HeldLocks(self, keys)

    def take_if_free(self, key: int) -> bool:
        """Take the lock of `key` and return True if nobody holds it. The caller must then `release` it."""
        if key in self._waiters:
            return False
        self._waiters[key] = None
        return True

    async def acquire(self, key: int) -> None:
        """Wait until the caller holds the lock of `key`. The caller must `release` it."""
        if self.take_if_free(key):
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


class HeldLocks:
    """Holds the locks of some keys from the beginning of an `async with` block to its end.

    They are acquired in the order of the keys: two tasks that took two locks in different orders would wait for each
    other.
    """

    __slots__ = ("_held", "_keys", "_lock")

    def __init__(self, lock: KeyedLock, keys: Iterable[int]) -> None:
        self._lock = lock
        self._keys = sorted(set(keys))
        self._held: list[int] = []

    async def __aenter__(self) -> None:
        try:
            for key in self._keys:
                await self._lock.acquire(key)
                self._held.append(key)
        except asyncio.CancelledError:
            self._release()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._release()

    def _release(self) -> None:
        for key in self._held:
            self._lock.release(key)
