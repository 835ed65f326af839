"""Commands on alerts: list, run, work, acknowledge, confirm-clock."""

import getpass
import hashlib
from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import structlog
import typer

from domain.actor import Credentials
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import WatchedClock
from domain.commands import AcknowledgeAlert
from domain.events import AlertRaised, PetitionEvent
from domain.petition import Petition
from projections import alerts as alerts_view
from projections.alerts import AlertItem
from projections.projection import Connection
from service.alerts.ladder import ladder_of
from service.bootstrap import NO_KEY, at_work, reachable_database, require_migrated, run_to_end, until_told
from service.cli.context import On, caught_up, day, read
from service.cli.identity import who_decides
from service.cli.output import AsJson, say, show_json, show_table
from service.commands.office import Done, Office, UnknownPetition
from service.config.settings import Settings, read_settings
from service.event_store.ids import command_id_of
from service.observability import logging
from service.security.keys import keys

alerts = typer.Typer(
    help="Alerts: what the ladder raised, and the worker that raises, composes and sends.",
    invoke_without_command=True,
)

Reference = Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")]
MOST_SHOWN = 100


@alerts.callback()
def list_(
    context: typer.Context,
    unit: Annotated[str | None, typer.Option(help="That has the petition; all if left out.")] = None,
    unacknowledged: Annotated[bool, typer.Option("--unacknowledged", help="Those that nobody took note of.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """What was raised for open petitions, for whom, and who was told: the newest first."""
    if context.invoked_subcommand is not None:
        return

    async def reading(_office: Office, connection: Connection) -> list[AlertItem]:
        return await alerts_view.listed(connection, unit=unit, unacknowledged=unacknowledged, limit=limit)

    found = read(reading)
    if as_json:
        show_json({"alerts": [asdict(one) for one in found]})
        return
    show_table(
        ("fell due on", "reference", "unit", "clock", "due on", "step", "for", "told", "acknowledged on"),
        (
            (
                one.fell_due_on,
                one.reference,
                one.unit,
                one.clock,
                one.due_on,
                one.step,
                ", ".join(one.roles),
                ", ".join(one.told),
                one.acknowledged_on,
            )
            for one in found
        ),
    )


@alerts.command()
def run(
    on: On = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be raised; write and send nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Raise what is due, compose messages and send them, once; or say what a day would bring (--on, --dry-run)."""
    if on is not None and not dry_run:
        raise typer.BadParameter("which day it is says the database's clock: --on goes with --dry-run")
    settings = read_settings()
    ladder = ladder_of(settings)
    both = None if dry_run else keys(settings)
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        if both is None:
            _show_due(run_to_end(_dry_run(dsn, settings, ladder, on)), as_json)
            return
        came_to = run_to_end(_once(dsn, settings, ladder, both.vault))
    if as_json:
        show_json(came_to)
    else:
        print(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in came_to.items()))


_Due = list[tuple[Petition, list[PetitionEvent]]]


async def _dry_run(dsn: str, settings: Settings, ladder: Ladder, on: date | None) -> _Due:
    from service.alerts.raise_due import due_now
    from service.alerts.worker import view_has_come

    async with at_work(dsn, settings) as (office, views):
        await caught_up(views)
        await view_has_come(office)
        return [found async for found in due_now(office, ladder, on or office.today)]


def _show_due(found: _Due, as_json: bool) -> None:
    steps: list[dict[str, Any]] = [
        {
            "reference": petition.reference or str(petition.petition_id),
            "unit": alert.unit,
            "clock": alert.clock,
            "due_on": alert.due_on,
            "step": alert.step,
            "fell_due_on": alert.occurred_on,
            "to": list(alert.to),
            "does": alert.does,
        }
        for petition, facts in found
        for alert in facts
        if isinstance(alert, AlertRaised)
    ]
    if as_json:
        show_json({"alerts": steps})
        return
    show_table(
        ("reference", "unit", "clock", "due on", "step", "fell due on", "for", "does"),
        ((*list(step.values())[:6], ", ".join(step["to"]), step["does"]) for step in steps[:MOST_SHOWN]),
    )
    if len(steps) > MOST_SHOWN:
        say(f"{len(steps) - MOST_SHOWN} more; --json lists all")
    print(f"{len(steps)} alerts on {len(found)} petitions would be raised; nothing was written")


async def _once(dsn: str, settings: Settings, ladder: Ladder, vault: bytes) -> dict[str, int]:
    from service.alerts.sending import deliver_due
    from service.alerts.trusted_clock import Clock
    from service.alerts.worker import one_round, view_has_come

    async with at_work(dsn, settings, vault_key=vault) as (office, views):
        await caught_up(views)
        done = await one_round(office, ladder, Clock(office.pool, settings.zone))
        await view_has_come(office)
        ended: Counter[str] = await deliver_due(office)
    return {
        "petitions": done.decided.petitions,
        "raised": done.decided.alerts,
        "composed": done.composed,
        "sent": ended["MessageSent"],
        "failed": ended["MessageFailed"],
        "given_up": ended["MessageGivenUp"],
    }


@alerts.command()
def work() -> None:
    """Raise, compose and send until told to end; several may work at once, here and beside `serve`."""
    from service.alerts.worker import work as working

    settings = read_settings()
    logging.configure(settings.log_level)
    ladder, both = ladder_of(settings), keys(settings)

    async def at_it(dsn: str) -> None:
        async with at_work(dsn, settings, vault_key=both.vault) as (office, _views):
            structlog.get_logger("kiennghi").info("alerts_at_work")
            await working(office, ladder)

    with until_told(), reachable_database(settings) as dsn:
        require_migrated(dsn)
        run_to_end(at_it(dsn))


@alerts.command()
def acknowledge(
    reference: Reference,
    step: Annotated[str, typer.Argument(help="Of the ladder, such as day-after.")],
    clock: Annotated[WatchedClock, typer.Option(help="Whose date it is.")],
    due_on: Annotated[
        date, typer.Option("--due-on", parser=day, metavar="DAY", help="The date that the step counts from.")
    ],
    round_: Annotated[int, typer.Option("--round", min=1, help="Of a petition that was reopened.")] = 1,
) -> None:
    """Take note of an alert, and of the earlier ones of its date, in the name of whoever KIENNGHI_TOKEN says."""
    settings = read_settings()
    credentials = who_decides(settings, "an alert is taken note of")
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        done = run_to_end(_acknowledge(dsn, settings, reference, (clock, due_on, step, round_), credentials))
    print(f"{done.reference or done.petition_id}: acknowledged")


async def _acknowledge(
    dsn: str,
    settings: Settings,
    reference: str,
    alert: tuple[WatchedClock, date, str, int],
    credentials: Credentials,
) -> Done:
    clock, due_on, step, round_ = alert
    async with Office.open(dsn, settings, vault_key=NO_KEY) as office:
        petition_id = await office.petition_id_of(reference)
        if petition_id is None:
            raise UnknownPetition
        command = AcknowledgeAlert(occurred_on=office.today, clock=clock, due_on=due_on, step=step, round=round_)
        asked = f"{petition_id} {command.model_dump_json()}".encode()
        digest = hashlib.sha256(asked).digest()
        return await office.perform(
            command,
            credentials,
            command_id=command_id_of(credentials.officer, f"cli-{digest.hex()}"),
            digest=digest,
            petition_id=petition_id,
        )


@alerts.command("confirm-clock")
def confirm_clock() -> None:
    """The database's clock is right: alerting, which stopped when it leapt, goes on."""
    from service.alerts.trusted_clock import confirm_clock as confirmed

    settings = read_settings()

    async def confirming(dsn: str) -> Any:
        async with Office.open(dsn, settings, vault_key=NO_KEY) as office:
            return await confirmed(office.pool, settings.zone, getpass.getuser())

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        at = run_to_end(confirming(dsn))
    print(f"confirmed: {at.astimezone(settings.zone):%d/%m/%Y %H:%M}")
