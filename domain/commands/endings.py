"""Defines the commands that terminate, withdraw, close and reopen a petition."""

from typing import ClassVar

from domain.command import Command
from domain.commands.fields import CalendarDay
from domain.endings.words import Ground
from domain.strict_types import YesOrNo
from domain.text import Prose, ProseOrEmpty, SingleLine, SingleLineOrEmpty
from domain.vocabulary import (
    WithdrawalForm,
    WithdrawalScope,
)


class TerminateProcessing(Command):
    """End the petition without an answer (đình chỉ), on a ground of the law for its kind.

    The citizen's withdrawal is no ground of it: it is asked for and accepted by commands of its own.
    """

    ground_code: Ground
    ground: Prose
    decision_no: SingleLine

    example: ClassVar = {
        "ground_code": "dissolved_without_successor",
        "ground": "Tổ chức khiếu nại đã giải thể ngày 01/07/2026",
        "decision_no": "45/QĐ-UBND",
    }


class RequestWithdrawal(Command):
    """Enter the citizen's withdrawal, whole or part."""

    scope: WithdrawalScope
    form: WithdrawalForm
    part: ProseOrEmpty = ""
    coercion_checked: YesOrNo
    signs_of_coercion: YesOrNo | None = None

    example: ClassVar = {"scope": "whole", "form": "letter", "coercion_checked": True}


class AcceptWithdrawal(Command):
    """Accept the withdrawal; of a whole complaint or denunciation by a decision, which has a number."""

    decision_no: SingleLineOrEmpty = ""

    example: ClassVar = {"decision_no": "45/QĐ-UBND"}


class OverrideWithdrawal(Command):
    """Continue although the citizen withdrew, for signs of breach, coercion or slander."""

    ground: Prose

    example: ClassVar = {"ground": "Có dấu hiệu bị ép buộc"}


class ClosePetition(Command):
    """Close an answered petition."""

    reason: SingleLine

    example: ClassVar = {"reason": "Công dân đã nhận văn bản trả lời"}


class ReopenPetition(Command):
    """Reopen the petition in a new round."""

    reason: Prose
    due_on: CalendarDay | None = None

    example: ClassVar = {"reason": "Đoạn đường lại hư hỏng", "due_on": "2026-08-31"}


EndingCommand = (
    TerminateProcessing | RequestWithdrawal | AcceptWithdrawal | OverrideWithdrawal | ClosePetition | ReopenPetition
)
