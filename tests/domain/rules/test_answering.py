"""Tests answers, the notification of the citizen and the follow-up of promises."""

import pytest

from domain.actor import Officer
from domain.errors import Refused
from domain.events import (
    AnsweredAtMeeting,
    AnsweredInWriting,
    CitizenNotified,
    Official,
    PromiseMade,
    PromiseReported,
    Remedy,
)
from domain.value import UNSET
from domain.vocabulary import OfficerId, PetitionKind, PromiseState, Stage, UnitId
from tests.domain.samples import (
    ACCEPT,
    ANSWER,
    ANSWER_AT_MEETING,
    ASSIGN,
    CLASSIFY,
    COMPLAINT,
    DENUNCIATION,
    KEEP,
    NOTIFY,
    PREPARE,
    PROMISE,
    PROPOSAL,
    REASSIGN,
    RECEIVE,
    RECEIVE_UNCLASSIFIED,
    SUSPEND,
    answered,
    assigned,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import CLERK, HEAD, MEETING, MONDAY, WORKER, GivenPast, only_fact, outcome, petition_after

DIRECTOR = Official(officer=OfficerId("giam-doc"), position="Giám đốc")

# -- at the meeting ----------------------------------------------------------------------------------------------------


def test_an_answer_at_the_meeting_is_by_a_named_official_on_a_page_of_the_minutes() -> None:
    answer = only_fact(AnsweredAtMeeting, outcome(given=[RECEIVE], when=ANSWER_AT_MEETING))
    assert (answer.meeting_id, answer.answered_by, answer.minutes_page) == (MEETING, DIRECTOR, "4")
    assert answer.occurred_on == MONDAY


def test_who_holds_the_meeting_answers_for_it_unless_a_unit_was_assigned() -> None:
    assert only_fact(AnsweredAtMeeting, outcome(given=[RECEIVE], when=ANSWER_AT_MEETING)).unit == "ubnd-tinh"
    assert petition_after([RECEIVE, ANSWER_AT_MEETING]).status.unit == "ubnd-tinh"
    assigned_first = outcome(
        given=assigned(PROPOSAL), when=with_changes(ANSWER_AT_MEETING, occurred_on=july(10)), meeting_on=july(10)
    )
    assert only_fact(AnsweredAtMeeting, assigned_first).unit == "so-mau"


def test_a_meeting_that_is_not_on_record_answers_nothing() -> None:
    with pytest.raises(Refused, match="there is no such meeting on record"):
        outcome(given=[RECEIVE], when=ANSWER_AT_MEETING, meeting_on=None)


def test_a_meeting_answers_on_the_day_on_which_it_was_held() -> None:
    with pytest.raises(Refused, match="the meeting was held on 2026-07-06, not on 2026-07-07"):
        outcome(given=[RECEIVE], when=with_changes(ANSWER_AT_MEETING, occurred_on=july(7)))


@pytest.mark.parametrize("kind", [COMPLAINT, DENUNCIATION])
def test_a_complaint_is_settled_by_a_decision_and_never_at_a_meeting(kind: PetitionKind) -> None:
    received: GivenPast = [with_changes(RECEIVE, kind=kind)]
    for given in (received, classified_as(kind), [*classified_as(kind), ACCEPT], assigned(kind), in_progress(kind)):
        with pytest.raises(Refused, match=f"a {kind} is settled by a decision under its own law") as refused:
            outcome(given=given, when=with_changes(ANSWER_AT_MEETING, occurred_on=july(13)), meeting_on=july(13))
        assert "biên bản" in refused.value.instead("vi")


def test_what_nobody_classified_is_put_on_the_list_of_a_meeting_and_answered_there_once_it_is_a_proposal() -> None:
    given: GivenPast = [RECEIVE_UNCLASSIFIED, PREPARE]
    with pytest.raises(Refused, match="of no kind yet has no ending by answer at a meeting"):
        outcome(given=given, when=ANSWER_AT_MEETING)
    at_once = with_changes(CLASSIFY, occurred_on=ANSWER_AT_MEETING.occurred_on)
    only_fact(AnsweredAtMeeting, outcome(given=[*given, at_once], when=ANSWER_AT_MEETING))


@pytest.mark.parametrize(
    "given", [[RECEIVE], classified_as(PROPOSAL), [*classified_as(PROPOSAL), ACCEPT], assigned(PROPOSAL)]
)
def test_a_proposal_is_answered_at_a_meeting_until_somebody_works_on_it(given: GivenPast) -> None:
    at_meeting = with_changes(ANSWER_AT_MEETING, occurred_on=july(10))
    only_fact(AnsweredAtMeeting, outcome(given=given, when=at_meeting, meeting_on=july(10)))


@pytest.mark.parametrize("given", [in_progress(PROPOSAL), answered(PROPOSAL), [RECEIVE, ANSWER_AT_MEETING]])
def test_a_petition_that_is_worked_on_or_answered_is_not_answered_at_a_meeting(given: GivenPast) -> None:
    with pytest.raises(Refused, match="cannot be answered at a meeting"):
        outcome(given=given, when=ANSWER_AT_MEETING)


def test_a_citizen_who_was_there_knows_the_answer() -> None:
    assert petition_after([RECEIVE, ANSWER_AT_MEETING]).is_citizen_told
    absent = with_changes(ANSWER_AT_MEETING, citizen_present=False)
    assert not petition_after([RECEIVE, absent]).is_citizen_told


# -- in writing --------------------------------------------------------------------------------------------------------


def test_a_written_answer_stops_all_clocks_and_keeps_what_was_due() -> None:
    answer = only_fact(AnsweredInWriting, outcome(given=in_progress(COMPLAINT), when=ANSWER))
    assert (answer.unit, answer.result, answer.signed_by) == ("so-mau", ANSWER.result, DIRECTOR)
    status = petition_after([*in_progress(COMPLAINT), ANSWER]).status
    assert status.clocks == {}
    assert (status.settled_on, status.due_when_settled) == (july(20), july(31))


def test_a_result_that_nobody_knows_is_left_unsaid_and_each_remedy_has_its_text() -> None:
    unknown = with_changes(ANSWER, result=None, remedies=["sửa đường", "xin lỗi"])
    answer = only_fact(AnsweredInWriting, outcome(given=in_progress(COMPLAINT), when=unknown))
    assert answer.result is UNSET
    assert answer.remedies == (Remedy(text="sửa đường"), Remedy(text="xin lỗi"))
    assert only_fact(AnsweredInWriting, outcome(given=in_progress(COMPLAINT), when=ANSWER)).remedies is UNSET


def test_an_answer_is_not_before_the_receipt() -> None:
    with pytest.raises(Refused, match="was received on 2026-07-06; nothing can have happened to it before"):
        outcome(given=in_progress(PROPOSAL), when=with_changes(ANSWER, occurred_on=july(3)))


def test_an_answer_is_not_tomorrow() -> None:
    with pytest.raises(Refused, match="lies in the future"):
        outcome(given=in_progress(PROPOSAL), when=ANSWER, today=july(19))


def test_a_petition_nobody_has_taken_up_is_not_answered_in_writing() -> None:
    with pytest.raises(Refused, match="that nobody has classified and taken up cannot be answered in writing"):
        outcome(given=[RECEIVE], when=ANSWER)


@pytest.mark.parametrize("given", [classified_as(PROPOSAL), [*classified_as(PROPOSAL), ACCEPT]])
def test_a_petition_nobody_handles_is_not_answered_in_writing(given: GivenPast) -> None:
    with pytest.raises(Refused, match="cannot be answered in writing"):
        outcome(given=given, when=ANSWER)


def test_a_suspended_petition_is_resumed_before_it_is_answered() -> None:
    with pytest.raises(Refused, match="that is suspended cannot be answered in writing"):
        outcome(given=[*in_progress(COMPLAINT), SUSPEND], when=ANSWER)


ACCOUNTABLE = Officer(officer=OfficerId("giam-doc"), unit=UnitId("noi-khac"), position="Giám đốc")
NEW_UNIT = Officer(officer=OfficerId("nguoi-khac"), unit=UnitId("so-khac"), position="Chuyên viên")


@pytest.mark.parametrize("by", [WORKER, HEAD, ACCOUNTABLE], ids=["its unit", "who assigned", "its head"])
def test_the_assigned_unit_who_assigned_it_and_the_accountable_head_answer(by: Officer) -> None:
    only_fact(AnsweredInWriting, outcome(given=in_progress(PROPOSAL), when=ANSWER, by=by))


def test_another_unit_does_not_answer() -> None:
    with pytest.raises(Refused, match="the answer must come from the assigned unit “so-mau” or its head"):
        outcome(given=in_progress(PROPOSAL), when=ANSWER, by=CLERK)


def test_after_a_reassignment_the_new_unit_answers_and_the_old_one_does_not() -> None:
    given = [*in_progress(PROPOSAL), REASSIGN]
    assert only_fact(AnsweredInWriting, outcome(given=given, when=ANSWER, by=NEW_UNIT)).unit == "so-khac"
    with pytest.raises(Refused, match="must come from the assigned unit “so-khac”"):
        outcome(given=given, when=ANSWER, by=WORKER)


# -- after the answer --------------------------------------------------------------------------------------------------


def test_that_the_answer_reached_the_citizen_is_recorded_with_its_evidence_if_there_is_any() -> None:
    given = [*in_progress(PROPOSAL), ANSWER]
    assert not petition_after(given).is_citizen_told
    assert only_fact(CitizenNotified, outcome(given=given, when=NOTIFY)).evidence
    unproven = with_changes(NOTIFY, evidence="")
    assert only_fact(CitizenNotified, outcome(given=given, when=unproven)).evidence is UNSET
    assert petition_after([*given, NOTIFY]).is_citizen_told


def test_the_citizen_is_not_told_before_there_is_an_answer() -> None:
    with pytest.raises(Refused, match="that is in progress cannot be notified as answered"):
        outcome(given=in_progress(PROPOSAL), when=NOTIFY)
    with pytest.raises(Refused, match="the citizen cannot have been told before the answer was given"):
        outcome(given=[*in_progress(PROPOSAL), ANSWER], when=with_changes(NOTIFY, occurred_on=july(19)))


def test_a_promise_is_no_fulfilment_and_is_known_by_its_number() -> None:
    given = [*answered(PROPOSAL), PROMISE]
    assert only_fact(PromiseMade, outcome(given=answered(PROPOSAL), when=PROMISE)).number == 1
    assert only_fact(PromiseMade, outcome(given=given, when=PROMISE)).number == 2
    assert petition_after(given).stage is Stage.ANSWERED_IN_WRITING
    kept = only_fact(PromiseReported, outcome(given=given, when=KEEP))
    assert (kept.number, kept.state, kept.result) == (1, PromiseState.KEPT, "đã sửa xong")
    assert petition_after([*given, KEEP]).stage is Stage.IMPLEMENTED


def test_a_petition_is_implemented_once_all_its_promises_are_kept_and_the_last_report_counts() -> None:
    two = [*answered(PROPOSAL), PROMISE, PROMISE]
    second = with_changes(KEEP, number=2)
    assert petition_after([*two, KEEP]).stage is Stage.ANSWERED_IN_WRITING
    assert petition_after([*two, with_changes(second, state=PromiseState.PARTLY_KEPT), KEEP]).stage is (
        Stage.ANSWERED_IN_WRITING
    )
    assert petition_after([*two, second, KEEP]).stage is Stage.IMPLEMENTED
    wrong = with_changes(second, state=PromiseState.NOT_KEPT, result="")
    assert petition_after([*two, second, KEEP, wrong]).stage is Stage.ANSWERED_IN_WRITING
    assert petition_after([*two, second, KEEP, wrong, second]).stage is Stage.IMPLEMENTED


def test_a_further_promise_makes_an_implemented_petition_an_answered_one_again() -> None:
    later = with_changes(PROMISE, occurred_on=july(30))
    at_meeting: GivenPast = [RECEIVE, ANSWER_AT_MEETING, PROMISE, KEEP]
    assert petition_after(at_meeting).stage is Stage.IMPLEMENTED
    assert petition_after([*at_meeting, later]).stage is Stage.ANSWERED_AT_MEETING
    assert petition_after([*at_meeting, later, with_changes(KEEP, number=2)]).stage is Stage.IMPLEMENTED


def test_only_a_promise_that_was_made_is_reported_on_and_not_before_it_was_made() -> None:
    with pytest.raises(Refused, match="this petition has no promise 2"):
        outcome(given=[*answered(PROPOSAL), PROMISE], when=with_changes(KEEP, number=2))
    with pytest.raises(Refused, match="promise 1 was made on 2026-07-22; it cannot have been kept before"):
        outcome(given=[*answered(PROPOSAL), PROMISE], when=with_changes(KEEP, occurred_on=july(21)), today=july(22))


def test_a_recorded_report_of_no_known_promise_changes_nothing() -> None:
    stray = PromiseReported(occurred_on=july(30), number=7, state=PromiseState.KEPT)
    assert petition_after([*answered(PROPOSAL), stray]).status == petition_after(answered(PROPOSAL)).status


def test_only_what_was_answered_has_promises() -> None:
    with pytest.raises(Refused, match="that is assigned cannot have a promise"):
        outcome(given=[*classified_as(PROPOSAL), ASSIGN], when=PROMISE)
    with pytest.raises(Refused, match="this petition has no promise"):
        outcome(given=[*classified_as(PROPOSAL), ASSIGN], when=KEEP)
