"""Tests the clock of an answer that a unit prepares for a meeting: from the list of the meeting until it is there."""

from datetime import date
from uuid import UUID

import pytest

from domain.commands import PrepareForMeeting
from domain.deadlines.clock import Clock, ClockKey
from domain.deadlines.ledger import fold_ledger
from domain.decide import decide
from domain.duties import preparation_key
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import AnsweredAtMeeting, DutyLifted, DutySucceeded, PetitionEvent
from domain.meetings.events import MeetingCancelled, MeetingMoved
from domain.meetings.meeting import Meeting, evolve_meeting
from domain.petition import Petition
from domain.rules.performing import lift_preparation
from domain.value import UNSET, replace
from domain.vocabulary import MeetingId, PetitionKind, Stage, UnitId
from tests.domain.samples import (
    ANSWER,
    ASSIGN,
    CLASSIFY,
    LIFT,
    PREPARE,
    PROPOSAL,
    REASSIGN,
    RECEIVE,
    START,
    SUSPEND,
    assigned,
    commands_to_stages,
    july,
    with_changes,
)
from tests.domain.scenario import (
    HEAD,
    MEETING,
    GivenPast,
    decision_context,
    history_of,
    petition_after,
    planned_meeting,
)

MEETS_ON = july(24)
KEY = preparation_key(MEETING)
OTHER_MEETING = MeetingId(UUID("00000000-0000-4000-8000-000000000004"))
OWN, OTHER = UnitId("so-mau"), UnitId("so-khac")
TO_PREPARE = with_changes(PREPARE, occurred_on=july(10), proposed_answer="", prepare_by=july(17))
ANSWERED = with_changes(PREPARE, occurred_on=july(15))


def listed(command: PrepareForMeeting, past: GivenPast = ()) -> PetitionEvent:
    """Return the fact of the command, for a meeting on the 24th."""
    petition = petition_after(past or [RECEIVE])
    (fact,) = decide(command, petition, decision_context(HEAD, planned_for=MEETS_ON)).facts
    return fact


def owed(petition: Petition) -> dict[ClockKey, tuple[str, date]]:
    return {key: (duty.unit, duty.due_on) for key, duty in petition.status.duties.items()}


ON_LIST: GivenPast = [*assigned(PROPOSAL), listed(TO_PREPARE)]
OF_OWN = {KEY: (OWN, july(17))}


def test_the_unit_that_has_the_petition_owes_the_answer_by_the_day_that_was_set() -> None:
    petition = petition_after(ON_LIST)
    assert owed(petition) == OF_OWN
    clock = petition.duties[KEY]
    assert (clock.started_on, clock.due_on, clock.policy) == (july(10), july(17), UNSET)
    assert not clock.clock.is_statutory, "no law sets the day"
    assert petition.status.clocks == {Clock.HEAD: july(31)}, "the petition is not late by it"


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ([listed(ANSWERED)], {}),
        ([listed(with_changes(ANSWERED, meeting_id=OTHER_MEETING))], OF_OWN),
        ([listed(with_changes(TO_PREPARE, prepare_by=None))], OF_OWN),  # the list again, and nothing new
        ([listed(with_changes(TO_PREPARE, occurred_on=july(15), prepare_by=july(21)))], {KEY: (OWN, july(21))}),
        ([listed(with_changes(TO_PREPARE, occurred_on=july(15), prepare_by=july(16)))], {KEY: (OWN, july(16))}),
        ([START, SUSPEND], OF_OWN),
        ([START, ANSWER], {}),
        ([AnsweredAtMeeting(occurred_on=july(20), meeting_id=MEETING, answer="sẽ sửa", minutes_page="4")], {}),
        ([REASSIGN], {KEY: (OTHER, july(17))}),
        ([DutySucceeded(occurred_on=july(15), from_unit=OWN, to_unit=UnitId("bo-mau"))], {KEY: ("bo-mau", july(17))}),
        ([with_changes(LIFT, clock=Clock.PREPARATION, subject=f"meeting:{MEETING}")], {}),
    ],
)
def test_it_is_owed_until_the_answer_is_prepared_or_nobody_needs_it(
    more: GivenPast, left: dict[ClockKey, tuple[str, date]]
) -> None:
    assert {
        key: said for key, said in owed(petition_after([*ON_LIST, *more])).items() if key.clock is KEY.clock
    } == left


def test_each_meeting_has_a_clock_of_its_own() -> None:
    other = with_changes(TO_PREPARE, meeting_id=OTHER_MEETING, prepare_by=july(22))
    petition = petition_after([*ON_LIST, listed(other), listed(ANSWERED)])
    assert owed(petition) == {preparation_key(OTHER_MEETING): (OWN, july(22))}


