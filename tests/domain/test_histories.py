"""Tests what holds after any sequence of commands, allowed or refused, on any days by anybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines.clock import ClockKey
from domain.deadlines.deadline import days_late
from domain.decide import decide
from domain.envelope import EventEnvelope
from domain.events import (
    AnsweredAtMeeting,
    DeadlineExtended,
    EndingReversed,
    PetitionEvent,
    PetitionReopened,
    PetitionUnmarkedDuplicate,
    ProcessingResumed,
    ProcessingSuspended,
    RecordCorrected,
    TransferReplyReceived,
)
from domain.evolve import evolve, fold
from domain.petition import Petition
from domain.status import DueState, Duty, Status, due_state
from domain.status_transitions import status_after_each
from domain.value import UNSET, replace
from service.event_store.codec import decode_fact, encode_fact
from tests.domain import samples
from tests.domain.command_sequences import LIVES, Life, first_letter
from tests.domain.scenario import (
    HEAD,
    MONDAY,
    PETITION,
    TODAY,
    decision_context,
)
from tests.domain.stored import petition_facts
from tests.examples import examples


def lives(test: Callable[[Life], None]) -> Callable[[], None]:
    return examples(80)(given(LIVES)(test))


@lives
def test_a_petition_is_what_its_stored_history_says(life: Life) -> None:
    history: list[EventEnvelope[PetitionEvent]] = [
        EventEnvelope(PETITION, 1, life.receipt, HEAD, reference="TD-2026-000001"),
        *(step.envelope for step in life.steps),
    ]
    assert fold(history) == life.end
    reread = [
        EventEnvelope(
            PETITION,
            envelope.originator_version,
            cast("PetitionEvent", decode_fact(type(envelope.fact).__name__, encode_fact(envelope.fact))),
            envelope.by,
            reference=envelope.reference,
        )
        for envelope in history
    ]
    assert fold(reread) == life.end


@lives
def test_a_state_holds_what_it_declares_and_nothing_that_was_left_unsaid(life: Life) -> None:
    """mypy does not check the values that `replace` is given."""
    for petition in life.petitions:
        # JSON has no key like that of a duty
        status, duties = replace(petition.status, duties={}), petition.status.duties
        assert msgspec.convert(msgspec.to_builtins(status), Status) == status
        assert all(msgspec.convert(msgspec.to_builtins(duty), Duty) == duty for duty in duties.values())
        assert all(msgspec.convert(msgspec.to_builtins(key), ClockKey) == key for key in duties)
        held = {name: getattr(petition, name) for name in petition.__struct_fields__}
        assert [name for name, value in held.items() if value is UNSET] == []
        hints = get_type_hints(Petition)
        for name in held.keys() - {"alerts", "alert_days", "act_days", "status", "duties"}:
            assert msgspec.convert(msgspec.to_builtins(held[name]), hints[name]) == held[name], name


@lives
def test_a_status_computed_from_the_facts_alone_is_the_petitions(
    life: Life,
) -> None:
    receipt = EventEnvelope[PetitionEvent](PETITION, 1, life.receipt, HEAD)
    (_, first), *others = status_after_each([receipt, *(step.envelope for step in life.steps)])
    assert first == life.opening.status
    for step, (_, status) in zip(life.steps, others, strict=True):
        assert status == step.after.status
        assert status.clocks == {clock: d.due_on for clock, d in step.after.deadlines.items()}


@lives
def test_an_open_petition_is_past_its_limit_as_the_states_of_due_have_it_and_one_that_is_over_never(
    life: Life,
) -> None:
    for petition in life.petitions:
        status = petition.status
        state = due_state(status.due_on, is_held=status.is_held, on=TODAY, soon_until=TODAY)
        assert petition.is_past_limit(TODAY) is (petition.stage.is_open and state is DueState.OVERDUE)
        assert (status.suspended_on is not None) is status.is_suspended
        assert petition.stage.is_open or not status.is_suspended


@given(
    st.none() | st.integers(-30, 30),
    st.booleans(),
    st.integers(-30, 30),
    st.integers(0, 10),
)
def test_the_states_of_due_exclude_each_other_and_leave_nothing_out(
    due: int | None, is_held: bool, on: int, soon: int
) -> None:
    today = MONDAY + timedelta(days=on)
    due_on = None if due is None else MONDAY + timedelta(days=due)
    soon_until = today + timedelta(days=soon)
    holds = {
        DueState.SUSPENDED: is_held,
        DueState.NO_LIMIT_SET: not is_held and due_on is None,
        DueState.OVERDUE: not is_held and due_on is not None and today > due_on,
        DueState.DUE_TODAY: not is_held and due_on is not None and today == due_on,
        DueState.DUE_SOON: not is_held and due_on is not None and today < due_on <= soon_until,
        DueState.NOT_YET_DUE: not is_held and due_on is not None and today < due_on > soon_until,
    }
    assert [state for state in DueState if holds[state]] == [
        due_state(due_on, is_held=is_held, on=today, soon_until=soon_until)
    ]


def lateness(status: Status) -> int | None:
    if status.settled_on is None or status.due_when_settled is None:
        return None
    return days_late(status.due_when_settled, status.settled_on)


@lives
def test_once_settled_a_round_keeps_its_lateness_whatever_comes(
    life: Life,
) -> None:
    for step in life.steps:
        before, later = step.before.status, step.after.status
        if before.settled_on is None:
            continue
        if isinstance(step.envelope.fact, PetitionReopened | TransferReplyReceived) and later.settled_on is None:
            assert later.round == before.round + 1
        elif isinstance(step.envelope.fact, PetitionUnmarkedDuplicate):  # it was never settled
            assert (later.settled_on, later.round) == (None, before.round)
        elif not isinstance(step.envelope.fact, RecordCorrected | EndingReversed):
            assert (later.settled_on, later.due_when_settled) == (before.settled_on, before.due_when_settled)
            assert later.round == before.round
            assert lateness(later) == lateness(before)


@lives
def test_only_a_settled_petition_is_closed_to_the_clocks(
    life: Life,
) -> None:
    for status in (petition.status for petition in life.petitions):
        assert (status.settled_on is None) is status.stage.is_open
        if not status.stage.is_open:
            assert status.clocks == {}


@lives
def test_nothing_happens_before_the_receipt_or_in_the_future(
    life: Life,
) -> None:
    for step in life.steps:
        assert life.end.received_on <= step.envelope.fact.occurred_on <= TODAY
    for petition in life.petitions:
        assert petition.status.settled_on is None or petition.status.settled_on >= petition.received_on


@lives
def test_no_suspension_brings_a_due_date_nearer(life: Life) -> None:
    for step, _fact in [*life.of(ProcessingSuspended), *life.of(ProcessingResumed)]:
        before, later = step.before.status.clocks, step.after.status.clocks
        assert before.keys() == later.keys()
        assert all(later[clock] >= before[clock] for clock in before)


@lives
def test_a_clock_that_has_run_out_is_not_wound_up_again(
    life: Life,
) -> None:
    """Corrections of the receipt are left out: they say that the clock had not run out."""
    for step in life.steps:
        fact = step.envelope.fact
        if isinstance(fact, RecordCorrected | ProcessingResumed):
            continue  # a resumption dated back before the end is about the days it names
        for clock, due_on in step.before.status.clocks.items():
            if due_on < fact.occurred_on and clock in step.after.status.clocks:
                assert step.after.status.clocks[clock] == due_on


@lives
def test_nobody_grants_their_own_extension_or_correction(
    life: Life,
) -> None:
    for step, granted in life.of(DeadlineExtended):
        request = step.before.pending_extension
        assert request is not None
        assert granted.requested_by == request.requested_by
        assert not request.parties & step.envelope.by.parties
    for step, corrected in life.of(RecordCorrected):
        request = step.before.pending_correction
        assert request is not None
        assert corrected.proposed_by == request.requested_by
        assert not request.parties & step.envelope.by.parties


@lives
def test_an_answer_at_a_meeting_is_of_the_day_of_the_meeting(
    life: Life,
) -> None:
    for step, answer in life.of(AnsweredAtMeeting):
        assert step.context.meeting is not None
        assert step.context.meeting.held_on == answer.occurred_on


def test_a_history_that_does_not_begin_with_a_receipt_is_a_bug() -> None:
    (fact,) = decide(samples.ACKNOWLEDGE, first_letter(), decision_context(HEAD)).facts
    with pytest.raises(ValueError, match="begins with ReceiptAcknowledged"):
        evolve(None, EventEnvelope(PETITION, 1, fact, HEAD))


@given(st.lists(st.sampled_from(petition_facts()), max_size=25))
def test_whatever_was_recorded_in_whatever_order_loads(facts: list[PetitionEvent]) -> None:
    petition = first_letter()
    for n, fact in enumerate(facts, start=2):
        petition = evolve(petition, EventEnvelope(PETITION, n, fact, HEAD))
        assert petition.version == n
        assert petition.status.clocks == {clock: d.due_on for clock, d in petition.deadlines.items()}
        assert petition.stage.is_open or not petition.is_past_limit(TODAY)
