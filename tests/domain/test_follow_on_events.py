"""Tests which petitions a fact opens."""

from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.events import MatterOpened, PetitionSplit, SecondComplaintLodged, StageOpened
from domain.follow_on_events import NewStream, new_streams
from domain.opening import opening_of
from domain.petition import Petition
from domain.status_transitions import initial_status
from domain.value import UNSET
from domain.vocabulary import Channel, PetitionKind, Stage
from tests.domain.samples import (
    CLASSIFY,
    COMPLAIN_AGAIN,
    COMPLAINT,
    DENOUNCE_FURTHER,
    DENUNCIATION,
    ORDER_CHECK,
    PROPOSAL,
    RECEIVE,
    SPLIT,
    SUE,
    TAKE_OVER,
    answered,
    classified_as,
    complaint_of,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import (
    HEAD,
    MONDAY,
    PETITION,
    GivenPast,
    decision_context,
    only_fact,
    outcome,
    petition_after,
)


def streams_opened(given: GivenPast, when: PetitionCommand) -> list[NewStream]:
    petition = petition_after(given)
    (fact,) = outcome(given=given, when=when)
    return new_streams(petition, fact, when, decision_context(HEAD))


def matter_of(one: NewStream) -> MatterOpened:
    return only_fact(MatterOpened, one.facts)


def stage_of(one: NewStream) -> StageOpened:
    return only_fact(StageOpened, one.facts)


def test_each_matter_of_a_letter_goes_on_under_the_letters_number() -> None:
    letter = [with_changes(RECEIVE, place="xã Mẫu", person_count=3)]
    first, second = streams_opened(letter, SPLIT)
    split = only_fact(PetitionSplit, outcome(given=letter, when=SPLIT))
    assert (first.petition_id, second.petition_id) == split.matters
    assert [first.suffix, second.suffix] == ["1", "2"]
    assert [matter_of(first).number, matter_of(second).number] == [1, 2]
    assert matter_of(first).summary == "đường hỏng"
    assert (matter_of(first).place, matter_of(first).letter) == ("xã Mẫu", PETITION)


def test_a_matter_wins_no_time_by_the_split() -> None:
    first, second = streams_opened(classified_as(PROPOSAL), with_changes(SPLIT, occurred_on=july(14)))
    assert (matter_of(first).occurred_on, matter_of(first).received_on) == (july(14), MONDAY)
    assert initial_status(matter_of(first)).received_on == MONDAY
    assert initial_status(matter_of(first)).clocks == {Clock.TRIAGE: july(20)}
    assert initial_status(matter_of(second)).clocks == {Clock.TRIAGE: july(20), Clock.ACCEPTANCE: july(15)}


SPLIT_LATER = with_changes(SPLIT, occurred_on=CLASSIFY.occurred_on)
"""A split of a letter that was classified: not before that day."""


def test_a_matter_is_of_the_kind_that_the_split_said_for_it() -> None:
    first, second = streams_opened(classified_as(PROPOSAL), SPLIT_LATER)
    assert [matter_of(first).kind, matter_of(second).kind] == [UNSET, DENUNCIATION]


def test_a_denouncer_is_protected_in_the_matter_that_is_a_denunciation() -> None:
    first, second = streams_opened([RECEIVE], SPLIT)
    assert [matter_of(first).identity_protected, matter_of(second).identity_protected] == [UNSET, UNSET]
    assert [opening_of(matter_of(one)).identity_protected for one in (first, second)] == [False, True]
    of_denouncer = streams_opened(classified_as(DENUNCIATION), SPLIT_LATER)
    assert [matter_of(one).identity_protected for one in of_denouncer] == [True, True]


def test_a_second_complaint_opens_a_stage_under_the_unit_above() -> None:
    given = answered(COMPLAINT)
    (above,) = streams_opened(given, COMPLAIN_AGAIN)
    assert above.suffix is None
    assert above.petition_id == only_fact(SecondComplaintLodged, outcome(given=given, when=COMPLAIN_AGAIN)).continued_as
    status = initial_status(stage_of(above))
    assert (status.stage, status.unit, status.received_on) == (
        Stage.RECEIVED,
        "bo-mau",
        COMPLAIN_AGAIN.occurred_on,
    )
    assert status.kind is COMPLAINT
    assert set(status.clocks) == {Clock.TRIAGE, Clock.ACCEPTANCE}
    assert stage_of(above).earlier == PETITION


def test_whoever_was_a_denouncer_stays_protected_in_matters_whatever_the_letter_is_classified_as_later() -> None:
    again = with_changes(CLASSIFY, kind=PetitionKind.PROPOSAL_FEEDBACK, reason="phân loại lại")
    letter: GivenPast = [RECEIVE, with_changes(CLASSIFY, kind=PetitionKind.DENUNCIATION), again]
    assert petition_after(letter).kind is PetitionKind.PROPOSAL_FEEDBACK
    assert petition_after(letter).identity_protected
    assert [matter_of(one).identity_protected for one in streams_opened(letter, SPLIT_LATER)] == [True, True]


def test_who_turned_out_to_be_a_denouncer_is_protected_above_too() -> None:
    (above,) = streams_opened(in_progress(DENUNCIATION), TAKE_OVER)
    assert stage_of(above).identity_protected


def test_court_and_check_and_a_body_outside_the_register_open_nothing() -> None:
    assert streams_opened(answered(COMPLAINT), SUE) == []
    assert streams_opened(in_progress(PROPOSAL), ORDER_CHECK) == []
    for given, when in (
        (answered(COMPLAINT), with_changes(COMPLAIN_AGAIN, to_unit=None, to_body="Bộ Thử")),
        (answered(DENUNCIATION), with_changes(DENOUNCE_FURTHER, to_unit=None, to_body="Bộ Thử")),
        (in_progress(DENUNCIATION), with_changes(TAKE_OVER, to_unit=None, to_body="Bộ Thử")),
    ):
        assert streams_opened(given, when) == []


def test_a_new_letter_says_for_itself_what_it_says_and_a_taking_over_goes_on_with_the_letter() -> None:
    letter = with_changes(RECEIVE, place="xã Mẫu", person_count=3)
    for kind, when in ((COMPLAINT, COMPLAIN_AGAIN), (DENUNCIATION, DENOUNCE_FURTHER)):
        given = [letter, *answered(kind)[1:]]
        bare, full = with_changes(when, summary=""), with_changes(when, channel=Channel.ONLINE, document_no="7/ĐT")
        for command, said in ((bare, (UNSET, UNSET, UNSET)), (full, (Channel.ONLINE, when.summary, "7/ĐT"))):
            (one,) = streams_opened(given, command)
            above = stage_of(one)
            assert (above.channel, above.summary, above.document_no) == said
            assert (above.kind, above.place, above.person_count) == (kind, "xã Mẫu", 3)
    (one,) = streams_opened([letter, *in_progress(DENUNCIATION)[1:]], TAKE_OVER)
    assert (stage_of(one).channel, stage_of(one).summary) == (letter.channel, letter.summary)


def test_other_facts_open_nothing() -> None:
    petition: Petition = petition_after([RECEIVE])
    assert new_streams(petition, complaint_of(MONDAY), RECEIVE, decision_context(HEAD)) == []
