"""Derives the ids and keys of alerts and messages from their content.

A derived id makes a second copy impossible: the copy would have the same id.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from domain.alerts.events import OperatorAlertRaised, OperatorLine
from domain.alerts.vocabulary import AlertChannel, WatchedClock
from domain.deadlines.clock import ClockSubject
from domain.events import AlertAcknowledged, AlertRaised
from domain.value import known, said
from domain.vocabulary import OfficerId

_MESSAGE_NAMESPACE = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40003")
_OPERATOR_ALERT_NAMESPACE = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40004")
COMPOSITION_STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40005")
"""The id of the one history that records which messages were composed."""


class StepKey(NamedTuple):
    """Identifies one step of one date within a petition.

    A clock is known by its name and its subject; None is the clock of the whole petition.
    """

    clock: WatchedClock
    round: int
    due_on: date
    step: str
    subject: ClockSubject | None = None

    @property
    def segment(self) -> tuple[WatchedClock, ClockSubject | None, int, date]:
        """Return the date of the clock that the step belongs to; an acknowledgement covers all its steps."""
        return self.clock, self.subject, self.round, self.due_on

    @property
    def text(self) -> str:
        key = f"{self.clock}/{self.round}/{self.due_on}/{self.step}"
        return key if self.subject is None else f"{key}/{self.subject.text}"


def step_key_of(fact: AlertRaised | AlertAcknowledged) -> StepKey:
    """Return the key of the step that was raised or acknowledged."""
    return StepKey(fact.clock, fact.round, fact.due_on, fact.step, known(fact.subject))


def acknowledge_steps(raised: Mapping[StepKey, bool], key: StepKey) -> dict[StepKey, bool]:
    """Return which steps are acknowledged after an acknowledgement, which covers all steps raised for the same date."""
    return {one: is_acknowledged or one.segment == key.segment for one, is_acknowledged in raised.items()}


def derive_message_id(addressee: OfficerId, channel: AlertChannel, ordinal: int) -> UUID:
    """Return the id of the addressee's message number `ordinal` on this channel."""
    return uuid5(_MESSAGE_NAMESPACE, f"{channel}/{ordinal}/{addressee}")


def operator_alert_stream(fact: OperatorAlertRaised | OperatorLine) -> UUID:
    """Return the id of the history of an operator alert, derived from its subject, day and `about`."""
    raised_on = fact.raised_on if isinstance(fact, OperatorLine) else fact.occurred_on
    return uuid5(_OPERATOR_ALERT_NAMESPACE, f"{fact.subject}/{raised_on}/{said(fact.about, '')}")
