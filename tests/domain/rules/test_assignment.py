"""Who must answer."""

from datetime import date

import pytest
from pydantic import ValidationError

from domain.commands import AssignPetition
from domain.deadlines.deadline import Clock
from domain.errors import Refused
from domain.events import PetitionAssigned, PetitionReassigned, WorkStarted
from domain.vocabulary import PetitionKind, Stage
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
    as_kind,
    assigned,
    august,
    but,
    in_progress,
    july,
)
from tests.domain.scenario import HEAD, Past, only, outcome, petition_after


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
    fact = only(PetitionAssigned, outcome(given=as_kind(PROPOSAL), when=ASSIGN))
    assert [(d.clock, d.due_on) for d in fact.deadlines] == [(Clock.HEAD, july(31))]
    assert petition_after([*as_kind(PROPOSAL), ASSIGN]).standing.clocks == {Clock.HEAD: july(31)}


def test_an_assignment_does_not_undo_that_the_heads_earlier_date_has_passed() -> None:
    set_before = but(SET_DATE, occurred_on=july(9), due_on=july(10))
    given = [*as_kind(PROPOSAL), ACCEPT, set_before]
    late = only(PetitionAssigned, outcome(given=given, when=but(ASSIGN, occurred_on=july(13))))
    assert late.deadlines == ()
    in_time = only(PetitionAssigned, outcome(given=given, when=but(ASSIGN, occurred_on=july(10))))
    assert [(d.clock, d.due_on) for d in in_time.deadlines] == [(Clock.HEAD, july(31))]


def test_the_statutory_limit_runs_on_beside_the_heads_date_and_the_earlier_counts() -> None:
    standing = petition_after(assigned(COMPLAINT)).standing
    assert standing.clocks == {Clock.SETTLEMENT: august(10), Clock.HEAD: july(31)}
    assert (standing.due_on, standing.clock) == (july(31), Clock.HEAD)
    later = petition_after([*as_kind(COMPLAINT), ACCEPT, but(ASSIGN, due_on=august(31))]).standing
    assert (later.due_on, later.clock) == (august(10), Clock.SETTLEMENT)


@pytest.mark.parametrize("kind", [COMPLAINT, DENUNCIATION])
def test_a_complaint_or_denunciation_is_accepted_before_it_is_assigned(kind: PetitionKind) -> None:
    with pytest.raises(Refused, match=f"a {kind} must be accepted before it is assigned"):
        outcome(given=as_kind(kind), when=ASSIGN)
    only(PetitionAssigned, outcome(given=[*as_kind(kind), ACCEPT], when=ASSIGN))


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
        ({"lead_unit": "huyen-cu"}, "the unit “huyen-cu” is not in being on 2026-10-30"),
        ({"lead_unit": "xa-moi"}, "the unit “xa-moi” is not in being on 2026-10-30"),
        ({"coordinating_units": ["huyen-cu"]}, "the unit “huyen-cu” is not in being"),
        ({"coordinating_units": ["so-mau"]}, "the lead unit cannot also be a coordinating unit"),
        ({"coordinating_units": ["so-khac", "so-khac"]}, "a coordinating unit is named twice"),
    ],
)
def test_an_assignment_names_units_in_being_each_once_and_a_date_to_come(changes: dict[str, object], no: str) -> None:
    with pytest.raises(Refused, match=no):
        outcome(given=as_kind(PROPOSAL), when=but(ASSIGN, **changes))


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
        outcome(given=assigned(PROPOSAL), when=but(REASSIGN, **changes))


def test_a_reassignment_restarts_no_clock() -> None:
    before = petition_after(in_progress(COMPLAINT)).standing
    after = petition_after([*in_progress(COMPLAINT), REASSIGN]).standing
    assert after.clocks == before.clocks
    assert (after.stage, after.unit, after.officer) == (Stage.ASSIGNED, "so-khac", "nguoi-khac")


def test_the_head_may_set_the_heads_own_date_anew_and_the_first_date_stays_on_record() -> None:
    moved = but(REASSIGN, new_head_due_on=august(7))
    (deadline,) = only(PetitionReassigned, outcome(given=assigned(COMPLAINT), when=moved)).deadlines
    assert (deadline.clock, deadline.due_on, deadline.original_due_on) == (Clock.HEAD, august(7), july(31))
    assert petition_after([*assigned(COMPLAINT), moved]).standing.clocks == {
        Clock.SETTLEMENT: august(10),
        Clock.HEAD: august(7),
    }


def test_a_reassignment_does_not_undo_that_the_heads_date_has_passed() -> None:
    late = but(REASSIGN, occurred_on=august(3), new_head_due_on=august(31))
    with pytest.raises(Refused, match="the head's date has passed; a reassignment does not undo"):
        outcome(given=assigned(PROPOSAL), when=late)
    only(PetitionReassigned, outcome(given=assigned(PROPOSAL), when=but(late, new_head_due_on=None)))


@pytest.mark.parametrize("given", [as_kind(PROPOSAL), [*as_kind(COMPLAINT), ACCEPT]])
def test_what_was_never_assigned_cannot_be_reassigned(given: Past) -> None:
    with pytest.raises(Refused, match="cannot be reassigned"):
        outcome(given=given, when=REASSIGN)


def test_a_suspension_before_the_assignment_opens_no_way_round_the_five_clears() -> None:
    with pytest.raises(Refused, match="suspended before it was assigned cannot be reassigned"):
        outcome(given=[*as_kind(COMPLAINT), ACCEPT, SUSPEND], when=but(REASSIGN, occurred_on=date(2026, 7, 16)))


def test_a_petition_reassigned_under_suspension_has_not_been_started_when_it_resumes() -> None:
    given = [*in_progress(COMPLAINT), SUSPEND, but(REASSIGN, occurred_on=july(16))]
    assert petition_after(given).stage is Stage.SUSPENDED
    assert petition_after([*given, RESUME]).stage is Stage.ASSIGNED


def test_only_the_assigned_unit_starts_the_work() -> None:
    only(WorkStarted, outcome(given=assigned(PROPOSAL), when=START))
    with pytest.raises(Refused, match="only the assigned unit “so-mau” can start the work"):
        outcome(given=assigned(PROPOSAL), when=START, by=HEAD)
    with pytest.raises(Refused, match="that is in progress cannot be started"):
        outcome(given=in_progress(PROPOSAL), when=START)
