"""Urge, stop, start and move the clocks of a petition."""

from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.commands.fields import Day
from domain.deadlines.deadline import Clock
from domain.text import Line, Prose
from domain.vocabulary import (
    Criterion,
)


class RemindUnit(Command):
    """Urge the unit (đôn đốc)."""

    document_no: Line
    asked_for_on: Day


class SuspendProcessing(Command):
    """Suspend (tạm đình chỉ): the clocks stand still."""

    ground: Prose
    decision_no: Line


class ResumeProcessing(Command):
    """Go on: the due dates move by what was really suspended."""

    decision_no: Line


class SetDeadline(Command):
    """Give a date to a petition that has no limit set."""

    due_on: Day
    reason: Prose


class RequestExtension(Command):
    """Ask for more time."""

    clock: Clock
    until: Day
    reason: Prose


class ExtendDeadline(Command):
    """Grant the extension that somebody else asked for."""

    decision_no: Line


class DetermineComplexity(Command):
    """Determine in writing that a matter is complex (Decree 124/2020 Art 3a, Decree 31/2019 Art 3)."""

    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=len(Criterion))]
    document_no: Line
