"""Ends tasks for sure."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any


async def cancel_and_wait(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel the tasks, and those that they start meanwhile, and return once all have ended.

    The tasks are cancelled again and again: in Python 3.11 a cancellation is lost when it arrives together with the
    connection that a task waits for (`asyncio.wait_for`, which the pool uses).
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=0.1)
    await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def running_beside(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[None]:
    """Run the work in a task until the end of the block, and raise there the error that ended it early."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        await cancel_and_wait([task])
        if not task.cancelled():
            task.result()
