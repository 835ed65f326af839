"""Runs the worker of alerts, lists alerts, and acknowledges them: list, run, work, acknowledge, confirm-clock."""

import getpass
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
from domain.deadlines.clock import ClockSubject
from domain.labels import Language, bilingual_text
from domain.units.names import officer_in_words
from domain.units.unit import UnitRegister
from domain.vocabulary import UnitId
from projections import alerts as alerts_view
from projections.alerts import AlertItem
from projections.file_sentences import subject_in_words
from projections.projection import Connection
from service.alerts.ladder import load_ladder
from service.bootstrap import (
    NO_VAULT_KEY,
    reachable_database,
    require_migrated,
    run_coroutine,
    running_office,
    until_interrupted,
)
from service.cli import outbox
from service.cli.alerts_preview import preview_alerts, show_preview
from service.cli.context import On, parse_day, read_from_views, wait_for_views
from service.cli.identity import credentials_for_approval
from service.cli.lists import ListLanguage, NamesOn, show_list, word_or_code
from service.cli.output import AsJson, show_json, show_line
from service.cli.register_filters import UnitFilterOption, read_unit_filter
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest, CommandResult, UnknownPetition
from service.config.settings import Settings, read_settings
from service.event_store.context import Door, entering_through
from service.event_store.ids import command_id_of
from service.observability import log_setup
from service.security.keys import load_or_create_keys
from service.security.request_digest import digest_of_request

alerts = typer.Typer(
    help="Raise alerts, send their messages, and list them.",
    invoke_without_command=True,
)

Reference = Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")]


