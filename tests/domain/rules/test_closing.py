"""Tests how a petition ends and how it is reopened."""

from datetime import date

import pytest

from domain.actor import Officer
from domain.deadlines.clock import Clock
from domain.decide import decide
from domain.errors import Refused
from domain.events import (
    AnsweredInWriting,
    PetitionClosed,
    PetitionReopened,
    ProcessingTerminated,
    ResponsibilitySucceeded,
    WithdrawalAccepted,
    WithdrawalOverridden,
    WithdrawalRequested,
)
from domain.units.commands import SucceedUnit
from domain.vocabulary import OfficerId, Stage, UnitId, WithdrawalScope
from tests.domain.samples import (
    ACCEPT,
    AGREE_TO_WITHDRAWAL,
    ANSWER,
    ANSWER_AT_MEETING,
    CLOSE,
    COMPLAINT,
    KEEP,
    NOTIFY,
    OVERRIDE,
    PROMISE,
    PROPOSAL,
    RECEIVE,
    REOPEN,
    SUSPEND,
    TERMINATE,
    WITHDRAW,
    answered,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, GivenPast, decision_context, only_fact, outcome, petition_after
from tests.domain.units import open_unit, register_of

SIGNER = Officer(officer=OfficerId("giam-doc"), unit=UnitId("so-mau"), position="Giám đốc")
FOR_SIGNER = Officer(
    officer=OfficerId("pho-giam-doc"),
    unit=UnitId("so-mau"),
    position="Phó Giám đốc",
    acting_for=SIGNER.officer,
)

# -- withdrawal --------------------------------------------------------------------------------------------------------


def test_a_withdrawal_is_asked_for_and_accepted() -> None:
    assert only_fact(WithdrawalRequested, outcome(given=[RECEIVE], when=WITHDRAW)).coercion_checked
    accepted = only_fact(WithdrawalAccepted, outcome(given=[RECEIVE, WITHDRAW], when=AGREE_TO_WITHDRAWAL))
    assert accepted.scope is WithdrawalScope.WHOLE
    status = petition_after([*in_progress(COMPLAINT), WITHDRAW, AGREE_TO_WITHDRAWAL]).status
    assert status.stage is Stage.WITHDRAWN
    assert status.due_when_settled == july(31)


def test_whether_the_citizen_was_forced_is_asked_first() -> None:
    with pytest.raises(Refused, match="ask first whether the citizen was forced or threatened"):
        outcome(given=[RECEIVE], when=with_changes(WITHDRAW, coercion_checked=False))


def test_a_part_that_is_withdrawn_is_named_and_the_rest_goes_on() -> None:
    with pytest.raises(Refused, match="say which part is withdrawn"):
        outcome(given=[RECEIVE], when=with_changes(WITHDRAW, scope="part"))
    part = with_changes(WITHDRAW, scope="part", part="nội dung thứ hai")
    status = petition_after([*in_progress(COMPLAINT), part, AGREE_TO_WITHDRAWAL]).status
    assert status == petition_after(in_progress(COMPLAINT)).status


def test_a_withdrawal_with_signs_of_coercion_is_not_accepted() -> None:
    forced = with_changes(WITHDRAW, signs_of_coercion=True)
    with pytest.raises(Refused, match="there are signs of coercion: the settlement must go on"):
        outcome(given=[RECEIVE, forced], when=AGREE_TO_WITHDRAWAL)


def test_a_second_letter_does_not_take_away_the_signs_of_coercion_of_the_first() -> None:
    given: GivenPast = [RECEIVE, with_changes(WITHDRAW, signs_of_coercion=True), WITHDRAW]
    with pytest.raises(Refused, match="there are signs of coercion"):
        outcome(given=given, when=AGREE_TO_WITHDRAWAL)
    only_fact(WithdrawalAccepted, outcome(given=[*given, OVERRIDE, WITHDRAW], when=AGREE_TO_WITHDRAWAL))


def test_the_settler_goes_on_in_spite_of_a_withdrawal() -> None:
    given = [*in_progress(COMPLAINT), with_changes(WITHDRAW, signs_of_coercion=True)]
    assert only_fact(WithdrawalOverridden, outcome(given=given, when=OVERRIDE)).ground
    assert petition_after([*given, OVERRIDE]).stage is Stage.IN_PROGRESS
    assert petition_after([*given, OVERRIDE]).withdrawal is None


def test_a_withdrawal_nobody_asked_for_is_neither_accepted_nor_overridden() -> None:
    for when in (AGREE_TO_WITHDRAWAL, OVERRIDE):
        with pytest.raises(Refused, match="the citizen has not asked to withdraw"):
            outcome(given=[RECEIVE], when=when)


def test_what_is_over_is_not_withdrawn() -> None:
    given = [*in_progress(COMPLAINT), WITHDRAW, with_changes(ANSWER, occurred_on=july(23))]
    for when in (WITHDRAW, AGREE_TO_WITHDRAWAL):
        with pytest.raises(Refused, match="that is answered in writing cannot be withdrawn"):
            outcome(given=given, when=when)
    with pytest.raises(Refused, match="cannot have its withdrawal overridden"):
        outcome(given=given, when=OVERRIDE)


def test_a_withdrawal_of_an_earlier_round_is_not_accepted_in_a_later_one() -> None:
    given = [*in_progress(COMPLAINT), WITHDRAW, with_changes(ANSWER, occurred_on=july(24)), REOPEN]
    with pytest.raises(Refused, match="the citizen has not asked to withdraw"):
        outcome(given=given, when=with_changes(AGREE_TO_WITHDRAWAL, occurred_on=august(4)))


def test_a_petition_withdrawn_under_suspension_was_due_later_by_the_days_suspended() -> None:
    given = [*in_progress(COMPLAINT), SUSPEND, WITHDRAW, AGREE_TO_WITHDRAWAL]
    status = petition_after(given).status
    assert status.due_when_settled == august(9)  # 31 July and the 9 days from 15 to 24 July
    late = [*in_progress(COMPLAINT), with_changes(SUSPEND, occurred_on=august(3))]
    ended = petition_after([*late, with_changes(TERMINATE, occurred_on=august(20))]).status
    assert ended.due_when_settled == july(31)


# -- terminate ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [[*classified_as(COMPLAINT), ACCEPT], in_progress(COMPLAINT), [*in_progress(COMPLAINT), SUSPEND]],
)
def test_a_petition_that_was_taken_up_may_end_on_a_ground_of_the_law(given: GivenPast) -> None:
    assert only_fact(ProcessingTerminated, outcome(given=given, when=TERMINATE)).ground
    assert petition_after([*given, TERMINATE]).stage is Stage.TERMINATED


