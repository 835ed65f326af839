"""Tests the acknowledgement of alerts."""

from datetime import date

import pytest

from domain.actor import SERVICE_CREDENTIALS
from domain.alerts.raising import decide_due_alerts
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import AlertAcknowledged, AlertRaised
from domain.evolve import evolve
from domain.petition import Petition
from domain.rules.alerts import acknowledge_alert
from tests.domain.alerts.ladders import parse_national_ladder
from tests.domain.samples import APPROVE, PROPOSAL, PROPOSE, RECEIVE, TAKE_NOTE, august, in_progress, july, with_changes
from tests.domain.scenario import HEAD, PETITION, GivenPast, decision_context, petition_after


def warned() -> Petition:
    """Return a petition past its limit of 31 July, with all its steps raised."""
    petition = petition_after(in_progress(PROPOSAL))
    for fact in decide_due_alerts(
        petition, parse_national_ladder(), decision_context(SERVICE_CREDENTIALS.acting_officer, today=august(3))
    ):
        petition = evolve(
            petition, EventEnvelope(PETITION, petition.version + 1, fact, SERVICE_CREDENTIALS.acting_officer)
        )
    return petition


def raised(step: str, *, due_on: date) -> AlertRaised:
    return AlertRaised(
        occurred_on=july(1),
        clock=TAKE_NOTE.clock,
        due_on=due_on,
        step=step,
        to=(AlertRole.HEAD,),
        by=(AlertChannel.EMAIL,),
        round=1,
        does=Does.TELL,
        rule="x@1",
        calendar="x",
    )


def test_who_takes_note_of_a_step_takes_note_of_the_earlier_ones_of_that_date() -> None:
    petition = warned()
    note = with_changes(TAKE_NOTE, step="day-after", occurred_on=august(3))
    with pytest.raises(Refused, match="the alert was raised on 2026-08-03; this cannot have happened before"):
        acknowledge_alert(with_changes(note, occurred_on=july(31)), petition, decision_context(HEAD))
    (fact,) = acknowledge_alert(note, petition, decision_context(HEAD))
    assert isinstance(fact, AlertAcknowledged)
    assert (fact.step, fact.due_on) == ("day-after", july(31))
    after = evolve(petition, EventEnvelope(PETITION, petition.version + 1, fact, HEAD))
    of_that_date = {key for key in after.alerts if key.clock == "head"}
    assert {key for key, is_noted in after.alerts.items() if is_noted} == of_that_date
    with pytest.raises(Refused, match="no alert of this petition waits to be acknowledged"):
        acknowledge_alert(TAKE_NOTE, after, decision_context(HEAD))


def test_a_step_is_acknowledged_once_while_one_of_another_date_waits() -> None:
    petition = evolve(warned(), EventEnvelope(PETITION, 99, raised("x", due_on=july(30)), HEAD))
    (fact,) = acknowledge_alert(TAKE_NOTE, petition, decision_context(HEAD))
    after = evolve(petition, EventEnvelope(PETITION, 100, fact, HEAD))
    with pytest.raises(Refused, match="this alert is acknowledged already"):
        acknowledge_alert(TAKE_NOTE, after, decision_context(HEAD))


def test_of_an_alert_that_nobody_raised_nobody_takes_note() -> None:
    with pytest.raises(Refused, match="no alert “five-days-before” was raised for the head date 2026-07-30"):
        acknowledge_alert(with_changes(TAKE_NOTE, due_on=july(30)), warned(), decision_context(HEAD))


def test_the_day_of_an_alert_is_no_reason_against_a_later_day_of_receipt() -> None:
    later = with_changes(PROPOSE, place=None, received_on=july(8))
    given: GivenPast = [RECEIVE, raised("x", due_on=july(7)), later, APPROVE]
    assert petition_after(given).received_on == july(8)
