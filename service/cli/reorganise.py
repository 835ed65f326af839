"""Commands on reorganisations: review, propose, approve, apply, list."""

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
from domain.reorganisations.commands import MOST_TEXT, ApproveReorganisation, ProposeReorganisation
from domain.reorganisations.handing_over import Review
from domain.vocabulary import ReorganisationId
from projections.projection import Connection
from service.bootstrap import at_work, reachable_database, require_migrated, run_to_end
from service.cli.context import On, caught_up, read
from service.cli.identity import who_decides
from service.cli.output import AsJson, bar, say, show_json, show_table
from service.commands.office import Office
from service.config.settings import Settings, read_settings
from service.event_store.ids import command_id_of
from service.files.text_files import read_text
from service.postgres.read_snapshot import one_moment

reorganise = typer.Typer(
    help="Units that begin, end and are succeeded, reviewed by two officers.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="TOML or JSON: the units, the day and the instrument.")]
Id = Annotated[UUID, typer.Argument(metavar="ID", help="Of the proposal.")]
DECIDED = "a reorganisation is proposed and approved"
SHOWN = 50


@reorganise.command()
def review(file: File, on: On = None, as_json: AsJson = False) -> None:
    """Try it without writing anything: every open petition of the units, and its future owner."""
    from service.approvals.reorganisation_review import review as reviewed

    text = _text(file)

    async def reading(office: Office, connection: Connection) -> Review:
        return await reviewed(connection, await office.units(), text, on or office.today)

    _show(read(reading), as_json)


@reorganise.command()
def propose(file: File, as_json: AsJson = False) -> None:
    """Review it and propose it for approval, in the name of whoever KIENNGHI_TOKEN says."""
    from service.approvals.reorganisations import Proposed
    from service.approvals.reorganisations import propose as proposed

    text = _text(file)
    credentials = who_decides(read_settings(), DECIDED)

    async def proposing(office: Office, connection: Connection) -> Proposed:
        command = ProposeReorganisation(occurred_on=office.today, text=text)
        request = command.model_dump_json()
        return await proposed(
            office,
            connection,
            command,
            credentials,
            command_id=command_id_of(credentials.officer, f"reorganise propose {request}"),
            digest=hashlib.sha256(request.encode()).digest(),
        )

    found = read(proposing)
    _show(found.review, as_json, found.reorganisation_id)


@reorganise.command()
def approve(reorganisation: Id, as_json: AsJson = False) -> None:
    """Approve what somebody else proposed; from its day on, hand the petitions over too."""
    from service.approvals.reorganisations import approve as approved
    from service.approvals.reorganisations import reorganisations

    async def approving(office: Office, credentials: Credentials) -> bool:
        command = ApproveReorganisation(occurred_on=office.today, reorganisation_id=ReorganisationId(reorganisation))
        await approved(
            office,
            command,
            credentials,
            command_id=command_id_of(credentials.officer, f"reorganise approve {reorganisation}"),
            digest=reorganisation.bytes,
        )
        takes_effect_on = (await reorganisations(office)).named(command.reorganisation_id).proposed.takes_effect_on
        if office.today < takes_effect_on:
            say(f"approved; apply it on {takes_effect_on}")
            return False
        return True

    _applied(reorganisation, as_json, approving)


@reorganise.command()
def apply(reorganisation: Id, as_json: AsJson = False) -> None:
    """Hand over the petitions of an approved one, or go on where that was interrupted; none is handed over twice."""
    _applied(reorganisation, as_json, None)


@reorganise.command("list")
def list_(as_json: AsJson = False) -> None:
    """All reorganisations: who proposed and approved them, and how many petitions they handed over."""
    from service.approvals.reorganisations import reorganisations

    async def reading(office: Office, _: Connection) -> list[dict[str, Any]]:
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
            for reorganisation_id, one in (await reorganisations(office)).by_id.items()
        ]

    found = read(reading)
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


def _applied(
    reorganisation: UUID, as_json: bool, first: Callable[[Office, Credentials], Awaitable[bool]] | None
) -> None:
    settings = read_settings()
    credentials = who_decides(settings, DECIDED)
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        handed_over = run_to_end(_apply(dsn, settings, reorganisation, credentials, first))
    if as_json:
        show_json({"reorganisation": reorganisation, "handed_over": handed_over})
    elif handed_over is not None:
        print(f"{handed_over} petitions handed over")


async def _apply(
    dsn: str,
    settings: Settings,
    reorganisation: UUID,
    credentials: Credentials,
    first: Callable[[Office, Credentials], Awaitable[bool]] | None,
) -> int | None:
    from service.approvals.reorganisations import apply as applied

    async with at_work(dsn, settings) as (office, views):

        @asynccontextmanager
        async def fresh_views() -> AsyncIterator[Connection]:
            await caught_up(views)
            async with one_moment(office.pool) as connection:
                yield connection

        if first is not None and not await first(office, credentials):
            return None
        with bar("petitions") as progress:
            done = await applied(office, fresh_views, ReorganisationId(reorganisation), credentials, progress=progress)
        if not done.is_done:
            say("petitions still come to the units that end: run it again")
        return done.petitions


def _text(file: Path) -> str:
    return read_text(file, MOST_TEXT, "a file of a reorganisation")


def _show(found: Review, as_json: bool, reorganisation_id: ReorganisationId | None = None) -> None:
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
            for one in found.petitions[:SHOWN]
        ),
    )
    if len(found.petitions) > SHOWN:
        say(f"{len(found.petitions) - SHOWN} more; --json lists all")
    ways = Counter((one.from_unit, one.to_unit) for one in found.petitions)
    show_table(("from", "to", "petitions"), ((*way, count) for way, count in sorted(ways.items())))
    print(f"{found.on}: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))
    if reorganisation_id is not None:
        print(f"proposed as {reorganisation_id}")