def test_what_was_not_taken_up_is_not_terminated() -> None:
    with pytest.raises(Refused, match="that is classified cannot be terminated"):
        outcome(given=classified_as(COMPLAINT), when=TERMINATE)


# -- close -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", [answered(PROPOSAL), [*answered(PROPOSAL), PROMISE, KEEP], [RECEIVE, ANSWER_AT_MEETING]]
)
def test_an_answered_petition_whose_citizen_knows_is_closed(given: GivenPast) -> None:
    assert only_fact(PetitionClosed, outcome(given=given, when=CLOSE)).reason
    assert petition_after([*given, CLOSE]).stage is Stage.CLOSED


@pytest.mark.parametrize("given", [[RECEIVE], in_progress(PROPOSAL)])
def test_a_petition_without_an_answer_is_not_closed(given: GivenPast) -> None:
    with pytest.raises(Refused, match="cannot be closed: it has no answer"):
        outcome(given=given, when=CLOSE)


def test_a_petition_is_not_closed_before_the_citizen_knows() -> None:
    absent = with_changes(ANSWER_AT_MEETING, citizen_present=False)
    pasts: tuple[GivenPast, ...] = ([*in_progress(PROPOSAL), ANSWER], [RECEIVE, absent])
    for given in pasts:
        with pytest.raises(Refused, match="the citizen has not been told of the answer yet"):
            outcome(given=given, when=CLOSE)
        only_fact(PetitionClosed, outcome(given=[*given, NOTIFY], when=CLOSE))


@pytest.mark.parametrize("by", [SIGNER, FOR_SIGNER])
def test_who_signed_the_answer_does_not_close_nor_does_their_deputy(by: Officer) -> None:
    pasts: tuple[GivenPast, ...] = (answered(PROPOSAL), [RECEIVE, ANSWER_AT_MEETING])
    for given in pasts:
        with pytest.raises(Refused, match="who signed the answer cannot close the petition"):
            outcome(given=given, when=CLOSE, by=by)


