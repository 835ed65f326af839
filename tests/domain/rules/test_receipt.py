"""Tests the receipt of petitions and their petitioners."""

import msgspec
import pytest

from domain.deadlines.clock import Clock
from domain.decide import decide
from domain.errors import Refused
from domain.events import (
    PetitionReceived,
)
from domain.opening import opening_of
from domain.petitioner import Petitioner
from domain.value import UNSET, known, said
from domain.vocabulary import Channel, PersonCapacity, PetitionKind
from tests.domain.samples import CLASSIFY, COMPLAINT, DENUNCIATION, RECEIVE, august, classified_as, july, with_changes
from tests.domain.scenario import HEAD, MEETING, GivenPast, decision_context, only_fact, outcome, petition_after


def test_a_receipt_starts_the_clock_of_intake_on_the_day_of_receipt() -> None:
    receipt = only_fact(PetitionReceived, outcome(given=[], when=RECEIVE))
    assert [(d.clock, d.due_on) for d in said(receipt.deadlines, ())] == [(Clock.TRIAGE, july(20))]


@pytest.mark.parametrize("kind", [COMPLAINT, DENUNCIATION])
def test_a_complaint_or_denunciation_also_waits_for_its_acceptance(kind: PetitionKind) -> None:
    receipt = only_fact(PetitionReceived, outcome(given=[], when=with_changes(RECEIVE, kind=kind)))
    assert {d.clock: d.due_on for d in said(receipt.deadlines, ()) if not d.clock.is_duty} == {
        Clock.TRIAGE: july(20),
        Clock.ACCEPTANCE: july(15),
    }


def test_a_petition_may_be_entered_days_after_it_came() -> None:
    late = outcome(given=[], when=RECEIVE, today=august(3))
    assert said(only_fact(PetitionReceived, late).deadlines, ())[0].due_on == july(20)


def test_a_petition_cannot_be_received_tomorrow() -> None:
    with pytest.raises(Refused, match="2026-07-06 lies in the future; today is 2026-07-05"):
        outcome(given=[], when=RECEIVE, today=july(5))


def test_a_petition_cannot_be_received_twice() -> None:
    with pytest.raises(Refused, match="this petition is received already"):
        outcome(given=[RECEIVE], when=RECEIVE)


def test_a_receipt_without_the_id_it_opens_is_a_bug() -> None:
    with pytest.raises(ValueError, match="needs the id"):
        decide(RECEIVE, None, decision_context(HEAD)._replace(petition_id=None))


def test_a_receipt_names_nobody() -> None:
    people = tuple(Petitioner(name=name, address="Thôn Mẫu") for name in ("Ví Dụ Một", "Ví Dụ Hai"))
    receipt = only_fact(PetitionReceived, outcome(given=[], when=with_changes(RECEIVE, petitioners=people)))
    assert len({person.ref for person in said(receipt.persons, ())}) == 2
    assert receipt.person_count is UNSET, "two names are no number that somebody said"
    assert opening_of(receipt).counted_persons == 2
    stored = msgspec.json.encode(receipt).decode()
    assert "Ví Dụ Một" not in stored
    assert "Thôn Mẫu" not in stored


def test_representatives_are_among_the_petitioners() -> None:
    people = (Petitioner(name="Một"), Petitioner(name="Hai", is_representative=True))
    receipt = only_fact(PetitionReceived, outcome(given=[], when=with_changes(RECEIVE, petitioners=people)))
    persons = said(receipt.persons, ())
    assert [person.capacity for person in persons] == [PersonCapacity.PETITIONER, PersonCapacity.REPRESENTATIVE]
    assert [person.identity_digest for person in persons] == [UNSET, UNSET]


@pytest.mark.parametrize(
    ("persons", "representatives", "is_lawful"),
    [(1, 1, True), (2, 2, True), (10, 2, True), (10, 3, False), (11, 3, True), (11, 5, True), (11, 6, False)],
)
def test_many_petitioners_send_a_few_representatives(persons: int, representatives: int, is_lawful: bool) -> None:
    """Law 42/2013 Art 29."""
    people = tuple(Petitioner(name=f"Người {n}", is_representative=True) for n in range(representatives))
    command = with_changes(RECEIVE, petitioners=people, person_count=persons)
    if is_lawful:
        assert only_fact(PetitionReceived, outcome(given=[], when=command)).person_count == persons
    else:
        with pytest.raises(Refused, match=f"{persons} petitioners may send at most"):
            outcome(given=[], when=command)


def test_a_petition_received_at_a_meeting_names_a_meeting_on_record() -> None:
    command = with_changes(RECEIVE, channel=Channel.DIALOGUE, meeting_id=MEETING)
    assert only_fact(PetitionReceived, outcome(given=[], when=command)).meeting_id == MEETING
    with pytest.raises(Refused, match="there is no such meeting on record"):
        outcome(given=[], when=command, meeting_on=None)


def test_a_petition_received_at_a_meeting_is_received_on_the_day_of_the_meeting() -> None:
    command = with_changes(RECEIVE, channel=Channel.DIALOGUE, meeting_id=MEETING)
    with pytest.raises(Refused, match="the meeting was held on 2026-07-03, not on 2026-07-06"):
        outcome(given=[], when=command, meeting_on=july(3))


@pytest.mark.parametrize(
    ("kind", "asked_for", "is_protected"),
    [
        (DENUNCIATION, None, True),
        (DENUNCIATION, False, True),
        (COMPLAINT, None, False),
        (COMPLAINT, False, False),
        (COMPLAINT, True, True),
        (None, None, False),
    ],
)
def test_a_denouncer_is_protected_and_others_when_they_ask(
    kind: PetitionKind | None, asked_for: bool | None, is_protected: bool
) -> None:
    command = with_changes(RECEIVE, kind=kind, identity_protected=asked_for)
    stored = only_fact(PetitionReceived, outcome(given=[], when=command)).identity_protected
    assert known(stored) is asked_for, "what was asked for is stored, and nothing else"
    assert petition_after([command]).identity_protected is is_protected


def test_who_calls_a_letter_a_denunciation_stays_protected_whatever_it_is_classified_as() -> None:
    given: GivenPast = [with_changes(RECEIVE, kind=DENUNCIATION), CLASSIFY]
    assert petition_after(given).kind is not DENUNCIATION
    assert petition_after(given).identity_protected


def test_who_turns_out_to_be_a_denouncer_is_protected_from_then_on() -> None:
    assert not petition_after([RECEIVE]).identity_protected
    assert petition_after(classified_as(DENUNCIATION)).identity_protected
