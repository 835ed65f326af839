"""Reviews, proposes, approves and applies reorganisations: review, propose, approve, apply, list."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from domain.actor import Credentials
from domain.reorganisations.commands import (
    MAX_REORGANISATION_TEXT_CHARACTERS,
    ApproveReorganisation,
    ProposeReorganisation,
)
from domain.reorganisations.handing_over import ReorganisationReview
from domain.vocabulary import ReorganisationId
from projections.projection import Connection
from service.bootstrap import reachable_database, require_migrated, run_coroutine, running_office
from service.cli.context import On, read_from_views, wait_for_views
from service.cli.identity import credentials_for_approval
from service.cli.output import AsJson, bar, say, show_json, show_table
from service.commands.office import ApplicationService
from service.config.settings import Settings, read_settings
from service.event_store.ids import command_id_of
from service.files.text_files import read_text_file
from service.postgres.read_snapshot import read_snapshot
from service.security.keys import load_or_create_keys

reorganise = typer.Typer(
    help="Review, propose and approve reorganisations: units that begin, end and are succeeded.", no_args_is_help=True
)

PlanFile = Annotated[Path, typer.Argument(help="TOML or JSON: the units, the day and the instrument.")]
ReorganisationArgument = Annotated[UUID, typer.Argument(metavar="ID", help="Of the proposal.")]
REORGANISATION_IS_DECIDED = "a reorganisation is proposed and approved"
MOST_PETITIONS_SHOWN = 50


@reorganise.command("review")
def review_reorganisation_command(file: PlanFile, on: On = None, as_json: AsJson = False) -> None:
    """Try a reorganisation without writing anything: every open petition of the units, and its future owner."""
    from service.approvals.reorganisation_review import dry_run_reorganisation as reviewed

    text = _read_plan(file)

    async def reading(office: ApplicationService, connection: Connection) -> ReorganisationReview:
        return await reviewed(connection, office.vault, await office.units(), text, on or office.today)

    _print_reorganisation_review(read_from_views(reading), as_json)


@reorganise.command("propose")
def propose_reorganisation_command(file: PlanFile, as_json: AsJson = False) -> None:
    """Propose a reorganisation for approval, as the officer of KIENNGHI_TOKEN."""
    from service.approvals.reorganisations import REORGANISATIONS
    from service.approvals.reviewed_change import ProposedChange

    text = _read_plan(file)
    credentials = credentials_for_approval(read_settings(), REORGANISATION_IS_DECIDED)

    async def proposing(office: ApplicationService, connection: Connection) -> ProposedChange[ReorganisationReview]:
        command = ProposeReorganisation(occurred_on=office.today, text=text)
        request = command.model_dump_json()
        return await REORGANISATIONS.record_proposal(
            office,
            connection,
            command,
            credentials,
            command_id=command_id_of(credentials.officer, f"reorganise propose {request}"),
            digest=hashlib.sha256(request.encode()).digest(),
        )

    found = read_from_views(proposing)
    _print_reorganisation_review(found.review, as_json, found.change_id)


@reorganise.command("approve")
def approve_reorganisation_command(reorganisation: ReorganisationArgument, as_json: AsJson = False) -> None:
    """Approve a reorganisation that another officer proposed. From its day on, also hand the petitions over."""
    from service.approvals.reorganisations import REORGANISATIONS

    async def approving(office: ApplicationService, credentials: Credentials) -> bool:
        command = ApproveReorganisation(occurred_on=office.today, reorganisation_id=ReorganisationId(reorganisation))
        await REORGANISATIONS.record_approval(
            office,
            command,
            credentials,
            command_id=command_id_of(credentials.officer, f"reorganise approve {reorganisation}"),
            digest=reorganisation.bytes,
        )
        takes_effect_on = (
            (await REORGANISATIONS.load(office)).require(command.reorganisation_id).proposed.takes_effect_on
        )
        if office.today < takes_effect_on:
            say(f"approved; apply it on {takes_effect_on}")
            return False
        return True

    _hand_over_and_report(reorganisation, as_json, approving)


@reorganise.command("apply")
def apply_reorganisation_command(reorganisation: ReorganisationArgument, as_json: AsJson = False) -> None:
    """Hand over the petitions of an approved reorganisation, or continue after a break. None is handed over twice."""
    _hand_over_and_report(reorganisation, as_json, None)


@reorganise.command("list")
def list_reorganisations_command(as_json: AsJson = False) -> None:
    """List all reorganisations: who proposed and approved them, and how many petitions they handed over."""
    from service.approvals.reorganisations import REORGANISATIONS

    async def reading(office: ApplicationService, _: Connection) -> list[dict[str, Any]]:
        return [
            {
                "reorganisation": reorganisation_id,
                "title": one.proposed.title,
                "takes_effect_on": one.proposed.takes_effect_on,
                "instrument": one.proposed.instrument,
                "proposed_on": one.proposed.occurred_on,
                "proposed_by": one.proposed_by.officer,
                "would_move": one.proposed.would_move,
                "approved_on": one.approved_on,
                "approved_by": one.approved_by and one.approved_by.officer,
                "handed_over": one.petitions,
            }
            for reorganisation_id, one in (await REORGANISATIONS.load(office)).by_id.items()
        ]

    found = read_from_views(reading)
    if as_json:
        show_json({"reorganisations": found})
    elif found:
        columns = ("reorganisation", "title", "takes_effect_on", "proposed_by", "approved_by", "handed_over")
        show_table(
            [column.replace("_", " ") for column in columns],
            [[str(one[column])[:60] if column == "title" else one[column] for column in columns] for one in found],
        )
    else:
        say("no reorganisation is on record")


def _hand_over_and_report(
    reorganisation: UUID, as_json: bool, first: Callable[[ApplicationService, Credentials], Awaitable[bool]] | None
) -> None:
    settings = read_settings()
    credentials = credentials_for_approval(settings, REORGANISATION_IS_DECIDED)
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        handed_over = run_coroutine(_apply_reorganisation(dsn, settings, reorganisation, credentials, first))
    if as_json:
        show_json({"reorganisation": reorganisation, "handed_over": handed_over})
    elif handed_over is not None:
        print(f"{handed_over} petitions handed over")


async def _apply_reorganisation(
    dsn: str,
    settings: Settings,
    reorganisation: UUID,
    credentials: Credentials,
    first: Callable[[ApplicationService, Credentials], Awaitable[bool]] | None,
) -> int | None:
    from service.approvals.reorganisations import REORGANISATIONS

    async with running_office(dsn, settings, vault_key=load_or_create_keys(settings).vault) as (office, views):

        @asynccontextmanager
        async def fresh_views() -> AsyncIterator[Connection]:
            await wait_for_views(views)
            async with read_snapshot(office.pool) as connection:
                yield connection

        if first is not None and not await first(office, credentials):
            return None
        with bar("petitions") as progress:
            done = await REORGANISATIONS.apply(office, fresh_views, reorganisation, credentials, progress=progress)
        if not done.is_done:
            say("petitions still come to the units that end: run it again")
        return done.petitions


def _read_plan(file: Path) -> str:
    return read_text_file(file, MAX_REORGANISATION_TEXT_CHARACTERS, "a file of a reorganisation")


def _print_reorganisation_review(
    found: ReorganisationReview, as_json: bool, reorganisation_id: UUID | None = None
) -> None:
    counts = {
        "open_petitions": found.open_petitions,
        "would_move": len(found.petitions),
        "overdue": found.overdue,
    }
    if as_json:
        told = {} if reorganisation_id is None else {"reorganisation": reorganisation_id}
        about = {"title": found.plan.title, "takes_effect_on": found.plan.on, "instrument": found.plan.instrument}
        show_json({**told, "on": found.on, **about, **counts, "petitions": [asdict(one) for one in found.petitions]})
        return
    show_table(
        ("reference", "from", "to", "chosen by", "due on", "overdue"),
        (
            (one.reference, one.from_unit, one.to_unit, one.chosen_by, one.due_on, "overdue" if one.is_overdue else "")
            for one in found.petitions[:MOST_PETITIONS_SHOWN]
        ),
    )
    if len(found.petitions) > MOST_PETITIONS_SHOWN:
        say(f"{len(found.petitions) - MOST_PETITIONS_SHOWN} more; --json lists all")
    ways = Counter((one.from_unit, one.to_unit) for one in found.petitions)
    show_table(("from", "to", "petitions"), ((*way, count) for way, count in sorted(ways.items())))
    print(f"{found.on}: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))
    if reorganisation_id is not None:
        print(f"proposed as {reorganisation_id}")
