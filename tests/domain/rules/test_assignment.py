"""Tests assignment, reassignment and start of work."""

from datetime import date

import pytest
from pydantic import ValidationError

from domain.actor import Officer
from domain.commands import AssignPetition
from domain.deadlines.clock import Clock
from domain.errors import Refused
from domain.events import PetitionAssigned, PetitionReassigned, WorkStarted
from domain.value import UNSET, said
from domain.vocabulary import OfficerId, PetitionKind, Stage, UnitId
from tests.domain.samples import (
    ACCEPT,
    ASSIGN,
    COMPLAINT,
    DENUNCIATION,
    PROPOSAL,
    REASSIGN,
    RECEIVE,
    RESUME,
    SET_DATE,
    START,
    SUSPEND,
    assigned,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, Act, GivenPast, only_fact, outcome, petition_after


@pytest.mark.parametrize(
    "clear",
    [
        "lead_unit",
        "responsible_officer",
        "responsible_position",  # person
        "task_summary",  # work
        "due_on",  # progress
        "expected_output",  # result
        "accountable_head",
        "notice_no",
        "notice_on",  # responsibility
    ],
)
def test_an_assignment_without_one_of_the_five_clears_is_no_assignment(clear: str) -> None:
    with pytest.raises(ValidationError, match=clear):
        AssignPetition.model_validate(ASSIGN.model_dump(exclude={clear}))


def test_an_assignment_sets_the_heads_date_and_ends_the_clocks_of_intake() -> None:
    fact = only_fact(PetitionAssigned, outcome(given=classified_as(PROPOSAL), when=ASSIGN))
    assert [(d.clock, d.due_on) for d in said(fact.deadlines, ())] == [(Clock.HEAD, july(31))]
    assert petition_after([*classified_as(PROPOSAL), ASSIGN]).status.clocks == {Clock.HEAD: july(31)}


def test_an_assignment_does_not_undo_that_the_heads_earlier_date_has_passed() -> None:
    set_before = with_changes(SET_DATE, occurred_on=july(9), due_on=july(10))
    given = [*classified_as(PROPOSAL), ACCEPT, set_before]
    late = only_fact(PetitionAssigned, outcome(given=given, when=with_changes(ASSIGN, occurred_on=july(13))))
    assert late.deadlines is UNSET
    in_time = only_fact(PetitionAssigned, outcome(given=given, when=with_changes(ASSIGN, occurred_on=july(10))))
    assert [(d.clock, d.due_on) for d in said(in_time.deadlines, ())] == [(Clock.HEAD, july(31))]


def test_the_statutory_limit_runs_on_beside_the_heads_date_and_the_earlier_counts() -> None:
    status = petition_after(assigned(COMPLAINT)).status
    assert status.clocks == {Clock.SETTLEMENT: august(10), Clock.HEAD: july(31)}
    assert (status.due_on, status.clock) == (july(31), Clock.HEAD)
    later = petition_after([*classified_as(COMPLAINT), ACCEPT, with_changes(ASSIGN, due_on=august(31))]).status
    assert (later.due_on, later.clock) == (august(10), Clock.SETTLEMENT)


@pytest.mark.parametrize("kind", [COMPLAINT, DENUNCIATION])
def test_a_complaint_or_denunciation_is_accepted_before_it_is_assigned(kind: PetitionKind) -> None:
    with pytest.raises(Refused, match=f"a {kind} must be accepted before it is assigned"):
        outcome(given=classified_as(kind), when=ASSIGN)
    only_fact(PetitionAssigned, outcome(given=[*classified_as(kind), ACCEPT], when=ASSIGN))


def test_an_unclassified_petition_cannot_be_assigned() -> None:
    with pytest.raises(Refused, match="a petition that is received cannot be assigned"):
        outcome(given=[RECEIVE], when=ASSIGN)


def test_an_assigned_petition_is_reassigned_and_not_assigned_again() -> None:
    with pytest.raises(Refused, match="a petition that is assigned cannot be assigned"):
        outcome(given=assigned(PROPOSAL), when=ASSIGN)


@pytest.mark.parametrize(
    ("changes", "no"),
    [
        ({"due_on": july(9)}, "the due date lies before the assignment"),
        ({"lead_unit": "so-la"}, "there is no unit “so-la”"),
        ({"lead_unit": "huyen-cu"}, "the unit “huyen-cu” is not in being on 2026-07-10"),
        ({"lead_unit": "xa-moi"}, "the unit “xa-moi” is not in being on 2026-07-10"),
        ({"coordinating_units": ["huyen-cu"]}, "the unit “huyen-cu” is not in being"),
        ({"coordinating_units": ["so-mau"]}, "the lead unit cannot also be a coordinating unit"),
        ({"coordinating_units": ["so-khac", "so-khac"]}, "a coordinating unit is named twice"),
    ],
)
def test_an_assignment_names_units_in_being_each_once_and_a_date_to_come(changes: dict[str, object], no: str) -> None:
    with pytest.raises(Refused, match=no):
        outcome(given=classified_as(PROPOSAL), when=with_changes(ASSIGN, **changes))


@pytest.mark.parametrize(
    ("changes", "no"),
    [
        ({"lead_unit": "so-la"}, "there is no unit “so-la”"),
        ({"lead_unit": "huyen-cu"}, "the unit “huyen-cu” is not in being"),
        ({"coordinating_units": ["so-khac"]}, "the lead unit cannot also be a coordinating unit"),
        (
            {"lead_unit": "so-mau", "responsible_officer": "chuyen-vien"},
            "the petition lies with that officer of that unit already",
        ),
        ({"new_head_due_on": july(13)}, "the new due date lies before the reassignment"),
    ],
)
def test_a_reassignment_names_another_unit_or_officer(changes: dict[str, object], no: str) -> None:
    with pytest.raises(Refused, match=no):
        outcome(given=assigned(PROPOSAL), when=with_changes(REASSIGN, **changes))


def test_a_reassignment_restarts_no_clock() -> None:
    before = petition_after(in_progress(COMPLAINT)).status
    after = petition_after([*in_progress(COMPLAINT), REASSIGN]).status
    assert after.clocks == before.clocks
    assert (after.stage, after.unit, after.officer) == (Stage.ASSIGNED, "so-khac", "nguoi-khac")


def test_the_head_may_set_the_heads_own_date_anew_and_the_first_date_stays_on_record() -> None:
    moved = with_changes(REASSIGN, new_head_due_on=august(7))
    (deadline,) = said(only_fact(PetitionReassigned, outcome(given=assigned(COMPLAINT), when=moved)).deadlines, ())
    assert (deadline.clock, deadline.due_on, deadline.original_due_on) == (Clock.HEAD, august(7), july(31))
    assert petition_after([*assigned(COMPLAINT), moved]).status.clocks == {
        Clock.SETTLEMENT: august(10),
        Clock.HEAD: august(7),
    }


def test_a_reassignment_does_not_undo_that_the_heads_date_has_passed() -> None:
    late = with_changes(REASSIGN, occurred_on=august(3), new_head_due_on=august(31))
    with pytest.raises(Refused, match="the head's date has passed; a reassignment does not undo"):
        outcome(given=assigned(PROPOSAL), when=late)
    only_fact(PetitionReassigned, outcome(given=assigned(PROPOSAL), when=with_changes(late, new_head_due_on=None)))


@pytest.mark.parametrize("given", [classified_as(PROPOSAL), [*classified_as(COMPLAINT), ACCEPT]])
def test_what_was_never_assigned_cannot_be_reassigned(given: GivenPast) -> None:
    with pytest.raises(Refused, match="cannot be reassigned"):
        outcome(given=given, when=REASSIGN)


def test_a_suspension_before_the_assignment_opens_no_way_round_the_five_clears() -> None:
    with pytest.raises(Refused, match="suspended before it was assigned cannot be reassigned"):
        outcome(
            given=[*classified_as(COMPLAINT), ACCEPT, SUSPEND],
            when=with_changes(REASSIGN, occurred_on=date(2026, 7, 16)),
        )


def test_a_petition_reassigned_under_suspension_has_not_been_started_when_it_resumes() -> None:
    given = [*in_progress(COMPLAINT), SUSPEND, with_changes(REASSIGN, occurred_on=july(16))]
    assert petition_after(given).stage is Stage.SUSPENDED
    assert petition_after([*given, RESUME]).stage is Stage.ASSIGNED


def test_only_the_assigned_unit_starts_the_work() -> None:
    only_fact(WorkStarted, outcome(given=assigned(PROPOSAL), when=START))
    with pytest.raises(Refused, match="only the assigned unit “so-mau” can start the work"):
        outcome(given=assigned(PROPOSAL), when=START, by=HEAD)
    with pytest.raises(Refused, match="that is in progress cannot be started"):
        outcome(given=in_progress(PROPOSAL), when=START)


def test_who_gives_the_petition_to_another_unit_is_the_one_that_assigned_it() -> None:
    above = Officer(officer=OfficerId("chu-tich-xa"), unit=UnitId("xa-mau"), position="Chủ tịch")
    given = assigned(PROPOSAL)
    assert petition_after(given).assigned_by_unit == HEAD.unit
    assert petition_after([*given, Act(REASSIGN, by=above)]).assigned_by_unit == above.unit
    handed_on = Officer(officer=OfficerId("giam-doc"), unit=UnitId("so-mau"), position="Giám đốc")
    assert petition_after([*given, Act(REASSIGN, by=handed_on)]).assigned_by_unit == HEAD.unit
