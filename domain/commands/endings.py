"""Escalate, terminate, withdraw, close and reopen a petition."""

from domain.command import Command
from domain.commands.fields import Day
from domain.text import Code, Line, LineOrNothing, Prose, ProseOrNothing
from domain.vocabulary import (
    EscalationKind,
    WithdrawalForm,
    WithdrawalScope,
)


class EscalatePetition(Command):
    """Take a petition up a level; this stage keeps its lateness."""

    kind: EscalationKind
    to_unit: Code
    reason: Prose
    document_no: LineOrNothing = ""


class TerminateProcessing(Command):
    """End without an answer (đình chỉ), on a ground of the law."""

    ground: Prose
    decision_no: Line


class RequestWithdrawal(Command):
    """Enter the citizen's withdrawal, whole or part."""

    scope: WithdrawalScope
    form: WithdrawalForm
    part: ProseOrNothing = ""
    coercion_checked: bool
    signs_of_coercion: bool = False


class AcceptWithdrawal(Command):
    """Agree to the withdrawal."""


class OverrideWithdrawal(Command):
    """Go on although the citizen withdrew: signs of breach, coercion or slander."""

    ground: Prose


class ClosePetition(Command):
    """Close an answered petition."""

    reason: Line


class ReopenPetition(Command):
    """Take it up again in a new round."""

    reason: Prose
    due_on: Day | None = None
