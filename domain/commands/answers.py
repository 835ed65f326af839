"""Defines the commands about answers: prepare, answer, notify, promise, report."""

from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.text import Code, Prose, ProseOrEmpty, SingleLine, SingleLineOrEmpty
from domain.vocabulary import (
    MeetingId,
    PromiseState,
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
    result: Annotated[Result | None, Field(description="null where the answer does not judge the matter")]
    remedies: Annotated[tuple[SingleLine, ...], Field(max_length=20)] = ()


class NotifyCitizen(Command):
    """Record that the answer reached the citizen, and what proves it, if anything does."""

    how: SingleLine
    evidence: SingleLineOrEmpty = ""
    document_no: SingleLineOrEmpty = ""


class RecordPromise(Command):
    """Record a promise of the answer. It gets the next number in the petition."""

    promised: Prose
    promised_for_on: CalendarDay | None = None


class ReportPromise(Command):
    """Report how far a promise is kept. The petition is implemented once all its promises are."""

    number: Annotated[int, Field(ge=1, le=10_000, description="of the promise in the petition")]
    state: PromiseState
    result: ProseOrEmpty = ""


AnswerCommand = PrepareForMeeting | AnswerAtMeeting | AnswerInWriting | NotifyCitizen | RecordPromise | ReportPromise
