"""What can happen to a message, to the composing of messages, and to what the operator must hear of.

What a petition's ladder did is in the petition's own history: `domain.events.alerts`.
"""

from datetime import date, datetime
from uuid import UUID

from domain.alerts.vocabulary import (
    AlertChannel,
    AlertRole,
    Does,
    FailureReason,
    OperatorSubject,
    WatchedClock,
)
from domain.events import Fact
from domain.events.fact import Part
from domain.vocabulary import EscalationKind, OfficerId, PetitionId, UnitId


class AlertLine(Part):
    """One clock of one petition as a message tells it: the register number and dates, never a name or a free text.

    `step` is the highest that was due and `roles` what the addressee is told of it as; `folded` are the lower steps of
    the same clock and date that this line stands for. `fell_due_on` is the day of `step`. `says` are the ladder's own
    words, Vietnamese first, so that a message never changes when the ladder does.
    """

    petition_id: PetitionId
    reference: str
    clock: WatchedClock
    due_on: date
    step: str
    round: int = 1
    folded: tuple[str, ...] = ()
    fell_due_on: date
    roles: tuple[AlertRole, ...]
    unit: UnitId
    says: tuple[str, str]
    does: Does = Does.TELL
    escalation: EscalationKind | None = None


class OperatorLine(Part):
    """What the operator is told: `about` is a code (of a view, a unit, an office), never a text that people typed."""

    subject: OperatorSubject
    raised_on: date
    about: str = ""
    until: date | None = None
    count: int | None = None


class MessageComposed(Fact):
    """Everything that one addressee is told in one message. It opens the message's history and never changes.

    `message_id` follows from addressee, channel and `ordinal` (from 1, without holes), so that it can exist once.
    `addressee` is whom it goes to, `unit` the one whose working days and hours hold for it; `instead_of` is the holder
    of the office whom the addressee stands in for.
    """

    message_id: UUID
    addressee: OfficerId
    unit: UnitId
    channel: AlertChannel
    ordinal: int
    alerts: tuple[AlertLine, ...] = ()
    notices: tuple[OperatorLine, ...] = ()
    instead_of: tuple[OfficerId, ...] = ()


class MessageSent(Fact):
    """The receiver has taken it. `by` is the way it went, where the addressee has no address for its own channel."""

    message_id: UUID
    attempt: int
    by: AlertChannel | None = None


class MessageFailed(Fact):
    """An attempt that came to nothing; the next is not before `next_at` (UTC)."""

    message_id: UUID
    attempt: int
    reason: FailureReason
    next_at: datetime


class MessageGivenUp(Fact):
    """Nothing more is tried; the operator hears of it."""

    message_id: UUID
    attempts: int
    reason: FailureReason


class MessageTakenUp(Fact):
    """An officer has it tried again, after it was given up."""

    message_id: UUID


class MessagesComposed(Fact):
    """Messages that were composed together. They continue one history, so that no two workers compose for one alert."""

    messages: tuple[UUID, ...]


class OperatorAlertRaised(Fact):
    """Once for a subject, what it is about, and a day."""

    subject: OperatorSubject
    about: str = ""
    until: date | None = None
    count: int | None = None


MessageEvent = MessageComposed | MessageSent | MessageFailed | MessageGivenUp | MessageTakenUp
AlertEvent = MessageEvent | MessagesComposed | OperatorAlertRaised
