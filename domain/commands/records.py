"""Defines the commands that correct the record or acknowledge an alert."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.alerts.vocabulary import WatchedClock
from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.strict_types import WholeNumber
from domain.text import Prose, SingleLine, SingleLineOrEmpty


class ProposeCorrection(Command):
    """Propose the right values of a wrong event."""

    version: Annotated[WholeNumber, Field(ge=1, le=1_000_000)]
    received_on: CalendarDay | None = None
    answered_on: CalendarDay | None = None
    summary: Prose | None = None
    place: SingleLine | None = None
    document_no: SingleLine | None = None
    decision_no: SingleLine | None = None
    notice_no: SingleLine | None = None
    minutes_no: SingleLine | None = None
    person_count: Annotated[WholeNumber, Field(ge=1, le=100_000)] | None = None
    why: Prose

    example: ClassVar = {"version": 1, "place": "Thôn Mẫu Hai", "why": "Ghi nhầm tên thôn"}


class ApproveCorrection(Command):
    """Approve the correction that somebody else proposed."""

    example: ClassVar = {}


class AcknowledgeAlert(Command):
    """Acknowledge an alert, and with it the earlier ones of the same date."""

    clock: WatchedClock
    subject: Annotated[
        SingleLineOrEmpty, Field(description="of a duty, as the list of alerts names it", examples=["unit:so-mau"])
    ] = ""
    due_on: CalendarDay
    step: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$", examples=["day-after"])]
    round: Annotated[WholeNumber, Field(ge=1, le=1_000)] = 1

    example: ClassVar = {"clock": "head", "due_on": "2026-07-03", "step": "day-after"}


RecordCommand = ProposeCorrection | ApproveCorrection | AcknowledgeAlert
