"""Defines the command that urges the competent lower body."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.text import Code, SingleLine, SingleLineOrEmpty


class UrgeCompetentUnit(Command):
    """Urge the competent lower body to settle what it has not settled (đôn đốc, yêu cầu giải quyết).

    It is a unit of the register or a body outside it. The petition ends here, and a reply is awaited.
    """

    to_unit: Code | None = None
    to_body: SingleLineOrEmpty = ""
    document_no: SingleLine
    reply_by: CalendarDay
    limit_ended_on: Annotated[
        CalendarDay | None, Field(description="the last day on which the lower body was to settle")
    ] = None

    example: ClassVar = {
        "to_unit": "xa-vi-du",
        "document_no": "47/UBND-TCD",
        "reply_by": "2026-08-05",
        "limit_ended_on": "2026-06-30",
    }
