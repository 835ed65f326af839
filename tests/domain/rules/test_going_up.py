"""Tests how a matter goes up: by the citizen's further acts, and by acts of those above. The lateness below stays."""

from datetime import date
from typing import TypeVar

import pytest

from domain.commands import (
    FileLawsuit,
    LodgeFurtherDenunciation,
    LodgeSecondComplaint,
    OrderResponsibilityCheck,
    TakeOverSettlement,
)
from domain.errors import Refused
from domain.events import (
    WAY_OF,
    Fact,
    FurtherDenunciationLodged,
    LawsuitFiled,
    ResponsibilityCheckOrdered,
    ResponsibilityCheckRequested,
    SecondComplaintLodged,
    SettlementTakenOver,
)
from domain.rules.going_up import request_responsibility_check
from domain.value import UNSET
from domain.vocabulary import Channel, PetitionKind, Stage, UnitId, WayUp
from tests.domain.samples import (
    ANSWER,
    COMPLAIN_AGAIN,
    COMPLAINT,
    DENOUNCE_FURTHER,
    DENUNCIATION,
    ORDER_CHECK,
    PROPOSAL,
    RECEIVE_UNCLASSIFIED,
    REOPEN,
    SUE,
    SUSPEND,
    TAKE_OVER,
    answered,
    assigned,
    august,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, GivenPast, decision_context, only_fact, outcome, petition_after

GoingUp = LodgeSecondComplaint | LodgeFurtherDenunciation | FileLawsuit | TakeOverSettlement | OrderResponsibilityCheck
F = TypeVar("F", bound=Fact)

FACT_OF: dict[type[GoingUp], type[Fact]] = {
    LodgeSecondComplaint: SecondComplaintLodged,
    LodgeFurtherDenunciation: FurtherDenunciationLodged,
    FileLawsuit: LawsuitFiled,
    TakeOverSettlement: SettlementTakenOver,
    OrderResponsibilityCheck: ResponsibilityCheckOrdered,
}


def the_fact(kind: type[F], given: GivenPast, when: GoingUp) -> F:
    return only_fact(kind, outcome(given=given, when=when))


def test_each_act_is_a_fact_of_its_own_and_leads_to_a_stage_of_its_own() -> None:
    for given, when, stage in (
        (answered(COMPLAINT), COMPLAIN_AGAIN, Stage.COMPLAINED_AGAIN),
        (answered(DENUNCIATION), DENOUNCE_FURTHER, Stage.DENOUNCED_FURTHER),
        (answered(COMPLAINT), SUE, Stage.SUED),
        (in_progress(DENUNCIATION), TAKE_OVER, Stage.TAKEN_OVER),
        (in_progress(PROPOSAL), ORDER_CHECK, Stage.IN_PROGRESS),
    ):
        fact = the_fact(FACT_OF[type(when)], given, when)
        after = petition_after([*given, when])
        assert (after.stage, after.ways_up) == (stage, frozenset({WAY_OF[type(fact)]}))


def test_every_way_up_is_one_act() -> None:
    assert sorted(WAY_OF.values()) == sorted(WayUp)


def test_a_letter_says_what_was_said_of_it_and_nothing_else() -> None:
    bare = with_changes(COMPLAIN_AGAIN, summary="", channel=None)
    assert the_fact(SecondComplaintLodged, answered(COMPLAINT), bare).summary is UNSET
    assert the_fact(SecondComplaintLodged, answered(COMPLAINT), bare).channel is UNSET
    said = with_changes(bare, channel=Channel.POST, summary="vẫn chưa đúng", document_no="9/KN")
    fact = the_fact(SecondComplaintLodged, answered(COMPLAINT), said)
    assert (fact.channel, fact.summary, fact.document_no) == (Channel.POST, "vẫn chưa đúng", "9/KN")


def test_the_first_stage_keeps_the_lateness_of_its_answer() -> None:
    late = [*in_progress(COMPLAINT), with_changes(ANSWER, occurred_on=august(5))]
    status = petition_after([*late, COMPLAIN_AGAIN]).status
    assert (status.settled_on, status.due_when_settled) == (august(5), july(31))


def test_an_overdue_petition_goes_up_without_an_answer_and_is_late_up_to_that_day() -> None:
    status = petition_after([*in_progress(COMPLAINT), with_changes(COMPLAIN_AGAIN, occurred_on=august(3))]).status
    assert (status.settled_on, status.due_when_settled) == (august(3), july(31))


@pytest.mark.parametrize("when", [COMPLAIN_AGAIN, SUE])
def test_a_petition_in_time_does_not_go_up(when: GoingUp) -> None:
    with pytest.raises(Refused, match="that is in progress and not overdue does not go up"):
        outcome(given=in_progress(COMPLAINT), when=with_changes(when, occurred_on=july(31)))


@pytest.mark.parametrize("when", [TAKE_OVER, ORDER_CHECK])
def test_an_act_of_those_above_needs_a_petition_that_is_overdue(when: GoingUp) -> None:
    with pytest.raises(Refused, match="needs a petition that is overdue on 2026-07-31"):
        outcome(given=in_progress(DENUNCIATION), when=with_changes(when, occurred_on=july(31)))
    with pytest.raises(Refused, match="needs a petition that is overdue on"):
        outcome(given=answered(DENUNCIATION), when=when)
    the_fact(FACT_OF[type(when)], in_progress(DENUNCIATION), with_changes(when, occurred_on=august(1)))


def test_a_suspended_petition_is_not_overdue() -> None:
    with pytest.raises(Refused, match="needs a petition that is overdue"):
        outcome(given=[*in_progress(COMPLAINT), SUSPEND], when=ORDER_CHECK)


@pytest.mark.parametrize(
    ("when", "kind", "no"),
    [
        (COMPLAIN_AGAIN, DENUNCIATION, "second complaint is for a complaint, and this is a denunciation"),
        (COMPLAIN_AGAIN, PROPOSAL, "second complaint is for a complaint, and this is a proposal or feedback"),
        (SUE, PROPOSAL, "lawsuit is for a complaint, and this is a proposal or feedback"),
        (DENOUNCE_FURTHER, COMPLAINT, "further denunciation is for a denunciation, and this is a complaint"),
        (TAKE_OVER, COMPLAINT, "settlement by the superior is for a denunciation, and this is a complaint"),
        (TAKE_OVER, PROPOSAL, "settlement by the superior is for a denunciation, and this is a proposal or feedback"),
    ],
)
def test_each_right_is_for_its_kind(when: GoingUp, kind: PetitionKind, no: str) -> None:
    with pytest.raises(Refused, match=no):
        outcome(given=answered(kind), when=when)


def test_a_petition_of_no_kind_yet_has_no_second_complaint() -> None:
    with pytest.raises(Refused, match="this is a petition of no kind yet"):
        outcome(given=[RECEIVE_UNCLASSIFIED], when=COMPLAIN_AGAIN)


def test_a_petition_goes_up_each_way_once_in_a_round() -> None:
    checked = [*in_progress(COMPLAINT), with_changes(ORDER_CHECK, occurred_on=august(3))]
    with pytest.raises(Refused, match="has gone up by a responsibility check already"):
        outcome(given=checked, when=ORDER_CHECK)
    again = [*checked, with_changes(ANSWER, occurred_on=august(4)), with_changes(REOPEN, occurred_on=august(5))]
    the_fact(ResponsibilityCheckOrdered, again, ORDER_CHECK)


def test_a_responsibility_check_leaves_the_petition_where_it_is() -> None:
    given = in_progress(DENUNCIATION)
    assert petition_after([*given, ORDER_CHECK]).status == petition_after(given).status
    the_fact(SettlementTakenOver, [*given, ORDER_CHECK], TAKE_OVER)


def test_a_check_that_was_asked_for_is_asked_for_once_a_round_and_may_still_be_ordered() -> None:
    given: GivenPast = in_progress(PROPOSAL)
    context = decision_context(HEAD, today=august(5))
    (asked,) = request_responsibility_check(UnitId("bo-mau"), "x@1", petition_after(given), context)
    assert isinstance(asked, ResponsibilityCheckRequested)
    assert (asked.to_unit, asked.rule) == ("bo-mau", "x@1")
    after = petition_after([*given, asked])
    assert (after.status, after.ways_up) == (petition_after(given).status, frozenset())
    with pytest.raises(Refused, match="asked for already"):
        request_responsibility_check(UnitId("bo-mau"), "y@1", after, context)
    the_fact(ResponsibilityCheckOrdered, [*given, asked], ORDER_CHECK)
    answered_again: GivenPast = [
        with_changes(ANSWER, occurred_on=august(6)),
        with_changes(REOPEN, occurred_on=august(7)),
    ]
    assert not petition_after([*given, asked, *answered_again]).is_check_requested
    with pytest.raises(Refused, match="has gone up by a responsibility check already"):
        request_responsibility_check(
            UnitId("bo-mau"), "x@1", petition_after([*given, with_changes(ORDER_CHECK, occurred_on=august(3))]), context
        )


def test_each_way_and_round_continues_as_a_petition_of_its_own() -> None:
    second = [*answered(COMPLAINT), REOPEN, with_changes(ANSWER, occurred_on=august(10))]
    ids = {
        the_fact(SecondComplaintLodged, answered(COMPLAINT), COMPLAIN_AGAIN).continued_as,
        the_fact(SecondComplaintLodged, second, COMPLAIN_AGAIN).continued_as,
        the_fact(SettlementTakenOver, assigned(DENUNCIATION), TAKE_OVER).continued_as,
    }
    assert len(ids) == 3
    assert UNSET not in ids


@pytest.mark.parametrize(
    ("given", "when"),
    [
        (answered(COMPLAINT), COMPLAIN_AGAIN),
        (answered(DENUNCIATION), DENOUNCE_FURTHER),
        (in_progress(DENUNCIATION), TAKE_OVER),
        (in_progress(DENUNCIATION), ORDER_CHECK),
    ],
)
def test_it_goes_to_one_unit_in_being_or_to_a_body_outside_the_register(given: GivenPast, when: GoingUp) -> None:
    for to_unit, no in (
        ("so-mau", "a petition goes up to another unit than the one that has it"),
        ("so-la", "there is no unit “so-la”"),
        ("huyen-cu", "the unit “huyen-cu” is not in being"),
        (None, "one of the two"),
    ):
        with pytest.raises(Refused, match=no):
            outcome(given=given, when=with_changes(when, to_unit=to_unit))
    with pytest.raises(Refused, match="one of the two"):
        outcome(given=given, when=with_changes(when, to_body="Bộ Thử"))
    (fact,) = outcome(given=given, when=with_changes(when, to_unit=None, to_body="Bộ Thử"))
    assert (getattr(fact, "to_unit", None), getattr(fact, "to_body", None)) == (UNSET, "Bộ Thử")
    assert getattr(fact, "continued_as", UNSET) is UNSET, "a body outside the register opens no petition of ours"


def test_what_has_gone_up_does_not_go_up_again() -> None:
    given = [*answered(COMPLAINT), COMPLAIN_AGAIN]
    with pytest.raises(Refused, match="has gone up by a second complaint already"):
        outcome(given=given, when=COMPLAIN_AGAIN)
    with pytest.raises(Refused, match="that is gone up in a second complaint and not overdue does not go up"):
        outcome(given=given, when=with_changes(SUE, occurred_on=date(2026, 10, 2)))
