"""Reviews, proposes, approves and applies reorganisations: review, propose, approve, apply, list."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.reorganisations.commands import MAX_REORGANISATION_TEXT_CHARACTERS, ProposeReorganisation
from domain.reorganisations.handing_over import HandedOver, ReorganisationReview
from projections.projection import Connection
from service.approvals.reorganisation_review import dry_run_reorganisation
from service.approvals.reorganisations import REORGANISATIONS
from service.cli.context import On, read_from_views
from service.cli.output import AsJson, show_table
from service.cli.reviewed_changes import ReviewedChangeCommands
from service.commands.office import ApplicationService
from service.files.text_files import read_text_file

reorganise = typer.Typer(
    help="Review, propose and approve reorganisations: units that begin, end and are succeeded.", no_args_is_help=True
)

PlanFile = Annotated[Path, typer.Argument(help="TOML or JSON: the units, the day and the instrument.")]


class ReorganisationCommands(ReviewedChangeCommands):
    """Describes reorganisations on the command line."""

    service = REORGANISATIONS
    group = "reorganise"
    id_key, list_key, count_key = "reorganisation", "reorganisations", "handed_over"
    done = "petitions handed over"
    unfinished = "petitions still come to the units that end: run it again"
    headings = ("reference", "from", "to", "chosen by", "due on", "overdue")
    shown_fields = ("title", "takes_effect_on", "instrument")
    shown_counts = ("would_move",)
    columns = ("reorganisation", "title", "takes_effect_on", "proposed_by", "approved_by", "handed_over")
    approve_help = (
        "Approve a reorganisation that another officer proposed. From its day on, also hand the petitions over."
    )
    apply_help = (
        "Hand over the petitions of an approved reorganisation, or continue after a break. None is handed over twice."
    )
    list_help = "List all reorganisations: who proposed and approved them, and how many petitions they handed over."

    def about(self, review: ReorganisationReview) -> dict[str, Any]:
        """Return the title, the day and the instrument."""
        plan = review.plan
        return {"title": plan.title, "takes_effect_on": plan.on, "instrument": plan.instrument}

    def counts(self, review: ReorganisationReview) -> dict[str, int]:
        """Return how many petitions would be handed over, and how many of those are overdue."""
        return {
            "open_petitions": review.open_petitions,
            "would_move": len(review.petitions),
            "overdue": review.overdue,
        }

    def petition_row(self, petition: HandedOver) -> Sequence[Any]:
        """Return a petition with its present and its future unit."""
        return (
            petition.reference,
            petition.from_unit,
            petition.to_unit,
            petition.chosen_by,
            petition.due_on,
            "overdue" if petition.is_overdue else "",
        )

    def show_summary(self, review: ReorganisationReview) -> None:
        """Print how many petitions go from which unit to which."""
        ways = Counter((one.from_unit, one.to_unit) for one in review.petitions)
        show_table(("from", "to", "petitions"), ((*way, count) for way, count in sorted(ways.items())))


_COMMANDS = ReorganisationCommands()


@reorganise.command("review")
def review_reorganisation_command(file: PlanFile, on: On = None, as_json: AsJson = False) -> None:
    """Try a reorganisation without writing anything: every open petition of the units, and its future owner."""
    text = _read_plan(file)

    async def reading(office: ApplicationService, connection: Connection) -> ReorganisationReview:
        return await dry_run_reorganisation(
            connection, office.vault, await office.queries.units(), text, on or office.today
        )

    _COMMANDS.show_review(read_from_views(reading), as_json)


@reorganise.command("propose")
def propose_reorganisation_command(file: PlanFile, as_json: AsJson = False) -> None:
    """Propose a reorganisation for approval, as the officer of KIENNGHI_TOKEN."""
    text = _read_plan(file)
    _COMMANDS.propose(lambda office: ProposeReorganisation(occurred_on=office.today, text=text), as_json)


_COMMANDS.declare(reorganise)


def _read_plan(file: Path) -> str:
    return read_text_file(file, MAX_REORGANISATION_TEXT_CHARACTERS, "a file of a reorganisation")
