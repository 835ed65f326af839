"""Tests that a petition begins alike by a receipt, a matter of a split letter, and a stage above."""

from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import LodgeSecondComplaint, SplitPetition, TakeOverSettlement
from domain.envelope import EventEnvelope
from domain.events import (
    PETITION_OPENINGS,
    EarlierDecision,
    MatterOpened,
    PetitionEvent,
    PetitionOpening,
    Source,
    StageOpened,
)
from domain.evolve import fold
from domain.follow_on_events import new_streams
from domain.opening import opening_of
from domain.petition import Petition
from domain.petitioner import Petitioner
from domain.status_transitions import receiving_unit
from domain.value import UNSET, replace
from domain.vocabulary import Channel, Instance, PetitionId, WayUp
from tests.domain.event_strategies import any_fact
from tests.domain.samples import (
    ANSWER,
    COMPLAIN_AGAIN,
    COMPLAINT,
    DENUNCIATION,
    MANDATE,
    NOTIFY,
    RECEIVE,
    SPLIT,
    TAKE_OVER,
    answered,
    complaint_of,
    in_progress,
    with_changes,
)
from tests.domain.scenario import (
    HEAD,
    MEETING,
    MONDAY,
    PETITION,
    GivenPast,
    decision_context,
    outcome,
    petition_after,
)

MATTER = PetitionId(UUID("00000000-0000-4000-8000-00000000000a"))
MANDATE_OF_LETTER = with_changes(MANDATE, signatures=7, persons=())
PEOPLE = [Petitioner(name="Bà Thử"), Petitioner(name="Ông Thử", is_representative=True)]
LETTER = with_changes(
    RECEIVE,
    place="xã Mẫu",
    person_count=7,
    petitioners=PEOPLE,
    is_remote_area=False,
    meeting_id=MEETING,
    book="HT",
    document_no="9/ĐB",
    has_original_papers=True,
)


def openings_by(
    given: GivenPast, when: SplitPetition | LodgeSecondComplaint | TakeOverSettlement
) -> list[PetitionEvent]:
    petition = petition_after(given)
    (fact,) = outcome(given=given, when=when)
    return [first for stream in new_streams(petition, fact, when, decision_context(HEAD)) for first in stream.facts]


def begun_by(fact: PetitionEvent) -> Petition:
    petition = fold([EventEnvelope(MATTER, 1, fact, HEAD, reference="HT-2026-000001.1")])
    assert petition is not None
    return petition


def test_a_matter_has_what_holds_for_it_of_the_letter_and_not_its_document_or_source() -> None:
    receipt = replace(
        complaint_of(MONDAY),
        occurred_at=datetime(2026, 7, 6, 2, tzinfo=UTC),
        source=Source(name="so", key="1"),
        document_no="9/ĐB",
    )
    letter, matter = (begun_by(fact).opening for fact in (receipt, openings_by([receipt], SPLIT)[0]))
    assert (letter.is_letter, letter.is_imported, letter.document_no) == (True, True, "9/ĐB")
    assert (matter.is_letter, matter.is_imported, matter.document_no) == (False, False, "")
    assert (matter.letter, matter.number, matter.origin) == (PETITION, 1, PETITION)
    assert matter.received_at == letter.received_at

    letter = petition_after([LETTER]).opening
    matter = begun_by(openings_by([LETTER], SPLIT)[1]).opening
    assert matter == replace(
        letter, summary="tố cáo cán bộ", document_no="", identity_protected=True, letter=PETITION, number=2
    )


def test_a_no_that_was_said_stays_a_no_and_silence_stays_silence() -> None:
    for letter, mandate, expected in ((LETTER, [MANDATE_OF_LETTER], False), (RECEIVE, [], UNSET)):
        (matter, _) = openings_by([letter], SPLIT)
        (stage,) = openings_by([letter, *mandate, *answered(COMPLAINT)[1:]], COMPLAIN_AGAIN)
        assert isinstance(matter, MatterOpened)
        assert isinstance(stage, StageOpened)
        assert (matter.is_remote_area, stage.is_remote_area) == (expected, expected)
        is_silent = letter is RECEIVE
        for said_of_letter in (matter.place, matter.person_count, matter.persons, matter.meeting_id, stage.place):
            assert (said_of_letter is UNSET) is is_silent


