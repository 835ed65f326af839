"""Tests which petitions a fact opens."""

from domain.commands import EscalatePetition, SplitPetition
from domain.deadlines.deadline import Clock
from domain.events import MatterOpened, PetitionEscalated, PetitionSplit, StageOpened
from domain.follow_on_events import NewStream, new_streams
from domain.petition import Petition
from domain.status_transitions import initial_status
from domain.vocabulary import EscalationKind, Stage
from tests.domain.samples import (
    COMPLAINT,
    DENUNCIATION,
    ESCALATE,
    PROPOSAL,
    RECEIVE,
    SPLIT,
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


def streams_opened(given: GivenPast, when: SplitPetition | EscalatePetition) -> list[NewStream]:
    petition = petition_after(given)
    (fact,) = outcome(given=given, when=when)
    return new_streams(petition, fact, decision_context(HEAD))


def matter_of(one: NewStream) -> MatterOpened:
    return only_fact(MatterOpened, one.facts)


def stage_of(one: NewStream) -> StageOpened:
    return only_fact(StageOpened, one.facts)


def test_each_matter_of_a_letter_goes_on_under_the_letters_number() -> None:
    letter = [with_changes(RECEIVE, place="xã Mẫu", person_count=3)]
    first, second = streams_opened(letter, SPLIT)
    split = only_fact(PetitionSplit, outcome(given=letter, when=SPLIT))
    assert [first.petition_id, second.petition_id] == [matter.petition_id for matter in split.matters]
    assert [first.suffix, second.suffix] == ["1", "2"]
    assert [matter_of(first).number, matter_of(second).number] == [1, 2]
    assert matter_of(first).summary == "đường hỏng"
    assert (matter_of(first).place, matter_of(first).letter) == ("xã Mẫu", PETITION)


def test_a_matter_wins_no_time_by_the_split() -> None:
    first, second = streams_opened(classified_as(PROPOSAL), with_changes(SPLIT, occurred_on=july(14)))
    assert matter_of(first).occurred_on == MONDAY
    assert initial_status(matter_of(first)).clocks == {Clock.TRIAGE: july(20)}
    assert initial_status(matter_of(second)).clocks == {Clock.TRIAGE: july(20), Clock.ACCEPTANCE: july(15)}


def test_a_matter_is_of_its_own_kind_or_of_the_letters() -> None:
    first, second = streams_opened(classified_as(PROPOSAL), SPLIT)
    assert [matter_of(first).kind, matter_of(second).kind] == [PROPOSAL, DENUNCIATION]


def test_a_denouncer_is_protected_in_the_matter_that_is_a_denunciation() -> None:
    first, second = streams_opened([RECEIVE], SPLIT)
    assert [matter_of(first).identity_protected, matter_of(second).identity_protected] == [False, True]
    assert all(matter_of(one).identity_protected for one in streams_opened(classified_as(DENUNCIATION), SPLIT))


def test_an_escalation_opens_a_stage_under_the_unit_above() -> None:
    given = answered(COMPLAINT)
    (above,) = streams_opened(given, ESCALATE)
    assert above.suffix is None
    assert above.petition_id == only_fact(PetitionEscalated, outcome(given=given, when=ESCALATE)).continued_as
    status = initial_status(stage_of(above))
    assert (status.stage, status.unit, status.received_on) == (
        Stage.RECEIVED,
        "bo-mau",
        ESCALATE.occurred_on,
    )
    assert status.kind is COMPLAINT
    assert set(status.clocks) == {Clock.TRIAGE, Clock.ACCEPTANCE}
    assert stage_of(above).earlier == PETITION


def test_who_turned_out_to_be_a_denouncer_is_protected_above_too() -> None:
    (above,) = streams_opened(in_progress(DENUNCIATION), with_changes(ESCALATE, kind=EscalationKind.OVERDUE_TAKEOVER))
    assert stage_of(above).identity_protected


def test_court_and_check_open_nothing() -> None:
    assert streams_opened(answered(COMPLAINT), with_changes(ESCALATE, kind=EscalationKind.COURT)) == []
    assert streams_opened(in_progress(PROPOSAL), with_changes(ESCALATE, kind=EscalationKind.RESPONSIBILITY_CHECK)) == []


def test_other_facts_open_nothing() -> None:
    petition: Petition = petition_after([RECEIVE])
    assert new_streams(petition, complaint_of(MONDAY), decision_context(HEAD)) == []
