"""Defines the stored words of the ladder. A stored word is never renamed."""

from enum import StrEnum


class WatchedClock(StrEnum):
    """Names what the ladder watches: clocks and duties of a petition by their own names, and further dates."""

    TRIAGE = "triage"
    ACCEPTANCE = "acceptance"
    FURTHER_REVIEW = "further_review"
    SETTLEMENT = "settlement"
    HEAD = "head"
    STEP = "step"  # the day by which a unit that was reminded must act: the ladder goes on from the reminder's date
    REMINDER = "reminder"  # the day on which the ladder proposed to urge the unit, until an officer does
    HANDLING = "handling"  # a letter that nobody handled for 45 days (Decree 154/2026 Art 41.3(b))
    POSSIBLE_KIND = "possible_kind"  # the earliest limit among the kinds that an unclassified letter may be

    # duties: the words of `Clock`
    PARTY_HEAD_NOTICE = "party_head_notice"
    TRANSFER = "transfer"
    REFERRAL_REPLY = "referral_reply"
    RESULT_TO_REFERRER = "result_to_referrer"
    RESULT_TO_CITIZEN = "result_to_citizen"
    FRONT_NOTICE = "front_notice"
    ACCEPTANCE_NOTICE = "acceptance_notice"
    DOCUMENT_SUPPLY = "document_supply"
    SUSPENSION_SENDING = "suspension_sending"
    DECISION_SENDING = "decision_sending"
    DECISION_PUBLICATION = "decision_publication"
    CONCLUSION_SENDING = "conclusion_sending"
    CONCLUSION_PUBLICATION = "conclusion_publication"
    CONCLUSION_ACTION = "conclusion_action"
    ACTION_REPORT = "action_report"
    OVERDUE_DEMAND = "overdue_demand"
    OVERDUE_REPORT = "overdue_report"
    CONTRIBUTION = "contribution"
    PREPARATION = "preparation"
    PROMISE = "promise"

    TASK = "task"  # of a meeting's conclusion notice, whose history is the meeting's


class AlertRole(StrEnum):
    """Names the role in which somebody is informed. The order of members is the order of replacement if a role is
    vacant.
    """

    OFFICER = "officer"  # the responsible officer
    HEAD = "head"  # head of the unit that has the petition
    SUPERIOR = "superior"  # head of the unit above, who demands a report (Law 25/2018 Art 38.2)
    FOLLOW_UP = "follow_up"  # Ban Tiếp công dân, Văn phòng: the office that sends reminders
    CHAIR = "chair"  # chair of the provincial People's Committee
    INSPECTORATE = "inspectorate"


class AlertChannel(StrEnum):
    """Names the channel that carries a message. Pages of the service need no message: they follow the stream
    of alerts.
    """

    EMAIL = "email"
    WEBHOOK = "webhook"


class Does(StrEnum):
    """Names what a step of the ladder does in addition to its alert."""

    TELL = "tell"
    REMIND = "remind"  # records ReminderProposed
    PROPOSE = "propose"  # names the way up that the addressee may decide on
    ASK_FOR_CHECK = "ask_for_check"  # records ResponsibilityCheckRequested


class FailureReason(StrEnum):
    """Names why a message did not arrive; the text of the receiver's answer is never kept."""

    NO_ADDRESS = "no_address"
    NOT_ALLOWED = "not_allowed"  # an address in a private range, or a redirect
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    REFUSED = "refused"  # the refusal is final
    NOT_NOW = "not_now"  # the receiver may take the message later
    BROKEN_OFF = "broken_off"  # the connection ended before the receiver answered
    TOO_LARGE = "too_large"  # the head of the answer was too long


class OperatorSubject(StrEnum):
    """Names what the person who runs the service must learn of."""

    CALENDAR_ENDS = "calendar_ends"
    POLICY_ENDS = "policy_ends"
    VIEW_LAGS = "view_lags"
    OUTBOX_STUCK = "outbox_stuck"
    NOBODY_TO_TELL = "nobody_to_tell"  # no role on the way up has a holder
    OFFICE_VACANT = "office_vacant"  # somebody else was informed in place of the holder
    CLOCK_LEAPT = "clock_leapt"
    NO_ADDRESS = "no_address"  # an addressee has no address
    EVENT_SET_ASIDE = "event_set_aside"  # an event cannot be read: its petition stands still in the views
