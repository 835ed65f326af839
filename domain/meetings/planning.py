"""Decides what comes before a meeting: the plan, the announcement, a new day, a cancellation."""

from collections.abc import Sequence

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import official
from domain.meetings.commands import (
    AnnounceMeeting,
    CancelMeeting,
    HotSpotToAnswer,
    MoveMeeting,
    PlanMeeting,
    RecordMeeting,
)
from domain.meetings.details import MeetingDetails, NamedHotSpot
from domain.meetings.duties import head_of_unit
from domain.meetings.events import MeetingAnnounced, MeetingCancelled, MeetingEvent, MeetingMoved, MeetingPlanned
from domain.meetings.limits import announcement_limits
from domain.meetings.meeting import Meeting
from domain.meetings.words import HeadOf, MeetingKind, MeetingStage, ReceptionType
from domain.refusals.code import RefusalCode
from domain.refusals.meetings import MeetingRefusal
from domain.units.unit import Unit
from domain.value import as_said
from domain.vocabulary import UnitId


def enter_meeting_plan(command: PlanMeeting, context: DecisionContext) -> list[MeetingEvent]:
    """Return the event of the plan. Raise Refused if the planned day is before the day of the plan."""
    if command.planned_for < command.occurred_on:
        raise Refused(MeetingRefusal.PLANNED_FOR_PAST_DAY)
    check_reception_type(command.kind, command.reception)
    organiser = context.units.require(UnitId(command.organiser), command.planned_for)
    details = stated_details(command, organiser)
    return [
        MeetingPlanned(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            planned_for=command.planned_for,
            details=details,
            limits=as_said(announcement_limits(context.law, details, command.planned_for)),
        )
    ]


def announce_meeting(command: AnnounceMeeting, meeting: Meeting, _: DecisionContext) -> list[MeetingEvent]:
    """Return the event of the announcement. It may be entered after the meeting, but its day must not be after the
    meeting.
    """
    if meeting.stage is MeetingStage.CANCELLED:
        raise Refused(MeetingRefusal.CANCELLED_IS_NOT_ANNOUNCED)
    day = meeting.day
    if command.occurred_on > day:
        raise Refused(MeetingRefusal.ANNOUNCED_AFTER_MEETING, day=day)
    if day in meeting.announced_for:
        raise Refused(MeetingRefusal.ANNOUNCED_ALREADY, day=day)
    return [
        MeetingAnnounced(
            occurred_on=command.occurred_on, planned_for=day, how=command.how, document_no=as_said(command.document_no)
        )
    ]


def move_meeting(command: MoveMeeting, meeting: Meeting, context: DecisionContext) -> list[MeetingEvent]:
    """Return the event of the new day, with new limits. An announcement of the previous day does not announce the new
    day.
    """
    planned = require_still_planned(
        meeting, MeetingRefusal.HELD_IS_NOT_MOVED, MeetingRefusal.CANCELLED_IS_NOT_MOVED
    ).details
    if command.planned_for == meeting.day:
        raise Refused(MeetingRefusal.PLANNED_FOR_THAT_DAY, day=meeting.day)
    if command.planned_for < command.occurred_on:
        raise Refused(MeetingRefusal.MOVED_TO_PAST_DAY)
    context.units.require(planned.organiser, command.planned_for)
    return [
        MeetingMoved(
            occurred_on=command.occurred_on,
            moved_from=meeting.day,
            planned_for=command.planned_for,
            reason=command.reason,
            document_no=as_said(command.document_no),
            limits=as_said(announcement_limits(context.law, planned, command.planned_for)),
        )
    ]


def cancel_meeting(command: CancelMeeting, meeting: Meeting, _: DecisionContext) -> list[MeetingEvent]:
    """Return the event of the cancellation. Raise Refused if the meeting was held or cancelled already."""
    require_still_planned(meeting, MeetingRefusal.HELD_IS_NOT_CANCELLED, MeetingRefusal.CANCELLED_ALREADY)
    return [
        MeetingCancelled(
            occurred_on=command.occurred_on,
            planned_for=meeting.day,
            reason=command.reason,
            document_no=as_said(command.document_no),
        )
    ]


def require_still_planned(meeting: Meeting, if_held: RefusalCode, if_cancelled: RefusalCode) -> MeetingPlanned:
    """Return the plan. Raise Refused, with one of the two codes, if the meeting was held or cancelled."""
    if meeting.held_on is not None:
        raise Refused(if_held, on=meeting.held_on)
    if meeting.cancelled_on is not None:
        raise Refused(if_cancelled, on=meeting.cancelled_on)
    assert meeting.plan is not None, "what is neither held nor cancelled was planned"
    return meeting.plan


def stated_details(command: PlanMeeting | RecordMeeting, organiser: Unit) -> MeetingDetails:
    """Return the details that the command states; what it leaves out stays unsaid."""
    return MeetingDetails(
        kind=command.kind,
        level=as_said(command.level),
        organiser=UnitId(command.organiser),
        chair=official(command.chair, command.chair_position),
        title=command.title,
        place=as_said(command.place),
        reception=as_said(command.reception),
        mode=as_said(command.mode),
        head_of=as_said(resolve_head_of(command.head_of, organiser)),
        audience=as_said(command.audience),
        topics=as_said(command.topics),
        chair_office=as_said(command.chair_office),
        hot_spots=as_said(
            tuple(NamedHotSpot(place=spot.place, topic=as_said(spot.topic)) for spot in _each_once(command.hot_spots))
        ),
    )


def _each_once(spots: Sequence[HotSpotToAnswer]) -> Sequence[HotSpotToAnswer]:
    """Return the hot spots. Raise Refused where one is named twice."""
    if len({(spot.place, spot.topic) for spot in spots}) != len(spots):
        raise Refused(MeetingRefusal.HOT_SPOT_NAMED_TWICE)
    return spots


def resolve_head_of(stated: HeadOf | None, organiser: Unit) -> HeadOf | None:
    """Return the body whose head meets the people; None where neither the officer nor the register says it.

    The officer may state it. Otherwise it follows from the organiser's branch in the register.
    """
    return head_of_unit(organiser) if stated is None else stated


def check_reception_type(kind: MeetingKind, reception: ReceptionType | None) -> None:
    """Raise Refused if a type of reception is given for a meeting that is no reception day."""
    if reception is not None and kind is not MeetingKind.RECEPTION_DAY:
        raise Refused(MeetingRefusal.NO_RECEPTION_DAY)
