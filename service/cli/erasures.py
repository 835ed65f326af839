"""Erases the personal data of a petition under a decision, by two officers: erase."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from domain.deadlines.error_messages import validation_error_text
from domain.erasures.commands import ProposeErasure
from domain.erasures.decide import PetitionToErase
from service.approvals.erasures import ERASURES
from service.cli.output import AsJson
from service.cli.reviewed_changes import ReviewedChangeCommands
from service.commands.office import ApplicationService

erase = typer.Typer(
    help="Erase the personal data of a petition, under a decision and by two officers.", no_args_is_help=True
)


class ErasureCommands(ReviewedChangeCommands):
    """Describes erasures on the command line."""

    service = ERASURES
    group = "erase"
    id_key, list_key, count_key = "erasure", "erasures", "erased"
    done = "petitions erased"
    headings = ("reference", "open", "persons")
    shown_fields = ("petition_id", "decision_no", "decided_by")
    columns = ("erasure", "petition_id", "decision_no", "decided_by", "proposed_by", "approved_by", "erased")
    approve_help = "Approve an erasure that another officer proposed, and destroy the keys. Nothing brings them back."
    apply_help = "Destroy the keys of an approved erasure, or continue after a break."
    list_help = "List all erasures: under which decision, who proposed and approved them."

    def petition_row(self, petition: PetitionToErase) -> tuple[Any, ...]:
        """Return the petition, and how many persons would be erased."""
        return petition.reference, "yes" if petition.is_open else "", petition.persons


_ERASURES = ErasureCommands()


@erase.command("propose")
def propose_erasure_command(
    reference: Annotated[str, typer.Argument(help="Register number or id of the petition.")],
    decision: Annotated[str, typer.Option("--decision", help="Number of the decision.")],
    decided_by: Annotated[str, typer.Option("--decided-by", help="The authority whose decision it is.")],
    as_json: AsJson = False,
) -> None:
    """Propose to erase the personal data of a closed petition, as the officer of KIENNGHI_TOKEN."""
    _ERASURES.propose(_proposal(reference, decision, decided_by), as_json)


_ERASURES.declare(erase)


def _proposal(reference: str, decision_no: str, decided_by: str) -> Callable[[ApplicationService], ProposeErasure]:
    """Return how the command is made, dated by the day of the service. BadParameter for what was typed wrongly."""

    def propose(office: ApplicationService) -> ProposeErasure:
        try:
            return ProposeErasure(
                occurred_on=office.today, reference=reference, decision_no=decision_no, decided_by=decided_by
            )
        except ValidationError as error:
            raise typer.BadParameter(validation_error_text(error)) from None

    return propose
