"""Before a meeting: plan, announce, move, cancel."""

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.meetings.commands import AnnounceMeeting, CancelMeeting, MoveMeeting, PlanMeeting
from domain.meetings.duties import head_of
from domain.meetings.events import MeetingAnnounced, MeetingCancelled, MeetingEvent, MeetingMoved, MeetingPlanned
from domain.meetings.limits import announcement_limits
from domain.meetings.meeting import Meeting
from domain.meetings.words import HeadOf, MeetingKind, MeetingStage, ReceptionType
from domain.units.unit import Unit
from domain.vocabulary import OfficerId, UnitId


def plan(command: PlanMeeting, circumstances: DecisionContext) -> list[MeetingEvent]:
    if command.planned_for < command.occurred_on:
        raise Refused("a meeting cannot be planned for a day before the plan: record it as held")
    reception_fits(command.kind, command.reception)
    organiser = circumstances.units.require(UnitId(command.organiser), command.planned_for)
    whose = said_or_known(command.head_of, organiser)
    return [
        MeetingPlanned(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            planned_for=command.planned_for,
            kind=command.kind,
            level=command.level,
            organiser=UnitId(command.organiser),
            chair=OfficerId(command.chair),
            chair_position=command.chair_position,
            title=command.title,
            place=command.place,
            reception=command.reception,
            mode=command.mode,
            head_of=whose,
            audience=command.audience,
            topics=command.topics,
            chair_office=command.chair_office,
            limits=announcement_limits(
                circumstances.law,
                command.kind,
                command.level,
                whose,
                command.mode,
                command.reception,
                command.planned_for,
            ),
        )
    ]


def announce(command: AnnounceMeeting, meeting: Meeting, _: DecisionContext) -> list[MeetingEvent]:
    """Of a meeting that was held it may be entered late; it cannot have happened after the meeting."""
    if meeting.stage is MeetingStage.CANCELLED:
        raise Refused("a meeting that was cancelled cannot be announced")
    day = meeting.day
    if command.occurred_on > day:
        raise Refused(f"the meeting is of {day}: it cannot have been announced after it")
    if day in meeting.announced_for:
        raise Refused(f"the meeting was announced for {day} already")
    return [
        MeetingAnnounced(
            occurred_on=command.occurred_on, planned_for=day, how=command.how, document_no=command.document_no
        )
    ]


def move(command: MoveMeeting, meeting: Meeting, circumstances: DecisionContext) -> list[MeetingEvent]:
    """Its limits are counted anew; what was announced for the day before does not announce the new one."""
    planned = still_planned(meeting, "be moved")
    if command.planned_for == meeting.day:
        raise Refused(f"the meeting is planned for {meeting.day} already")
    if command.planned_for < command.occurred_on:
        raise Refused("a meeting cannot be moved to a day that had passed when it was moved")
    circumstances.units.require(planned.organiser, command.planned_for)
    return [
        MeetingMoved(
            occurred_on=command.occurred_on,
            moved_from=meeting.day,
            planned_for=command.planned_for,
            reason=command.reason,
            document_no=command.document_no,
            limits=announcement_limits(
                circumstances.law,
                planned.kind,
                planned.level,
                planned.head_of,
                planned.mode,
                planned.reception,
                command.planned_for,
            ),
        )
    ]


def cancel(command: CancelMeeting, meeting: Meeting, _: DecisionContext) -> list[MeetingEvent]:
    still_planned(meeting, "be cancelled")
    return [
        MeetingCancelled(
            occurred_on=command.occurred_on,
            planned_for=meeting.day,
            reason=command.reason,
            document_no=command.document_no,
        )
    ]


def still_planned(meeting: Meeting, what: str) -> MeetingPlanned:
    """`what` completes "a meeting that was held cannot ..."."""
    if meeting.held_on is not None:
        raise Refused(f"a meeting that was held, on {meeting.held_on}, cannot {what}")
    if meeting.cancelled_on is not None:
        raise Refused(f"a meeting that was cancelled, on {meeting.cancelled_on}, cannot {what}")
    assert meeting.plan is not None, "what is neither held nor cancelled was planned"
    return meeting.plan


def said_or_known(said: HeadOf, organiser: Unit) -> HeadOf:
    """Whose head meets the people: as the officer says, else by the branch that the register has for the organiser."""
    return said if said is not HeadOf.UNKNOWN else head_of(organiser)


def reception_fits(kind: MeetingKind, reception: ReceptionType | None) -> None:
    if reception is not None and kind is not MeetingKind.RECEPTION_DAY:
        raise Refused("regular, periodic and extraordinary are reception days; a conference is none of them")
