"""Defines the commands about answers: prepare, answer, notify, track."""

from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.text import Code, Prose, ProseOrEmpty, SingleLine, SingleLineOrEmpty
from domain.vocabulary import (
    MeetingId,
    Result,
)


class PrepareForMeeting(Command):
    """Put a petition on the list of a planned meeting, with the answer that is proposed."""

    meeting_id: MeetingId
    proposed_answer: ProseOrEmpty = ""
    prepared_by_unit: Code | None = None


class AnswerAtMeeting(Command):
    """Record the answer given at a meeting, by a named official, on a page of the minutes."""

    meeting_id: MeetingId
    answered_by: Code
    answered_by_position: SingleLine
    answer: Prose
    minutes_page: SingleLine
    citizen_present: bool | None = None
    citizen_agreed: bool | None = None
    ordered_by: Annotated[Code | None, Field(description="the head who chaired and had somebody else answer")] = None


class AnswerInWriting(Command):
    """Record the written answer, decision or conclusion."""

    document_no: SingleLine
    signed_by: Code
    signer_position: SingleLine
    answer: Prose
    result: Result
    remedies: Annotated[tuple[SingleLine, ...], Field(max_length=20)] = ()


class NotifyCitizen(Command):
    """Record that the answer reached the citizen, and what proves it."""

    how: SingleLine
    evidence: SingleLine
    document_no: SingleLineOrEmpty = ""


class TrackImplementation(Command):
    """Record a promise of the answer, and its state: done or not."""

    promised: Prose
    promised_for_on: CalendarDay | None = None
    is_done: bool = False
