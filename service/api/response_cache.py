"""Answers that are still true: nothing was recorded since, and it is the same day."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable

from starlette.responses import Response

TRUE_FOR = 1.0
"""Seconds. What another process has written is known here a moment later; a view that is built anew, not at all."""
KEPT = 128


class Remembered:
    """The last answers to questions. Those who ask the same at once wait for one answer.

    An office opens the same lists all day, between one recorded fact and the next; on a large register the count of
    what is overdue takes the database ten times as long as everything else does here.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._answers: dict[Hashable, tuple[float, asyncio.Future[Response]]] = {}

    async def answer(self, question: Hashable, ask: Callable[[], Awaitable[Response]]) -> Response:
        """`question` holds everything that the answer follows from. A question that failed is asked anew."""
        asked_at, answer = self._answers.get(question, (0.0, None))
        if answer is None or self._clock() - asked_at > TRUE_FOR:
            answer = asyncio.ensure_future(ask())
            answer.add_done_callback(lambda ended: self._forget_failed(question, ended))
            self._answers.pop(question, None)
            self._answers[question] = self._clock(), answer
            if len(self._answers) > KEPT:
                del self._answers[next(iter(self._answers))]
        # Shielded: whoever asked first may leave before the others.
        return await asyncio.shield(answer)

    def _forget_failed(self, question: Hashable, ended: asyncio.Future[Response]) -> None:
        failed = ended.cancelled() or ended.exception() is not None
        if failed and self._answers.get(question, (0.0, None))[1] is ended:
            del self._answers[question]
