"""Defines the commands about answers: prepare, answer, notify, promise, report."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.strict_types import WholeNumber, YesOrNo
from domain.text import Code, Prose, ProseOrEmpty, SingleLine, SingleLineOrEmpty
from domain.vocabulary import (
    MeetingId,
    PromiseState,
    Result,
)


class PrepareForMeeting(Command):
    """Put a petition on the list of a planned meeting, with the answer that is proposed or a day by which it must be.

    No law sets such a day (practice of offices): whoever puts the petition on the list sets it, or sets it anew.
    """

    meeting_id: MeetingId
    proposed_answer: ProseOrEmpty = ""
    prepared_by_unit: Annotated[
        Code | None, Field(description="who prepared it or has to; the unit that has the petition where left out")
    ] = None
    prepare_by: Annotated[
        CalendarDay | None, Field(description="the day by which the answer must be prepared; not with an answer")
    ] = None

    example: ClassVar = {
        "meeting_id": "01980a6e-1111-7000-8000-000000000001",
        "proposed_answer": "Đoạn đường được sửa xong trong tháng 9",
    }


class AnswerAtMeeting(Command):
    """Record the answer given at a meeting, by a named official, on a page of the minutes."""

    meeting_id: MeetingId
    answered_by: Code
    answered_by_position: SingleLine
    answer: Prose
    minutes_page: SingleLine
    citizen_present: YesOrNo | None = None
    citizen_agreed: YesOrNo | None = None
    ordered_by: Annotated[Code | None, Field(description="the head who chaired and had somebody else answer")] = None

    example: ClassVar = {
        "meeting_id": "01980a6e-1111-7000-8000-000000000001",
        "answered_by": "tp-vidu",
        "answered_by_position": "Trưởng phòng",
        "answer": "Đoạn đường được sửa xong trong tháng 9",
        "minutes_page": "trang 4",
        "citizen_agreed": True,
    }


class AnswerInWriting(Command):
    """Record the written answer, decision or conclusion."""

    document_no: SingleLine
    signed_by: Code
    signer_position: SingleLine
    answer: Prose
    result: Annotated[Result | None, Field(description="null where the answer does not judge the matter")]
    remedies: Annotated[tuple[SingleLine, ...], Field(max_length=20)] = ()

    example: ClassVar = {
        "document_no": "41/UBND-KT",
        "signed_by": "ct-vidu",
        "signer_position": "Chủ tịch",
        "answer": "Kiến nghị đúng; đoạn đường được sửa xong trong tháng 9",
        "result": "right",
        "remedies": ["Sửa đoạn đường"],
    }


class NotifyCitizen(Command):
    """Record that the answer reached the citizen, and what proves it, if anything does."""

    how: SingleLine
    evidence: SingleLineOrEmpty = ""
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {"how": "bưu điện", "evidence": "Giấy báo phát ngày 06/07/2026"}


class RecordPromise(Command):
    """Record a promise of the answer. It gets the next number in the petition."""

    promised: Prose
    promised_for_on: CalendarDay | None = None

    example: ClassVar = {"promised": "Sửa đoạn đường", "promised_for_on": "2026-09-30"}


class ReportPromise(Command):
    """Report how far a promise is kept. The petition is implemented once all its promises are."""

    number: Annotated[WholeNumber, Field(ge=1, le=10_000, description="of the promise in the petition")]
    state: PromiseState
    result: ProseOrEmpty = ""

    example: ClassVar = {"number": 1, "state": "kept", "result": "Đã sửa xong đoạn đường"}


AnswerCommand = PrepareForMeeting | AnswerAtMeeting | AnswerInWriting | NotifyCitizen | RecordPromise | ReportPromise
