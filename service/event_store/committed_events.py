"""Hands the events that this process has just committed to those who follow the log, so that they need not read them.

Events of other processes are not here: who follows the log reads them, and goes on here after them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from domain.envelope import EventEnvelope
from service.event_store.append import Append
from service.event_store.log_mark import LogMark, mark_row
from service.event_store.log_rows import LogRow, words_of_officer

EVENTS_KEPT = 2_000
"""Number of the latest events that are kept."""


class CommittedEvent(NamedTuple):
    """Holds an event with plain texts, and its row as the log has it."""

    envelope: EventEnvelope[Any]
    row: LogRow

    @property
    def position(self) -> int:
        """Return the position of the event in the log."""
        return self.row[4]


def events_of(
    append: Append, position: int, recorded_at: datetime, references: Mapping[UUID, str]
) -> list[CommittedEvent]:
    """Return the events of an append that the database wrote from the position on; none if it has no envelopes."""
    made = []
    for at, (envelope, event) in enumerate(zip(append.envelopes, append.events, strict=False), start=position):
        stream, version, command_id = event.stream, event.version, append.command_id
        reference = references.get(stream) if version == 1 else None
        words = words_of_officer(event.by)
        row = (stream, version, event.topic, event.state, at, recorded_at, command_id, reference, words)
        known = envelope.with_database_values(
            recorded_at=recorded_at, position=at, reference=reference, command_id=command_id
        )
        made.append(CommittedEvent(known, row))
    return made


class CommittedEvents:
    """Keeps the latest durable events of this process, with plain texts, in the order of the log and without a gap.

    Nothing is kept until somebody `follows`.
    """

    def __init__(self) -> None:
        self._events: list[CommittedEvent] = []
        self.has_follower = False

    def add(self, events: Sequence[CommittedEvent]) -> None:
        """Keep events that are durable, in the order of the log. What does not follow on the last one begins anew."""
        if not self.has_follower or not events:
            return
        kept = self._events
        if kept and events[0].position != kept[-1].position + 1:
            kept.clear()
        kept += events
        if len(kept) > 2 * EVENTS_KEPT:
            del kept[:-EVENTS_KEPT]

    def after(self, mark: LogMark, limit: int) -> list[CommittedEvent]:
        """Return the next events after the mark, at most `limit`; none if they are not here.

        The event of the mark must be here too: who read another one at its position has followed another log.
        """
        kept = self._events
        at = mark.position - kept[0].position if kept else -1
        if not 0 <= at < len(kept) - 1 or mark_row(kept[at].row) != mark:
            return []
        return kept[at + 1 : at + 1 + limit]

    def clear(self) -> None:
        """Drop all events: the log may have lost them, or what was made of them."""
        self._events.clear()

    def forget(self, _: UUID) -> None:
        """Drop the events because the texts of a petition were erased. All of them go: it is rare."""
        self.clear()
