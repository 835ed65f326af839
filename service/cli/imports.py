"""Lists imports, and withdraws them: list, review, propose, approve, apply, withdrawals."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import ValidationError

from domain.deadlines.error_messages import validation_error_text
from domain.import_withdrawals.commands import ProposeImportWithdrawal
from domain.import_withdrawals.decide import ImportedPetition, ImportWithdrawalReview
from domain.import_withdrawals.words import WithdrawalMode
from projections.projection import Connection
from service.approvals.import_withdrawals import IMPORT_WITHDRAWALS, dry_run_import_withdrawal
from service.approvals.imported_petitions import ImportRun, read_import_runs
from service.cli.context import read_from_views
from service.cli.output import AsJson, show_json, show_table
from service.cli.reviewed_changes import ReviewedChangeCommands
from service.commands.office import ApplicationService

imports = typer.Typer(help="List what was imported, and withdraw imports that were wrong.", no_args_is_help=True)

SourceName = Annotated[str, typer.Argument(metavar="SOURCE", help="Name that the mapping gives the source.")]
Run = Annotated[UUID | None, typer.Option(help="One run of the import (`imports list`); all runs if left out.")]
Mode = Annotated[
    WithdrawalMode,
    typer.Option(help="'whole' refuses where somebody worked on a case since; 'untouched' leaves those cases."),
]
WhyOption = Annotated[str, typer.Option(help="Why the import is withdrawn.")]


class ImportWithdrawalCommands(ReviewedChangeCommands):
    """Describes withdrawals of imports on the command line."""

    service = IMPORT_WITHDRAWALS
    group = "imports"
    id_key, list_key, list_command, count_key = "withdrawal", "withdrawals", "withdrawals", "withdrawn"
    done = "petitions withdrawn"
    headings = ("reference", "key", "received on", "worked on since")
    shown_fields = ("source", "mode", "why")
    shown_counts = ("cases", "touched")
    columns = ("withdrawal", "source", "mode", "why", "proposed_by", "approved_by", "withdrawn")
    approve_help = "Approve the withdrawal of an import that another officer proposed, and withdraw its cases."
    apply_help = "Withdraw the cases of an approved withdrawal, or continue after a break. None is withdrawn twice."
    list_help = "List all withdrawals of imports: who proposed and approved them, and how many petitions they took."

    def counts(self, review: ImportWithdrawalReview) -> dict[str, int]:
        """Return how many cases the import has, and on how many somebody worked since."""
        return {"cases": review.cases, "touched": review.touched}

    def petition_row(self, petition: ImportedPetition) -> tuple[Any, ...]:
        """Return a case with its key in the source."""
        worked_on = "yes" if petition.is_touched else ""
        return petition.reference, petition.key, petition.received_on, worked_on


_COMMANDS = ImportWithdrawalCommands()


@imports.command("list")
def list_imports_command(as_json: AsJson = False) -> None:
    """List every run of an import: its source, when and by whom, its cases, and how many were withdrawn."""

    async def reading(_office: ApplicationService, connection: Connection) -> list[ImportRun]:
        return await read_import_runs(connection)

    runs = [asdict(run) for run in read_from_views(reading)]
    if as_json:
        show_json({"imports": runs})
    else:
        columns = ("source", "run", "began_at", "officer", "cases", "withdrawn")
        show_table([name.replace("_", " ") for name in columns], [[run[name] for name in columns] for run in runs])


@imports.command("review")
def review_import_withdrawal(source: SourceName, run: Run = None, as_json: AsJson = False) -> None:
    """Try the withdrawal of an import without writing anything: its cases, those that somebody worked on first."""

    async def reading(office: ApplicationService, connection: Connection) -> ImportWithdrawalReview:
        return await dry_run_import_withdrawal(office, connection, source, run)

    _COMMANDS.show_review(read_from_views(reading), as_json)


@imports.command("propose")
def propose_import_withdrawal_command(
    source: SourceName, why: WhyOption, run: Run = None, mode: Mode = WithdrawalMode.WHOLE, as_json: AsJson = False
) -> None:
    """Propose to withdraw an import, as the officer of KIENNGHI_TOKEN."""
    _COMMANDS.propose(_proposal(source, run, mode, why), as_json)


_COMMANDS.declare(imports)


def _proposal(
    source: str, run: UUID | None, mode: WithdrawalMode, why: str
) -> Callable[[ApplicationService], ProposeImportWithdrawal]:
    """Return how the command is made, dated by the day of the service. BadParameter for what was typed wrongly."""

    def propose(office: ApplicationService) -> ProposeImportWithdrawal:
        try:
            return ProposeImportWithdrawal(occurred_on=office.today, source=source, run=run, mode=mode, why=why)
        except ValidationError as error:
            raise typer.BadParameter(validation_error_text(error)) from None

    return propose
