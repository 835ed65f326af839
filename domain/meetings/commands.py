"""Defines the commands on a meeting.

An officer sends a command; the rules of this package decide whether it is allowed.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.meetings.events import MeetingKind
from domain.meetings.words import Audience, HeadOf, MeetingMode, ReceptionType
from domain.text import Code, Prose, SingleLine, SingleLineOrEmpty
from domain.units.events import Level, Office
from domain.vocabulary import MeetingId

PlannableDay = Annotated[date, Field(ge=date(1945, 9, 2), le=date(9998, 12, 31))]
MeetingTopics = Annotated[tuple[SingleLine, ...], Field(max_length=20)]
AttendanceCount = Annotated[int, Field(ge=0, le=1_000_000)]


class RecordMeeting(Command):
    """Enter a meeting that was held."""

    meeting_id: MeetingId
    kind: MeetingKind = MeetingKind.DIALOGUE_CONFERENCE
    level: Annotated[Level | None, Field(description="null where it is not known")]
    organiser: Code
    chair: Code
    chair_position: SingleLine
    title: SingleLine
    place: SingleLineOrEmpty = ""
    attendance: AttendanceCount | None = None
    minutes_no: SingleLineOrEmpty = ""
    reception: ReceptionType | None = None
    mode: MeetingMode | None = None
    head_of: HeadOf | None = None
    audience: Audience | None = None
    topics: MeetingTopics = ()
    chair_office: Office | None = None
    instead_of: Annotated[Code | None, Field(description="who should have chaired it")] = None
    instead_of_position: SingleLineOrEmpty = ""
    delegation_no: SingleLineOrEmpty = ""


class PlanMeeting(Command):
    """Plan a meeting for a future day; `occurred_on` is the day of the plan."""

    meeting_id: MeetingId
    planned_for: PlannableDay
    kind: MeetingKind = MeetingKind.DIALOGUE_CONFERENCE
    level: Annotated[Level | None, Field(description="null where it is not known")]
    organiser: Code
    chair: Code
    chair_position: SingleLine
    title: SingleLine
    place: SingleLineOrEmpty = ""
    reception: ReceptionType | None = None
    mode: MeetingMode | None = None
    head_of: HeadOf | None = None
    audience: Audience | None = None
    topics: MeetingTopics = ()
    chair_office: Office | None = None


class AnnounceMeeting(Command):
    """Record that a meeting was announced, and how. A late announcement is recorded too, and is shown as late."""

    how: Annotated[SingleLine, Field(examples=["đài truyền thanh, niêm yết tại trụ sở"])]
    document_no: SingleLineOrEmpty = ""


class MoveMeeting(Command):
    """Move a planned meeting to another day, with the reason."""

    planned_for: Annotated[PlannableDay, Field(description="the new day")]
    reason: Prose
    document_no: SingleLineOrEmpty = ""


class HoldMeeting(Command):
    """Record that a planned meeting was held on its day. If no chair is given, the planned chair chaired it."""

    chair: Code | None = None
    chair_position: SingleLineOrEmpty = ""
    chair_office: Office | None = None
    instead_of_position: SingleLineOrEmpty = ""
    delegation_no: SingleLineOrEmpty = ""
    place: SingleLineOrEmpty = ""
    attendance: AttendanceCount | None = None
    minutes_no: SingleLineOrEmpty = ""


class CancelMeeting(Command):
    """Cancel a planned meeting, with the reason."""

    reason: Prose
    document_no: SingleLineOrEmpty = ""


class EnterMinutes(Command):
    """Enter the minutes of a meeting that was held."""

    minutes_no: SingleLine
    attendance: AttendanceCount | None = None


class TaskOfConclusion(BaseModel):
    """Describes one task of a conclusion notice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Code
    task: Prose
    due_on: PlannableDay | None = None


class IssueConclusionNotice(Command):
    """Record the head's conclusion notice, and the tasks that it gives to units."""

    document_no: SingleLine
    signed_by: Code
    signer_position: SingleLine
    tasks: Annotated[tuple[TaskOfConclusion, ...], Field(max_length=100)] = ()


class PublishConclusionNotice(Command):
    """Record that the conclusion notice was published, with the evidence of the publication."""

    how: SingleLine
    evidence: SingleLineOrEmpty = ""


class CompleteConclusionTask(Command):
    """Record that a unit has carried out a task of the conclusion notice."""

    number: Annotated[int, Field(ge=1, le=100)]
    result: Prose
    document_no: SingleLineOrEmpty = ""


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
"""The commands on a meeting that is on record."""


class AnswerToPublish(BaseModel):
    """Describes the answer to one petition.

    If `answer` is left out, the answer that was prepared for the meeting is recorded.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    petition: Annotated[str, Field(min_length=1, max_length=200, description="its number or id")]
    answered_by: Code
    answered_by_position: SingleLine
    answer: Prose | None = None
    minutes_page: SingleLine
    citizen_present: bool | None = None
    citizen_agreed: bool | None = None
    ordered_by: Code | None = None


class PublishAnswers(Command):
    """Record many answers of one meeting together. Each petition is decided separately: one refusal does not affect the
    others.
    """

    answers: Annotated[tuple[AnswerToPublish, ...], Field(min_length=1, max_length=500)]


MeetingCommand = RecordMeeting | PlanMeeting | MeetingChange
