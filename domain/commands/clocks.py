"""Defines the commands that stop, start and move the clocks of a petition."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.deadlines.clock import Clock
from domain.text import Prose, SingleLine
from domain.vocabulary import (
    Criterion,
)


class RemindUnit(Command):
    """Urge the unit (đôn đốc)."""

    document_no: SingleLine
    asked_for_on: CalendarDay

    example: ClassVar = {"document_no": "42/UBND", "asked_for_on": "2026-07-20"}


class SuspendProcessing(Command):
    """Suspend the processing (tạm đình chỉ); the clocks stop."""

    ground: Prose
    decision_no: SingleLine

    example: ClassVar = {"ground": "Chờ kết quả giám định", "decision_no": "43/QĐ-UBND"}


class ResumeProcessing(Command):
    """Resume the processing; the due dates move by the actual suspension."""

    document_no: SingleLine

    example: ClassVar = {"document_no": "44/QĐ-UBND"}


class SetDeadline(Command):
    """Set a due date for a petition that has none."""

    due_on: CalendarDay
    reason: Prose

    example: ClassVar = {"due_on": "2026-07-31", "reason": "Chưa có thời hạn"}


class RequestExtension(Command):
    """Ask for more time."""

    clock: Clock
    until: CalendarDay
    reason: Prose

    example: ClassVar = {"clock": "head", "until": "2026-08-14", "reason": "Vụ việc phức tạp"}


class ExtendDeadline(Command):
    """Grant the extension that somebody else asked for."""

    decision_no: SingleLine

    example: ClassVar = {"decision_no": "46/QĐ-UBND"}


class DetermineComplexity(Command):
    """Determine in writing that a matter is complex (Decree 124/2020 Art 3a, Decree 31/2019 Art 3)."""

    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=len(Criterion))]
    document_no: SingleLine

    example: ClassVar = {"criteria": ["several_agencies"], "document_no": "48/TB-UBND"}


ClockCommand = (
    RemindUnit
    | SuspendProcessing
    | ResumeProcessing
    | SetDeadline
    | RequestExtension
    | ExtendDeadline
    | DetermineComplexity
)
