"""Tests second complaints and further denunciations, of which the first instance is in the system or is not.

The due dates are counted here once more, one day after the other, and not by the functions of the product.
"""

from datetime import date, timedelta

import pytest

from domain.commands import PetitionCommand, ReceivePetition
from domain.deadlines.clock import Clock
from domain.endings.words import Ground
from domain.errors import Refused
from domain.events import (
    AcceptanceRefused,
    EarlierDecision,
    MatterOpened,
    PetitionClassified,
    PetitionReceived,
    SecondComplaintLodged,
    StageOpened,
)
from domain.follow_on_events import new_streams
from domain.value import UNSET
from domain.vocabulary import Instance, PetitionKind, Stage, WayUp
from tests.domain.rules.test_reclassifying import counted, is_worked
from tests.domain.samples import (
    ACCEPT,
    AGREE_TO_WITHDRAWAL,
    ANSWER,
    ANSWER_AT_MEETING,
    APPROVE,
    CLASSIFY,
    CLOSE,
    COMPLAIN_AGAIN,
    COMPLAINT,
    COMPLEX,
    DECLINED,
    DENOUNCE_FURTHER,
    DENUNCIATION,
    NOTIFY,
    ORDER_CHECK,
    PROPOSAL,
    PROPOSE,
    RECEIVE,
    RECLASSIFY,
    REFUSE,
    RESUME,
    SPLIT,
    SUE,
    SUSPEND,
    TRANSFER,
    WITHDRAW,
    answered,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, MONDAY, GivenPast, decision_context, only_fact, outcome, petition_after

ONE_DAY = timedelta(days=1)
DECISION = {
    "body": "Chủ tịch UBND xã Mẫu",
    "document_no": "12/QĐ-UBND",
    "decided_on": date(2026, 6, 10),
    "received_on": date(2026, 6, 15),
}

RECORDED_DECISION = EarlierDecision(
    body="Chủ tịch UBND xã Mẫu",
    document_no="12/QĐ-UBND",
    decided_on=date(2026, 6, 10),
    received_on=date(2026, 6, 15),
)


def worked_days(start: date, days: int) -> date:
    """Return the last of so many days of work after the day `start`."""
    day = start
    while days:
        day += ONE_DAY
        days -= is_worked(day)
    return day


def second_complaint(**changes: object) -> ReceivePetition:
    said = {"kind": COMPLAINT, "instance": Instance.SECOND, "earlier_decision": DECISION}
    return with_changes(RECEIVE, **(said | changes))


def received_and_accepted(receive: ReceivePetition, kind: PetitionKind = COMPLAINT) -> list[PetitionCommand]:
    return [receive, with_changes(CLASSIFY, kind=kind), ACCEPT]


# -- the first settlement was outside the system ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remote", "is_complex", "days"), [(False, False, 45), (False, True, 60), (True, False, 60), (True, True, 70)]
)
@pytest.mark.parametrize("said_at", ["receipt", "classification"])
def test_it_is_settled_within_the_limits_of_the_second(remote: bool, is_complex: bool, days: int, said_at: str) -> None:
    """Law on complaints Art 37."""
    if said_at == "receipt":
        past = received_and_accepted(second_complaint(is_remote_area=remote))
    else:
        classify = with_changes(CLASSIFY, kind=COMPLAINT, instance=Instance.SECOND, earlier_decision=DECISION)
        past = [with_changes(RECEIVE, is_remote_area=remote), classify, ACCEPT]
    if is_complex:
        past.append(COMPLEX)
    petition = petition_after(past)
    assert petition.status.clocks == {Clock.SETTLEMENT: counted(ACCEPT.occurred_on, days)}
    assert (petition.instance, petition.earlier_decision) == (Instance.SECOND, RECORDED_DECISION)


def test_the_receipt_and_the_classification_record_what_was_said_and_nothing_else() -> None:
    received = only_fact(PetitionReceived, outcome(given=[], when=second_complaint()))
    assert received.earlier_decision == RECORDED_DECISION
    bare = with_changes(CLASSIFY, kind=COMPLAINT, instance=Instance.SECOND, earlier_decision={"body": "UBND xã Mẫu"})
    classified = only_fact(PetitionClassified, outcome(given=[RECEIVE], when=bare))
    assert (classified.instance, classified.earlier_decision) == (
        Instance.SECOND,
        EarlierDecision(body="UBND xã Mẫu"),
    )
    silent = only_fact(PetitionClassified, outcome(given=[RECEIVE], when=CLASSIFY))
    assert (silent.instance, silent.earlier_decision) == (UNSET, UNSET)


