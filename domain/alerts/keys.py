"""Derives the ids and keys of alerts and messages from their content.

A derived id makes a second copy impossible: the copy would have the same id.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from domain.alerts.events import OperatorAlertRaised, OperatorLine
from domain.alerts.vocabulary import AlertChannel, WatchedClock
from domain.events import AlertAcknowledged, AlertRaised
from domain.value import said
from domain.vocabulary import OfficerId

_MESSAGE_NAMESPACE = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40003")
_OPERATOR_ALERT_NAMESPACE = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40004")
COMPOSITION_STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40005")
"""The id of the one history that records which messages were composed."""


class StepKey(NamedTuple):
    """Identifies one step of one date within a petition."""

    clock: WatchedClock
    round: int
    due_on: date
    step: str

    @property
    def text(self) -> str:
        return f"{self.clock}/{self.round}/{self.due_on}/{self.step}"


def step_key_of(fact: AlertRaised | AlertAcknowledged) -> StepKey:
    """Return the key of the step that was raised or acknowledged."""
    return StepKey(fact.clock, fact.round, fact.due_on, fact.step)


def derive_message_id(addressee: OfficerId, channel: AlertChannel, ordinal: int) -> UUID:
    """Return the id of the addressee's message number `ordinal` on this channel."""
    return uuid5(_MESSAGE_NAMESPACE, f"{channel}/{ordinal}/{addressee}")


def operator_alert_stream(fact: OperatorAlertRaised | OperatorLine) -> UUID:
    """Return the id of the history of an operator alert, derived from its subject, day and `about`."""
    raised_on = fact.raised_on if isinstance(fact, OperatorLine) else fact.occurred_on
    return uuid5(_OPERATOR_ALERT_NAMESPACE, f"{fact.subject}/{raised_on}/{said(fact.about, '')}")
