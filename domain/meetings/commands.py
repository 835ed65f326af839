"""What can be asked of a meeting."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.meetings.events import MeetingKind
from domain.meetings.words import Audience, HeadOf, MeetingMode, ReceptionType
from domain.text import Code, Line, LineOrNothing, Prose
from domain.units.events import Level
from domain.vocabulary import MeetingId

Day = Annotated[date, Field(ge=date(1945, 9, 2), le=date(9998, 12, 31))]
Topics = Annotated[tuple[Line, ...], Field(max_length=20)]
Attendance = Annotated[int, Field(ge=0, le=1_000_000)]
OfficeCode = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9_.-]*$")]


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
    attendance: Attendance = 0
    minutes_no: LineOrNothing = ""
    reception: ReceptionType | None = None
    mode: MeetingMode = MeetingMode.FACE_TO_FACE
    head_of: HeadOf = HeadOf.UNKNOWN
    audience: Audience = Audience.UNSPECIFIED
    topics: Topics = ()
    chair_office: OfficeCode = ""
    instead_of: Annotated[Code | None, Field(description="who should have chaired it")] = None
    instead_of_position: LineOrNothing = ""
    delegation_no: LineOrNothing = ""


class PlanMeeting(Command):
    """Plan a meeting for a day to come; `occurred_on` is the day of the plan."""

    meeting_id: MeetingId
    planned_for: Day
    kind: MeetingKind = MeetingKind.DIALOGUE_CONFERENCE
    level: Level
    organiser: Code
    chair: Code
    chair_position: Line
    title: Line
    place: LineOrNothing = ""
    reception: ReceptionType | None = None
    mode: MeetingMode = MeetingMode.FACE_TO_FACE
    head_of: HeadOf = HeadOf.UNKNOWN
    audience: Audience = Audience.UNSPECIFIED
    topics: Topics = ()
    chair_office: OfficeCode = ""


class AnnounceMeeting(Command):
    """Record that a meeting was announced, and how. Too late is recorded too, and shows."""

    how: Annotated[Line, Field(examples=["đài truyền thanh, niêm yết tại trụ sở"])]
    document_no: LineOrNothing = ""


class MoveMeeting(Command):
    """Move a planned meeting to another day, with the reason."""

    planned_for: Annotated[Day, Field(description="the new day")]
    reason: Prose
    document_no: LineOrNothing = ""


class HoldMeeting(Command):
    """Record that a planned meeting was held on its day; who chaired is as planned where nothing is said."""

    chair: Code | None = None
    chair_position: LineOrNothing = ""
    chair_office: OfficeCode = ""
    instead_of_position: LineOrNothing = ""
    delegation_no: LineOrNothing = ""
    place: LineOrNothing = ""
    attendance: Attendance = 0
    minutes_no: LineOrNothing = ""


class CancelMeeting(Command):
    """Cancel a planned meeting, with the reason."""

    reason: Prose
    document_no: LineOrNothing = ""


class EnterMinutes(Command):
    """Enter the minutes of a meeting that was held."""

    minutes_no: Line
    attendance: Attendance | None = None


class TaskOfConclusion(BaseModel):
    """One task of a conclusion notice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Code
    task: Prose
    due_on: Day | None = None


class IssueConclusionNotice(Command):
    """Record the head's conclusion notice, and the tasks that it gives to units."""

    document_no: Line
    signed_by: Code
    signer_position: Line
    tasks: Annotated[tuple[TaskOfConclusion, ...], Field(max_length=100)] = ()


class PublishConclusionNotice(Command):
    """Record that the conclusion notice was published, and what proves it."""

    how: Line
    evidence: LineOrNothing = ""


class CompleteConclusionTask(Command):
    """Record that a task of the conclusion notice is carried out."""

    number: Annotated[int, Field(ge=1, le=100)]
    result: Prose
    document_no: LineOrNothing = ""


MeetingChange = (
    AnnounceMeeting
    | MoveMeeting
    | HoldMeeting
    | CancelMeeting
    | EnterMinutes
    | IssueConclusionNotice
    | PublishConclusionNotice
    | CompleteConclusionTask
)
"""Those of a meeting that is on record."""


class AnswerToPublish(BaseModel):
    """The answer to one petition; the one that was prepared for the meeting where `answer` is left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    petition: Annotated[str, Field(min_length=1, max_length=200, description="its number or id")]
    answered_by: Code
    answered_by_position: Line
    answer: Prose | None = None
    minutes_page: Line
    citizen_present: bool = True
    citizen_agreed: bool = False
    ordered_by: Code | None = None


class PublishAnswers(Command):
    """Record many answers of one meeting together. Each petition is decided on its own: none fails another."""

    answers: Annotated[tuple[AnswerToPublish, ...], Field(min_length=1, max_length=500)]


MeetingCommand = RecordMeeting | PlanMeeting | MeetingChange
