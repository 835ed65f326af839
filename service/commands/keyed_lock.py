"""One at a time for each petition, first come, first served."""

import asyncio
from collections import deque


class KeyedLock:
    """Nothing is made where nobody else asks: a lock for each petition, forgotten in time, costs more than that."""

    def __init__(self) -> None:
        self._lines: dict[int, deque[asyncio.Future[None]] | None] = {}

    async def take(self, of: int) -> None:
        """Returns when it is the caller's turn, who must `pass_on` it."""
        if of not in self._lines:
            self._lines[of] = None
            return
        line = self._lines[of]
        if line is None:
            line = self._lines[of] = deque()
        turn = asyncio.get_running_loop().create_future()
        line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it came in the very moment in which the caller gave up
                self.pass_on(of)
            raise

    def pass_on(self, of: int) -> None:
        line = self._lines[of]
        while line:
            turn = line.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._lines[of]