def test_a_stage_above_has_the_persons_and_the_book_and_not_the_meeting_or_the_letters_number() -> None:
    below = petition_after([LETTER, MANDATE_OF_LETTER, *answered(COMPLAINT)[1:]])
    (fact,) = openings_by([LETTER, MANDATE_OF_LETTER, *answered(COMPLAINT)[1:]], COMPLAIN_AGAIN)
    stage = begun_by(fact).opening
    assert len(stage.persons) == 2
    assert stage == replace(
        below.opening,
        channel=None,
        summary=COMPLAIN_AGAIN.summary,
        document_no=COMPLAIN_AGAIN.document_no,
        meeting_id=None,
        earlier=PETITION,
        way=WayUp.SECOND_COMPLAINT,
        unit=COMPLAIN_AGAIN.to_unit,
        instance=Instance.SECOND,
        earlier_decision=EarlierDecision(decided_on=ANSWER.occurred_on, received_on=NOTIFY.occurred_on),
    )


def test_a_matter_of_a_letter_that_nobody_described_says_nothing_of_its_channel() -> None:
    (stage,) = openings_by(answered(COMPLAINT), COMPLAIN_AGAIN)
    assert isinstance(stage, StageOpened)
    (matter, _) = openings_by([stage], with_changes(SPLIT, occurred_on=COMPLAIN_AGAIN.occurred_on))
    assert isinstance(matter, MatterOpened)
    assert (stage.channel, matter.channel, begun_by(matter).opening.channel) == (UNSET, UNSET, None)


def test_a_matter_of_a_stage_above_knows_both_its_letter_and_the_petition_below() -> None:
    (stage,) = openings_by(in_progress(DENUNCIATION), TAKE_OVER)
    assert isinstance(stage, StageOpened)
    told = replace(stage, earlier_decision=EarlierDecision(body="UBND xã Mẫu", document_no="5/QĐ"))
    petition = petition_after([told])
    (matter, _) = openings_by([told], with_changes(SPLIT, occurred_on=TAKE_OVER.occurred_on))
    opening = begun_by(matter).opening
    assert (opening.letter, opening.earlier, opening.way) == (PETITION, PETITION, WayUp.SUPERIOR_SETTLES)
    assert opening.earlier_decision == petition.opening.earlier_decision == told.earlier_decision
    assert begun_by(matter).status.unit == TAKE_OVER.to_unit


def test_a_stage_above_a_matter_takes_its_number_from_the_letters_book() -> None:
    (matter, _) = openings_by([LETTER], SPLIT)
    (stage,) = openings_by([matter, MANDATE_OF_LETTER, *answered(COMPLAINT)[1:]], COMPLAIN_AGAIN)
    assert isinstance(stage, StageOpened)
    assert stage.book == "HT"
    assert begun_by(stage).opening.letter is None


@pytest.mark.parametrize("when", [SPLIT, COMPLAIN_AGAIN])
def test_who_enters_a_split_has_its_matters_and_the_unit_above_has_its_stage(
    when: SplitPetition | LodgeSecondComplaint,
) -> None:
    is_split = isinstance(when, SplitPetition)
    (first, *_) = openings_by([RECEIVE] if is_split else answered(COMPLAINT), when)
    assert isinstance(first, PETITION_OPENINGS)
    assert receiving_unit(first, HEAD) == (HEAD.unit if is_split else COMPLAIN_AGAIN.to_unit)


@given(st.one_of([any_fact(kind) for kind in PETITION_OPENINGS]))
def test_any_opening_begins_a_petition_whose_state_leaves_nothing_unsaid(fact: PetitionOpening) -> None:
    opening = begun_by(fact).opening
    assert opening == opening_of(fact)
    assert all(getattr(opening, name) is not UNSET for name in opening.__struct_fields__)
    assert opening.channel is None or opening.channel in Channel


def test_the_openings_are_events_of_a_petition() -> None:
    assert set(PETITION_OPENINGS) == set(get_args(PetitionOpening)) <= set(get_args(PetitionEvent))


def test_a_history_begins_with_an_opening() -> None:
    (other, *_) = outcome(given=[RECEIVE], when=SPLIT)
    with pytest.raises(ValueError, match="begins with PetitionSplit"):
        begun_by(other)
