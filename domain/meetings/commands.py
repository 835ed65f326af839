"""What can be asked of a meeting."""

from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.meetings.events import MeetingKind
from domain.text import Code, Line, LineOrNothing
from domain.units.events import Level
from domain.vocabulary import MeetingId


class RecordMeeting(Command):
    """Enter a meeting that was held."""

    meeting_id: MeetingId
    kind: MeetingKind = MeetingKind.DIALOGUE_CONFERENCE
    level: Level
    organiser: Code
    chair: Code
    chair_position: Line
    title: Line
    place: LineOrNothing = ""
    attendance: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    minutes_no: LineOrNothing = ""