def test_it_keeps_its_instance_through_another_kind_and_back() -> None:
    past = received_and_accepted(second_complaint())
    other: GivenPast = [*past, with_changes(RECLASSIFY, kind=DENUNCIATION)]
    assert petition_after(other).status.clocks == {Clock.SETTLEMENT: counted(ACCEPT.occurred_on, 30)}
    back = petition_after([*other, with_changes(RECLASSIFY, kind=COMPLAINT, occurred_on=july(10))])
    assert back.status.clocks == {Clock.SETTLEMENT: counted(ACCEPT.occurred_on, 45)}
    assert back.deadlines[Clock.SETTLEMENT].policy == "complaint-second-settlement@1"


def test_an_accepted_complaint_that_turns_out_to_be_the_second_has_the_limit_of_the_second() -> None:
    first = received_and_accepted(with_changes(RECEIVE, kind=COMPLAINT))
    suspended: GivenPast = [*first, SUSPEND, RESUME]
    second = with_changes(RECLASSIFY, kind=COMPLAINT, instance=Instance.SECOND, occurred_on=july(21))
    pauses = [(SUSPEND.occurred_on, RESUME.occurred_on)]
    assert petition_after([*suspended, second]).status.clocks == {
        Clock.SETTLEMENT: counted(ACCEPT.occurred_on, 45, pauses)
    }
    again = with_changes(second, instance=Instance.FIRST, occurred_on=july(22))
    assert petition_after([*suspended, second, again]).status.clocks == {
        Clock.SETTLEMENT: counted(ACCEPT.occurred_on, 30, pauses)
    }


def test_a_corrected_day_of_receipt_moves_the_acceptance_and_no_settlement() -> None:
    corrected: GivenPast = [with_changes(PROPOSE, received_on=july(3), place=None, occurred_on=july(9)), APPROVE]
    before = petition_after([second_complaint(), *corrected])
    assert before.status.clocks[Clock.ACCEPTANCE] == worked_days(july(3), 7)
    on_the_same_day: GivenPast = [
        second_complaint(),
        with_changes(CLASSIFY, kind=COMPLAINT, occurred_on=MONDAY),
        with_changes(ACCEPT, occurred_on=MONDAY),
    ]
    after = petition_after([*on_the_same_day, *corrected])
    assert after.status.clocks == {Clock.SETTLEMENT: counted(MONDAY, 45)}


@pytest.mark.parametrize(
    ("changes", "no"),
    [
        ({"kind": DENUNCIATION}, "only a complaint asks for the instance “second”"),
        ({"kind": None}, "only a complaint asks for the instance “second”"),
        ({"kind": COMPLAINT, "instance": Instance.FURTHER}, "only a denunciation asks for the instance “further”"),
        ({"instance": None}, "only a second complaint or a further denunciation has an earlier decision"),
        ({"instance": Instance.FIRST}, "only a second complaint or a further denunciation has an earlier decision"),
        ({"earlier_decision": DECISION | {"received_on": july(7)}}, "no later than the receipt .* on 2026-07-06"),
        ({"earlier_decision": DECISION | {"decided_on": date(2026, 6, 16)}}, "is issued first"),
    ],
)
def test_an_instance_that_cannot_be_is_refused(changes: dict[str, object], no: str) -> None:
    with pytest.raises(Refused, match=no):
        outcome(given=[], when=second_complaint(**changes))
    if changes.get("kind", COMPLAINT) is not None:
        said = {"kind": COMPLAINT, "instance": Instance.SECOND, "earlier_decision": DECISION} | changes
        with pytest.raises(Refused, match=no):
            outcome(given=[RECEIVE], when=with_changes(CLASSIFY, **said))


def test_there_is_no_third_complaint() -> None:
    answered_second: GivenPast = [second_complaint(), *answered(COMPLAINT)[1:]]
    with pytest.raises(Refused, match="the law knows no third"):
        outcome(given=answered_second, when=with_changes(COMPLAIN_AGAIN, occurred_on=august(3)))
    outcome(given=answered_second, when=with_changes(SUE, occurred_on=august(3)))


# -- the window of a second complaint ----------------------------------------------------------------------------------


