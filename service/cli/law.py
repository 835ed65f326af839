"""Commands on changes of law: review, propose, approve, apply, changes."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer

from domain.actor import Credentials
from domain.errors import Refused
from domain.law_changes.commands import MOST_TEXT, ApproveLawChange, ProposeLawChange
from domain.law_changes.events import Subject
from domain.law_changes.review import MovedClock, Review
from domain.vocabulary import LawChangeId
from projections.projection import Connection
from service.bootstrap import at_work, reachable_database, require_migrated, run_to_end
from service.cli.context import On, caught_up, read
from service.cli.identity import who_decides
from service.cli.output import AsJson, bar, say, show_json, show_table
from service.commands.office import Office
from service.config.law_files import law_of
from service.config.settings import Settings, read_settings
from service.event_store.ids import command_id_of
from service.files.text_files import read_text
from service.postgres.read_snapshot import one_moment

law = typer.Typer(help="Changes of the law that dates are counted by, reviewed by two officers.", no_args_is_help=True)

Policy = Annotated[Path | None, typer.Option(help="TOML: rules that join those on file, or end one.")]
Calendar = Annotated[Path | None, typer.Option(help="TOML: years and days that change the calendar on file.")]
BindsRunning = Annotated[
    bool, typer.Option("--binds-running", help="The instrument says that its rules bind clocks that run already.")
]
Change = Annotated[UUID, typer.Argument(help="Id of the proposal.")]
DECIDED = "a change of law is proposed and approved"
SHOWN = 50

_T = TypeVar("_T")


@law.command()
def review(
    policy: Policy = None,
    calendar: Calendar = None,
    binds_running: BindsRunning = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Try a change without writing anything: which open petitions would move, become or stop being overdue."""
    from service.approvals.law_changes import changes_of_law
    from service.approvals.law_review import review as reviewed

    subject, text = _file(policy, calendar)
    without = _without(read_settings(), policy, calendar)

    async def reading(office: Office, connection: Connection) -> Review:
        law = office.law
        if without is not None:  # what the file brings is seen against what is on file beside it
            law = (await changes_of_law(office)).law(law_of(without))
        return await reviewed(connection, law, subject, text, on or office.today, binds_running=binds_running)

    _show(read(reading), as_json)


@law.command()
def propose(
    instrument: Annotated[str, typer.Option(help="Number and day of the document that the change rests on.")],
    policy: Policy = None,
    calendar: Calendar = None,
    binds_running: BindsRunning = False,
    as_json: AsJson = False,
) -> None:
    """Review a change and propose it for approval, in the name of whoever KIENNGHI_TOKEN says."""
    from service.approvals.law_changes import Proposed
    from service.approvals.law_changes import propose as proposed

    subject, text = _file(policy, calendar)
    settings = read_settings()
    credentials = who_decides(settings, DECIDED)
    if _without(settings, policy, calendar) is not None:
        raise Refused("the settings name this file, so it is counted by already: take it out of them, then propose it")

    async def proposing(office: Office, connection: Connection) -> Proposed:
        command = ProposeLawChange(
            occurred_on=office.today, subject=subject, text=text, instrument=instrument, binds_running=binds_running
        )
        request = command.model_dump_json()
        return await proposed(
            office,
            connection,
            command,
            credentials,
            command_id=command_id_of(credentials.officer, f"law propose {request}"),
            digest=hashlib.sha256(request.encode()).digest(),
        )

    found = read(proposing)
    _show(found.review, as_json, found.change_id)


@law.command()
def approve(change: Change, as_json: AsJson = False) -> None:
    """Approve what somebody else proposed, and recalculate the petitions that it moves."""
    from service.approvals.law_changes import approve as approved

    async def approving(office: Office, credentials: Credentials) -> None:
        command = ApproveLawChange(occurred_on=office.today, change_id=LawChangeId(change))
        await approved(
            office,
            command,
            credentials,
            command_id=command_id_of(credentials.officer, f"law approve {change}"),
            digest=change.bytes,
        )

    _applied(change, as_json, approving)


@law.command()
def apply(change: Change, as_json: AsJson = False) -> None:
    """Go on with an approved change that was interrupted; no petition is moved twice."""
    _applied(change, as_json, None)


