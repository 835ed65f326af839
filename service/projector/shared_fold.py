"""Reads the event log and folds it once for all views that have the same fold.

The state after a position follows from the log alone, and not from the position of any view. So the latest states are
kept in memory, and a state that is not in memory is folded again from its history.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, islice
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain.correcting.history import REWRITES_HISTORY
from domain.envelope import EventEnvelope
from domain.events import PersonalDataErased
from projections.projection import Projection
from service.event_store.committed_events import CommittedEvent, CommittedEvents
from service.event_store.damage import decode_rows_apart, require_no_hole
from service.event_store.log_mark import LogMark, mark_row
from service.event_store.log_rows import SELECT_LOG_ROWS, LogRow
from service.projector.history_fold import Fold
from service.projector.row_diff import RowDiff, StateChange
from service.projector.row_texts import RowTexts
from service.projector.set_aside import SetAside, fold_apart, fold_history_apart, note_set_aside, state_of
from service.security.text_vault import TextVault

EVENTS_A_PAGE = 1_000
"""Number of events that are read at once, and the largest number that a view applies in one transaction."""

MAX_STATES_KEPT = 15_000
"""Number of states kept in memory, for each fold."""

MAX_STEPS_KEPT = 5_000
"""Number of events whose states before and after are kept for views that are behind the others."""

EVENTS_A_SLICE = 100
"""Number of events that are folded, in a few milliseconds, before other tasks on the event loop get their turn."""

# The event at the position comes too: it must still be the one that was read before.
_SELECT_FROM = f"{SELECT_LOG_ROWS} WHERE log.position >= %s ORDER BY log.position LIMIT %s"
_SELECT_HISTORIES_UP_TO = f"""
    {SELECT_LOG_ROWS} WHERE log.stream = ANY(%s) AND log.position <= %s
    ORDER BY log.stream, log.version
