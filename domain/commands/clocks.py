"""Defines the commands that stop, start and move the clocks of a petition."""

from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.deadlines.deadline import Clock
from domain.text import Prose, SingleLine
from domain.vocabulary import (
    Criterion,
)


class RemindUnit(Command):
    """Urge the unit (đôn đốc)."""

    document_no: SingleLine
    asked_for_on: CalendarDay


class SuspendProcessing(Command):
    """Suspend the processing (tạm đình chỉ); the clocks stop."""

    ground: Prose
    decision_no: SingleLine


class ResumeProcessing(Command):
    """Resume the processing; the due dates move by the actual suspension."""

    document_no: SingleLine


class SetDeadline(Command):
    """Set a due date for a petition that has none."""

    due_on: CalendarDay
    reason: Prose


class RequestExtension(Command):
    """Ask for more time."""

    clock: Clock
    until: CalendarDay
    reason: Prose


class ExtendDeadline(Command):
    """Grant the extension that somebody else asked for."""

    decision_no: SingleLine


class DetermineComplexity(Command):
    """Determine in writing that a matter is complex (Decree 124/2020 Art 3a, Decree 31/2019 Art 3)."""

    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=len(Criterion))]
    document_no: SingleLine


ClockCommand = (
    RemindUnit
    | SuspendProcessing
    | ResumeProcessing
    | SetDeadline
    | RequestExtension
    | ExtendDeadline
    | DetermineComplexity
)