@law.command()
def changes(as_json: AsJson = False) -> None:
    """All changes of law: who proposed and approved them, and how many petitions they moved."""
    from service.approvals.law_changes import changes_of_law

    async def reading(office: Office, _: Connection) -> list[dict[str, Any]]:
        return [
            {
                "change": change_id,
                "subject": one.proposed.subject,
                "instrument": one.proposed.instrument,
                "proposed_on": one.proposed.occurred_on,
                "proposed_by": one.proposed_by.officer,
                "would_move": one.proposed.would_move,
                "approved_on": one.approved_on,
                "approved_by": one.approved_by and one.approved_by.officer,
                "moved": one.petitions,
            }
            for change_id, one in (await changes_of_law(office)).by_id.items()
        ]

    found = read(reading)
    if as_json:
        show_json({"changes": found})
    elif found:
        show_table([name.replace("_", " ") for name in found[0]], [list(one.values()) for one in found])
    else:
        say("no change of law is on record")


def _applied(change: UUID, as_json: bool, first: Callable[[Office, Credentials], Awaitable[None]] | None) -> None:
    settings = read_settings()
    credentials = who_decides(settings, DECIDED)
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        moved = run_to_end(_apply(dsn, settings, change, credentials, first))
    if as_json:
        show_json({"change": change, "moved": moved})
    else:
        print(f"{moved} petitions recalculated")


async def _apply(
    dsn: str,
    settings: Settings,
    change: UUID,
    credentials: Credentials,
    first: Callable[[Office, Credentials], Awaitable[None]] | None,
) -> int:
    from service.approvals.law_changes import apply as applied

    async with at_work(dsn, settings) as (office, views):
        if first is not None:
            await first(office, credentials)
        await caught_up(views)
        async with one_moment(office.pool) as connection:
            with bar("petitions") as progress:
                return await applied(office, connection, LawChangeId(change), credentials, progress=progress)


def _file(policy: Path | None, calendar: Path | None) -> tuple[Subject, str]:
    if (policy is None) == (calendar is None):
        raise typer.BadParameter("name one file: --policy FILE or --calendar FILE")
    path = policy or calendar
    assert path is not None
    text = read_text(path, MOST_TEXT, "a file of rules or days")
    return Subject.CALENDAR if policy is None else Subject.POLICY, text


def _moved(clock: MovedClock) -> str:
    before = "no limit" if clock.before is None else clock.before.due_on
    return f"{clock.after.clock} {before} → {clock.after.due_on}"


def _without(settings: Settings, policy: Path | None, calendar: Path | None) -> Settings | None:
    """The settings without the file, if they name it; None if they do not."""
    for name, given in (("policy_file", policy), ("calendar_file", calendar)):
        on_file: Path | None = getattr(settings, name)
        if given is not None and on_file is not None and on_file.exists() and on_file.samefile(given):
            return settings.model_copy(update={name: None})
    return None


def _show(found: Review, as_json: bool, change_id: LawChangeId | None = None) -> None:
    counts = {
        "open_petitions": found.open_petitions,
        "would_move": len(found.petitions),
        "would_become_overdue": found.would_become_overdue,
        "would_stop_being_overdue": found.would_stop_being_overdue,
    }
    if as_json:
        told = {} if change_id is None else {"change": change_id}
        show_json({**told, "on": found.on, **counts, "petitions": [asdict(one) for one in found.petitions]})
        return
    show_table(
        ("reference", "unit", "due on", "new due date", "overdue", "clocks"),
        (
            (
                one.reference,
                one.unit,
                one.due_on,
                one.new_due_on,
                {(False, True): "becomes", (True, False): "no longer", (True, True): "still"}.get(
                    (one.was_overdue, one.is_overdue), ""
                ),
                ", ".join(_moved(clock) for clock in one.clocks),
            )
            for one in found.petitions[:SHOWN]
        ),
    )
    if len(found.petitions) > SHOWN:
        say(f"{len(found.petitions) - SHOWN} more; --json lists all")
    print(f"{found.on}: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))
    if change_id is not None:
        print(f"proposed as {change_id}")
