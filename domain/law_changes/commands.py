"""Defines the commands on a change of law.

One officer sends the first, another sends the second.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.law_changes.events import Subject
from domain.strict_types import YesOrNo
from domain.text import SingleLine
from domain.vocabulary import LawChangeId

MAX_LAW_TEXT_CHARACTERS = 2_000_000
"""Largest number of characters of a file of rules or days."""


LawText = Annotated[
    str,
    Field(
        min_length=1, max_length=MAX_LAW_TEXT_CHARACTERS, description="the file, TOML, as a site's own file is written"
    ),
]


class ProposeLawChange(Command):
    """Propose a new calendar or new rules, with the instrument that they rest on."""

    subject: Subject
    text: LawText
    instrument: SingleLine
    binds_running: YesOrNo = False

    example: ClassVar = {
        "subject": "calendar",
        "text": 'version = "VD-2026.2"\n[[change]]\nsource = "49/TB"\n[change.days_off]\n2026-12-31 = "Nghỉ bù"\n',
        "instrument": "49/TB-UBND ngày 01/12/2026",
    }


class ApproveLawChange(Command):
    """Approve the change of law that somebody else proposed.

    From now on dates are counted by it. The open petitions that it moves are recalculated by `kiennghi law apply`.
    """

    change_id: LawChangeId

    example: ClassVar = {}


LawChangeCommand = ProposeLawChange | ApproveLawChange
