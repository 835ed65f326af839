"""What a case says of its alerts: which were raised, and of which somebody took note."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from domain.alerts.keys import StepKey, key_of
from domain.events import AlertAcknowledged, AlertRaised
from domain.vocabulary import EscalationKind, UnitId


class Raised(NamedTuple):
    """`to` and `by` are the ladder's roles and channels; `acknowledged_on` is None while nobody took note."""

    key: StepKey
    fell_due_on: date
    to: tuple[str, ...]
    by: tuple[str, ...]
    does: str
    escalation: EscalationKind | None
    rule: str
    unit: UnitId
    acknowledged_on: date | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A message that told somebody of an alert: to whom, as what, by which way, and what became of it at last.

    `key` is the alert's, as text. `state` is waiting, sent or dead, since `changed_at` (UTC).
    """

    key: str
    role: str
    addressee: str
    channel: str
    composed_on: date
    state: str
    changed_at: datetime
    attempts: int


def with_alert(raised: tuple[Raised, ...], fact: AlertRaised) -> tuple[Raised, ...]:
    key = key_of(fact)
    return (*raised, Raised(key, fact.occurred_on, fact.to, fact.by, fact.does, fact.escalation, fact.rule, fact.unit))


def with_note(raised: tuple[Raised, ...], fact: AlertAcknowledged) -> tuple[Raised, ...]:
    """Also of those that were raised before it for the same date."""
    segment = key_of(fact)[:3]
    return tuple(
        one._replace(acknowledged_on=fact.occurred_on)
        if one.key[:3] == segment and one.acknowledged_on is None
        else one
        for one in raised
    )
