"""Tests corrections: an event is never edited, and a second person approves the right values."""

import pytest

from domain.actor import Officer
from domain.commands import PetitionCommand
from domain.correcting.fields import apply_correction, read_field
from domain.deadlines.clock import Clock
from domain.errors import Refused
from domain.events import (
    AnsweredInWriting,
    Correction,
    CorrectionProposed,
    MatterOpened,
    RecordCorrected,
    SupplementReceived,
)
from domain.value import UNSET, UnsetType
from domain.vocabulary import Channel, Stage
from tests.domain.samples import (
    AGREE_TO_WITHDRAWAL,
    ANSWER,
    APPROVE,
    ASK_FOR_TIME,
    ASSIGN,
    COMPLAINT,
    DENUNCIATION,
    EXTEND,
    NOTIFY,
    PROPOSAL,
    PROPOSE,
    RECEIVE,
    REOPEN,
    WITHDRAW,
    answered,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import CLERK, DEPUTY, FIRST_LETTER, HEAD, Act, GivenPast, only_fact, outcome, petition_after

NOTHING = {"place": None}


def test_a_correction_keeps_the_event_and_says_what_who_and_why() -> None:
    assert only_fact(CorrectionProposed, outcome(given=[RECEIVE], when=PROPOSE)).why == "gõ nhầm"
    corrected = only_fact(RecordCorrected, outcome(given=[RECEIVE, PROPOSE], when=APPROVE))
    assert (corrected.corrections, corrected.proposed_by) == (
        (Correction(version=1, form=1, path="place", text_becomes="xã Mẫu"),),
        CLERK.officer,
    )


def proposed(given: GivenPast, **changes: object) -> tuple[Correction, ...]:
    command = with_changes(PROPOSE, **{**NOTHING, "occurred_on": august(5), **changes})
    return only_fact(CorrectionProposed, outcome(given=given, when=command)).corrections


def test_a_correction_says_event_form_field_and_both_values_as_texts_or_json() -> None:
    receipt = with_changes(RECEIVE, summary="Đường hỏng", place="xã Sai", person_count=3)
    assert proposed([receipt], received_on=july(1), summary='Đường "liên thôn" hỏng', person_count=7) == (
        Correction(version=1, form=1, path="occurred_on", was='"2026-07-06"', becomes='"2026-07-01"'),
        Correction(version=1, form=1, path="summary", text_was="Đường hỏng", text_becomes='Đường "liên thôn" hỏng'),
        Correction(version=1, form=1, path="person_count", was="3", becomes="7"),
    )
    again: GivenPast = [receipt, with_changes(PROPOSE, place="xã Mẫu"), APPROVE]
    assert proposed(again, place="xã Khác") == (
        Correction(version=1, form=1, path="place", text_was="xã Mẫu", text_becomes="xã Khác"),
    )


def test_the_day_of_the_answer_is_that_of_the_last_answer_in_the_history() -> None:
    (correction,) = proposed([*in_progress(PROPOSAL), ANSWER], answered_on=july(15))
    answer_version = len(in_progress(PROPOSAL)) + 1
    assert correction == Correction(
        version=answer_version, form=1, path="occurred_on", was='"2026-07-20"', becomes='"2026-07-15"'
    )
    second: GivenPast = [*in_progress(PROPOSAL), ANSWER, AnsweredInWriting(occurred_on=ANSWER.occurred_on)]
    (correction,) = proposed(second, answered_on=july(15))
    assert correction.version == answer_version + 1


def test_a_correction_says_what_the_event_said_before() -> None:
    supplement = SupplementReceived(occurred_on=july(7), summary="bản sao")
    assert proposed([RECEIVE, supplement], version=2, summary="bản chính") == (
        Correction(version=2, form=1, path="summary", text_was="bản sao", text_becomes="bản chính"),
    )
    assert proposed(answered(PROPOSAL), version=6, document_no="56/TL") == (
        Correction(version=6, form=1, path="document_no", was='"55/TL"', becomes='"56/TL"'),
    )


def test_a_number_is_that_of_the_event_which_has_it_and_of_no_other() -> None:
    accepted = answered(COMPLAINT)
    assert proposed(accepted, version=3, document_no="31/TB-TL") == (
        Correction(version=3, form=1, path="document_no", was='"30/TB-TL"', becomes='"31/TB-TL"'),
    )
    for number in ("decision_no", "notice_no", "minutes_no"):
        with pytest.raises(Refused, match=f"the event number 3, PetitionAccepted, has no field {number}"):
            proposed(accepted, version=3, **{number: "31/TB-TL"})


def test_a_place_is_always_that_of_the_receipt_and_a_supplement_has_a_summary_of_its_own() -> None:
    supplement = SupplementReceived(occurred_on=july(7), summary="bản sao")
    (correction,) = proposed([with_changes(RECEIVE, place="xã Sai"), supplement], version=2, place="xã Mẫu")
    assert correction == Correction(version=1, form=1, path="place", text_was="xã Sai", text_becomes="xã Mẫu")
    corrected = with_changes(PROPOSE, **NOTHING, version=2, summary="bản chính")
    receipt = with_changes(RECEIVE, summary="Đường hỏng")
    assert petition_after([receipt, supplement, corrected, APPROVE]).opening.summary == "Đường hỏng"


@pytest.mark.parametrize(
    ("becomes", "place"),
    [
        ('"xã Mẫu"', "xã Mẫu"),
        (UNSET, ""),  # taken back
        *((broken, "xã Sai") for broken in ("7", "null", '""', '["xã Mẫu"]', "xã Mẫu", '"xã')),
    ],
)
def test_a_recorded_correction_is_read_in_the_type_of_its_field_or_corrects_nothing(
    becomes: str | UnsetType, place: str
) -> None:
    fact = RecordCorrected(
        occurred_on=july(27),
        corrections=(Correction(version=1, form=1, path="place", becomes=becomes),),
        why="gõ nhầm",
        proposed_by=CLERK.officer,
    )
    assert petition_after([with_changes(RECEIVE, place="xã Sai"), fact]).opening.place == place


def test_the_last_correction_of_a_field_counts_and_a_day_is_never_taken_back() -> None:
    twice = [with_changes(PROPOSE, **NOTHING, person_count=count) for count in (2, 9)]
    petition = petition_after([RECEIVE, twice[0], APPROVE, twice[1], APPROVE])
    assert petition.opening.person_count == 9
    (receipt,) = outcome(given=[], when=RECEIVE)
    back = Correction(version=1, form=1, path="occurred_on", was='"2026-07-06"')
    assert read_field(apply_correction(receipt, back), "occurred_on") == july(6)


def test_the_receipt_of_a_matter_is_that_of_its_letter_and_not_the_day_of_the_split() -> None:
    matter = MatterOpened(
        occurred_on=july(14),
        letter=FIRST_LETTER,
        number=1,
        received_on=july(6),
        channel=Channel.POST,
        summary="đường hỏng",
        book="TD",
        identity_protected=False,
    )
    earlier = with_changes(PROPOSE, **NOTHING, received_on=july(3))
    assert proposed([matter], received_on=july(3)) == (
        Correction(version=1, form=1, path="received_on", was='"2026-07-06"', becomes='"2026-07-03"'),
    )
    assert petition_after([matter, earlier, APPROVE]).received_on == july(3)
    of_split = RecordCorrected(
        occurred_on=july(27),
        corrections=(Correction(version=1, form=1, path="occurred_on", becomes='"2026-07-10"'),),
        why="gõ nhầm",
        proposed_by=CLERK.officer,
    )
    assert petition_after([matter, of_split]).received_on == july(6)
    with pytest.raises(Refused, match="the receipt would lie after what happened on 2026-07-14"):
        outcome(given=[matter], when=with_changes(PROPOSE, **NOTHING, received_on=july(15)))


def test_a_correction_is_that_of_the_answer_it_named_although_another_answer_has_followed() -> None:
    of_answer = with_changes(PROPOSE, **NOTHING, answered_on=july(17))
    again = AnsweredInWriting(occurred_on=ANSWER.occurred_on)
    approved = with_changes(APPROVE, occurred_on=august(4))
    petition = petition_after([*answered(PROPOSAL), of_answer, again, approved])
    assert petition.answers == (july(17), ANSWER.occurred_on)
    assert petition.status.settled_on == july(17)


def test_a_proposal_changes_nothing_until_it_is_approved() -> None:
    assert petition_after([RECEIVE, PROPOSE]).opening.place == ""
    assert petition_after([RECEIVE, PROPOSE, APPROVE]).opening.place == "xã Mẫu"


def test_later_rules_go_by_the_corrected_receipt() -> None:
    more = with_changes(PROPOSE, **NOTHING, person_count=7)
    assert petition_after([RECEIVE, more, APPROVE]).opening.counted_persons == 7


def test_the_number_of_another_document_is_not_the_receipts() -> None:
    of_answer = with_changes(PROPOSE, **NOTHING, version=6, document_no="56/TL")
    assert petition_after([*answered(PROPOSAL), of_answer, APPROVE]).opening.document_no == ""
    of_receipt = with_changes(of_answer, version=1)
    assert petition_after([*answered(PROPOSAL), of_receipt, APPROVE]).opening.document_no == "56/TL"


@pytest.mark.parametrize(
    ("asks", "approves", "is_allowed"),
    [(CLERK, HEAD, True), (CLERK, CLERK, False), (HEAD, DEPUTY, False), (DEPUTY, HEAD, False)],
)
def test_nobody_approves_their_own_correction(asks: Officer, approves: Officer, is_allowed: bool) -> None:
    given: GivenPast = [RECEIVE, Act(PROPOSE, asks)]
    if is_allowed:
        only_fact(RecordCorrected, outcome(given=given, when=APPROVE, by=approves))
    else:
        with pytest.raises(Refused, match="an officer cannot approve a correction of their own"):
            outcome(given=given, when=APPROVE, by=approves)


def test_a_correction_nobody_proposed_is_not_approved_nor_one_twice() -> None:
    pasts: tuple[GivenPast, ...] = ([RECEIVE], [RECEIVE, PROPOSE, APPROVE])
    for given in pasts:
        with pytest.raises(Refused, match="nobody proposed a correction of this petition"):
            outcome(given=given, when=APPROVE)


@pytest.mark.parametrize(
    ("given", "changes", "no"),
    [
        ([RECEIVE], {}, "say what the record should have said"),
        ([RECEIVE], {"version": 2, "place": "xã Mẫu"}, "this petition has no event number 2"),
        ([RECEIVE], {"received_on": "2026-10-31"}, "a corrected day cannot lie in the future"),
        (answered(PROPOSAL), {"answered_on": "2026-10-31"}, "a corrected day cannot lie in the future"),
        ([RECEIVE], {"answered_on": july(8)}, "the petition has no answer whose day could be corrected"),
        (
            [RECEIVE, WITHDRAW, AGREE_TO_WITHDRAWAL],
            {"answered_on": july(8)},
            "the petition has no answer whose day could be corrected",
        ),
        ([*answered(PROPOSAL), REOPEN], {"answered_on": july(8)}, "has no answer whose day could be corrected"),
        (answered(PROPOSAL), {"answered_on": july(3)}, "the answer would lie before the receipt"),
        (
            answered(PROPOSAL),
            {"received_on": july(8), "answered_on": july(7)},
            "the answer would lie before the receipt",
        ),
        (classified_as(PROPOSAL), {"received_on": july(9)}, "the receipt would lie after what happened on 2026-07-08"),
        (
            [RECEIVE],
            {"received_on": july(8), "occurred_on": july(7)},
            "the receipt would lie after what happened on 2026-07-07",
        ),
    ],
)
def test_a_correction_is_possible(given: GivenPast, changes: dict[str, object], no: str) -> None:
    with pytest.raises(Refused, match=no):
        outcome(
            given=given,
            when=with_changes(PROPOSE, **{**NOTHING, "occurred_on": august(5), **changes}),
            today=august(5),
        )


def test_a_correction_that_became_impossible_is_not_approved() -> None:
    of_answer = with_changes(PROPOSE, **NOTHING, answered_on=july(27))
    told = [*in_progress(PROPOSAL), ANSWER, of_answer, with_changes(NOTIFY, occurred_on=july(21))]
    with pytest.raises(Refused, match="CitizenNotified, would lie before 2026-07-27, which it has to follow"):
        outcome(given=told, when=with_changes(APPROVE, occurred_on=august(4)))


def test_the_answer_of_an_earlier_round_is_corrected_and_the_present_round_goes_on() -> None:
    of_answer = with_changes(PROPOSE, **NOTHING, answered_on=july(17))
    given: GivenPast = [*answered(PROPOSAL), of_answer, REOPEN, with_changes(APPROVE, occurred_on=august(4))]
    petition = petition_after(given)
    assert (petition.stage, petition.answers, petition.status.settled_on) == (Stage.IN_PROGRESS, (july(17),), None)


def test_a_correction_is_not_approved_on_a_day_before_the_receipt_that_it_gives() -> None:
    later = with_changes(PROPOSE, **NOTHING, occurred_on=july(8), received_on=july(8))
    with pytest.raises(Refused, match="the receipt would lie after what happened on 2026-07-06"):
        outcome(given=[RECEIVE, later], when=with_changes(APPROVE, occurred_on=july(6)), today=july(8))
    assert petition_after([RECEIVE, later, with_changes(APPROVE, occurred_on=july(8))]).received_on == july(8)


# -- what a corrected day moves ----------------------------------------------------------------------------------------


def corrected(given: list[PetitionCommand], **changes: object) -> list[PetitionCommand]:
    proposed = with_changes(PROPOSE, **{**NOTHING, "occurred_on": august(5), **changes})
    return [*given, proposed, with_changes(APPROVE, occurred_on=august(6))]


def test_the_clocks_that_started_on_a_wrong_day_of_receipt_are_counted_from_the_right_one() -> None:
    petition = petition_after(corrected([with_changes(RECEIVE, kind=COMPLAINT)], received_on=july(1)))
    assert petition.received_on == july(1)
    assert petition.status.clocks == {Clock.TRIAGE: july(15), Clock.ACCEPTANCE: july(10)}
    assert petition.deadlines[Clock.TRIAGE].original_due_on == july(15)


def test_a_clock_that_started_later_and_a_date_that_somebody_set_stay() -> None:
    given = in_progress(COMPLAINT)
    petition = petition_after(corrected(given, received_on=july(1)))
    assert petition.status.clocks == petition_after(given).status.clocks
    extended: list[PetitionCommand] = [
        with_changes(RECEIVE, kind=DENUNCIATION),
        with_changes(ASK_FOR_TIME, clock=Clock.ACCEPTANCE, occurred_on=july(7), until=july(20)),
        with_changes(EXTEND, occurred_on=july(7)),
    ]
    assert petition_after(corrected(extended, received_on=july(1))).status.clocks[Clock.ACCEPTANCE] == july(20)


def test_after_a_corrected_answer_the_citizen_may_have_been_told_earlier() -> None:
    given = corrected([*in_progress(PROPOSAL), ANSWER], answered_on=july(15))
    petition = petition_after([*given, with_changes(NOTIFY, occurred_on=july(16))])
    assert petition.is_citizen_told
    assert petition.status.settled_on == july(15)
    assert petition.status.due_when_settled == july(31)


def test_a_recorded_correction_of_an_earlier_round_settles_no_later_one() -> None:
    """The rules refuse it; a history that holds it all the same must not hide the lateness of the new round."""
    fact = RecordCorrected(
        occurred_on=august(5),
        corrections=(Correction(version=6, form=1, path="occurred_on", becomes='"2026-07-17"'),),
        why="gõ nhầm",
        proposed_by=CLERK.officer,
    )
    reopened: GivenPast = [*answered(PROPOSAL), REOPEN, fact]
    assert petition_after(reopened).status.settled_on is None
    answered_late = petition_after([*reopened, with_changes(ANSWER, occurred_on=ASSIGN.due_on.replace(month=9, day=4))])
    assert answered_late.stage is Stage.ANSWERED_IN_WRITING
    assert answered_late.status.due_when_settled == august(31)
