"""Defines the events of withdrawals of imports. All of them share one history, so that they come one after the other.

What a withdrawal changes in a petition is `ImportWithdrawn`.
"""

from uuid import UUID

from domain.events import Fact
from domain.import_withdrawals.words import WithdrawalMode
from domain.sealed_text import Text
from domain.stored_values import Count, NonEmptyStr
from domain.value import UNSET, UnsetType
from domain.vocabulary import ImportWithdrawalId


class ImportWithdrawalProposed(Fact):
    """Records that an officer proposed to withdraw an import.

    `source` is the name of the source, `run` one run of its import; all runs where it is not said. `up_to` is the last
    position of the log at the review: what is imported later is not withdrawn. The counts are those of the review:
    `cases` are all of the import, `touched` those that somebody worked on since.
    """

    withdrawal_id: ImportWithdrawalId
    source: NonEmptyStr
    run: UUID | UnsetType = UNSET
    mode: WithdrawalMode
    why: Text
    up_to: Count
    cases: Count
    touched: Count


class ImportWithdrawalApproved(Fact):
    """Records that another officer than the one who proposed it approved the withdrawal."""

    withdrawal_id: ImportWithdrawalId


class ImportWithdrawalApplied(Fact):
    """Records that every case that the withdrawal concerns has been withdrawn; `petitions` is their number."""

    withdrawal_id: ImportWithdrawalId
    petitions: Count


ImportWithdrawalEvent = ImportWithdrawalProposed | ImportWithdrawalApproved | ImportWithdrawalApplied
