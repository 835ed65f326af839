"""Tracks the delivery of a message: its attempts, the time of the next attempt, and whether it arrived or was given up.

The pauses between attempts are decided here, so that every sender follows the same rules.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from domain.alerts.events import (
    MessageComposed,
    MessageEvent,
    MessageFailed,
    MessageGivenUp,
    MessageRetried,
    MessageSent,
)
from domain.alerts.vocabulary import AlertChannel, FailureReason
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.refusals.records import RecordRefusal
from domain.value import Value, as_said, replace

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
RETRY_PAUSES = (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR, 24 * _HOUR)
"""The pause after each failed attempt. When the attempt after the last pause fails too, after nearly three days, the
message is given up.
"""


class MessageState(StrEnum):
    """Names the state of a message in the outbox."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class Delivery(Value):
    """Holds the state of one message, folded from its history.

    `attempts` counts all attempts. `failed` counts the failed attempts since the message was composed or retried.
    `next_at` is the earliest instant (UTC, by the database's clock) of the next attempt; None means at once.
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
        """Return True if the message waits and its next attempt may be made at `now`.

        A `next_at` that is farther ahead than the longest pause comes from a wrong clock, so it is ignored.
        """
        if self.state is not MessageState.WAITING:
            return False
        return self.next_at is None or not now < self.next_at <= now + RETRY_PAUSES[-1]


def evolve_delivery(delivery: Delivery | None, envelope: EventEnvelope[MessageEvent]) -> Delivery:
    """Return the delivery after one event. Raise ValueError if the history does not begin with MessageComposed."""
    fact, version, at = envelope.fact, envelope.originator_version, envelope.recorded_at
    if isinstance(fact, MessageComposed):
        return Delivery(composed=fact, version=version, position=envelope.position, composed_at=at, changed_at=at)
    if delivery is None:
        raise ValueError(f"the history of message {envelope.originator_id} does not begin with its composing")
    now = replace(delivery, version=version, changed_at=at, next_at=None)
    match fact:
        case MessageSent():
            return replace(now, state=MessageState.SENT, attempts=fact.attempt, reason=None)
        case MessageFailed():
            return replace(now, attempts=fact.attempt, failed=now.failed + 1, next_at=fact.next_at, reason=fact.reason)
        case MessageGivenUp():
            return replace(now, state=MessageState.DEAD, attempts=fact.attempts, reason=fact.reason)
        case MessageRetried():
            return replace(now, state=MessageState.WAITING, failed=0)
        case _:
            assert_never(fact)


def fold_delivery(history: Iterable[EventEnvelope[MessageEvent]]) -> Delivery | None:
    """Return the delivery that the history leads to; None for an empty history."""
    delivery: Delivery | None = None
    for envelope in history:
        delivery = evolve_delivery(delivery, envelope)
    return delivery


def complete_attempt(delivery: Delivery, on: date, by: AlertChannel) -> MessageSent:
    """Return the event of an attempt that succeeded through the channel `by`."""
    message = delivery.composed
    way = None if by is message.channel else by
    return MessageSent(occurred_on=on, message_id=message.message_id, attempt=delivery.attempts + 1, by=as_said(way))


def fail_attempt(
    delivery: Delivery,
    reason: FailureReason,
    now: datetime,
    on: date,
    *,
    for_good: bool = False,
    pauses: tuple[timedelta, ...] = RETRY_PAUSES,
) -> MessageFailed | MessageGivenUp:
    """Return the event of a failed attempt: MessageFailed with the instant of the next attempt, or MessageGivenUp.

    The message is given up after its last attempt, or at once if the failure is final (`for_good`).
    """
    message_id, attempt = delivery.composed.message_id, delivery.attempts + 1
    if for_good or delivery.failed >= len(pauses):
        return MessageGivenUp(occurred_on=on, message_id=message_id, attempts=attempt, reason=reason)
    next_at = now + pauses[delivery.failed]
    return MessageFailed(occurred_on=on, message_id=message_id, attempt=attempt, reason=reason, next_at=next_at)


def retry_given_up_message(delivery: Delivery, on: date) -> MessageRetried:
    """Return the event that makes a message wait again. Raise Refused unless the message was given up."""
    if delivery.state is not MessageState.DEAD:
        raise Refused(RecordRefusal.MESSAGE_IS_NOT_GIVEN_UP, state=delivery.state)
    return MessageRetried(occurred_on=on, message_id=delivery.composed.message_id)
