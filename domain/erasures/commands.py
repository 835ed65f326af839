"""Defines the commands by which the personal data of a petition are erased.

One officer sends the first, another sends the second.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.text import SingleLine
from domain.vocabulary import ErasureId


class ProposeErasure(Command):
    """Propose to erase who the petitioners of a closed petition are, and what was typed about it, under a decision."""

    reference: Annotated[SingleLine, Field(description="register number or id of the petition")]
    decision_no: SingleLine
    decided_by: Annotated[SingleLine, Field(description="the authority whose decision it is")]

    example: ClassVar = {
        "reference": "TD-2026-000123",
        "decision_no": "07/QĐ-UBND",
        "decided_by": "Ủy ban nhân dân tỉnh",
    }


class ApproveErasure(Command):
    """Approve an erasure that somebody else proposed. The keys are then destroyed, and nothing brings them back."""

    erasure_id: ErasureId

    example: ClassVar = {}


ErasureCommand = ProposeErasure | ApproveErasure
