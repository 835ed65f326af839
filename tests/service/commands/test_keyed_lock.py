"""Turns on a petition: one at a time, in order, and none lost with whoever gives up."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.commands.keyed_lock import KeyedLock


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.none() | st.integers(0, 6)), max_size=30))
def test_whoever_gives_up_the_others_come_one_at_a_time_in_order(asked: list[tuple[int, int, int | None]]) -> None:
    """Each asks for one of three, works for some steps of the loop, and may be cancelled after some."""
    at_work: dict[int, int] = {}
    came: dict[int, list[int]] = {}

    async def work(turns: KeyedLock, number: int, of: int, steps: int) -> None:
        await turns.take(of)
        try:
            assert at_work.setdefault(of, number) == number
            came.setdefault(of, []).append(number)
            for _ in range(steps):
                await asyncio.sleep(0)
        finally:
            at_work.pop(of, None)
            turns.pass_on(of)

    async def give_up(task: asyncio.Task[None], after: int) -> None:
        for _ in range(after):
            await asyncio.sleep(0)
        task.cancel()

    async def scenario() -> None:
        turns = KeyedLock()
        tasks, given_up = [], []
        for number, (of, steps, patience) in enumerate(asked):
            tasks.append(asyncio.create_task(work(turns, number, of, steps)))
            if patience is not None:
                given_up.append(asyncio.create_task(give_up(tasks[-1], patience)))
        async with asyncio.timeout(10):
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.gather(*given_up)
        assert not [error for error in ended if error and not isinstance(error, asyncio.CancelledError)]
        stayed = {number for number, (_, _, patience) in enumerate(asked) if patience is None}
        assert stayed <= {number for numbers in came.values() for number in numbers}
        assert all(first < second for numbers in came.values() for first, second in pairwise(numbers))
        for of in range(3):
            await asyncio.wait_for(turns.take(of), 1)  # nobody is left in a line

    asyncio.run(scenario())


@pytest.mark.anyio
async def test_nothing_is_kept_of_those_that_have_had_their_turn() -> None:
    turns = KeyedLock()
    for number in range(100):
        await turns.take(number)
        turns.pass_on(number)
    assert turns._lines == {}
