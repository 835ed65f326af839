"""Prepare an answer, give it, and see it carried out."""

from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.commands.fields import Day
from domain.text import Code, Line, LineOrNothing, Prose, ProseOrNothing
from domain.vocabulary import (
    MeetingId,
    Result,
)


class PrepareForMeeting(Command):
    """Put a petition on the list of a planned meeting, with the answer that is proposed."""

    meeting_id: MeetingId
    proposed_answer: ProseOrNothing = ""
    prepared_by_unit: Code | None = None


class AnswerAtMeeting(Command):
    """Record the answer given at a meeting, by a named official, on a page of the minutes."""

    meeting_id: MeetingId
    answered_by: Code
    answered_by_position: Line
    answer: Prose
    minutes_page: Line
    citizen_present: bool = True
    citizen_agreed: bool = False
    ordered_by: Annotated[Code | None, Field(description="the head who chaired and had somebody else answer")] = None


class AnswerInWriting(Command):
    """Record the written answer, decision or conclusion."""

    document_no: Line
    signed_by: Code
    signer_position: Line
    answer: Prose
    result: Result
    remedies: Annotated[tuple[Line, ...], Field(max_length=20)] = ()


class NotifyCitizen(Command):
    """Record that the answer reached the citizen, and what proves it."""

    how: Line
    evidence: Line
    document_no: LineOrNothing = ""


class TrackImplementation(Command):
    """Record what was promised and whether it is done."""

    promised: Prose
    promised_for_on: Day | None = None
    is_done: bool = False
