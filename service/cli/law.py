"""Reviews, proposes, approves and applies changes of law: review, propose, approve, apply, changes."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

import msgspec
import typer

from domain.actor import Credentials
from domain.deadlines.deadline import Deadline
from domain.errors import Refused
from domain.law_changes.commands import MAX_LAW_TEXT_CHARACTERS, ApproveLawChange, ProposeLawChange
from domain.law_changes.events import Subject
from domain.law_changes.review import LawChangeReview, MovedClock, MovedPetition
from domain.vocabulary import LawChangeId
from projections.projection import Connection
from service.bootstrap import reachable_database, require_migrated, run_coroutine, running_office
from service.cli.context import On, read_from_views, wait_for_views
from service.cli.identity import credentials_for_approval
from service.cli.output import AsJson, bar, say, show_json, show_table
from service.commands.office import ApplicationService
from service.config.law_files import law_of
from service.config.settings import Settings, read_settings
from service.event_store.ids import command_id_of
from service.files.text_files import read_text_file
from service.postgres.read_snapshot import read_snapshot
from service.security.keys import load_or_create_keys

law = typer.Typer(
    help="Review, propose and approve changes of the law that dates are counted by. Two officers agree on each.",
    no_args_is_help=True,
)

PolicyFile = Annotated[Path | None, typer.Option(help="TOML: rules that join those on file, or end one.")]
CalendarFile = Annotated[Path | None, typer.Option(help="TOML: years and days that change the calendar on file.")]
BindsRunning = Annotated[
    bool, typer.Option("--binds-running", help="The instrument says that its rules bind clocks that run already.")
]
LawChangeArgument = Annotated[UUID, typer.Argument(help="Id of the proposal.")]
LAW_CHANGE_IS_DECIDED = "a change of law is proposed and approved"
MOST_CLOCKS_SHOWN = 50

_T = TypeVar("_T")


@law.command("review")
def review_law_change_command(
    policy: PolicyFile = None,
    calendar: CalendarFile = None,
    binds_running: BindsRunning = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Try a change of law without writing anything: which open petitions would move, become or stop being overdue."""
    from service.approvals.law_changes import refresh_law_changes
    from service.approvals.law_review import dry_run_law_change as reviewed

    subject, text = _read_proposed_file(policy, calendar)
    without = _settings_without_file(read_settings(), policy, calendar)

    async def reading(office: ApplicationService, connection: Connection) -> LawChangeReview:
        law = office.law
        if without is not None:  # what the file brings is seen against what is on file beside it
            law = (await refresh_law_changes(office)).law(law_of(without))
        return await reviewed(
            connection, office.vault, law, subject, text, on or office.today, binds_running=binds_running
        )

    _print_law_review(read_from_views(reading), as_json)


@law.command("propose")
def propose_law_change_command(
    instrument: Annotated[str, typer.Option(help="Number and day of the document that the change rests on.")],
    policy: PolicyFile = None,
    calendar: CalendarFile = None,
    binds_running: BindsRunning = False,
    as_json: AsJson = False,
) -> None:
    """Propose a change of law for approval, as the officer of KIENNGHI_TOKEN."""
    from service.approvals.law_changes import LAW_CHANGES
    from service.approvals.reviewed_change import ProposedChange

    subject, text = _read_proposed_file(policy, calendar)
    settings = read_settings()
    credentials = credentials_for_approval(settings, LAW_CHANGE_IS_DECIDED)
    if _settings_without_file(settings, policy, calendar) is not None:
        raise Refused("the settings name this file, so it is counted by already: take it out of them, then propose it")

    async def proposing(office: ApplicationService, connection: Connection) -> ProposedChange[LawChangeReview]:
        command = ProposeLawChange(
            occurred_on=office.today, subject=subject, text=text, instrument=instrument, binds_running=binds_running
        )
        request = command.model_dump_json()
        return await LAW_CHANGES.record_proposal(
            office,
            connection,
            command,
            credentials,
            command_id=command_id_of(credentials.officer, f"law propose {request}"),
            digest=hashlib.sha256(request.encode()).digest(),
        )

    found = read_from_views(proposing)
    _print_law_review(found.review, as_json, found.change_id)


@law.command("approve")
def approve_law_change_command(change: LawChangeArgument, as_json: AsJson = False) -> None:
    """Approve a change that another officer proposed, and recalculate the petitions that it moves."""
    from service.approvals.law_changes import LAW_CHANGES

    async def approving(office: ApplicationService, credentials: Credentials) -> None:
        command = ApproveLawChange(occurred_on=office.today, change_id=LawChangeId(change))
        await LAW_CHANGES.record_approval(
            office,
            command,
            credentials,
            command_id=command_id_of(credentials.officer, f"law approve {change}"),
            digest=change.bytes,
        )

    _apply_and_report(change, as_json, approving)