"""
_READ_FROM_LOG = frozenset({*REWRITES_HISTORY, PersonalDataErased})
"""Events that change what is held of the events before them: they are read from the log though they are here."""
_UNKNOWN: Final = object()
"""Marks a state that was not found; None is a state."""


class LogDiverged(Exception):
    """Is raised when the log does not have the event that somebody read at this position: it was taken back."""

    def __init__(self, mark: LogMark) -> None:
        super().__init__(f"the log has another event at position {mark.position}, or none")
        self.mark = mark


class EventStep(NamedTuple):
    """Holds the state of one stream before and after one event, and its row; `before` is None at its first event."""

    originator_id: UUID
    before: Any
    after: Any
    row: LogRow


class SharedFold:
    """Folds the log from a position on and keeps the latest steps, so that views that follow together share them."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        vault: TextVault,
        fold: Fold,
        after: LogMark,
        committed: CommittedEvents | None = None,
    ) -> None:
        """`committed` are the events that this process appended last, if it is one that appends."""
        self._pool = pool
        self._vault = vault
        self._committed = committed or CommittedEvents()
        self._texts = RowTexts(vault, pool.connection)
        self._fold = fold
        self._states: OrderedDict[UUID, Any] = OrderedDict()
        self._steps: list[EventStep] = []
        self._begin = self._end = after
        self._reading: asyncio.Task[bool] | None = None
        vault.on_forget(self._forget)

    @property
    def end(self) -> LogMark:
        """Return the mark of the last event that was read."""
        return self._end

    def can_serve(self, after: LogMark) -> bool:
        """Return True if the steps after the mark are kept here or will be read soon, so that a view can use them."""
        if after.position > self._end.position:
            return after.position <= self._end.position + MAX_STEPS_KEPT
        return after.position >= self._begin.position and self._mark_at(after.position) == after

    async def read_changes(self, after: LogMark, limit: int = EVENTS_A_PAGE) -> tuple[LogMark, list[StateChange]]:
        """Return the mark of the last of the next events, and the net change of each state.

        There are at most `limit` of them, and at most a page. At the end of the log it is the mark `after`. Nothing is
        awaited for events that this process has just committed. The stream of an event that cannot be read or folded
        is set aside. Raise LogDiverged if the log does not have the event of that mark, or of the end of this fold;
        raise LogDamaged for a missing position and for a topic of a newer version.
        """
        while self._end.position <= after.position:
            if self._fold_committed():
                continue
            # Again: the first read may have begun before somebody else wrote the event of the mark.
            if not await self._read_next_page() and not await self._read_next_page():
                break
        if self._end.position < after.position or self._mark_at(after.position) != after:
            raise LogDiverged(after)
        first = after.position - self._begin.position
        steps = self._steps[first : first + min(limit, EVENTS_A_PAGE)]
        changes: dict[UUID, StateChange] = {}
        for originator_id, before, state, _ in steps:
            earlier = changes.get(originator_id)
            changes[originator_id] = StateChange(before if earlier is None else earlier.before, state)
        return self._mark_at(after.position + len(steps)), list(changes.values())

    def _mark_at(self, position: int) -> LogMark:
        """Return the mark of a position from the begin to the end of the kept steps."""
        if position == self._end.position:
            return self._end
        if position == self._begin.position:
            return self._begin
        return mark_row(self._steps[position - self._begin.position - 1].row)

    def _forget(self, petition_id: UUID) -> None:
        """Drop what is held of the texts of a petition. The kept steps, which may have some, go whole: it is rare."""
        self._states.pop(petition_id, None)
        self._begin, self._steps = self._end, []

    async def aclose(self) -> None:
        """Stop a read that nobody waits for any more: it would need a connection of a closed pool."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    def _fold_committed(self) -> bool:
        """Fold the next events that this process committed. Return False if the next one must be read from the log."""
        found = [] if self._reading is not None else self._next_committed()
        if not found:
            return False
        states: dict[UUID, Any] = {}
        envelopes, rows = zip(*found, strict=True)
        steps = self._fold_slice(envelopes, rows, {}, states)
        if self._newly_set_aside(states):
            return False  # to be noted in the database
        self._keep(steps, states)
        return True

    def _newly_set_aside(self, states: Mapping[UUID, Any]) -> list[SetAside]:
        """Return what was not set aside before these states were folded."""
        found = (one for one in states.values() if type(one) is SetAside)
        return [one for one in found if type(self._states.get(one.stream)) is not SetAside]

    def _next_committed(self) -> list[CommittedEvent]:
        """Return the next committed events up to the first that must be read, or whose history must."""
        found: list[CommittedEvent] = []
        opened: set[UUID] = set()
        for event in self._committed.after(self._end, min(EVENTS_A_SLICE, EVENTS_A_PAGE)):
            stream = event.envelope.originator_id
            if event.envelope.originator_version == 1:
                opened.add(stream)
            elif type(event.envelope.fact) in _READ_FROM_LOG or not (stream in opened or stream in self._states):
                break
            found.append(event)
        return found

    async def _read_next_page(self) -> bool:
        """Read the next page of the log. Return False at its end. All tasks that wait share one read."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_and_release())
            self._reading.add_done_callback(_retrieve_error)
        return await asyncio.shield(self._reading)

    async def _read_and_release(self) -> bool:
        try:
            return await self._read_after(self._end)
        finally:
            self._reading = None  # before the waiting tasks go on: their next call must start the next read

    async def _read_after(self, end: LogMark) -> bool:
        rows = await self._select_rows(_SELECT_FROM, [end.position, EVENTS_A_PAGE + 1])
        if end.position:
            if not rows or mark_row(rows[0]) != end:
                raise LogDiverged(end)
            del rows[0]
        if not rows:
            return False
        require_no_hole(rows, end.position)
        for stream, _, topic, *_ in rows:
            if topic == PersonalDataErased.__name__:  # another process may have destroyed the keys
                self._vault.forget(stream)
        events = await self._open_rows(rows)
        await self._restore_states(events, end.position)
        rewritten = await self._rewritten_histories(events)
        states: dict[UUID, Any] = {}
        steps: list[EventStep] = []
        for first in range(0, len(events), EVENTS_A_SLICE):
            until = first + EVENTS_A_SLICE
            steps += self._fold_slice(events[first:until], rows[first:until], rewritten, states)
            await asyncio.sleep(0)
        if found := self._newly_set_aside(states):
            async with self._pool.connection() as connection:
                await note_set_aside(connection, found)
        self._keep(steps, states)
        return True

    async def _select_rows(self, query: str, parameters: Sequence[object]) -> list[LogRow]:
        async with self._pool.connection() as connection:
            cursor: Any = await connection.execute(query.encode(), parameters, binary=True)
            return cast("list[LogRow]", await cursor.fetchall())

    async def _open_rows(self, rows: Sequence[LogRow]) -> list[EventEnvelope[Any]]:
        events: list[EventEnvelope[Any]] = []
        for start in range(0, len(rows), EVENTS_A_SLICE):
            events += decode_rows_apart(rows[start : start + EVENTS_A_SLICE])
            await asyncio.sleep(0)
        return await self._texts.open_page(events)

    async def _restore_states(self, events: Iterable[EventEnvelope[Any]], position: int) -> None:
        """Restore from their histories, up to the position, the states that these events change and that are not in
        memory.
        """
        states = self._states
        new_streams = {e.originator_id for e in events if e.originator_version == 1}
        unknown = {e.originator_id for e in events if e.originator_id not in states} - new_streams
        if unknown:
            history = await self._open_rows(await self._select_rows(_SELECT_HISTORIES_UP_TO, [list(unknown), position]))
            for originator_id, envelopes in groupby(history, key=lambda envelope: envelope.originator_id):
                states[originator_id] = fold_history_apart(self._fold, list(envelopes))

    async def _rewritten_histories(self, events: Sequence[EventEnvelope[Any]]) -> dict[UUID, list[EventEnvelope[Any]]]:
        """Return the histories, up to the end of the page, in which an event of the page puts right what was before."""
        streams = list({event.originator_id for event in events if type(event.fact) in REWRITES_HISTORY})
        if not streams:
            return {}
        rows = await self._select_rows(_SELECT_HISTORIES_UP_TO, [streams, events[-1].position])
        history = await self._open_rows(rows)
        return {stream: list(found) for stream, found in groupby(history, key=lambda event: event.originator_id)}

    def _fold_slice(
        self,
        events: Sequence[EventEnvelope[Any]],
        rows: Sequence[LogRow],
        rewritten: Mapping[UUID, Sequence[EventEnvelope[Any]]],
        states: dict[UUID, Any],
    ) -> list[EventStep]:
        """Return the steps of the events. `states` holds what earlier slices of a page made, and gets the new ones."""
        fold, steps = self._fold, []
        for envelope, row in zip(events, rows, strict=True):
            originator_id = envelope.originator_id
            before = states.get(originator_id, _UNKNOWN)
            if before is _UNKNOWN:
                before = self._states.get(originator_id)
            if type(envelope.fact) in REWRITES_HISTORY:
                after = fold_history_apart(fold, rewritten[originator_id][: envelope.originator_version])
            else:
                after = fold_apart(fold, before, envelope)
            states[originator_id] = after
            steps.append(EventStep(originator_id, state_of(before), state_of(after), row))
        return steps

    def _keep(self, steps: list[EventStep], states: Mapping[UUID, Any]) -> None:
        """Keep the steps and the states after them, once all of them are known, and drop the oldest."""
        self._end = mark_row(steps[-1].row)
        if (surplus := len(self._steps) + len(steps) - MAX_STEPS_KEPT) > 0:
            kept = self._steps + steps
            self._begin, self._steps = mark_row(kept[surplus - 1].row), kept[surplus:]
        else:
            self._steps += steps
        for originator_id, state in states.items():
            self._states[originator_id] = state
            self._states.move_to_end(originator_id)
        for originator_id in list(islice(self._states, max(len(self._states) - MAX_STATES_KEPT, 0))):
            del self._states[originator_id]


def _retrieve_error(read: asyncio.Task[bool]) -> None:
    """Take note of the error of a read that nobody waits for any more: the next read has it too."""
    if not read.cancelled():
        read.exception()


async def diff_rows(view: Projection, changes: list[StateChange], texts: RowTexts) -> RowDiff:
    """Return the row changes of one view, with their texts sealed.

    They are computed in slices, so that other tasks on the event loop get their turn.
    """
    row_diff = RowDiff(view)
    for first in range(0, len(changes), EVENTS_A_SLICE):
        row_diff.add(changes[first : first + EVENTS_A_SLICE])
        await asyncio.sleep(0)
    await texts.seal(row_diff)
    return row_diff