def test_a_petition_that_no_unit_has_is_prepared_by_who_received_it_and_then_by_who_answers() -> None:
    received: GivenPast = [RECEIVE, CLASSIFY, listed(TO_PREPARE)]
    (run,) = [run for run in fold_ledger(history_of(received)).running if run.clock is Clock.PREPARATION]
    assert run.holder is not None
    assert run.holder.unit == HEAD.unit, "the unit of the officer who received it"
    assert owed(petition_after([*received, with_changes(ASSIGN, occurred_on=july(13))])) == OF_OWN


def test_a_unit_that_is_named_prepares_it_whoever_has_the_petition() -> None:
    named = listed(with_changes(TO_PREPARE, prepared_by_unit=OTHER))
    for past in ([RECEIVE, CLASSIFY, named, ASSIGN], [*assigned(PROPOSAL), named]):
        assert owed(petition_after(past)) == {KEY: (OTHER, july(17))}


@pytest.mark.parametrize("on", [july(10), july(17), july(23), MEETS_ON])
def test_the_day_lies_between_the_act_and_the_meeting(on: date) -> None:
    assert owed(petition_after([RECEIVE, listed(with_changes(TO_PREPARE, prepare_by=on))])) == {KEY: ("", on)}
    for outside in (july(9), july(25)):
        with pytest.raises(Refused, match="must lie between 2026-07-10 and 2026-07-24"):
            listed(with_changes(TO_PREPARE, prepare_by=outside))


def test_what_is_prepared_gets_no_day() -> None:
    with pytest.raises(Refused, match="gets no day by which to prepare it"):
        listed(with_changes(TO_PREPARE, proposed_answer="sửa trong quý III"))


def test_the_ledger_keeps_the_lateness_of_a_day_that_was_moved_after_it_had_passed() -> None:
    moved = listed(with_changes(TO_PREPARE, occurred_on=july(21), prepare_by=july(23)))
    runs = [run for run in fold_ledger(history_of([*ON_LIST, moved])).clocks if run.clock is Clock.PREPARATION]
    assert [(run.due_on, run.stopped_on) for run in runs] == [(july(17), july(21)), (july(23), None)]
    assert [run.subject for run in runs] == [KEY.subject] * 2


def cancelled(on: date) -> Meeting:
    return evolve_meeting(
        planned_meeting(MEETS_ON),
        EventEnvelope(MEETING, 2, MeetingCancelled(occurred_on=on, planned_for=MEETS_ON, reason="mưa lũ"), HEAD),
    )


@pytest.mark.parametrize(("on", "lifted_on"), [(july(20), july(20)), (july(7), july(10))])
def test_for_a_meeting_that_was_cancelled_nobody_prepares_anything_from_that_day_on(on: date, lifted_on: date) -> None:
    (fact,) = lift_preparation(petition_after(ON_LIST), cancelled(on))
    assert isinstance(fact, DutyLifted)
    assert (fact.occurred_on, fact.clock, fact.subject) == (lifted_on, *KEY)
    after = petition_after([*ON_LIST, fact])
    assert owed(after) == {}
    assert lift_preparation(after, cancelled(on)) == []


@pytest.mark.parametrize(
    ("recorded_on", "lifted_on"),
    [(july(17), july(16)), (july(18), july(18)), (july(30), july(30))],
)
def test_a_cancellation_that_is_dated_back_ends_no_late_preparation_in_time(recorded_on: date, lifted_on: date) -> None:
    assert owed(petition_after(ON_LIST)) == OF_OWN
    entered = replace(cancelled(july(16)), cancellation_recorded_on=recorded_on)
    (fact,) = lift_preparation(petition_after(ON_LIST), entered)
    assert fact.occurred_on == lifted_on


def test_a_meeting_that_goes_on_lifts_nothing_and_another_ones_preparation_stays() -> None:
    petition = petition_after(ON_LIST)
    plan = planned_meeting(MEETS_ON)
    moved = MeetingMoved(occurred_on=july(13), moved_from=MEETS_ON, planned_for=july(28), reason="trùng ngày")
    for meeting in (plan, evolve_meeting(plan, EventEnvelope(MEETING, 2, moved, HEAD))):
        assert lift_preparation(petition, meeting) == []
    other = with_changes(TO_PREPARE, meeting_id=OTHER_MEETING)
    assert lift_preparation(petition_after([*assigned(PROPOSAL), listed(other)]), cancelled(july(20))) == []


@pytest.mark.parametrize("kind", PetitionKind)
def test_in_every_stage_in_which_a_petition_is_put_on_a_list_a_day_may_be_set(kind: PetitionKind) -> None:
    for stage, commands in commands_to_stages(kind).items():
        if stage is Stage.DUPLICATE:
            continue  # linked to a first letter, which is answered in its place
        command = with_changes(TO_PREPARE, occurred_on=MEETS_ON, prepare_by=MEETS_ON)
        try:
            fact = listed(command, commands)
        except Refused:
            continue
        assert KEY in petition_after([*commands, fact]).duties
