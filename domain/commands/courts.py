"""Defines the command that enters a court's ruling."""

from typing import ClassVar

from domain.command import Command
from domain.text import ProseOrEmpty, SingleLine
from domain.vocabulary import CourtOutcome, RulingForce


class RecordCourtRuling(Command):
    """Enter a judgment or decision of a court (bản án, quyết định của Tòa án) after a lawsuit.

    The day it happened is that of the ruling. What becomes of a ruling later is entered as the ruling again.
    """

    court: SingleLine
    ruling_no: SingleLine
    outcome: CourtOutcome
    force: RulingForce
    summary: ProseOrEmpty = ""

    example: ClassVar = {
        "court": "Tòa án nhân dân tỉnh Ví Dụ",
        "ruling_no": "07/2026/HC-ST",
        "outcome": "annulled",
        "force": "in_force",
    }
