"""Defines the commands on a meeting.

An officer sends a command; the rules of this package decide whether it is allowed.
"""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from domain.command import Command
from domain.meetings.events import MeetingKind
from domain.meetings.words import Audience, HeadOf, MeetingMode, ReceptionType
from domain.strict_types import CalendarDay, WholeNumber, YesOrNo
from domain.text import Code, Prose, SingleLine, SingleLineOrEmpty
from domain.units.events import Level, Office
from domain.vocabulary import MeetingId

MeetingTopics = Annotated[tuple[SingleLine, ...], Field(max_length=20)]
AttendanceCount = Annotated[WholeNumber, Field(ge=0, le=1_000_000)]


class HotSpotToAnswer(BaseModel):
    """Names a hot spot by its place and topic, as the list of hot spots has them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: SingleLine
    topic: SingleLineOrEmpty = ""


AnsweredHotSpots = Annotated[
    tuple[HotSpotToAnswer, ...], Field(max_length=20, description="the hot spots that the meeting answers")
]


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
    hot_spots: AnsweredHotSpots = ()
    chair_office: Office | None = None
    instead_of: Annotated[Code | None, Field(description="who should have chaired it")] = None
    instead_of_position: SingleLineOrEmpty = ""
    delegation_no: SingleLineOrEmpty = ""

    example: ClassVar = {
        "meeting_id": "01980a6e-1111-7000-8000-000000000001",
        "level": "commune",
        "organiser": "phong-kinh-te",
        "chair": "ct-vidu",
        "chair_position": "Chủ tịch",
        "title": "Đối thoại với nhân dân Thôn Mẫu",
        "attendance": 120,
    }


class PlanMeeting(Command):
    """Plan a meeting for a future day; `occurred_on` is the day of the plan."""

    meeting_id: MeetingId
    planned_for: CalendarDay
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
    hot_spots: AnsweredHotSpots = ()
    chair_office: Office | None = None

    example: ClassVar = {
        "meeting_id": "01980a6e-1111-7000-8000-000000000001",
        "planned_for": "2026-07-20",
        "level": "commune",
        "organiser": "phong-kinh-te",
        "chair": "ct-vidu",
        "chair_position": "Chủ tịch",
        "title": "Đối thoại với nhân dân Thôn Mẫu",
        "head_of": "peoples_committee",
        "audience": "people",
        "topics": ["giao thông"],
        "hot_spots": [{"place": "Thôn Mẫu", "topic": "giao thông"}],
    }


class AnnounceMeeting(Command):
    """Record that a meeting was announced, and how. A late announcement is recorded too, and is shown as late."""

    how: Annotated[SingleLine, Field(examples=["đài truyền thanh, niêm yết tại trụ sở"])]
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {"how": "đài truyền thanh, niêm yết tại trụ sở", "document_no": "49/TB-UBND"}


class MoveMeeting(Command):
    """Move a planned meeting to another day, with the reason."""

    planned_for: Annotated[CalendarDay, Field(description="the new day")]
    reason: Prose
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {"planned_for": "2026-07-27", "reason": "Trùng ngày họp Hội đồng nhân dân"}


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

    example: ClassVar = {"attendance": 120, "minutes_no": "3/BB-ĐT"}


class CancelMeeting(Command):
    """Cancel a planned meeting, with the reason."""

    reason: Prose
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {"reason": "Mưa lũ, không bảo đảm an toàn cho người dự"}


class EnterMinutes(Command):
    """Enter the minutes of a meeting that was held."""

    minutes_no: SingleLine
    attendance: AttendanceCount | None = None

    example: ClassVar = {"minutes_no": "3/BB-ĐT"}


class TaskOfConclusion(BaseModel):
    """Describes one task of a conclusion notice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Code
    task: Prose
    due_on: CalendarDay | None = None


class IssueConclusionNotice(Command):
    """Record the head's conclusion notice, and the tasks that it gives to units."""

    document_no: SingleLine
    signed_by: Code
    signer_position: SingleLine
    tasks: Annotated[tuple[TaskOfConclusion, ...], Field(max_length=100)] = ()

    example: ClassVar = {
        "document_no": "50/TB-UBND",
        "signed_by": "ct-vidu",
        "signer_position": "Chủ tịch",
        "tasks": [{"unit": "phong-kinh-te", "task": "Sửa đoạn đường liên thôn", "due_on": "2026-09-30"}],
    }


