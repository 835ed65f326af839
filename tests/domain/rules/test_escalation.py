"""Tests escalations. The lateness of the lower level stays."""

from datetime import date

import pytest

from domain.commands import EscalatePetition
from domain.errors import Refused
from domain.events import PetitionEscalated
from domain.value import UNSET
from domain.vocabulary import EscalationKind, PetitionKind, Stage
from tests.domain.samples import (
    ANSWER,
    COMPLAINT,
    DENUNCIATION,
    ESCALATE,
    PROPOSAL,
    RECEIVE,
    REOPEN,
    SUSPEND,
    answered,
    assigned,
    august,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import GivenPast, only_fact, outcome, petition_after

CHECK = with_changes(ESCALATE, kind=EscalationKind.RESPONSIBILITY_CHECK)
TAKEOVER = with_changes(ESCALATE, kind=EscalationKind.OVERDUE_TAKEOVER)
COURT = with_changes(ESCALATE, kind=EscalationKind.COURT)


def test_a_second_complaint_after_a_timely_answer_opens_a_stage_above() -> None:
    fact = only_fact(PetitionEscalated, outcome(given=answered(COMPLAINT), when=ESCALATE))
    assert fact.days_late == 0
    assert fact.continued_as is not None
    assert petition_after([*answered(COMPLAINT), ESCALATE]).stage is Stage.ESCALATED


def test_the_first_stage_keeps_the_lateness_of_its_answer() -> None:
    late = [*in_progress(COMPLAINT), with_changes(ANSWER, occurred_on=august(5))]
    assert only_fact(PetitionEscalated, outcome(given=late, when=ESCALATE)).days_late == 5
    status = petition_after([*late, ESCALATE]).status
    assert (status.settled_on, status.due_when_settled) == (august(5), july(31))


def test_an_overdue_petition_goes_up_without_an_answer_and_is_late_up_to_that_day() -> None:
    given = in_progress(COMPLAINT)
    assert (
        only_fact(PetitionEscalated, outcome(given=given, when=with_changes(ESCALATE, occurred_on=august(3)))).days_late
        == 3
    )
    status = petition_after([*given, with_changes(ESCALATE, occurred_on=august(3))]).status
    assert (status.settled_on, status.due_when_settled) == (august(3), july(31))


@pytest.mark.parametrize("when", [ESCALATE, COURT])
def test_a_petition_in_time_does_not_go_up(when: EscalatePetition) -> None:
    with pytest.raises(Refused, match="that is in progress and not overdue cannot be escalated"):
        outcome(given=in_progress(COMPLAINT), when=with_changes(when, occurred_on=july(31)))


@pytest.mark.parametrize("when", [TAKEOVER, CHECK])
def test_a_takeover_or_check_needs_a_petition_that_is_overdue(when: EscalatePetition) -> None:
    with pytest.raises(Refused, match="needs a petition that is overdue on 2026-07-31"):
        outcome(given=in_progress(DENUNCIATION), when=with_changes(when, occurred_on=july(31)))
    with pytest.raises(Refused, match="needs a petition that is overdue on 2026-10-01"):
        outcome(given=answered(DENUNCIATION), when=when)
    only_fact(
        PetitionEscalated, outcome(given=in_progress(DENUNCIATION), when=with_changes(when, occurred_on=august(1)))
    )


def test_a_suspended_petition_is_not_overdue() -> None:
    with pytest.raises(Refused, match="that is suspended and not overdue cannot be escalated"):
        outcome(given=[*in_progress(COMPLAINT), SUSPEND], when=CHECK)


@pytest.mark.parametrize(
    ("way", "kind", "wanted"),
    [
        (EscalationKind.SECOND_COMPLAINT, DENUNCIATION, "a complaint, and this is a denunciation"),
        (EscalationKind.SECOND_COMPLAINT, PROPOSAL, "a complaint, and this is a proposal or feedback"),
        (EscalationKind.COURT, PROPOSAL, "a complaint, and this is a proposal or feedback"),
        (EscalationKind.FURTHER_DENUNCIATION, COMPLAINT, "a denunciation, and this is a complaint"),
    ],
)
def test_each_way_is_for_its_kind(way: EscalationKind, kind: PetitionKind, wanted: str) -> None:
    with pytest.raises(Refused, match=f"{way.replace('_', ' ')} is for {wanted}"):
        outcome(given=in_progress(kind), when=with_changes(ESCALATE, kind=way))


def test_an_answered_proposal_goes_up_no_way() -> None:
    for way in EscalationKind:
        with pytest.raises(Refused, match="no way to a higher level is left for this petition"):
            outcome(given=answered(PROPOSAL), when=with_changes(ESCALATE, kind=way))


def test_a_petition_of_no_kind_yet_is_no_second_complaint() -> None:
    with pytest.raises(Refused, match="this is a petition of no kind yet"):
        outcome(given=[RECEIVE], when=ESCALATE)


def test_a_petition_goes_up_each_way_once_in_a_round() -> None:
    checked = [*in_progress(COMPLAINT), with_changes(CHECK, occurred_on=august(3))]
    with pytest.raises(Refused, match="has gone up by responsibility check already"):
        outcome(given=checked, when=CHECK)
    again = [*checked, with_changes(ANSWER, occurred_on=august(4)), with_changes(REOPEN, occurred_on=august(5))]
    only_fact(PetitionEscalated, outcome(given=again, when=CHECK))


def test_a_responsibility_check_leaves_the_petition_where_it_is() -> None:
    given = in_progress(PROPOSAL)
    checked = petition_after([*given, CHECK])
    assert checked.status == petition_after(given).status
    assert only_fact(PetitionEscalated, outcome(given=given, when=CHECK)).continued_as is UNSET
    only_fact(PetitionEscalated, outcome(given=[*given, CHECK], when=TAKEOVER))


def test_the_court_is_no_stage_of_ours() -> None:
    assert only_fact(PetitionEscalated, outcome(given=answered(COMPLAINT), when=COURT)).continued_as is UNSET


def test_each_way_and_round_continues_as_a_petition_of_its_own() -> None:
    second = [*answered(COMPLAINT), REOPEN, with_changes(ANSWER, occurred_on=august(10))]
    ids = {
        only_fact(PetitionEscalated, outcome(given=given, when=when)).continued_as
        for given, when in ((answered(COMPLAINT), ESCALATE), (second, ESCALATE), (assigned(COMPLAINT), TAKEOVER))
    }
    assert len(ids) == 3


@pytest.mark.parametrize(
    ("to_unit", "no"),
    [
        ("so-mau", "a petition escalates to another unit than the one that has it"),
        ("so-la", "there is no unit “so-la”"),
        ("huyen-cu", "the unit “huyen-cu” is not in being"),
    ],
)
def test_a_petition_goes_up_to_another_unit_in_being(to_unit: str, no: str) -> None:
    with pytest.raises(Refused, match=no):
        outcome(given=answered(COMPLAINT), when=with_changes(ESCALATE, to_unit=to_unit))


@pytest.mark.parametrize("given", [[*answered(COMPLAINT), ESCALATE]])
def test_what_has_gone_up_does_not_go_up_again(given: GivenPast) -> None:
    for when in (ESCALATE, with_changes(COURT, occurred_on=date(2026, 10, 2))):
        with pytest.raises(Refused, match="that is escalated and not overdue cannot be escalated"):
            outcome(given=given, when=when)
