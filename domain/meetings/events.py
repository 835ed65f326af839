"""What can happen to a meeting."""

from datetime import date

from domain.events import Fact, Part
from domain.meetings.limits import MeetingLimit
from domain.meetings.words import Audience, HeadOf, MeetingMode, ReceptionType
from domain.meetings.words import MeetingKind as MeetingKind
from domain.units.events import Level
from domain.vocabulary import MeetingId, OfficerId, UnitId


class MeetingPlanned(Fact):
    """Kế hoạch. `occurred_on` is the day of the plan; `limits` are those of what must be told before the meeting."""

    meeting_id: MeetingId
    planned_for: date
    kind: MeetingKind
    level: Level
    organiser: UnitId
    chair: OfficerId
    chair_position: str
    title: str
    place: str = ""
    reception: ReceptionType | None = None
    mode: MeetingMode = MeetingMode.FACE_TO_FACE
    head_of: HeadOf = HeadOf.UNKNOWN
    audience: Audience = Audience.UNSPECIFIED
    topics: tuple[str, ...] = ()
    chair_office: str = ""
    limits: tuple[MeetingLimit, ...] = ()


class MeetingAnnounced(Fact):
    """Thông báo time, place, content and how to attend. Too late is recorded like in time: the days tell."""

    planned_for: date
    how: str
    document_no: str = ""


class MeetingMoved(Fact):
    """Hoãn, đổi ngày: `planned_for` is the new day, and the day before stays known."""

    moved_from: date
    planned_for: date
    reason: str
    document_no: str = ""
    limits: tuple[MeetingLimit, ...] = ()


class MeetingHeld(Fact):
    """`occurred_on` is the day of the meeting; `chair` held the office named by `chair_position` that day.

    Who chaired for somebody else says for whom (`instead_of`). `limits` are those of what must follow, and of the
    announcement where no plan has them.
    """

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
    reception: ReceptionType | None = None
    mode: MeetingMode = MeetingMode.FACE_TO_FACE
    head_of: HeadOf = HeadOf.UNKNOWN
    audience: Audience = Audience.UNSPECIFIED
    topics: tuple[str, ...] = ()
    chair_office: str = ""
    instead_of: OfficerId | None = None
    instead_of_position: str = ""
    delegation_no: str = ""
    limits: tuple[MeetingLimit, ...] = ()


class MeetingCancelled(Fact):
    """Hủy: it is not held on any day; `planned_for` is the day it was planned for last."""

    planned_for: date
    reason: str
    document_no: str = ""


class MinutesEntered(Fact):
    """Biên bản, where they were not at hand when the meeting was entered."""

    minutes_no: str
    attendance: int | None = None


class ConclusionTask(Part):
    """What the head's conclusion gives to a unit, and until when; numbered from 1 in the notice."""

    number: int
    unit: UnitId
    task: str
    due_on: date | None = None


class ConclusionNoticeIssued(Fact):
    """Thông báo kết luận of the head."""

    document_no: str
    signed_by: OfficerId
    signer_position: str
    tasks: tuple[ConclusionTask, ...] = ()


class ConclusionNoticePublished(Fact):
    """On the media, at the office and to the village heads (Law 72/2025 Art 43)."""

    how: str
    evidence: str = ""


class ConclusionTaskDone(Fact):
    """Thực hiện kết luận: the unit has carried out what the notice gave to it."""

    number: int
    result: str
    document_no: str = ""


MeetingEvent = (
    MeetingPlanned
    | MeetingAnnounced
    | MeetingMoved
    | MeetingHeld
    | MeetingCancelled
    | MinutesEntered
    | ConclusionNoticeIssued
    | ConclusionNoticePublished
    | ConclusionTaskDone
)
