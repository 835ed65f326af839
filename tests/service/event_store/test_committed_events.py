"""What was committed here is handed over in the order of the log, and nothing else is."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import given

from domain.actor import SERVICE_CREDENTIALS
from domain.envelope import EventEnvelope
from service.event_store import committed_events
from service.event_store.committed_events import CommittedEvent, CommittedEvents
from service.event_store.log_mark import LogMark, mark_row
from tests.examples import examples

STREAM = UUID(int=1)


def event_at(position: int, state: bytes = b"") -> CommittedEvent:
    envelope = EventEnvelope[Any](STREAM, position, None, SERVICE_CREDENTIALS.acting_officer, position=position)
    row = (STREAM, position, "topic", state, position, datetime(2026, 7, 1, tzinfo=UTC), STREAM, None, "words")
    return CommittedEvent(envelope, row)


def mark_at(position: int) -> LogMark:
    return mark_row(event_at(position).row)


@examples(50)
@given(
    batches=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), max_size=12),
    asked=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 10)), max_size=10),
    kept=st.integers(1, 8),
)
def test_what_is_handed_over_follows_on_the_position(
    batches: list[tuple[int, int]], asked: list[tuple[int, int]], kept: int
) -> None:
    """Each batch comes after so many events of other processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(committed_events, "EVENTS_KEPT", kept)
        committed, head, since = CommittedEvents(), 0, 1
        committed.has_follower = True
        for of_others, own in batches:
            since = head + of_others + 1 if of_others else since
            first = head + of_others + 1
            committed.add([event_at(position) for position in range(first, first + own)])
            head = first + own - 1
        for position, limit in asked:
            found = [event.position for event in committed.after(mark_at(position), limit)]
            assert found == list(range(position + 1, position + 1 + len(found)))
            assert len(found) <= limit
            if max(since, head - kept + 1) <= position:
                assert len(found) == min(limit, max(head - position, 0)), "all that is left is there"
            elif position < since:
                assert found == [], "the event of the mark is not here"


def test_nothing_is_kept_while_nobody_follows() -> None:
    committed = CommittedEvents()
    committed.add([event_at(1), event_at(2)])
    assert committed.after(mark_at(1), 10) == []
    committed.has_follower = True
    committed.add([event_at(2), event_at(3)])
    assert committed.after(mark_at(2), 10) == [event_at(3)]
    committed.forget(STREAM)
    assert committed.after(mark_at(2), 10) == []


def test_who_read_another_log_is_handed_nothing() -> None:
    committed = CommittedEvents()
    committed.has_follower = True
    committed.add([event_at(1), event_at(2)])
    assert committed.after(mark_row(event_at(1, b"of another log").row), 10) == []
    assert committed.after(mark_at(1), 10) == [event_at(2)]
