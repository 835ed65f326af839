import pytest

from domain.actor import THE_SERVICE
from domain.alerts.raising import raise_due
from domain.alerts.vocabulary import AlertRole
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import AlertAcknowledged, AlertRaised
from domain.evolve import evolve
from domain.petition import Petition
from domain.rules.alerts import acknowledge
from tests.domain.alerts.ladders import national
from tests.domain.samples import PROPOSAL, TAKE_NOTE, august, but, in_progress, july
from tests.domain.scenario import HEAD, PETITION, circumstances, petition_after


def warned() -> Petition:
    """Past its limit of 31 July, and all its steps raised."""
    petition = petition_after(in_progress(PROPOSAL))
    for fact in raise_due(petition, national(), circumstances(THE_SERVICE.who, today=august(3))):
        petition = evolve(petition, EventEnvelope(PETITION, petition.version + 1, fact, THE_SERVICE.who))
    return petition


def test_who_takes_note_of_a_step_takes_note_of_the_earlier_ones_of_that_date() -> None:
    petition = warned()
    (fact,) = acknowledge(but(TAKE_NOTE, step="day-after"), petition, circumstances(HEAD))
    assert isinstance(fact, AlertAcknowledged)
    assert (fact.step, fact.due_on) == ("day-after", july(31))
    after = evolve(petition, EventEnvelope(PETITION, petition.version + 1, fact, HEAD))
    of_that_date = {key for key in after.alerts if key.clock == "head"}
    assert {key for key, is_noted in after.alerts.items() if is_noted} == of_that_date
    with pytest.raises(Refused, match="acknowledged already"):
        acknowledge(TAKE_NOTE, after, circumstances(HEAD))


def test_of_an_alert_that_nobody_raised_nobody_takes_note() -> None:
    with pytest.raises(Refused, match="no alert “five-days-before” was raised for the head date 2026-07-30"):
        acknowledge(but(TAKE_NOTE, due_on=july(30)), warned(), circumstances(HEAD))


def test_the_day_of_an_alert_is_no_reason_against_a_later_day_of_receipt() -> None:
    petition = petition_after(in_progress(PROPOSAL))
    alert = AlertRaised(
        occurred_on=july(1),
        clock=TAKE_NOTE.clock,
        due_on=july(31),
        step="x",
        to=(AlertRole.HEAD,),
        rule="x@1",
        calendar="x",
    )
    after = evolve(petition, EventEnvelope(PETITION, petition.version + 1, alert, THE_SERVICE.who))
    assert after.first_step_on == petition.first_step_on
