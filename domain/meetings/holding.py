"""Decides the record of the meeting itself, held as planned or entered afterwards, and of its minutes."""

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import Official, officer_of, official
from domain.meetings.commands import EnterMinutes, HoldMeeting, RecordMeeting
from domain.meetings.events import MeetingEvent, MeetingHeld, MinutesEntered
from domain.meetings.limits import announcement_limits, follow_up_limits, is_commune_conference
from domain.meetings.meeting import Meeting
from domain.meetings.planning import (
    check_reception_type,
    require_still_planned,
    stated_details,
)
from domain.refusals.meetings import MeetingRefusal
from domain.value import UNSET, UnsetType, as_said, known, replace
from domain.vocabulary import UnitId


def enter_held_meeting(command: RecordMeeting, context: DecisionContext) -> list[MeetingEvent]:
    """Return the event of a meeting that was held without a plan on record.

    A commune's conference must be announced even then, so it gets the limit of the announcement. A reception day gets
    no such limit: it is on a schedule that is posted for many days at once.
    """
    check_reception_type(command.kind, command.reception)
    organiser = context.units.require(UnitId(command.organiser), command.occurred_on)
    details = stated_details(command, organiser)
    _check_stand_in(command.chair, command.instead_of)
    if command.instead_of_position and not command.instead_of:
        raise Refused(MeetingRefusal.POSITION_WITHOUT_NAME)
    law, on = context.law, command.occurred_on
    before = announcement_limits(law, details, on) if is_commune_conference(details) else ()
    return [
        MeetingHeld(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            details=details,
            attendance=as_said(command.attendance),
            minutes_no=as_said(command.minutes_no),
            instead_of=official(command.instead_of, command.instead_of_position),
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
    is_another = command.chair is not None and command.chair != officer_of(plan.chair)
    if is_another and not command.chair_position:
        raise Refused(MeetingRefusal.POSITION_OF_OTHER_CHAIR)
    position = command.chair_position
    chair = official(command.chair, position) if is_another else _in_position(plan.chair, position)
    planned_office = known(plan.chair_office)
    office = command.chair_office or (None if is_another else planned_office)
    is_delegated = is_another and (office is None or office is not planned_office)
    return [
        MeetingHeld(
            occurred_on=command.occurred_on,
            meeting_id=meeting.meeting_id,
            details=replace(
                plan,
                chair=chair,
                place=command.place or plan.place,
                chair_office=as_said(office),
            ),
            attendance=as_said(command.attendance),
            minutes_no=as_said(command.minutes_no),
            instead_of=_in_position(plan.chair, command.instead_of_position) if is_delegated else UNSET,
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


def _in_position(planned: Official | UnsetType, position: str) -> Official | UnsetType:
    """Return the planned chair, in another position if one is named."""
    return replace(planned, position=position) if position and planned is not UNSET else planned


def _check_stand_in(chair: str, instead_of: str | None) -> None:
    """Raise Refused if the chair is entered as acting for the same officer."""
    if chair == instead_of:
        raise Refused(MeetingRefusal.CHAIR_INSTEAD_OF_THEMSELVES)
