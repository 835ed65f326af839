"""Say who must answer, and what they do towards it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.commands.fields import Day, Units
from domain.text import Code, Line, LineOrNothing, Prose
from domain.vocabulary import (
    MeetingId,
    Party,
)


class ContributionAskedFor(BaseModel):
    """What a coordinating unit owes the lead unit, and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Code
    due_on: Day


class AssignPetition(Command):
    """Assign: clear person, work, progress, result and responsibility (năm rõ)."""

    lead_unit: Code
    responsible_officer: Code
    responsible_position: Line
    task_summary: Prose
    due_on: Annotated[Day, Field(description="the head's date")]
    expected_output: Line
    accountable_head: Code
    notice_no: Line
    notice_on: Day
    coordinating_units: Units = ()
    contributions: Annotated[
        tuple[ContributionAskedFor, ...], Field(max_length=20, description="dates of coordinating units")
    ] = ()
    notice_signed_by: Code | None = None
    notice_signer_position: LineOrNothing = ""
    meeting_id: Annotated[MeetingId | None, Field(description="the meeting that the notice follows")] = None


class ReassignPetition(Command):
    """Give to another unit or officer; the statutory clock does not restart."""

    lead_unit: Code
    responsible_officer: Code
    responsible_position: Line
    reason: Prose
    notice_no: LineOrNothing = ""
    coordinating_units: Units = ()
    new_head_due_on: Annotated[Day | None, Field(description="only when the head sets the head's own date anew")] = None


class StartWork(Command):
    """The assigned unit takes it up."""


class RecordComplaintDialogue(Command):
    """Record the dialogue of the settler with the parties of one complaint: no meeting with the people."""

    minutes_no: Line
    present: Annotated[tuple[Party, ...], Field(min_length=1, max_length=len(Party))]
    absent_with_reason: Annotated[tuple[Party, ...], Field(max_length=len(Party))] = ()
    absent_without_reason: Annotated[tuple[Party, ...], Field(max_length=len(Party))] = ()
    invited_on: Day | None = None