def told_on(day: date, *, remote: bool = False, is_closed: bool = True) -> list[PetitionCommand]:
    receive = with_changes(RECEIVE, is_remote_area=remote)
    past: list[PetitionCommand] = [
        receive,
        *in_progress(COMPLAINT)[1:],
        ANSWER,
        with_changes(NOTIFY, occurred_on=day),
    ]
    return [*past, with_changes(CLOSE, occurred_on=day)] if is_closed else past


@pytest.mark.parametrize("remote", [False, True])
@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("told", [july(21), july(24), july(30), august(3)])
def test_the_window_is_that_of_article_33_from_the_receipt_of_the_decision(
    remote: bool, is_closed: bool, told: date
) -> None:
    """Told on 24 July, 30 days end on Sunday 23 August, so on Monday 24; on 30 July and 3 August before holidays."""
    past = told_on(told, remote=remote, is_closed=is_closed)
    last_day = counted(told, 45 if remote else 30)
    lodged = only_fact(
        SecondComplaintLodged, outcome(given=past, when=with_changes(COMPLAIN_AGAIN, occurred_on=last_day))
    )
    assert lodged.occurred_on == last_day
    with pytest.raises(Refused, match=f"counted from {told}, ended on {last_day}") as refused:
        outcome(given=past, when=with_changes(COMPLAIN_AGAIN, occurred_on=last_day + ONE_DAY))
    assert "Điều 33" in str(refused.value)
    assert refused.value.instead("vi")


def test_a_closed_petition_stays_open_to_the_citizen_and_not_to_those_above() -> None:
    past = told_on(july(21))
    assert petition_after([*past, with_changes(SUE, occurred_on=july(28))]).stage is Stage.SUED
    after = petition_after([*past, with_changes(COMPLAIN_AGAIN, occurred_on=july(28))])
    assert (after.stage, after.ways_up) == (Stage.COMPLAINED_AGAIN, frozenset({WayUp.SECOND_COMPLAINT}))
    assert after.status.settled_on == ANSWER.occurred_on, "how late the first stage was does not change"
    with pytest.raises(Refused, match="needs a petition that is overdue"):
        outcome(given=past, when=ORDER_CHECK)


def test_where_nobody_knows_when_the_decision_was_received_the_window_cannot_be_shown_to_have_passed() -> None:
    past: GivenPast = [*in_progress(COMPLAINT), ANSWER]
    on = date(2026, 10, 20)
    opened = stage_above(past, with_changes(COMPLAIN_AGAIN, occurred_on=on))
    assert opened.earlier_decision == EarlierDecision(decided_on=ANSWER.occurred_on)


def test_the_first_telling_of_the_last_answer_counts() -> None:
    past: GivenPast = [*told_on(july(21), is_closed=False), with_changes(NOTIFY, occurred_on=august(10))]
    with pytest.raises(Refused, match="counted from 2026-07-21"):
        outcome(given=past, when=with_changes(COMPLAIN_AGAIN, occurred_on=august(21)))


def test_a_corrected_day_of_an_answer_at_a_meeting_moves_the_window() -> None:
    past: GivenPast = [with_changes(RECEIVE, kind=PROPOSAL, occurred_on=july(1)), ANSWER_AT_MEETING]
    corrected: GivenPast = [with_changes(PROPOSE, answered_on=july(3), place=None, occurred_on=july(9)), APPROVE]
    assert petition_after(past).told_on == MONDAY
    assert petition_after([*past, *corrected]).told_on == july(3)


def test_without_a_decision_the_window_counts_from_the_end_of_the_limit() -> None:
    """Accepted on 9 July: the 30 days of Art 28 end on 10 August, the 30 of Art 33 on 9 September."""
    past: GivenPast = [
        *in_progress(COMPLAINT)[:-2],
    ]
    due_on = counted(ACCEPT.occurred_on, 30)
    last_day = counted(due_on, 30)
    with pytest.raises(Refused, match="not overdue does not go up"):
        outcome(given=past, when=with_changes(COMPLAIN_AGAIN, occurred_on=due_on))
    for day in (due_on + ONE_DAY, last_day):
        outcome(given=past, when=with_changes(COMPLAIN_AGAIN, occurred_on=day))
    with pytest.raises(Refused, match=f"counted from {due_on}, ended on {last_day}"):
        outcome(given=past, when=with_changes(COMPLAIN_AGAIN, occurred_on=last_day + ONE_DAY))


