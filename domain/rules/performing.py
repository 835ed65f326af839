"""Decides what is common to the acts that an earlier act made due, and how a duty that nobody can fulfil is lifted."""

from datetime import date

from domain.commands import LiftDuty
from domain.deadlines.clock import ClockKey, ClockSubject, SubjectKind
from domain.decision_context import DecisionContext
from domain.duties import CLOCKS_OF_ACT, preparation_key
from domain.errors import Refused
from domain.events import DutyLifted, DutyPerformed, PetitionEvent
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.refusals.duties import DutyRefusal
from domain.rules.petition_rule import OpenCheck, open_when
from domain.value import as_said
from domain.vocabulary import DutyAct, Recipient

MEETING_CANCELLED = "Hội nghị, buổi tiếp công dân đã bị hủy"
"""The reason with which the service itself lifts what was to be prepared for a meeting."""


def while_owed(act: DutyAct) -> OpenCheck:
    """Return the check that a duty runs that the act fulfils."""
    clocks = CLOCKS_OF_ACT[act]

    def check(petition: Petition, _: DecisionContext) -> None:
        if not any(key.clock in clocks for key in petition.duties):
            raise Refused(DutyRefusal.NOT_OWED, duty=clocks[0])

    return check


def perform(
    petition: Petition,
    act: DutyAct,
    on: date,
    *,
    subject: ClockSubject | None = None,
    document_no: str = "",
    sent_to: tuple[Recipient, ...] = (),
    how: str = "",
    evidence: str = "",
    content: str = "",
) -> list[PetitionEvent]:
    """Return the act. Raise Refused for a subject that owes nothing, and on a day before anything was owed."""
    clocks = CLOCKS_OF_ACT[act]
    owed = [key for key in petition.duties if key.clock in clocks and key.subject == subject]
    if not owed:
        raise Refused(DutyRefusal.NO_SUCH_DUTY, duty=clocks[0], subject="" if subject is None else subject.reference)
    first = min(owed, key=lambda key: petition.duties[key].started_on)
    if on < petition.duties[first].started_on:
        raise Refused(DutyRefusal.BEFORE_IT_WAS_OWED, duty=first.clock, since=petition.duties[first].started_on)
    return [
        DutyPerformed(
            occurred_on=on,
            act=act,
            subject=as_said(subject),
            document_no=as_said(document_no),
            sent_to=as_said(tuple(dict.fromkeys(sent_to))),
            how=as_said(how),
            evidence=as_said(evidence),
            content=as_said(content),
        )
    ]


def unit_subject(code: str) -> ClockSubject:
    return ClockSubject(kind=SubjectKind.UNIT, reference=code)


def _require_some_duty(petition: Petition, _: DecisionContext) -> None:
    if not petition.duties:
        raise Refused(DutyRefusal.NOTHING_OWED)


@open_when(_require_some_duty)
def lift_duty(command: LiftDuty, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """End a duty that nobody can fulfil any more. Its lateness until that day stays."""
    key = next((key for key in petition.duties if _is_named(key, command)), None)
    if key is None:
        raise Refused(DutyRefusal.NO_SUCH_DUTY, duty=command.clock, subject=command.subject)
    since = petition.duties[key].started_on
    if command.occurred_on < since:
        raise Refused(DutyRefusal.BEFORE_IT_WAS_OWED, duty=key.clock, since=since)
    return [
        DutyLifted(
            occurred_on=command.occurred_on, clock=key.clock, subject=as_said(key.subject), reason=command.reason
        )
    ]


def lift_preparation(petition: Petition, meeting: Meeting) -> list[PetitionEvent]:
    """End the preparation for a meeting that was cancelled, from the day on which it was: nobody answers there.

    A preparation that had run out when the cancellation was entered stays late until then, whatever day was stated.
    """
    key = preparation_key(meeting.meeting_id)
    if meeting.cancelled_on is None or key not in petition.duties:
        return []
    duty = petition.duties[key]
    on = max(meeting.cancelled_on, duty.started_on)
    recorded_on = meeting.cancellation_recorded_on
    if recorded_on is not None and on <= duty.due_on < recorded_on:
        on = recorded_on
    return [DutyLifted(occurred_on=on, clock=key.clock, subject=as_said(key.subject), reason=MEETING_CANCELLED)]


def _is_named(key: ClockKey, command: LiftDuty) -> bool:
    return key.clock is command.clock and ("" if key.subject is None else key.subject.text) == command.subject
