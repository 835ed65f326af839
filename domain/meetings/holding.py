"""Decides the record of the meeting itself, held as planned or entered afterwards, and of its minutes."""

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.meetings.commands import EnterMinutes, HoldMeeting, RecordMeeting
from domain.meetings.events import MeetingEvent, MeetingHeld, MinutesEntered
from domain.meetings.limits import announcement_limits, follow_up_limits, is_commune_conference
from domain.meetings.meeting import Meeting
from domain.meetings.planning import check_reception_type, require_still_planned, stated_details
from domain.refusals.meetings import MeetingRefusal
from domain.value import UNSET, as_said, replace, said
from domain.vocabulary import OfficerId, UnitId


def enter_held_meeting(command: RecordMeeting, context: DecisionContext) -> list[MeetingEvent]:
    """Return the event of a meeting that was held without a plan on record.

    A commune's conference must be announced even then, so it gets the limit of the announcement. A reception day gets
    no such limit: it is on a schedule that is posted for many days at once.
    """
    check_reception_type(command.kind, command.reception)
    organiser = context.units.require(UnitId(command.organiser), command.occurred_on)
    details = stated_details(command, organiser)
    _check_stand_in(command.chair, command.instead_of)
    law, on = context.law, command.occurred_on
    before = announcement_limits(law, details, on) if is_commune_conference(details) else ()
    return [
        MeetingHeld(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            details=details,
            attendance=as_said(command.attendance),
            minutes_no=as_said(command.minutes_no),
            instead_of=as_said(None if command.instead_of is None else OfficerId(command.instead_of)),
            instead_of_position=as_said(command.instead_of_position),
            delegation_no=as_said(command.delegation_no),
            limits=as_said((*before, *follow_up_limits(law, details, on))),
        )
    ]


def hold_meeting(command: HoldMeeting, meeting: Meeting, context: DecisionContext) -> list[MeetingEvent]:
    """Return the event of a planned meeting that was held on its day. Raise Refused if it was held on another day.

    If another officer chaired the meeting, that officer acted instead of the planned chair, unless both hold the same
    office.
    """
    plan = require_still_planned(
        meeting, MeetingRefusal.HELD_IS_NOT_HELD_AGAIN, MeetingRefusal.CANCELLED_IS_NOT_HELD
    ).details
    if command.occurred_on != meeting.planned_for:
        raise Refused(MeetingRefusal.PLANNED_FOR_ANOTHER_DAY, planned_for=meeting.day)
    context.units.require(plan.organiser, command.occurred_on)
    chair = OfficerId(command.chair) if command.chair else plan.chair
    is_another = chair != plan.chair
    if is_another and not command.chair_position:
        raise Refused(MeetingRefusal.POSITION_OF_OTHER_CHAIR)
    planned_office = said(plan.chair_office, "")
    office = command.chair_office or ("" if is_another else planned_office)
    is_delegated = is_another and not (office and office == planned_office)
    return [
        MeetingHeld(
            occurred_on=command.occurred_on,
            meeting_id=meeting.meeting_id,
            details=replace(
                plan,
                chair=chair,
                chair_position=command.chair_position or plan.chair_position,
                place=command.place or plan.place,
                chair_office=as_said(office),
            ),
            attendance=as_said(command.attendance),
            minutes_no=as_said(command.minutes_no),
            instead_of=plan.chair if is_delegated else UNSET,
            instead_of_position=(command.instead_of_position or plan.chair_position) if is_delegated else UNSET,
            delegation_no=as_said(command.delegation_no),
            limits=as_said(follow_up_limits(context.law, plan, command.occurred_on)),
        )
    ]


def enter_minutes(command: EnterMinutes, meeting: Meeting, _: DecisionContext) -> list[MeetingEvent]:
    """Return the event of the minutes. Raise Refused if the meeting was not held, or has minutes already."""
    if meeting.held_on is None:
        raise Refused(MeetingRefusal.NOT_HELD_HAS_NO_MINUTES)
    if command.occurred_on < meeting.held_on:
        raise Refused(MeetingRefusal.MINUTES_BEFORE_MEETING, held_on=meeting.held_on)
    if meeting.minutes_no:
        raise Refused(MeetingRefusal.MINUTES_ENTERED_ALREADY, minutes_no=meeting.minutes_no)
    return [
        MinutesEntered(
            occurred_on=command.occurred_on, minutes_no=command.minutes_no, attendance=as_said(command.attendance)
        )
    ]


def _check_stand_in(chair: str, instead_of: str | None) -> None:
    """Raise Refused if the chair is entered as acting for the same officer."""
    if chair == instead_of:
        raise Refused(MeetingRefusal.CHAIR_INSTEAD_OF_THEMSELVES)
