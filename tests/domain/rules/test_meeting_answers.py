"""Tests petitions at meetings, and the dialogue of a complaint, which is no meeting."""

from datetime import date

import pytest

from domain.commands import ContributionAskedFor
from domain.decide import decide
from domain.errors import Refused
from domain.events import (
    AnsweredAtMeeting,
    ComplaintDialogueHeld,
    Contribution,
    Official,
    PetitionAssigned,
    PetitionPreparedForMeeting,
    PetitionReceived,
)
from domain.value import UNSET, said
from domain.vocabulary import OfficerId
from tests.domain.samples import (
    ACCEPT,
    ANSWER_AT_MEETING,
    ASSIGN,
    CLASSIFY,
    COMPLAINT,
    COMPLAINT_DIALOGUE,
    PREPARE,
    PROPOSAL,
    RECEIVE,
    START,
    assigned,
    classified_as,
    july,
    with_changes,
)
from tests.domain.scenario import (
    HEAD,
    MEETING,
    MONDAY,
    UNITS,
    decision_context,
    only_fact,
    outcome,
    petition_after,
    usual_officer,
)


def test_a_petition_is_collected_for_a_meeting_to_come() -> None:
    command = with_changes(RECEIVE, meeting_id=MEETING)
    (fact,) = decide(command, None, decision_context(usual_officer(command), planned_for=july(20))).facts
    assert isinstance(fact, PetitionReceived)
    assert fact.meeting_id == MEETING
    with pytest.raises(Refused, match="is planned for 2026-07-05"):
        decide(command, None, decision_context(usual_officer(command), planned_for=july(5)))


def test_what_is_raised_at_a_meeting_without_a_plan_is_raised_on_its_day() -> None:
    with pytest.raises(Refused, match="the meeting was held on 2026-07-07, not on 2026-07-06"):
        outcome(given=[], when=with_changes(RECEIVE, meeting_id=MEETING), meeting_on=july(7))


def test_an_answer_is_prepared_before_the_meeting_and_may_be_entered_after_it() -> None:
    petition = petition_after([RECEIVE])
    for context in (decision_context(HEAD, planned_for=july(7)), decision_context(HEAD, meeting_on=july(7))):
        (fact,) = decide(PREPARE, petition, context).facts
        assert isinstance(fact, PetitionPreparedForMeeting)
        assert (fact.meeting_id, fact.proposed_answer) == (MEETING, "sửa trong quý III")
        with pytest.raises(Refused, match="nothing was prepared for it afterwards"):
            decide(with_changes(PREPARE, occurred_on=july(8)), petition, context)
    with pytest.raises(Refused, match="there is no such meeting"):
        decide(PREPARE, petition, decision_context(HEAD, meeting_on=None))
    with pytest.raises(Refused, match="there is no unit “so-la”"):
        decide(with_changes(PREPARE, prepared_by_unit="so-la"), petition, decision_context(HEAD))


def test_the_head_orders_a_named_official_to_answer() -> None:
    fact = only_fact(
        AnsweredAtMeeting, outcome(given=[RECEIVE], when=with_changes(ANSWER_AT_MEETING, ordered_by="chu-tich"))
    )
    assert (fact.answered_by, fact.ordered_by) == (
        Official(officer=OfficerId("giam-doc"), position="Giám đốc"),
        Official(officer=OfficerId("chu-tich")),
    )
    assert only_fact(AnsweredAtMeeting, outcome(given=[RECEIVE], when=ANSWER_AT_MEETING)).ordered_by is UNSET