def test_an_imported_answer_that_nobody_is_known_to_have_signed_is_closed_by_anybody() -> None:
    given = [*in_progress(PROPOSAL), AnsweredInWriting(occurred_on=july(20)), NOTIFY]
    only_fact(PetitionClosed, outcome(given=given, when=CLOSE, by=HEAD))


def test_a_petition_is_not_closed_before_its_answer() -> None:
    with pytest.raises(Refused, match="a petition cannot be closed before its answer"):
        outcome(given=answered(PROPOSAL), when=with_changes(CLOSE, occurred_on=july(19)))


# -- reopen ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        answered(PROPOSAL),
        [*answered(PROPOSAL), PROMISE, KEEP],
        [*answered(PROPOSAL), CLOSE],
        [RECEIVE, ANSWER_AT_MEETING],
    ],
)
def test_an_answered_petition_is_taken_up_again_in_a_new_round(given: GivenPast) -> None:
    assert only_fact(PetitionReopened, outcome(given=given, when=REOPEN)).round == 2
    petition = petition_after([*given, REOPEN])
    assert (petition.stage, petition.status.round) == (Stage.IN_PROGRESS, 2)
    assert petition.status.clocks == {Clock.HEAD: august(31)}
    assert petition.status.settled_on is None
    assert petition.answers


def test_the_second_round_of_a_complaint_has_the_limit_of_the_law() -> None:
    """30 days from 3 August end on National Day, 2 September; the next day is worked."""
    status = petition_after([*answered(COMPLAINT), with_changes(REOPEN, due_on=None)]).status
    assert status.clocks == {Clock.SETTLEMENT: date(2026, 9, 3)}


@pytest.mark.parametrize("given", [[RECEIVE], in_progress(PROPOSAL), [RECEIVE, WITHDRAW, AGREE_TO_WITHDRAWAL]])
def test_what_was_not_answered_is_not_reopened(given: GivenPast) -> None:
    with pytest.raises(Refused, match="cannot be reopened"):
        outcome(given=given, when=REOPEN)


def test_a_petition_is_reopened_after_its_answer_and_for_a_day_to_come() -> None:
    with pytest.raises(Refused, match="a petition cannot be reopened before its answer"):
        outcome(given=answered(PROPOSAL), when=with_changes(REOPEN, occurred_on=july(19)))
    with pytest.raises(Refused, match="the due date lies before the reopening"):
        outcome(given=answered(PROPOSAL), when=with_changes(REOPEN, due_on=july(31)))


def test_the_answer_of_the_second_round_is_told_and_signed_anew() -> None:
    second = with_changes(ANSWER, occurred_on=august(10), signed_by="chu-tich")
    given = [*answered(PROPOSAL), REOPEN, second]
    with pytest.raises(Refused, match="the citizen has not been told of the answer yet"):
        outcome(given=given, when=with_changes(CLOSE, occurred_on=august(11)))
    given = [*given, with_changes(NOTIFY, occurred_on=august(11))]
    with pytest.raises(Refused, match="who signed the answer cannot close"):
        outcome(given=given, when=with_changes(CLOSE, occurred_on=august(11)))
    only_fact(PetitionClosed, outcome(given=given, when=with_changes(CLOSE, occurred_on=august(11)), by=SIGNER))


def test_a_petition_of_a_unit_that_was_succeeded_is_reopened_with_its_successor() -> None:
    """It was answered when the unit ended, so that no reorganisation handed it over."""
    units = register_of(
        open_unit("so-mau"), open_unit("so-khac"), open_unit("bo-mau"),
        SucceedUnit(occurred_on=july(30), unit="so-mau", successors=("bo-mau", "so-khac"), instrument="01/NQ-HĐND"),
    )  # fmt: skip
    petition = petition_after([*answered(PROPOSAL)])
    context = decision_context(HEAD)._replace(units=units)
    reopened, succeeded = decide(REOPEN, petition, context).facts
    assert isinstance(reopened, PetitionReopened)
    assert isinstance(succeeded, ResponsibilitySucceeded)
    assert (succeeded.from_unit, succeeded.to_unit, succeeded.instrument) == ("so-mau", "bo-mau", "01/NQ-HĐND")
    assert succeeded.occurred_on == REOPEN.occurred_on
    before = with_changes(REOPEN, occurred_on=july(29))
    assert [type(fact) for fact in decide(before, petition, context).facts] == [PetitionReopened]
