"""Tells those who follow the log that it has grown."""

import asyncio
import contextlib

POLL_SECONDS = 0.5
"""Seconds after which the log is read even if no notification said that it grew."""


class LogGrowth:
    """Holds the last position that the log is known to have, and wakes those who wait for a later one."""

    def __init__(self) -> None:
        self.head = 0
        self._grew = asyncio.Event()

    def notice(self, position: int) -> None:
        """Note that the log has grown to the position."""
        if position > self.head:
            self.head = position
            self.wake()

    def wake(self) -> None:
        """Wake all who wait, though nothing is known to have been appended."""
        self._grew.set()

    async def wait_beyond(self, position: int) -> None:
        """Return once the log is known to have grown beyond the position, when woken, and after POLL_SECONDS."""
        if self.head > position:
            await asyncio.sleep(0)  # so that nobody who finds nothing there takes the turns of all others
        else:
            self._grew.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS):
                    await self._grew.wait()
