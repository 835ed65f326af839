"""The words of the ladder that are stored. A stored word is never renamed."""

from enum import StrEnum


class WatchedClock(StrEnum):
    """What the ladder watches: the clocks of a petition by their own names, and two dates beside them."""

    TRIAGE = "triage"
    ACCEPTANCE = "acceptance"
    SETTLEMENT = "settlement"
    HEAD = "head"
    STEP = "step"  # the day by which a unit that was urged must act: a ladder goes on from the reminder's date
    HANDLING = "handling"  # a letter that nobody handled for 45 days (Decree 154/2026 Art 41.3(b))


class AlertRole(StrEnum):
    """Who is told, by what they are to the petition. In the order in which one stands in for a missing other."""

    OFFICER = "officer"  # the responsible officer
    HEAD = "head"  # of the unit that has the petition
    SUPERIOR = "superior"  # head of the unit above: whoever demands a report (Law 25/2018 Art 38.2)
    FOLLOW_UP = "follow_up"  # Ban Tiếp công dân, Văn phòng: whoever urges
    CHAIR = "chair"  # of the provincial People's Committee
    INSPECTORATE = "inspectorate"


class AlertChannel(StrEnum):
    """By which way a message goes out. Pages are told of what is recorded; they need no message."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Does(StrEnum):
    """What a step of the ladder does beyond what its event says."""

    TELL = "tell"
    REMIND = "remind"  # records ReminderIssued
    PROPOSE = "propose"  # says which way up the addressee may decide on
    ESCALATE = "escalate"  # records PetitionEscalated


class FailureReason(StrEnum):
    """Why a message did not arrive; what a receiver wrote is never kept."""

    NO_ADDRESS = "no_address"
    NOT_ALLOWED = "not_allowed"  # an address in a private range, or a redirect
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"  # for good
    NOT_NOW = "not_now"  # the receiver asks to come again
    BROKEN_OFF = "broken_off"  # no answer after the message was handed over
    TOO_LARGE = "too_large"  # an answer without an end


class OperatorSubject(StrEnum):
    """What whoever runs the service must hear of."""

    CALENDAR_ENDS = "calendar_ends"
    POLICY_ENDS = "policy_ends"
    VIEW_LAGS = "view_lags"
    OUTBOX_STUCK = "outbox_stuck"
    NOBODY_TO_TELL = "nobody_to_tell"  # no office on the way up is held by anybody
    OFFICE_VACANT = "office_vacant"  # somebody else was told in its place
    CLOCK_LEAPT = "clock_leapt"
    NO_ADDRESS = "no_address"  # of somebody who is to be told