def test_an_assignment_notice_has_a_signer_a_meeting_and_dates_of_the_coordinating_units() -> None:
    command = with_changes(
        ASSIGN,
        coordinating_units=["so-khac"],
        contributions=[{"unit": "so-khac", "due_on": july(20)}],
        notice_signed_by="chu-tich",
        notice_signer_position="Chủ tịch",
        meeting_id=MEETING,
    )
    fact = only_fact(PetitionAssigned, outcome(given=[RECEIVE, with_changes(CLASSIFY, kind=PROPOSAL)], when=command))
    signer = Official(officer=OfficerId("chu-tich"), position="Chủ tịch")
    assert (fact.notice_no, fact.notice_signed_by, fact.meeting_id) == ("40/TB-PC", signer, MEETING)
    assert fact.contributions == (Contribution(unit=UNITS.by_id["so-khac"].unit, due_on=july(20)),)  # type: ignore[index]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ([("bo-mau", july(20))], "is not named as a coordinating unit"),
        ([("so-khac", july(20)), ("so-khac", july(21))], "has two dates"),
        ([("so-khac", date(2026, 8, 1))], "must lie between"),
        ([("so-khac", july(9))], "must lie between"),
    ],
)
def test_the_date_of_a_coordinating_unit_lies_within_that_of_the_lead_unit(
    said: list[tuple[str, date]], reason: str
) -> None:
    contributions = [ContributionAskedFor(unit=unit, due_on=due_on).model_dump() for unit, due_on in said]
    command = with_changes(ASSIGN, coordinating_units=["so-khac"], contributions=contributions)
    with pytest.raises(Refused, match=reason):
        outcome(given=[RECEIVE, with_changes(CLASSIFY, kind=PROPOSAL)], when=command)


def test_a_notice_follows_a_meeting_that_was_held_by_then() -> None:
    command, given = with_changes(ASSIGN, meeting_id=MEETING), classified_as(PROPOSAL)
    with pytest.raises(Refused, match="nothing was assigned by it before"):
        outcome(given=given, when=command, meeting_on=july(13))
    with pytest.raises(Refused, match="there is no such meeting"):
        outcome(given=given, when=command, meeting_on=None)
    with pytest.raises(Refused, match="not on record as held"):
        decide(command, petition_after(given), decision_context(HEAD, planned_for=july(20)))


def test_the_dialogue_of_a_complaint_is_a_step_of_its_settlement_and_no_meeting() -> None:
    fact = only_fact(ComplaintDialogueHeld, outcome(given=[*assigned(COMPLAINT), START], when=COMPLAINT_DIALOGUE))
    assert (fact.minutes_no, fact.invited_on, fact.invite_by) == ("52/BB-ĐTKN", july(8), july(10))
    assert "meeting_id" not in type(fact).__struct_fields__
    with pytest.raises(Refused, match="only the settlement of a complaint has such a dialogue"):
        outcome(given=[*assigned(PROPOSAL), START], when=COMPLAINT_DIALOGUE)
    with pytest.raises(Refused, match="cannot have a dialogue with its parties"):
        outcome(
            given=[with_changes(RECEIVE, kind=COMPLAINT), with_changes(CLASSIFY, kind=COMPLAINT), ACCEPT],
            when=COMPLAINT_DIALOGUE,
        )


def test_a_party_is_present_or_absent_and_was_invited_before() -> None:
    given = [*assigned(COMPLAINT), START]
    with pytest.raises(Refused, match="is named once"):
        outcome(given=given, when=with_changes(COMPLAINT_DIALOGUE, absent_without_reason=["complainant"]))
    with pytest.raises(Refused, match="cannot have been invited after"):
        outcome(given=given, when=with_changes(COMPLAINT_DIALOGUE, invited_on=july(16)))


def test_a_dialogue_to_which_the_parties_were_invited_too_late_is_recorded() -> None:
    late = with_changes(COMPLAINT_DIALOGUE, invited_on=july(14))
    fact = only_fact(ComplaintDialogueHeld, outcome(given=[*assigned(COMPLAINT), START], when=late))
    assert fact.invited_on is not None
    assert fact.invite_by is not None
    assert said(fact.invited_on, MONDAY) > said(fact.invite_by, MONDAY) > MONDAY
