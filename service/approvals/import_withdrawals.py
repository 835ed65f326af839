"""Declares withdrawals of imports as reviewed changes: each case gets an event, and no view has it any more."""

from collections.abc import Sequence
from uuid import UUID

from domain.actor import Officer
from domain.command import Command
from domain.events import Fact, ImportWithdrawn
from domain.import_withdrawals.commands import ApproveImportWithdrawal, ProposeImportWithdrawal
from domain.import_withdrawals.decide import (
    ImportWithdrawal,
    ImportWithdrawalReview,
    ImportWithdrawals,
    propose_import_withdrawal,
    require_withdrawable,
    withdraw_imported,
)
from domain.value import known
from domain.vocabulary import ImportWithdrawalId, PetitionId
from projections.projection import Connection
from service.approvals.chunked_application import NextFacts
from service.approvals.imported_petitions import is_touched, read_imported_ids, read_imported_petitions
from service.approvals.reviewed_change import ReviewedChangeService
from service.commands.office import ApplicationService


class ImportWithdrawalService(
    ReviewedChangeService[ImportWithdrawals, ProposeImportWithdrawal, ImportWithdrawalReview, ImportWithdrawal]
):
    """Proposes and approves withdrawals of imports, and withdraws each case that nobody worked on since.

    Who works on a case after the approval keeps it: it is not withdrawn, and not counted.
    """

    changes = ImportWithdrawals
    propose_command = ProposeImportWithdrawal
    approve_command = ApproveImportWithdrawal
    counted_facts = (ImportWithdrawn,)

    async def review(
        self, office: ApplicationService, connection: Connection, command: ProposeImportWithdrawal
    ) -> ImportWithdrawalReview:
        """Return the cases of the import, those that somebody worked on first."""
        return await dry_run_import_withdrawal(office, connection, command.source, command.run)

    def proposal(
        self,
        office: ApplicationService,
        command: ProposeImportWithdrawal,
        change_id: UUID,
        review: ImportWithdrawalReview,
        changes: ImportWithdrawals,
    ) -> Fact:
        """Return the proposal. Raise Refused where nothing may be withdrawn."""
        del changes
        return propose_import_withdrawal(command, ImportWithdrawalId(change_id), review, office.today)

    async def approval(
        self, office: ApplicationService, command: Command, changes: ImportWithdrawals, by: Officer
    ) -> Fact:
        """Return the approval. Raise Refused if somebody worked since on a case that must not be left."""
        proposed = changes.require(self.id_of(command)).proposed
        async with office.pool.connection() as connection:
            petitions = await read_imported_petitions(connection, proposed.source, known(proposed.run), proposed.up_to)
        require_withdrawable(proposed.source, proposed.mode, petitions)
        return await super().approval(office, command, changes, by)

    async def plan(self, office: ApplicationService, changes: ImportWithdrawals, change_id: UUID) -> ImportWithdrawal:
        """Return the change itself: its proposal says all."""
        del office
        return changes.require(change_id)

    async def candidates(self, connection: Connection, plan: ImportWithdrawal) -> Sequence[UUID]:
        """Return the cases of the import that are not withdrawn yet."""
        proposed = plan.proposed
        return await read_imported_ids(connection, proposed.source, known(proposed.run), proposed.up_to)

    async def next_facts(
        self, office: ApplicationService, petition_id: PetitionId, plan: ImportWithdrawal
    ) -> NextFacts | None:
        """Return the withdrawal of a case; None if that is done, or somebody worked on it."""
        history = await office.queries.history(petition_id)  # first: what is entered after it conflicts at the append
        async with office.pool.connection() as connection:
            if await is_touched(connection, petition_id):
                return None
        fact = withdraw_imported(history, plan.proposed, plan.proposed_by.officer, office.today)
        return None if fact is None else NextFacts([fact], history[-1].originator_version)


async def dry_run_import_withdrawal(
    office: ApplicationService, connection: Connection, source: str, run: UUID | None
) -> ImportWithdrawalReview:
    """Return the cases of the source, or of one run of its import, that are on record now."""
    row = await (await connection.execute("SELECT position FROM kiennghi.log_head")).fetchone()
    up_to = 0 if row is None else int(row[0])
    return ImportWithdrawalReview(office.today, up_to, await read_imported_petitions(connection, source, run, up_to))


IMPORT_WITHDRAWALS = ImportWithdrawalService()
