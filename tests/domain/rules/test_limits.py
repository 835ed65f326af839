"""Tests that a second complaint has limits of its own (Law on complaints Art 37)."""

from datetime import date

import pytest

from domain.commands import LodgeFurtherDenunciation, LodgeSecondComplaint, TakeOverSettlement
from domain.deadlines.clock import Clock
from domain.errors import Refused
from domain.events import MatterOpened, PetitionAccepted, PetitionOpening, StageOpened
from domain.follow_on_events import new_streams
from domain.value import UNSET, said
from domain.vocabulary import Instance
from tests.domain.samples import (
    ACCEPT,
    ANSWER,
    ASK_FOR_TIME,
    ASSIGN,
    CLASSIFY,
    COMPLAIN_AGAIN,
    COMPLAINT,
    COMPLEX,
    DENOUNCE_FURTHER,
    DENUNCIATION,
    RECEIVE,
    REOPEN,
    SPLIT,
    TAKE_OVER,
    answered,
    in_progress,
    with_changes,
)
from tests.domain.scenario import HEAD, GivenPast, decision_context, national_law, outcome, petition_after

OCTOBER = DENOUNCE_FURTHER.occurred_on
COMPLAIN_IN_OCTOBER = with_changes(COMPLAIN_AGAIN, occurred_on=OCTOBER)
ACCEPT_ABOVE = with_changes(ACCEPT, occurred_on=date(2026, 10, 6))
COMPLEX_ABOVE = with_changes(COMPLEX, occurred_on=date(2026, 10, 8))


def above(
    given: GivenPast, when: LodgeSecondComplaint | LodgeFurtherDenunciation | TakeOverSettlement = COMPLAIN_IN_OCTOBER
) -> StageOpened:
    """Return the opening of the stage above."""
    (fact,) = outcome(given=given, when=when)
    (opened,) = new_streams(petition_after(given), fact, when, decision_context(HEAD))
    (opening,) = opened.facts
    assert isinstance(opening, StageOpened)
    return opening


def complained_again(*, remote: bool = False) -> StageOpened:
    """Return a second complaint against a decision of which nobody recorded when the citizen received it."""
    return above([with_changes(RECEIVE, is_remote_area=remote), *in_progress(COMPLAINT)[1:], ANSWER])


def classified(opening: PetitionOpening) -> GivenPast:
    return [opening, with_changes(CLASSIFY, kind=COMPLAINT, occurred_on=OCTOBER)]


@pytest.mark.parametrize(
    ("remote", "is_complex", "due_on", "policy"),
    [
        (False, False, date(2026, 11, 20), "complaint-second-settlement@1"),  # 45 days
        (False, True, date(2026, 12, 7), "complaint-second-settlement-complex@1"),  # 60 end on a Saturday
        (True, False, date(2026, 12, 7), "complaint-second-settlement-remote@1"),
        (True, True, date(2026, 12, 15), "complaint-second-settlement-remote-complex@1"),  # 70
    ],
)
def test_a_second_complaint_is_settled_by_the_rules_for_the_second(
    remote: bool, is_complex: bool, due_on: date, policy: str
) -> None:
    """Rows 21 and 22 of the table of limits: 45 and 60, in a remote area 60 and 70."""
    given = [*classified(complained_again(remote=remote)), ACCEPT_ABOVE, *([COMPLEX_ABOVE] if is_complex else [])]
    settlement = petition_after(given).deadlines[Clock.SETTLEMENT]
    assert (settlement.due_on, settlement.policy) == (due_on, policy)
    assert national_law().policies.legal_source(settlement.policy) == "Điều 37 Luật Khiếu nại số 02/2011/QH13"


def test_its_second_round_is_settled_by_them_too() -> None:
    given: GivenPast = [
        *classified(complained_again()),
        ACCEPT_ABOVE,
        with_changes(ASSIGN, occurred_on=date(2026, 10, 7), due_on=date(2026, 11, 10), notice_on=date(2026, 10, 7)),
        with_changes(ANSWER, occurred_on=date(2026, 10, 20)),
    ]
    reopened = petition_after([*given, with_changes(REOPEN, occurred_on=date(2026, 10, 28), due_on=None)])
    assert reopened.deadlines[Clock.SETTLEMENT].policy == "complaint-second-settlement@1"


def test_its_matters_are_second_complaints_too() -> None:
    given: GivenPast = [complained_again()]
    split = with_changes(SPLIT, occurred_on=OCTOBER)
    (fact,) = outcome(given=given, when=split)
    first, _ = new_streams(petition_after(given), fact, split, decision_context(HEAD))
    (matter,) = first.facts
    assert isinstance(matter, MatterOpened)
    assert matter.instance is Instance.SECOND
    settlement = petition_after([*classified(matter), ACCEPT_ABOVE]).deadlines[Clock.SETTLEMENT]
    assert settlement.policy == "complaint-second-settlement@1"


def test_a_takeover_is_no_second_complaint_and_a_further_denunciation_none_either() -> None:
    as_denunciation = with_changes(CLASSIFY, kind=DENUNCIATION, occurred_on=OCTOBER)
    taken_over = above(in_progress(DENUNCIATION), TAKE_OVER)
    (accepted,) = outcome(given=[taken_over, as_denunciation], when=ACCEPT_ABOVE)
    assert isinstance(accepted, PetitionAccepted)
    assert said(accepted.deadlines, ())[0].policy == "denunciation-settlement@1"
    further = above(answered(DENUNCIATION), DENOUNCE_FURTHER)
    given: GivenPast = [further, as_denunciation, ACCEPT_ABOVE]
    assert petition_after(given).deadlines[Clock.SETTLEMENT].policy == "denunciation-settlement@1"


def test_a_stage_above_says_which_instance_it_is_and_a_takeover_says_none() -> None:
    taken_over = above(in_progress(DENUNCIATION), TAKE_OVER)
    further = above(answered(DENUNCIATION), DENOUNCE_FURTHER)
    assert complained_again().instance is Instance.SECOND
    assert further.instance is Instance.FURTHER
    assert taken_over.instance is UNSET


def test_a_denunciation_above_that_is_found_to_be_a_complaint_has_the_first_limit() -> None:
    further = above(answered(DENUNCIATION), DENOUNCE_FURTHER)
    given: GivenPast = [
        further,
        with_changes(CLASSIFY, kind=DENUNCIATION, occurred_on=OCTOBER),
        ACCEPT_ABOVE,
        with_changes(CLASSIFY, kind=COMPLAINT, occurred_on=date(2026, 10, 8), reason="thực chất là khiếu nại"),
    ]
    assert petition_after(given).deadlines[Clock.SETTLEMENT].policy == "complaint-settlement@1"


def test_the_second_settlement_is_not_extended_either() -> None:
    given: GivenPast = [
        *classified(complained_again()),
        ACCEPT_ABOVE,
        with_changes(ASSIGN, occurred_on=date(2026, 10, 7), due_on=date(2026, 11, 10)),
    ]
    request = with_changes(
        ASK_FOR_TIME, occurred_on=date(2026, 10, 20), clock=Clock.SETTLEMENT, until=date(2026, 11, 30), reason="đo lại"
    )
    with pytest.raises(Refused, match="the limit for settlement is not extended"):
        outcome(given=given, when=request)
