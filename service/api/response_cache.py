"""Caches answers to queries until something is recorded or the day changes. Equal queries at the same time run once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable

from starlette.responses import Response

FRESH_SECONDS = 1.0
"""Seconds for which a cached answer is used.

It is short, because another process may write, or a view may be rebuilt.
"""
MOST_CACHED_ANSWERS = 128
"""Largest number of cached answers; the oldest one is removed first."""


class ResponseCache:
    """Holds the latest answers. Callers that ask for the same answer at once wait for one computation (single flight).

    An office opens the same lists all day, many times between two recorded facts. On a large register the count of
    overdue petitions takes the database ten times as long as everything else that the request needs.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: dict[Hashable, tuple[float, asyncio.Future[Response]]] = {}

    async def get(self, key: Hashable, compute: Callable[[], Awaitable[Response]]) -> Response:
        """Return the cached answer, or the one that `compute` returns. A failed computation is not cached.

        `key` must contain everything on which the answer depends.
        """
        cached_at, answer = self._answers.get(key, (0.0, None))
        if answer is None or self._clock() - cached_at > FRESH_SECONDS:
            answer = asyncio.ensure_future(compute())
            answer.add_done_callback(lambda ended: self._drop_failed(key, ended))
            self._answers.pop(key, None)
            self._answers[key] = self._clock(), answer
            if len(self._answers) > MOST_CACHED_ANSWERS:
                del self._answers[next(iter(self._answers))]
        # Shielded: the client that asked first may leave before the others.
        return await asyncio.shield(answer)

    def _drop_failed(self, key: Hashable, ended: asyncio.Future[Response]) -> None:
        failed = ended.cancelled() or ended.exception() is not None
        if failed and self._answers.get(key, (0.0, None))[1] is ended:
            del self._answers[key]
