"""Defines the commands that terminate, withdraw, close and reopen a petition."""

from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.text import Prose, ProseOrEmpty, SingleLine
from domain.vocabulary import (
    WithdrawalForm,
    WithdrawalScope,
)


class TerminateProcessing(Command):
    """End the petition without an answer (đình chỉ), on a ground of the law."""

    ground: Prose
    decision_no: SingleLine


class RequestWithdrawal(Command):
    """Enter the citizen's withdrawal, whole or part."""

    scope: WithdrawalScope
    form: WithdrawalForm
    part: ProseOrEmpty = ""
    coercion_checked: bool
    signs_of_coercion: bool | None = None


class AcceptWithdrawal(Command):
    """Accept the withdrawal."""


class OverrideWithdrawal(Command):
    """Continue although the citizen withdrew, for signs of breach, coercion or slander."""

    ground: Prose


class ClosePetition(Command):
    """Close an answered petition."""

    reason: SingleLine


class ReopenPetition(Command):
    """Reopen the petition in a new round."""

    reason: Prose
    due_on: CalendarDay | None = None


EndingCommand = (
    TerminateProcessing | RequestWithdrawal | AcceptWithdrawal | OverrideWithdrawal | ClosePetition | ReopenPetition
)
