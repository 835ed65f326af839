"""Tests that the lock of a key is held by one task at a time, in order, and is not lost with a cancelled task."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.commands.keyed_lock import KeyedLock


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.none() | st.integers(0, 6)), max_size=30))
def test_whoever_gives_up_the_others_come_one_at_a_time_in_order(asked: list[tuple[int, int, int | None]]) -> None:
    """Each task takes one of three locks, works for some steps of the loop, and may be cancelled after some steps.

    Every second task takes its lock as a command on one petition does: at once where it is free.
    """
    at_work: dict[int, int] = {}
    served: dict[int, list[int]] = {}

    @asynccontextmanager
    async def taken(lock: KeyedLock, key: int) -> AsyncIterator[None]:
        if not lock.take_if_free(key):
            await lock.acquire(key)
        try:
            yield
        finally:
            lock.release(key)

    async def work(lock: KeyedLock, number: int, key: int, steps: int) -> None:
        async with taken(lock, key) if number % 2 else lock.holding([key]):
            try:
                assert at_work.setdefault(key, number) == number
                served.setdefault(key, []).append(number)
                for _ in range(steps):
                    await asyncio.sleep(0)
            finally:
                at_work.pop(key, None)

    async def give_up(task: asyncio.Task[None], after: int) -> None:
        for _ in range(after):
            await asyncio.sleep(0)
        task.cancel()

    async def scenario() -> None:
        lock = KeyedLock()
        tasks, given_up = [], []
        for number, (key, steps, patience) in enumerate(asked):
            tasks.append(asyncio.create_task(work(lock, number, key, steps)))
            if patience is not None:
                given_up.append(asyncio.create_task(give_up(tasks[-1], patience)))
        async with asyncio.timeout(10):
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*given_up)
        assert not [error for error in ended if error and not isinstance(error, asyncio.CancelledError)]
        stayed = {number for number, (_, _, patience) in enumerate(asked) if patience is None}
        assert stayed <= {number for numbers in served.values() for number in numbers}
        assert all(first < second for numbers in served.values() for first, second in pairwise(numbers))
        for key in range(3):
            await asyncio.wait_for(lock.acquire(key), 1)  # no waiter is left

    asyncio.run(scenario())


@given(st.lists(st.tuples(st.lists(st.integers(0, 2)), st.integers(0, 3), st.none() | st.integers(0, 6)), max_size=20))
def test_who_holds_several_locks_is_alone_at_each_and_nobody_waits_for_ever(
    asked: list[tuple[list[int], int, int | None]],
) -> None:
    """As above, but each task takes any of the locks, in any order that it names them."""
    at_work: set[int] = set()

    async def work(lock: KeyedLock, keys: list[int], steps: int) -> None:
        async with lock.holding(keys):
            assert not at_work & set(keys)
            at_work.update(keys)
            try:
                for _ in range(steps):
                    await asyncio.sleep(0)
            finally:
                at_work.difference_update(keys)

    async def start(lock: KeyedLock, keys: list[int], steps: int, patience: int | None) -> None:
        task = asyncio.create_task(work(lock, keys, steps))
        if patience is not None:
            for _ in range(patience):
                await asyncio.sleep(0)
            task.cancel()
        (ended,) = await asyncio.gather(task, return_exceptions=True)
        assert ended is None or (patience is not None and isinstance(ended, asyncio.CancelledError)), ended

    async def scenario() -> None:
        lock = KeyedLock()
        async with asyncio.timeout(10):
            await asyncio.gather(*(start(lock, *one) for one in asked))
        assert lock._waiters == {}

    asyncio.run(scenario())


@pytest.mark.anyio
async def test_nothing_is_kept_of_those_that_have_had_their_turn() -> None:
    lock = KeyedLock()
    for number in range(100):
        await lock.acquire(number)
        lock.release(number)
    assert lock._waiters == {}
