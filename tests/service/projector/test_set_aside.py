"""What cannot be read leaves its history where it was, however it is folded, and too much of it stops the views."""

from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.correcting.history import corrected_history
from domain.envelope import EventEnvelope
from projections.state import fold_view_state
from service.event_store.damage import UnreadableEvent
from service.projector.history_fold import fold_history
from service.projector.set_aside import SetAside, fold_apart, fold_history_apart, state_of
from tests.domain.command_sequences import LIVES, Life, history_of_life
from tests.examples import examples

BROKEN = UnreadableEvent("UnreadableFact")


class _Fault(Exception):
    """Is raised by a fold that cannot take an event."""


@examples(30)
@given(LIVES, st.integers(0, 10_000), st.booleans())
def test_a_history_stays_as_it_was_before_what_cannot_be_read(life: Life, pick: int, folds: bool) -> None:
    """The event cannot be decoded, or the fold fails over it: by steps and as a whole the outcome is the same.

    An ending that was taken back is not folded with the whole, so that a fold cannot fail over it.
    """
    history: list[EventEnvelope[Any]] = history_of_life(life)
    at = pick % len(history)
    reason = "_Fault" if folds else BROKEN.reason
    damaged = history if folds else [*history[:at], history[at]._replace(fact=BROKEN), *history[at + 1 :]]

    def fold(state: Any, envelope: EventEnvelope[Any]) -> Any:
        if folds and envelope.originator_version == at + 1:
            raise _Fault
        return fold_view_state(state, envelope)

    whole = fold_history_apart(fold, damaged)
    if folds and all(envelope.originator_version != at + 1 for envelope in corrected_history(history)):
        assert whole == fold_history(fold_view_state, history)
        return
    assert whole == SetAside(fold_history(fold_view_state, history[:at]), whole.stream, whole.position, reason)
    assert whole.stream == history[at].originator_id
    assert state_of(whole) == whole.state
    by_steps = reduce(lambda before, event: fold_apart(fold, before, event), damaged[: at + 1], None)
    assert type(by_steps) is SetAside
    assert by_steps[1:] == whole[1:]
    assert state_of(fold_history_apart(fold_view_state, history)) == fold_history(fold_view_state, history)


def test_a_lack_of_memory_is_no_fault_of_an_event() -> None:
    def fold(_state: Any, _envelope: EventEnvelope[Any]) -> Any:
        raise MemoryError

    history: list[Any] = [EventEnvelope(None, 1, None, None)]  # type: ignore[arg-type]
    with pytest.raises(MemoryError):
        fold_history_apart(fold, history)
    with pytest.raises(MemoryError):
        fold_apart(fold, None, history[0])
