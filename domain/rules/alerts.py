"""Decides the acknowledgement of alerts."""

from domain.alerts.keys import StepKey
from domain.commands import AcknowledgeAlert
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import AlertAcknowledged, PetitionEvent
from domain.petition import Petition


def acknowledge_alert(command: AcknowledgeAlert, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Acknowledge a raised step. Raise Refused when it was not raised or is acknowledged already."""
    key = StepKey(command.clock, command.round, command.due_on, command.step)
    if key not in petition.alerts:
        raise Refused(f"no alert “{command.step}” was raised for the {command.clock} date {command.due_on}")
    if petition.alerts[key]:
        raise Refused("this alert is acknowledged already")
    return [
        AlertAcknowledged(
            occurred_on=command.occurred_on,
            clock=command.clock,
            due_on=command.due_on,
            step=command.step,
            round=command.round,
        )
    ]
