"""Defines the commands by which an import is withdrawn.

One officer sends the first, another sends the second.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from domain.command import Command
from domain.import_withdrawals.words import WithdrawalMode
from domain.text import Code, Prose
from domain.vocabulary import ImportWithdrawalId


class ProposeImportWithdrawal(Command):
    """Propose to withdraw what was imported under the name of a source, or by one run of its import.

    With the mode "whole" a case that somebody worked on since refuses the withdrawal; with "untouched" it stays.
    """

    source: Annotated[Code, Field(description="the name that the mapping gives the source")]
    run: Annotated[UUID | None, Field(description="one run of the import; all runs if left out")] = None
    mode: WithdrawalMode = WithdrawalMode.WHOLE
    why: Prose

    example: ClassVar = {
        "source": "so-tiep-dan-2024",
        "mode": "untouched",
        "why": "Cột ngày tiếp nhận bị lệch một dòng",
    }


class ApproveImportWithdrawal(Command):
    """Approve the withdrawal of an import that somebody else proposed."""

    withdrawal_id: ImportWithdrawalId

    example: ClassVar = {}


ImportWithdrawalCommand = ProposeImportWithdrawal | ApproveImportWithdrawal