def test_what_was_lodged_before_the_decision_needs_a_limit_that_had_passed_then() -> None:
    in_time = told_on(july(21))
    with pytest.raises(Refused, match="before its answer on 2026-07-20 the petition was not overdue"):
        outcome(given=in_time, when=with_changes(COMPLAIN_AGAIN, occurred_on=july(17)))
    late: GivenPast = [*in_progress(COMPLAINT), with_changes(ANSWER, occurred_on=august(20))]
    outcome(given=late, when=with_changes(COMPLAIN_AGAIN, occurred_on=august(12)))


@pytest.mark.parametrize(
    "past",
    [
        [*in_progress(COMPLAINT), WITHDRAW, AGREE_TO_WITHDRAWAL],
        [*classified_as(COMPLAINT), REFUSE],
        [*classified_as(COMPLAINT), TRANSFER],
        [*in_progress(COMPLAINT), ANSWER, SUE],
    ],
)
def test_what_ended_without_a_decision_of_ours_has_no_second_complaint(past: GivenPast) -> None:
    with pytest.raises(Refused, match="not overdue does not go up"):
        outcome(given=past, when=with_changes(COMPLAIN_AGAIN, occurred_on=august(12)))


# -- the stage above ---------------------------------------------------------------------------------------------------


def stage_above(past: GivenPast, when: PetitionCommand) -> StageOpened:
    (fact,) = outcome(given=past, when=when)
    (opened,) = new_streams(petition_after(past), fact, when, decision_context(HEAD))
    (opening,) = opened.facts
    assert isinstance(opening, StageOpened)
    return opening


@pytest.mark.parametrize(("remote", "days"), [(False, 45), (True, 60)])
def test_a_second_complaint_after_closing_is_accepted_and_settled_above(remote: bool, days: int) -> None:
    opened = stage_above(told_on(july(24), remote=remote), COMPLAIN_AGAIN)
    assert opened.earlier_decision == EarlierDecision(decided_on=ANSWER.occurred_on, received_on=july(24))
    above = petition_after([opened])
    assert above.status.clocks[Clock.ACCEPTANCE] == worked_days(COMPLAIN_AGAIN.occurred_on, 7)
    accepted: GivenPast = [
        opened,
        with_changes(CLASSIFY, kind=COMPLAINT, occurred_on=august(12)),
        with_changes(ACCEPT, occurred_on=august(14)),
    ]
    assert petition_after(accepted).status.clocks == {Clock.SETTLEMENT: counted(august(14), days)}


def test_the_matters_of_a_letter_classified_as_a_second_complaint_are_second_too() -> None:
    past: GivenPast = [
        RECEIVE,
        with_changes(CLASSIFY, kind=COMPLAINT, instance=Instance.SECOND, earlier_decision=DECISION),
    ]
    split = with_changes(SPLIT, occurred_on=july(9))
    (fact,) = outcome(given=past, when=split)
    for opened in new_streams(petition_after(past), fact, split, decision_context(HEAD)):
        (matter,) = opened.facts
        assert isinstance(matter, MatterOpened)
        assert (matter.instance, matter.earlier_decision) == (Instance.SECOND, RECORDED_DECISION)


# -- further denunciations ---------------------------------------------------------------------------------------------

REVIEWED_ON = DENOUNCE_FURTHER.occurred_on
CLASSIFY_ABOVE = with_changes(CLASSIFY, kind=DENUNCIATION, occurred_on=REVIEWED_ON)


def denounced_further() -> StageOpened:
    return stage_above([*answered(DENUNCIATION), CLOSE], DENOUNCE_FURTHER)


def test_the_file_of_a_further_denunciation_is_reviewed_within_twenty_days() -> None:
    """Law 25/2018 Art 37.2. The limit of an acceptance does not run beside it."""
    due_on = counted(REVIEWED_ON, 20)
    pasts: list[GivenPast] = [[denounced_further()], [denounced_further(), CLASSIFY_ABOVE]]
    for past in pasts:
        above = petition_after(past)
        assert above.status.clocks == {Clock.FURTHER_REVIEW: due_on}
        assert above.deadlines[Clock.FURTHER_REVIEW].policy == "denunciation-further-review@1"


