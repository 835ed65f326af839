"""Which command on a meeting is allowed."""

from domain.meetings.commands import RecordMeeting
from domain.meetings.events import MeetingEvent, MeetingHeld
from domain.meetings.meeting import Meeting
from domain.refused import Refused
from domain.units.unit import Units
from domain.vocabulary import OfficerId, UnitId


def decide(command: RecordMeeting, meeting: Meeting | None, units: Units) -> list[MeetingEvent]:
    if meeting is not None:
        raise Refused("this meeting is on record already")
    units.require(UnitId(command.organiser), command.occurred_on)
    return [
        MeetingHeld(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            kind=command.kind,
            level=command.level,
            organiser=UnitId(command.organiser),
            chair=OfficerId(command.chair),
            chair_position=command.chair_position,
            title=command.title,
            place=command.place,
            attendance=command.attendance,
            minutes_no=command.minutes_no,
        )
    ]
