"""The names of what may exist once: each follows from what it is about."""

from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from domain.alerts.events import OperatorAlertRaised, OperatorLine
from domain.alerts.vocabulary import AlertChannel, WatchedClock
from domain.events import AlertAcknowledged, AlertRaised
from domain.vocabulary import OfficerId

_MESSAGES = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40003")
_OPERATOR = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40004")
COMPOSING = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40005")
"""The one history of what was composed."""


class StepKey(NamedTuple):
    """Which step of which date, within a petition."""

    clock: WatchedClock
    round: int
    due_on: date
    step: str

    @property
    def text(self) -> str:
        return f"{self.clock}/{self.round}/{self.due_on}/{self.step}"


def key_of(fact: AlertRaised | AlertAcknowledged) -> StepKey:
    return StepKey(fact.clock, fact.round, fact.due_on, fact.step)


def message_id(addressee: OfficerId, channel: AlertChannel, ordinal: int) -> UUID:
    return uuid5(_MESSAGES, f"{channel}/{ordinal}/{addressee}")


def operator_stream(fact: OperatorAlertRaised | OperatorLine) -> UUID:
    raised_on = fact.raised_on if isinstance(fact, OperatorLine) else fact.occurred_on
    return uuid5(_OPERATOR, f"{fact.subject}/{raised_on}/{fact.about}")