def test_one_that_was_settled_first_elsewhere_is_reviewed_within_them_too() -> None:
    receive = second_complaint(kind=DENUNCIATION, instance=Instance.FURTHER)
    assert petition_after([receive]).status.clocks == {Clock.FURTHER_REVIEW: counted(MONDAY, 20)}
    found_later: GivenPast = [
        with_changes(RECEIVE, kind=DENUNCIATION),
        with_changes(CLASSIFY, kind=DENUNCIATION, instance=Instance.FURTHER),
    ]
    assert petition_after(found_later).status.clocks == {Clock.FURTHER_REVIEW: counted(MONDAY, 20)}
    first_after_all: GivenPast = [*found_later, with_changes(RECLASSIFY, kind=DENUNCIATION, instance=Instance.FIRST)]
    assert petition_after(first_after_all).status.clocks == {
        Clock.TRIAGE: worked_days(MONDAY, 10),
        Clock.ACCEPTANCE: worked_days(MONDAY, 7),
    }


def test_settled_again_it_has_the_limit_of_a_denunciation_from_the_acceptance() -> None:
    accepted_on = date(2026, 10, 16)
    past: GivenPast = [denounced_further(), CLASSIFY_ABOVE, with_changes(ACCEPT, occurred_on=accepted_on)]
    assert petition_after(past).status.clocks == {Clock.SETTLEMENT: counted(accepted_on, 30)}


def test_without_a_ground_to_settle_again_it_ends_and_the_denouncer_is_told() -> None:
    refuse = with_changes(
        REFUSE, occurred_on=date(2026, 10, 20), ground_code=None, ground="không có căn cứ giải quyết lại tố cáo"
    )
    past: GivenPast = [denounced_further(), CLASSIFY_ABOVE]
    refusal = only_fact(AcceptanceRefused, outcome(given=past, when=refuse))
    assert refusal.ground_code == "no_ground_to_settle_again"
    status = petition_after([*past, refuse]).status
    assert (status.stage, status.settled_on, status.due_when_settled) == (
        Stage.REFUSED,
        date(2026, 10, 20),
        counted(REVIEWED_ON, 20),
    )
    with pytest.raises(Refused, match="one of the grounds of the law"):
        outcome(given=past, when=with_changes(refuse, ground_code=Ground.OUTSIDE_COMPETENCE))


@pytest.mark.parametrize("other", [COMPLAINT, PROPOSAL])
def test_a_further_denunciation_that_is_none_has_the_limits_of_what_it_is(other: PetitionKind) -> None:
    past: GivenPast = [
        denounced_further(),
        CLASSIFY_ABOVE,
        with_changes(RECLASSIFY, kind=other, occurred_on=REVIEWED_ON),
    ]
    triage = {Clock.TRIAGE: worked_days(REVIEWED_ON, 10)}
    acceptance = {Clock.ACCEPTANCE: worked_days(REVIEWED_ON, 7)} if other is COMPLAINT else {}
    assert petition_after(past).status.clocks == triage | acceptance
    back: GivenPast = [*past, with_changes(RECLASSIFY, kind=DENUNCIATION, occurred_on=REVIEWED_ON)]
    assert petition_after(back).status.clocks == {Clock.FURTHER_REVIEW: counted(REVIEWED_ON, 20)}


def test_a_late_review_stays_late_whatever_it_is_called() -> None:
    late_on = counted(REVIEWED_ON, 20) + ONE_DAY
    past: GivenPast = [
        denounced_further(),
        CLASSIFY_ABOVE,
        with_changes(RECLASSIFY, kind=PROPOSAL, occurred_on=late_on),
    ]
    assert petition_after(past).status.clocks[Clock.FURTHER_REVIEW] == counted(REVIEWED_ON, 20)


def test_a_declined_transfer_begins_the_review_anew() -> None:
    past: GivenPast = [
        denounced_further(),
        CLASSIFY_ABOVE,
        with_changes(TRANSFER, occurred_on=date(2026, 10, 5)),
        with_changes(DECLINED, occurred_on=date(2026, 10, 12)),
    ]
    assert petition_after(past).status.clocks == {Clock.FURTHER_REVIEW: counted(date(2026, 10, 12), 20)}


@pytest.mark.parametrize("past", [[*in_progress(DENUNCIATION), WITHDRAW, AGREE_TO_WITHDRAWAL]])
def test_a_withdrawn_denunciation_has_no_further_one(past: GivenPast) -> None:
    with pytest.raises(Refused, match="not overdue does not go up"):
        outcome(given=past, when=DENOUNCE_FURTHER)
