"""Keeps the alerts of a petition or a meeting in its state: which were raised, and which were acknowledged."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from domain.alerts.keys import StepKey, step_key_of
from domain.alerts.vocabulary import Does
from domain.events import AlertRaised
from domain.meetings.events import TaskAlertRaised
from domain.meetings.task_keys import task_step_key
from domain.value import known, said
from domain.vocabulary import NO_UNIT, UnitId, WayUp


class RaisedAlert(NamedTuple):
    """Holds an alert that was raised for a petition, or for a task of a meeting.

    `to` and `by` are the roles and channels of the ladder; `acknowledged_on` is None until somebody acknowledged it.
    """

    key: StepKey
    fell_due_on: date
    to: tuple[str, ...]
    by: tuple[str, ...]
    does: str
    way: WayUp | None
    rule: str
    unit: UnitId
    acknowledged_on: date | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """Describes a message that informs an addressee of an alert: the role, the channel, and the state of its delivery.

    `key` is the key of the alert, as text. `state` is waiting, sent or dead, since `changed_at` (UTC).
    """

    key: str
    role: str
    addressee: str
    channel: str
    composed_on: date
    state: str
    changed_at: datetime
    attempts: int


def add_raised_alert(raised: tuple[RaisedAlert, ...], fact: AlertRaised) -> tuple[RaisedAlert, ...]:
    """Return the alerts with the one that the event raised."""
    alert = RaisedAlert(
        key=step_key_of(fact),
        fell_due_on=fact.occurred_on,
        to=fact.to,
        by=fact.by,
        does=fact.does,
        way=known(fact.way),
        rule=fact.rule,
        unit=said(fact.unit, NO_UNIT),
    )
    return (*raised, alert)


def add_raised_task_alert(raised: tuple[RaisedAlert, ...], fact: TaskAlertRaised) -> tuple[RaisedAlert, ...]:
    """Return the alerts of a meeting with the one that the event raised for a task."""
    alert = RaisedAlert(
        key=task_step_key(fact),
        fell_due_on=fact.occurred_on,
        to=fact.to,
        by=fact.by,
        does=Does.TELL,
        way=None,
        rule=fact.rule,
        unit=fact.unit,
    )
    return (*raised, alert)


def acknowledge_alerts(raised: tuple[RaisedAlert, ...], key: StepKey, on: date) -> tuple[RaisedAlert, ...]:
    """Return the alerts after an acknowledgement, which covers all alerts raised so far for the same date."""
    return tuple(
        alert._replace(acknowledged_on=on)
        if alert.key.segment == key.segment and alert.acknowledged_on is None
        else alert
        for alert in raised
    )
