"""Decides the withdrawal of an import, and what it comes to in one petition.

A case is touched when somebody worked on it since: anything but what imports, alerts and approved changes recorded.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.envelope import EventEnvelope
from domain.errors import Refused, require_not_in_future
from domain.events import ImportWithdrawn, PetitionEvent
from domain.import_withdrawals.commands import ProposeImportWithdrawal
from domain.import_withdrawals.events import ImportWithdrawalApplied, ImportWithdrawalApproved, ImportWithdrawalProposed
from domain.import_withdrawals.words import WithdrawalMode
from domain.refusals.imports import ImportRefusal
from domain.reviewed_changes import ReviewedChange, ReviewedChanges
from domain.sealed_text import plain_text
from domain.value import as_said
from domain.vocabulary import ImportWithdrawalId, OfficerId

IMPORT_WITHDRAWALS_STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40007")
"""Id of the one history of all withdrawals of imports."""

MOST_NAMED = 10
"""Most register numbers that a refusal names."""

ImportWithdrawal = ReviewedChange[ImportWithdrawalProposed]


class ImportWithdrawals(ReviewedChanges[ImportWithdrawalProposed]):
    """Holds all withdrawals of imports."""

    stream = IMPORT_WITHDRAWALS_STREAM
    name = "withdrawal of an import"
    vietnamese_name = "đề nghị thu hồi lần nhập"
    short_name = "withdrawal"
    id_field = "withdrawal_id"
    proposed_fact = ImportWithdrawalProposed
    approved_fact = ImportWithdrawalApproved
    applied_fact = ImportWithdrawalApplied


@dataclass(frozen=True, slots=True)
class ImportedPetition:
    """Holds one case of an import that may be withdrawn. `key` is its key in the source."""

    petition_id: UUID
    reference: str
    key: str
    received_on: date
    is_touched: bool


@dataclass(frozen=True, slots=True)
class ImportWithdrawalReview:
    """Holds a dry run on the day `on`, of what the log had up to the position `up_to`. Touched cases come first."""

    on: date
    up_to: int
    petitions: tuple[ImportedPetition, ...]

    @property
    def cases(self) -> int:
        """Return the number of cases of the import that are not withdrawn yet."""
        return len(self.petitions)

    @property
    def touched(self) -> int:
        """Return the number of those that somebody worked on since."""
        return sum(one.is_touched for one in self.petitions)


def propose_import_withdrawal(
    command: ProposeImportWithdrawal, withdrawal_id: ImportWithdrawalId, review: ImportWithdrawalReview, today: date
) -> ImportWithdrawalProposed:
    """Return the proposal with the counts of its review.

    Raise Refused for a future day, for an import that has no case, or none that may be withdrawn, and in the mode
    "whole" where somebody worked on one since.
    """
    require_not_in_future(command.occurred_on, today)
    require_withdrawable(command.source, command.mode, review.petitions)
    return ImportWithdrawalProposed(
        occurred_on=command.occurred_on,
        withdrawal_id=withdrawal_id,
        source=command.source,
        run=as_said(command.run),
        mode=command.mode,
        why=command.why,
        up_to=review.up_to,
        cases=review.cases,
        touched=review.touched,
    )


def require_withdrawable(source: str, mode: WithdrawalMode, petitions: Collection[ImportedPetition]) -> None:
    """Raise Refused where nothing can be withdrawn, or the mode "whole" meets a case that somebody worked on."""
    if not petitions:
        raise Refused(ImportRefusal.NOTHING_IMPORTED, source=source)
    touched = [one for one in petitions if one.is_touched]
    if mode is WithdrawalMode.WHOLE and touched:
        named = tuple(one.reference for one in touched[:MOST_NAMED])
        raise Refused(ImportRefusal.WORKED_ON_SINCE, count=len(touched), references=named)
    if len(touched) == len(petitions):
        raise Refused(ImportRefusal.ALL_WORKED_ON_SINCE, count=len(touched))


def withdraw_imported(
    history: Sequence[EventEnvelope[PetitionEvent]],
    proposed: ImportWithdrawalProposed,
    proposed_by: OfficerId,
    today: date,
) -> ImportWithdrawn | None:
    """Return the event that withdraws an untouched petition; None if that was done before."""
    if any(isinstance(event.fact, ImportWithdrawn) for event in history):
        return None
    return ImportWithdrawn(
        occurred_on=today,
        withdrawal_id=proposed.withdrawal_id,
        why=plain_text(proposed.why),
        proposed_by=proposed_by,
    )