class PublishConclusionNotice(Command):
    """Record that the conclusion notice was published, with the evidence of the publication."""

    how: SingleLine
    evidence: SingleLineOrEmpty = ""

    example: ClassVar = {"how": "niêm yết tại trụ sở, gửi trưởng thôn"}


class CompleteConclusionTask(Command):
    """Record that a unit has carried out a task of the conclusion notice."""

    number: Annotated[WholeNumber, Field(ge=1, le=100)]
    result: Prose
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {"number": 1, "result": "Đã sửa xong đoạn đường"}


class AcknowledgeTaskAlert(Command):
    """Acknowledge an alert about a task of the conclusion notice, and the earlier ones about it."""

    number: Annotated[WholeNumber, Field(ge=1, le=100)]
    due_on: CalendarDay
    step: SingleLine

    example: ClassVar = {"number": 1, "due_on": "2026-09-30", "step": "task-day-after"}


class FieldToCorrect(BaseModel):
    """Names a field of what was entered, and its right value.

    `version` is the place of the event in the history of the meeting; if it is left out, every event that says the
    field as the last one does is corrected. In `path` dots lead into parts, and places in lists are counted from 0:
    `details.chair.officer`, `tasks.0.due_on`. `becomes` null takes the value back.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: Annotated[WholeNumber | None, Field(ge=1, le=1_000)] = None
    path: Annotated[SingleLine, Field(examples=["occurred_on"])]
    becomes: JsonValue


class ProposeMeetingCorrection(Command):
    """Propose the right values of what was entered of a meeting; nothing changes until another officer approves."""

    corrections: Annotated[tuple[FieldToCorrect, ...], Field(min_length=1, max_length=20)]
    why: Prose

    example: ClassVar = {
        "corrections": [{"path": "occurred_on", "becomes": "2026-07-02"}, {"path": "attendance", "becomes": 12}],
        "why": "Ghi nhầm ngày tổ chức và số người dự",
    }


ProposalPlace = Annotated[WholeNumber, Field(ge=1, description="place of the proposal in the history of the meeting")]


class ApproveMeetingCorrection(Command):
    """Approve the correction of a meeting that another officer proposed; its limits are counted anew."""

    proposal: ProposalPlace

    example: ClassVar = {"proposal": 2}


class ProposeMeetingWithdrawal(Command):
    """Propose to withdraw the record of a meeting that was entered by mistake, or twice."""

    why: Prose
    same_as: Annotated[MeetingId | None, Field(description="the record of the same meeting that stays")] = None

    example: ClassVar = {"why": "Nhập hai lần cùng một buổi đối thoại"}


class ApproveMeetingWithdrawal(Command):
    """Approve the withdrawal of a meeting's record that another officer proposed. No petition may rest on it."""

    proposal: ProposalPlace

    example: ClassVar = {"proposal": 2}


MeetingChange = (
    AnnounceMeeting
    | MoveMeeting
    | HoldMeeting
    | CancelMeeting
    | EnterMinutes
    | IssueConclusionNotice
    | PublishConclusionNotice
    | CompleteConclusionTask
    | AcknowledgeTaskAlert
    | ProposeMeetingCorrection
    | ApproveMeetingCorrection
    | ProposeMeetingWithdrawal
    | ApproveMeetingWithdrawal
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
    citizen_present: YesOrNo | None = None
    citizen_agreed: YesOrNo | None = None
    ordered_by: Code | None = None


class PublishAnswers(Command):
    """Record many answers of one meeting together. Each petition is decided separately: one refusal does not affect the
    others.
    """

    answers: Annotated[tuple[AnswerToPublish, ...], Field(min_length=1, max_length=500)]

    example: ClassVar = {
        "answers": [
            {
                "petition": "TD-2026-000123",
                "answered_by": "tp-vidu",
                "answered_by_position": "Trưởng phòng",
                "answer": "Đoạn đường được sửa xong trong tháng 9",
                "minutes_page": "trang 4",
            }
        ]
    }


MeetingCommand = RecordMeeting | PlanMeeting | MeetingChange
