"""Decides the acknowledgement of alerts."""

from domain.alerts.keys import StepKey
from domain.commands import AcknowledgeAlert
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import AlertAcknowledged, PetitionEvent
from domain.order_of_acts import ALERT_RAISED
from domain.petition import Petition
from domain.refusals.general import GeneralRefusal
from domain.refusals.records import RecordRefusal
from domain.rules.petition_rule import open_when
from domain.value import as_said


def _require_waiting_alert(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused when every alert that was raised is acknowledged, or none was raised."""
    if all(petition.alerts.values()):
        raise Refused(RecordRefusal.NO_ALERT_WAITS)


@open_when(_require_waiting_alert)
def acknowledge_alert(command: AcknowledgeAlert, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Acknowledge a raised step. Raise Refused when it was not raised or is acknowledged already."""
    key = next((key for key in petition.alerts if _is_named(key, command)), None)
    if key is None:
        raise Refused(RecordRefusal.NO_SUCH_ALERT, step=command.step, clock=command.clock, due_on=command.due_on)
    if petition.alerts[key]:
        raise Refused(RecordRefusal.ACKNOWLEDGED_ALREADY)
    raised_on = petition.alert_days[key]
    if command.occurred_on < raised_on:
        raise Refused(GeneralRefusal.BEFORE_EARLIER_ACT, act=ALERT_RAISED, acted_on=raised_on)
    return [
        AlertAcknowledged(
            occurred_on=command.occurred_on,
            clock=command.clock,
            subject=as_said(key.subject),
            due_on=command.due_on,
            step=command.step,
            round=command.round,
        )
    ]


def _is_named(key: StepKey, command: AcknowledgeAlert) -> bool:
    """Return True for the step that the command names."""
    subject = "" if key.subject is None else key.subject.text
    named = (command.clock, command.round, command.due_on, command.step, command.subject)
    return (key.clock, key.round, key.due_on, key.step, subject) == named
