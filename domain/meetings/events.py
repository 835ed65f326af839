"""What can happen to a meeting."""

from enum import StrEnum

from domain.events import Fact
from domain.units.events import Level
from domain.vocabulary import MeetingId, OfficerId, UnitId


class MeetingKind(StrEnum):
    """Not here: the dialogue inside the settlement of a complaint (Law on complaints Art 30)."""

    DIALOGUE_CONFERENCE = "dialogue_conference"  # hội nghị tiếp xúc, đối thoại
    RECEPTION_DAY = "reception_day"  # buổi tiếp công dân


class MeetingHeld(Fact):
    """`occurred_on` is the day of the meeting; `chair` held the office named by `chair_position` that day."""

    meeting_id: MeetingId
    kind: MeetingKind
    level: Level
    organiser: UnitId
    chair: OfficerId
    chair_position: str
    title: str
    place: str = ""
    attendance: int = 0
    minutes_no: str = ""


MeetingEvent = MeetingHeld