@alerts.callback()
def list_alerts_command(
    context: typer.Context,
    unit: UnitFilterOption = None,
    unacknowledged: Annotated[bool, typer.Option("--unacknowledged", help="Those that nobody took note of.")] = False,
    awaiting_reminder: Annotated[
        bool, typer.Option("--awaiting-reminder", help="Reminders that were proposed and not issued.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 50,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """List the alerts of open petitions, for whom they are and who was notified, the newest first."""
    if context.invoked_subcommand is not None:
        return

    async def reading(office: ApplicationService, connection: Connection) -> tuple[list[AlertItem], NamesOn]:
        found = await alerts_view.read_alerts(
            connection,
            unit=await read_unit_filter(office, unit),
            unacknowledged=unacknowledged,
            awaiting_reminder=awaiting_reminder,
            limit=limit,
        )
        return found, NamesOn(await office.queries.units(), office.today)

    found, names = read_from_views(reading)
    units = names.units
    if as_json:
        show_json({"alerts": [asdict(one) for one in found]})
        return
    steps = load_ladder(read_settings()).words_of_steps()
    show_list(
        ("fell_due_on", "reference", "unit", "clock", "due_on", "step", "for", "told", "acknowledged_on"),
        (
            (
                one.fell_due_on,
                one.reference,
                units.name_of(UnitId(one.unit), one.fell_due_on) if one.unit else "",
                _clock_in_words(one.clock, one.subject, units, one.fell_due_on, lang),
                one.due_on,
                steps[one.step][lang] if one.step in steps else one.step,
                "; ".join(word_or_code("AlertRole", role, lang) for role in one.roles),
                ", ".join(officer_in_words(addressee, units, one.fell_due_on) for addressee in one.told),
                one.acknowledged_on,
            )
            for one in found
        ),
        lang,
        names,
    )


def _clock_in_words(clock: str, subject: str, units: UnitRegister, on: date, lang: Language) -> str:
    said = ClockSubject.parse(subject)
    words = word_or_code("WatchedClock", clock, lang)
    return words if said is None else f"{words} {subject_in_words(said, units, on, lang)}"


@alerts.command("run")
def run_alerts_once(
    on: On = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be raised; write and send nothing.")
    ] = False,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Raise due alerts, compose messages and send them, once. With --dry-run, say what a day (--on) would bring."""
    if on is not None and not dry_run:
        raise typer.BadParameter("which day it is says the database's clock: --on goes with --dry-run")
    settings = read_settings()
    ladder = load_ladder(settings)
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        if dry_run:
            show_preview(run_coroutine(preview_alerts(dsn, settings, ladder, on)), as_json, lang)
            return
        came_to = run_coroutine(_run_once(dsn, settings, ladder, load_or_create_keys(settings).vault))
    if as_json:
        show_json(came_to)
    else:
        show_line(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in came_to.items()))


async def _run_once(dsn: str, settings: Settings, ladder: Ladder, vault: bytes) -> dict[str, int]:
    from service.alerts.sending import deliver_due_messages
    from service.alerts.trusted_clock import TrustedClock
    from service.alerts.worker import run_alert_round, wait_for_alerts_view

    async with running_office(dsn, settings, vault_key=vault) as (office, views):
        await wait_for_views(views)
        with entering_through(Door.ALERTS):
            done = await run_alert_round(office, ladder, TrustedClock(office.pool, settings.zone))
            await wait_for_alerts_view(office)
            ended: Counter[str] = await deliver_due_messages(office)
    return {
        "petitions": done.raised.petitions,
        "raised": done.raised.alerts,
        "composed": done.composed,
        "sent": ended["MessageSent"],
        "failed": ended["MessageFailed"],
        "given_up": ended["MessageGivenUp"],
    }


@alerts.command("work")
def work_on_alerts() -> None:
    """Raise, compose and send until ended. Several workers may run at once, also beside `serve`."""
    from service.alerts.worker import run_alert_worker as working

    settings = read_settings()
    log_setup.configure_logging(settings.log_level)
    ladder = load_ladder(settings)

    async def at_it(dsn: str) -> None:
        vault_key = load_or_create_keys(settings).vault
        async with running_office(dsn, settings, vault_key=vault_key) as (office, _views):
            structlog.get_logger("kiennghi").info("alerts_at_work")
            with entering_through(Door.ALERTS):
                await working(office, ladder)

    with until_interrupted(), reachable_database(settings) as dsn:
        require_migrated(dsn)
        run_coroutine(at_it(dsn))


@alerts.command("acknowledge")
def acknowledge_alert_command(
    reference: Reference,
    step: Annotated[str, typer.Argument(help="Of the ladder, such as day-after.")],
    clock: Annotated[WatchedClock, typer.Option(help="Whose date it is.")],
    due_on: Annotated[
        date, typer.Option("--due-on", parser=parse_day, metavar="DAY", help="The date that the step counts from.")
    ],
    round_: Annotated[int, typer.Option("--round", min=1, help="Of a petition that was reopened.")] = 1,
    subject: Annotated[str, typer.Option(help="Of a duty, as the list of alerts names it.")] = "",
) -> None:
    """Acknowledge an alert, and the earlier ones of the same date, as the officer of KIENNGHI_TOKEN."""
    settings = read_settings()
    credentials = credentials_for_approval(settings, bilingual_text("ghi nhận nhắc việc", "an alert is taken note of"))
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        done = run_coroutine(
            _record_acknowledgement(dsn, settings, reference, (clock, subject, due_on, step, round_), credentials)
        )
    show_line(f"{done.reference or done.petition_id}: acknowledged")


async def _record_acknowledgement(
    dsn: str,
    settings: Settings,
    reference: str,
    alert: tuple[WatchedClock, str, date, str, int],
    credentials: Credentials,
) -> CommandResult:
    clock, subject, due_on, step, round_ = alert
    async with ApplicationService.open(dsn, settings, vault_key=load_or_create_keys(settings).vault) as office:
        petition_id = await office.queries.petition_id_of(reference)
        if petition_id is None:
            raise UnknownPetition
        command = AcknowledgeAlert(
            occurred_on=office.today, clock=clock, subject=subject, due_on=due_on, step=step, round=round_
        )
        request = f"{petition_id} {command.model_dump_json()}".encode()
        digest = digest_of_request(office.vault, "cli", request)
        return await office.petitions.perform(
            CommandRequest(
                command,
                command_id=command_id_of(credentials.officer, f"cli-{digest.hex()}"),
                digest=digest,
                petition_id=petition_id,
            ),
            credentials,
        )


@alerts.command("confirm-clock")
def confirm_database_clock_command() -> None:
    """Confirm that the database's clock is right, so that alerting, which stopped when the clock leapt, continues."""
    from service.alerts.trusted_clock import confirm_database_clock as confirmed

    settings = read_settings()

    async def confirming(dsn: str) -> Any:
        async with ApplicationService.open(dsn, settings, vault_key=NO_VAULT_KEY) as office:
            return await confirmed(office.pool, settings.zone, getpass.getuser())

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        at = run_coroutine(confirming(dsn))
    show_line(f"confirmed: {at.astimezone(settings.zone):%d/%m/%Y %H:%M}")


alerts.command("outbox")(outbox.list_messages_command)
alerts.command("retry")(outbox.retry_message_command)
