"""Defines the commands that assign a petition and record the work on it."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.commands.fields import CalendarDay, UnitCodes
from domain.text import Code, Prose, SingleLine, SingleLineOrEmpty
from domain.vocabulary import (
    MeetingId,
    Party,
)


class ContributionAskedFor(BaseModel):
    """Gives a coordinating unit the last day for its part, inclusive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Code
    due_on: CalendarDay


class AssignPetition(Command):
    """Assign: clear person, work, progress, result and responsibility (năm rõ)."""

    lead_unit: Code
    responsible_officer: Code
    responsible_position: SingleLine
    task_summary: Prose
    due_on: Annotated[CalendarDay, Field(description="the head's date")]
    expected_output: SingleLine
    accountable_head: Code
    notice_no: SingleLine
    notice_on: CalendarDay
    coordinating_units: UnitCodes = ()
    contributions: Annotated[
        tuple[ContributionAskedFor, ...], Field(max_length=20, description="dates of coordinating units")
    ] = ()
    notice_signed_by: Code | None = None
    notice_signer_position: SingleLineOrEmpty = ""
    meeting_id: Annotated[MeetingId | None, Field(description="the meeting that the notice follows")] = None

    example: ClassVar = {
        "lead_unit": "phong-kinh-te",
        "responsible_officer": "cb-vidu",
        "responsible_position": "Chuyên viên",
        "task_summary": "Kiểm tra, sửa đoạn đường, trả lời công dân",
        "due_on": "2026-07-31",
        "expected_output": "Văn bản trả lời",
        "accountable_head": "tp-vidu",
        "notice_no": "40/TB-UBND",
        "notice_on": "2026-07-06",
    }


class ReassignPetition(Command):
    """Give the petition to another unit or officer; the statutory clock does not restart."""

    lead_unit: Code
    responsible_officer: Code
    responsible_position: SingleLine
    reason: Prose
    notice_no: SingleLineOrEmpty = ""
    coordinating_units: UnitCodes = ()
    new_head_due_on: Annotated[CalendarDay | None, Field(description="only when the head sets a new head's date")] = (
        None
    )
    contributions: Annotated[
        tuple[ContributionAskedFor, ...],
        Field(max_length=20, description="new dates of coordinating units; others keep theirs"),
    ] = ()

    example: ClassVar = {
        "lead_unit": "phong-kinh-te",
        "responsible_officer": "cb-mau",
        "responsible_position": "Chuyên viên",
        "reason": "Người được giao chuyển công tác",
    }


class StartWork(Command):
    """Start the work of the assigned unit."""

    example: ClassVar = {}


class RecordComplaintDialogue(Command):
    """Record the dialogue of the settler with the parties of one complaint; it is no meeting with the people."""

    minutes_no: SingleLine
    present: Annotated[tuple[Party, ...], Field(min_length=1, max_length=len(Party))]
    absent_with_reason: Annotated[tuple[Party, ...], Field(max_length=len(Party))] = ()
    absent_without_reason: Annotated[tuple[Party, ...], Field(max_length=len(Party))] = ()
    invited_on: CalendarDay | None = None

    example: ClassVar = {
        "minutes_no": "51/BB-ĐTKN",
        "present": ["complainant", "complained_against"],
        "invited_on": "2026-07-01",
    }


AssignmentCommand = AssignPetition | ReassignPetition | StartWork | RecordComplaintDialogue
