"""The log as views take it in: folded once for all views that know the same of a petition.

What is known after a position follows from the log alone, whoever writes which view how far. So states are kept in
memory, as many as fit, and those that are not are folded again from their histories.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, islice
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain.envelope import EventEnvelope
from projections.projection import Projection
from service.event_store.recorder import COLUMNS, events_in
from service.projector.row_diff import Difference, Moved

Fold = Callable[[Any, EventEnvelope[Any]], Any]

PAGE = 1_000
"""Events that are read at once, and the most that a view takes in one transaction."""

STATES_KEPT = 15_000
STEPS_KEPT = 5_000
"""Events whose states before and after are kept for views that come later."""

A_SLICE = 100
"""Events folded in one go: a few milliseconds, after which others on the event loop have their turn."""

_AFTER = f"SELECT {COLUMNS} FROM kiennghi.log WHERE notification_id > %s ORDER BY notification_id LIMIT %s"  # noqa: S608
_BEFORE = f"""
    SELECT {COLUMNS} FROM kiennghi.log WHERE originator_id = ANY(%s) AND notification_id <= %s
    ORDER BY originator_id, originator_version
"""  # noqa: S608 - a list of columns
_UNKNOWN: Final = object()


class Step(NamedTuple):
    """What one event led to."""

    originator_id: UUID
    before: Any
    after: Any


class Journal:
    """The steps of the log from some position on, the last of them kept: who comes together takes them once."""

    def __init__(self, pool: AsyncConnectionPool, fold: Fold, position: int) -> None:
        self._pool = pool
        self._fold = fold
        self._states: OrderedDict[UUID, Any] = OrderedDict()
        self._steps: list[Step] = []
        self._begin = position
        self._reading: asyncio.Task[bool] | None = None

    @property
    def end(self) -> int:
        """Position of the last event that was read."""
        return self._begin + len(self._steps)

    def reaches(self, position: int) -> bool:
        """Whether it goes on from there without beginning anew; it may have to read a little further."""
        return self._begin <= position <= self.end + STEPS_KEPT

    async def after(self, position: int) -> tuple[int, list[Moved]]:
        """How many events there are after the position, a page at most, and what they changed."""
        while self.end <= position:
            if not await self._read_on():
                return 0, []
        first = position - self._begin
        steps = self._steps[first : first + PAGE]
        moved: dict[UUID, Moved] = {}
        for of, before, after in steps:
            known = moved.get(of)
            moved[of] = Moved(before if known is None else known.before, after)
        return len(steps), list(moved.values())

    async def _read_on(self) -> bool:
        """False at the end of the log. One reading serves all who wait for it, and they go on together."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return await asyncio.shield(self._reading)

    async def _read(self) -> bool:
        try:
            return await self._read_after(self.end)
        finally:
            self._reading = None  # before anybody is told: who asks then asks for what is next

    async def _read_after(self, position: int) -> bool:
        events = await self._select(_AFTER, [position, PAGE])
        if not events:
            return False
        if events[-1].position != position + len(events):
            raise RuntimeError(f"the log has a hole after position {position}")
        await self._remember(events, position)
        steps = await self._folded(events)
        if len(self._steps) + len(steps) > STEPS_KEPT:
            forgotten = len(self._steps) + len(steps) - STEPS_KEPT
            del self._steps[:forgotten]
            self._begin += forgotten
        self._steps += steps
        return True

    async def _select(self, query: str, parameters: Sequence[object]) -> list[EventEnvelope[Any]]:
        async with self._pool.connection() as connection:
            cursor: Any = await connection.execute(query.encode(), parameters, binary=True)
            rows = await cursor.fetchall()
        events: list[EventEnvelope[Any]] = []
        for begin in range(0, len(rows), A_SLICE):
            events += events_in(rows[begin : begin + A_SLICE])
            await asyncio.sleep(0)
        return events

    async def _remember(self, events: Iterable[EventEnvelope[Any]], position: int) -> None:
        """The states that these events go on from, of which nothing is in memory."""
        states = self._states
        begun = {e.originator_id for e in events if e.originator_version == 1}
        unknown = {e.originator_id for e in events if e.originator_id not in states} - begun
        if unknown:
            history = await self._select(_BEFORE, [list(unknown), position])
            for of, facts in groupby(history, key=lambda recorded: recorded.originator_id):
                states[of] = folded(self._fold, facts)

    async def _folded(self, events: Sequence[EventEnvelope[Any]]) -> list[Step]:
        fold, states = self._fold, dict[UUID, Any]()
        steps = []
        for n, recorded in enumerate(events):
            of = recorded.originator_id
            before = states.get(of, _UNKNOWN)
            if before is _UNKNOWN:
                before = self._states.get(of)
            states[of] = after = fold(before, recorded)
            steps.append(Step(of, before, after))
            if n % A_SLICE == 0:
                await asyncio.sleep(0)
        for of, state in states.items():
            self._states[of] = state
            self._states.move_to_end(of)
        for of in list(islice(self._states, max(len(self._states) - STATES_KEPT, 0))):
            del self._states[of]
        return steps


def folded(fold: Fold, facts: Iterable[EventEnvelope[Any]]) -> Any:
    """What is known at the end of a history."""
    state = None
    for recorded in facts:
        state = fold(state, recorded)
    return state


async def difference(view: Projection, moved: list[Moved]) -> Difference:
    """What the view makes of it, in slices: others on the event loop have their turn."""
    found = Difference(view)
    for first in range(0, len(moved), A_SLICE):
        found.add(moved[first : first + A_SLICE])
        await asyncio.sleep(0)
    return found
