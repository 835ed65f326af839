"""What became of a message: how often it was tried, when the next attempt is, whether it arrived or was given up."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from domain.alerts.events import (
    MessageComposed,
    MessageEvent,
    MessageFailed,
    MessageGivenUp,
    MessageSent,
    MessageTakenUp,
)
from domain.alerts.vocabulary import AlertChannel, FailureReason
from domain.envelope import EventEnvelope
from domain.errors import Refused

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSES = (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR, 24 * _HOUR)
"""After each attempt that failed. After the one that follows the last of them, in three days, a message is given up."""


class MessageState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`attempts` are all that were made, `failed` those that came to nothing since it was composed or taken up again.

    `next_at` is the earliest instant of the next attempt, by the database's clock; None for at once.
    """

    composed: MessageComposed
    version: int
    position: int | None = None
    composed_at: datetime | None = None
    changed_at: datetime | None = None
    state: MessageState = MessageState.WAITING
    attempts: int = 0
    failed: int = 0
    next_at: datetime | None = None
    reason: FailureReason | None = None

    def is_due(self, now: datetime) -> bool:
        """A date farther ahead than any pause was counted by a clock that was wrong: it holds nobody up."""
        if self.state is not MessageState.WAITING:
            return False
        return self.next_at is None or not now < self.next_at <= now + PAUSES[-1]


def after(delivery: Delivery | None, recorded: EventEnvelope[MessageEvent]) -> Delivery:
    fact, version, at = recorded.fact, recorded.originator_version, recorded.recorded_at
    if isinstance(fact, MessageComposed):
        return Delivery(fact, version, recorded.position, at, at)
    if delivery is None:
        raise ValueError(f"the history of message {recorded.originator_id} does not begin with its composing")
    now = replace(delivery, version=version, changed_at=at, next_at=None)
    match fact:
        case MessageSent():
            return replace(now, state=MessageState.SENT, attempts=fact.attempt, reason=None)
        case MessageFailed():
            return replace(now, attempts=fact.attempt, failed=now.failed + 1, next_at=fact.next_at, reason=fact.reason)
        case MessageGivenUp():
            return replace(now, state=MessageState.DEAD, attempts=fact.attempts, reason=fact.reason)
        case MessageTakenUp():
            return replace(now, state=MessageState.WAITING, failed=0)
        case _:
            assert_never(fact)


def fold(history: Iterable[EventEnvelope[MessageEvent]]) -> Delivery | None:
    """None where there is no such message."""
    delivery: Delivery | None = None
    for recorded in history:
        delivery = after(delivery, recorded)
    return delivery


def sent(delivery: Delivery, on: date, by: AlertChannel) -> MessageSent:
    message = delivery.composed
    way = None if by is message.channel else by
    return MessageSent(occurred_on=on, message_id=message.message_id, attempt=delivery.attempts + 1, by=way)


def not_sent(
    delivery: Delivery,
    reason: FailureReason,
    now: datetime,
    on: date,
    *,
    for_good: bool = False,
    pauses: tuple[timedelta, ...] = PAUSES,
) -> MessageFailed | MessageGivenUp:
    """An attempt that came to nothing: when the next one is, unless it was the last or there is no sense in another."""
    message_id, attempt = delivery.composed.message_id, delivery.attempts + 1
    if for_good or delivery.failed >= len(pauses):
        return MessageGivenUp(occurred_on=on, message_id=message_id, attempts=attempt, reason=reason)
    next_at = now + pauses[delivery.failed]
    return MessageFailed(occurred_on=on, message_id=message_id, attempt=attempt, reason=reason, next_at=next_at)


def taken_up(delivery: Delivery, on: date) -> MessageTakenUp:
    """Refused unless it was given up."""
    if delivery.state is not MessageState.DEAD:
        raise Refused(f"this message is not given up: it is {delivery.state}")
    return MessageTakenUp(occurred_on=on, message_id=delivery.composed.message_id)
