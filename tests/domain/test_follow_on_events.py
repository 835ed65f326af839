"""The petitions that a fact opens beside its own."""

from domain.commands import EscalatePetition, SplitPetition
from domain.deadlines.deadline import Clock
from domain.events import PetitionEscalated, PetitionReceived, PetitionSplit
from domain.follow_on_events import Opened, opened_by
from domain.petition import Petition
from domain.status_transitions import received
from domain.vocabulary import EscalationKind, Stage
from tests.domain.samples import (
    COMPLAINT,
    DENUNCIATION,
    ESCALATE,
    PROPOSAL,
    RECEIVE,
    SPLIT,
    answered,
    as_kind,
    but,
    in_progress,
    july,
)
from tests.domain.scenario import HEAD, MONDAY, PETITION, Past, circumstances, only, outcome, petition_after


def opened(given: Past, when: SplitPetition | EscalatePetition) -> list[Opened]:
    petition = petition_after(given)
    (fact,) = outcome(given=given, when=when)
    return opened_by(petition, fact, circumstances(HEAD))


def receipt_of(one: Opened) -> PetitionReceived:
    return only(PetitionReceived, one.facts)


def test_each_matter_of_a_letter_goes_on_under_the_letters_number() -> None:
    letter = [but(RECEIVE, place="xã Mẫu", person_count=3)]
    first, second = opened(letter, SPLIT)
    split = only(PetitionSplit, outcome(given=letter, when=SPLIT))
    assert [first.petition_id, second.petition_id] == [matter.petition_id for matter in split.matters]
    assert [first.suffix, second.suffix] == ["1", "2"]
    assert receipt_of(first).summary == "đường hỏng"
    assert (receipt_of(first).place, receipt_of(first).split_from) == ("xã Mẫu", PETITION)


def test_a_matter_wins_no_time_by_the_split() -> None:
    first, second = opened(as_kind(PROPOSAL), but(SPLIT, occurred_on=july(14)))
    assert receipt_of(first).occurred_on == MONDAY
    assert received(receipt_of(first)).clocks == {Clock.TRIAGE: july(20)}
    assert received(receipt_of(second)).clocks == {Clock.TRIAGE: july(20), Clock.ACCEPTANCE: july(15)}


def test_a_matter_is_of_its_own_kind_or_of_the_letters() -> None:
    first, second = opened(as_kind(PROPOSAL), SPLIT)
    assert [receipt_of(first).kind, receipt_of(second).kind] == [PROPOSAL, DENUNCIATION]


def test_a_denouncer_is_protected_in_the_matter_that_is_a_denunciation() -> None:
    first, second = opened([RECEIVE], SPLIT)
    assert [receipt_of(first).identity_protected, receipt_of(second).identity_protected] == [False, True]
    assert all(receipt_of(one).identity_protected for one in opened(as_kind(DENUNCIATION), SPLIT))


def test_an_escalation_opens_a_fresh_receipt_under_the_unit_above() -> None:
    given = answered(COMPLAINT)
    (above,) = opened(given, ESCALATE)
    assert above.suffix is None
    assert above.petition_id == only(PetitionEscalated, outcome(given=given, when=ESCALATE)).continued_as
    standing = received(receipt_of(above))
    assert (standing.stage, standing.unit, standing.received_on) == (
        Stage.RECEIVED,
        "bo-mau",
        ESCALATE.occurred_on,
    )
    assert standing.kind is COMPLAINT
    assert set(standing.clocks) == {Clock.TRIAGE, Clock.ACCEPTANCE}
    assert receipt_of(above).escalated_from == PETITION


def test_who_turned_out_to_be_a_denouncer_is_protected_above_too() -> None:
    (above,) = opened(in_progress(DENUNCIATION), but(ESCALATE, kind=EscalationKind.OVERDUE_TAKEOVER))
    assert receipt_of(above).identity_protected


def test_court_and_check_open_nothing() -> None:
    assert opened(answered(COMPLAINT), but(ESCALATE, kind=EscalationKind.COURT)) == []
    assert opened(in_progress(PROPOSAL), but(ESCALATE, kind=EscalationKind.RESPONSIBILITY_CHECK)) == []


def test_other_facts_open_nothing() -> None:
    petition: Petition = petition_after([RECEIVE])
    assert opened_by(petition, petition.receipt, circumstances(HEAD)) == []