@law.command("apply")
def apply_law_change_command(change: LawChangeArgument, as_json: AsJson = False) -> None:
    """Continue an approved change that was interrupted. No petition is moved twice."""
    _apply_and_report(change, as_json, None)


@law.command("changes")
def list_law_changes_command(as_json: AsJson = False) -> None:
    """List all changes of law: who proposed and approved them, and how many petitions they moved."""
    from service.approvals.law_changes import refresh_law_changes

    async def reading(office: ApplicationService, _: Connection) -> list[dict[str, Any]]:
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
            for change_id, one in (await refresh_law_changes(office)).by_id.items()
        ]

    found = read_from_views(reading)
    if as_json:
        show_json({"changes": found})
    elif found:
        show_table([name.replace("_", " ") for name in found[0]], [list(one.values()) for one in found])
    else:
        say("no change of law is on record")


def _apply_and_report(
    change: UUID, as_json: bool, first: Callable[[ApplicationService, Credentials], Awaitable[None]] | None
) -> None:
    settings = read_settings()
    credentials = credentials_for_approval(settings, LAW_CHANGE_IS_DECIDED)
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        moved = run_coroutine(_apply_law_change(dsn, settings, change, credentials, first))
    if as_json:
        show_json({"change": change, "moved": moved})
    else:
        print(f"{moved} petitions recalculated")


async def _apply_law_change(
    dsn: str,
    settings: Settings,
    change: UUID,
    credentials: Credentials,
    first: Callable[[ApplicationService, Credentials], Awaitable[None]] | None,
) -> int:
    from service.approvals.law_changes import LAW_CHANGES

    async with running_office(dsn, settings, vault_key=load_or_create_keys(settings).vault) as (office, views):
        if first is not None:
            await first(office, credentials)
        await wait_for_views(views)
        async with read_snapshot(office.pool) as connection:
            with bar("petitions") as progress:
                done = await LAW_CHANGES.apply(
                    office, lambda: nullcontext(connection), change, credentials, progress=progress
                )
                return done.petitions


def _read_proposed_file(policy: Path | None, calendar: Path | None) -> tuple[Subject, str]:
    if (policy is None) == (calendar is None):
        raise typer.BadParameter("name one file: --policy FILE or --calendar FILE")
    path = policy or calendar
    assert path is not None
    text = read_text_file(path, MAX_LAW_TEXT_CHARACTERS, "a file of rules or days")
    return Subject.CALENDAR if policy is None else Subject.POLICY, text


def _clock_as_row(clock: MovedClock) -> str:
    before = "no limit" if clock.before is None else clock.before.due_on
    return f"{clock.after.clock} {before} → {clock.after.due_on}"


def _moved_petition_json(petition: MovedPetition) -> dict[str, Any]:
    clocks = [
        {
            "before": None if clock.before is None else _deadline_json(clock.before),
            "after": _deadline_json(clock.after),
        }
        for clock in petition.clocks
    ]
    return {**asdict(petition), "clocks": clocks}


def _deadline_json(deadline: Deadline) -> dict[str, Any]:
    """Return all fields of the deadline, with null for what is not known."""
    known_fields = msgspec.to_builtins(deadline)
    return {name: known_fields.get(name) for name in deadline.__struct_fields__} | {
        "suspensions": known_fields.get("suspensions", [])
    }


def _settings_without_file(settings: Settings, policy: Path | None, calendar: Path | None) -> Settings | None:
    """Return the settings without the file if they name it, else None."""
    for name, given in (("policy_file", policy), ("calendar_file", calendar)):
        on_file: Path | None = getattr(settings, name)
        if given is not None and on_file is not None and on_file.exists() and on_file.samefile(given):
            return settings.model_copy(update={name: None})
    return None


def _print_law_review(found: LawChangeReview, as_json: bool, change_id: UUID | None = None) -> None:
    counts = {
        "open_petitions": found.open_petitions,
        "would_move": len(found.petitions),
        "would_become_overdue": found.would_become_overdue,
        "would_stop_being_overdue": found.would_stop_being_overdue,
    }
    if as_json:
        heading = {} if change_id is None else {"change": change_id}
        show_json(
            {**heading, "on": found.on, **counts, "petitions": [_moved_petition_json(one) for one in found.petitions]}
        )
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
                ", ".join(_clock_as_row(clock) for clock in one.clocks),
            )
            for one in found.petitions[:MOST_CLOCKS_SHOWN]
        ),
    )
    if len(found.petitions) > MOST_CLOCKS_SHOWN:
        say(f"{len(found.petitions) - MOST_CLOCKS_SHOWN} more; --json lists all")
    print(f"{found.on}: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))
    if change_id is not None:
        print(f"proposed as {change_id}")
