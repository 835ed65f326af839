"""Defines the events of messages, of the composing of messages, and of operator alerts.

The events of a petition's ladder are in the petition's own history: `domain.events.alerts`.
"""

from datetime import date
from uuid import UUID

from domain.alerts.vocabulary import (
    AlertChannel,
    AlertRole,
    Does,
    FailureReason,
    OperatorSubject,
    WatchedClock,
)
from domain.deadlines.clock import ClockSubject
from domain.events import Fact
from domain.stored_values import Count, CountFromOne, Instant, NonEmptyStr, OfficerCode, UnitCode
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import Category, WayUp


class StreamReference(FactPart):
    """Names a history of the log: its category, its id, and the number or code by which people know it."""

    category: Category
    stream: UUID
    reference: NonEmptyStr


class AlertLine(FactPart):
    """Describes one clock in a message: a register number and dates, never a person's name or a free text.

    `about` is the history that the clock belongs to; today this is always a petition. `subject` says who or what owes
    what the clock waits for, where the clock is not that of the whole petition. `step` is the
    highest step that was due. `roles` are the roles in which the addressee is informed of it. `folded` are the lower
    steps of the same clock and date that this line includes. `fell_due_on` is the day of `step`. `says` is the text of
    the ladder by language ("vi", "en"), copied here so that a message never changes when the ladder changes. So is
    `unit_name`, the name of the unit on that day.
    """

    about: StreamReference
    clock: WatchedClock
    subject: ClockSubject | UnsetType = UNSET
    due_on: date
    step: NonEmptyStr
    round: CountFromOne
    folded: tuple[NonEmptyStr, ...] | UnsetType = UNSET
    fell_due_on: date
    roles: tuple[AlertRole, ...]
    unit: UnitCode | UnsetType = UNSET
    unit_name: NonEmptyStr | UnsetType = UNSET
    says: dict[NonEmptyStr, NonEmptyStr]
    does: Does
    way: WayUp | UnsetType = UNSET


class OperatorLine(FactPart):
    """Describes one operator alert in a message.

    `about` is a code (of a view, a unit, an office), never a text that people typed.
    """

    subject: OperatorSubject
    raised_on: date
    about: NonEmptyStr | UnsetType = UNSET
    until: date | UnsetType = UNSET
    count: Count | UnsetType = UNSET


class MessageComposed(Fact):
    """Records everything that one addressee is informed of in one message. It opens the message's history and never
    changes.

    `message_id` follows from addressee, channel and `ordinal` (from 1, without gaps), so that a message can exist only
    once. `addressee` is the officer who receives it. `unit` is the unit whose working days and hours apply; a
    message to the operator says none. `instead_of` are the holders of the offices for whom the addressee stands in.
    `addressee_office` and `instead_of_offices` name the offices of these officers, as the register had them that day.
    """

    message_id: UUID
    addressee: OfficerCode
    unit: UnitCode | UnsetType = UNSET
    channel: AlertChannel
    ordinal: CountFromOne
    alerts: tuple[AlertLine, ...] | UnsetType = UNSET
    notices: tuple[OperatorLine, ...] | UnsetType = UNSET
    instead_of: tuple[OfficerCode, ...] | UnsetType = UNSET
    addressee_office: NonEmptyStr | UnsetType = UNSET
    instead_of_offices: tuple[NonEmptyStr, ...] | UnsetType = UNSET


class MessageSent(Fact):
    """Records that the receiver has taken the message.

    `by` is the channel that carried the message, if the addressee has no address for the message's own channel.
    """

    message_id: UUID
    attempt: CountFromOne
    by: AlertChannel | UnsetType = UNSET


class MessageFailed(Fact):
    """Records that an attempt failed; the next attempt is not made before `next_at` (UTC)."""

    message_id: UUID
    attempt: CountFromOne
    reason: FailureReason
    next_at: Instant


class MessageGivenUp(Fact):
    """Records that no further attempt is made; the operator is informed."""

    message_id: UUID
    attempts: CountFromOne
    reason: FailureReason


class MessageRetried(Fact):
    """Records that an officer lets the service try again to send a message that was given up."""

    message_id: UUID


class MessagesComposed(Fact):
    """Records that messages were composed together.

    All events of this kind continue one history, so that two workers cannot both compose a message for one alert.
    """

    messages: tuple[UUID, ...]


class OperatorAlertRaised(Fact):
    """Records that the operator must learn of something. It is raised once for each subject, `about` and day."""

    subject: OperatorSubject
    about: NonEmptyStr | UnsetType = UNSET
    until: date | UnsetType = UNSET
    count: Count | UnsetType = UNSET


MessageEvent = MessageComposed | MessageSent | MessageFailed | MessageGivenUp | MessageRetried
AlertEvent = MessageEvent | MessagesComposed | OperatorAlertRaised
