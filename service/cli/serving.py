"""Serves over HTTP and migrates the database: run, serve, migrate."""

import shlex
import sys
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Annotated

import structlog
import typer

from projections import owed_list
from service.alerts.ladder import load_ladder
from service.bootstrap import (
    bring_up_to_date,
    reachable_database,
    require_migrated,
    run_coroutine,
    running_office,
    until_interrupted,
)
from service.cli.context import wait_for_views
from service.cli.output import bar, say
from service.commands.office import ApplicationService
from service.config.law_files import calendar_shortcomings
from service.config.settings import Settings, read_settings
from service.observability import log_setup
from service.postgres.read_snapshot import read_snapshot
from service.postgres.roles import refuse_unfit_login
from service.security.keys import ServiceKeys, load_or_create_keys
from service.transparency.checkpoint_files import checkpoint_folder, load_public_keys, load_signing_key
from service.transparency.worker import sealing_at_work

DATABASE_STARTS_WITHIN = 15
"""Seconds for which a command waits for a database that starts at the same time."""

TOKEN_HOURS = 12.0
log: structlog.stdlib.BoundLogger = structlog.get_logger("kiennghi")

Host = Annotated[str | None, typer.Option(help="Instead of KIENNGHI_HOST.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Instead of KIENNGHI_PORT; 0 takes a free one.")]


def migrate_command() -> None:
    """Migrate the database to the schema of this version."""
    applied = bring_up_to_date(read_settings(), timeout=DATABASE_STARTS_WITHIN)
    print(f"applied: {', '.join(applied)}" if applied else "nothing to do")


def serve_migrated(host: Host = None, port: Port = None) -> None:
    """Serve over HTTP on a migrated database."""
    from service.alerts.worker import alert_worker_running as alerts_at_work
    from service.api.metrics import Metrics
    from service.api.server.uvicorn_server import (  # here: other commands need no framework
        bind_socket,
        serve_requests,
        socket_url,
    )
    from service.observability.tracing import collect_traces

    settings, metrics = _settings_with(host, port), Metrics()
    ladder = load_ladder(settings)

    async def serving(dsn: str) -> None:
        async with running_office(dsn, settings, vault_key=both.vault, observer=metrics) as (office, views):
            for said in calendar_shortcomings(office.law, office.today):
                log.warning("calendar", said=said)
            ready = partial(log.info, "serving", url=socket_url(taken))
            async with alerts_at_work(office, ladder), _sealing(dsn, settings):
                await serve_requests(office, views, both, taken, metrics, ready=ready)
        log.info("served")

    with (
        until_interrupted(),
        collect_traces(),
        bind_socket(settings.host, settings.port) as taken,
        reachable_database(settings, timeout=DATABASE_STARTS_WITHIN) as dsn,
    ):
        require_migrated(dsn)
        refuse_unfit_login(dsn)
        both = load_or_create_keys(settings)
        run_coroutine(serving(dsn))


def serve_from_nothing(
    host: Host = None,
    port: Port = None,
    with_demonstration: Annotated[
        bool | None,
        typer.Option(
            "--demonstration/--no-demonstration",
            help="Load the made-up province into an empty log. Left out: only into the embedded server's.",
        ),
    ] = None,
) -> None:
    """Set up everything and serve: make and migrate the database, load a made-up province, say where to look."""
    from service.alerts.worker import alert_worker_running as alerts_at_work
    from service.api.metrics import Metrics
    from service.api.server.uvicorn_server import bind_socket, serve_requests, socket_url
    from service.observability.tracing import collect_traces

    settings, metrics = _settings_with(host, port), Metrics()
    ladder = load_ladder(settings)
    wanted = settings.database_url is None if with_demonstration is None else with_demonstration

    async def running(dsn: str) -> None:
        async with running_office(dsn, settings, vault_key=both.vault, observer=metrics) as (office, views):
            for said in calendar_shortcomings(office.law, office.today):
                say(f"beware: {said}")
            is_shown = wanted and await _load_demonstration(office)
            await wait_for_views(views)
            welcome = await _welcome_text(office, both, socket_url(taken), is_shown)
            async with alerts_at_work(office, ladder), _sealing(dsn, settings):
                await serve_requests(office, views, both, taken, metrics, ready=lambda: print(welcome, flush=True))

    with until_interrupted(), collect_traces(), bind_socket(settings.host, settings.port) as taken:
        both = load_or_create_keys(settings)
        say("opening the database")
        with reachable_database(settings, timeout=DATABASE_STARTS_WITHIN, as_owner=True):  # keeps the server running
            if applied := bring_up_to_date(settings):
                say(f"the database was brought up to date: {', '.join(applied)}")
            with reachable_database(settings) as dsn:
                refuse_unfit_login(dsn)
                run_coroutine(running(dsn))
        say("ended; nothing is left running")


def _sealing(dsn: str, settings: Settings) -> AbstractAsyncContextManager[None]:
    """Return the context in which this process seals, if the settings say so."""
    if not settings.sealing:
        return nullcontext()
    key = load_signing_key(settings, create=True)
    return sealing_at_work(dsn, key, load_public_keys(settings), checkpoint_folder(settings), settings.zone)


def _settings_with(host: str | None, port: int | None) -> Settings:
    given = {"host": host, "port": port}
    settings = read_settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    log_setup.configure_logging(settings.log_level)
    return settings


async def _load_demonstration(office: ApplicationService) -> bool:
    """Load the made-up province into an empty log, or finish loading it, and return whether it is there."""
    from service import demo

    if await office.histories.last_position() and not await demo.is_province_begun(office):
        return False
    if not await demo.is_province_complete(office):
        with bar("a made-up province") as moved:
            loaded = await demo.load_province(office, progress=moved)
        say(f"loaded Tỉnh Ví Dụ, a made-up province: {loaded.petitions} petitions as of {loaded.as_of}")
    return True


def _command_with_settings(settings: Settings) -> str:
    """Return the command as another terminal must call it to reach the same data: with the home, whatever the folder.

    An address of a database may hold a password: it is not printed, and the hint says that it is needed.
    """
    program = Path(sys.argv[0])
    called = shlex.quote(str(program.resolve())) if program.name == "kiennghi" and program.exists() else "kiennghi"
    home = f"KIENNGHI_HOME={shlex.quote(str(settings.home.resolve()))}"
    database = "" if settings.database_url is None else 'KIENNGHI_DATABASE_URL="$KIENNGHI_DATABASE_URL" '
    return f"{home} {database}{called}"


async def _welcome_text(office: ApplicationService, both: ServiceKeys, url: str, is_shown: bool) -> str:
    from service import demo
    from service.security import tokens

    told = ["", f"kiennghi serves on {url}", f"  the interface, described   {url}/docs"]
    command = _command_with_settings(office.settings)
    if not is_shown:
        told.append(f"  an officer's token         {command} token OFFICER --unit UNIT --position POSITION --role head")
        return "\n".join([*told, "  to end                     Ctrl-C", ""])
    async with read_snapshot(office.pool) as connection:
        page = await owed_list.overdue_on(
            connection, office.texts, office.today, soon_until=office.today, limit=1, today=office.today
        )
    reference = page.items[0].reference if page.items else None
    who = demo.FIRST_VISITOR
    token = tokens.issue_token(who, both.token, hours=TOKEN_HOURS)
    return "\n".join(
        [
            *told,
            f"  token of {who.officer}, valid for {TOKEN_HOURS:.0f} hours:",
            "",
            f"TOKEN={token}",
            "",
            "Try, in another terminal:",
            f'  curl -s -H "Authorization: Bearer $TOKEN" {url}/overdue',
            f'  curl -s -H "Authorization: Bearer $TOKEN" "{url}/units?from=2022-01-01&to=2022-09-30"',
            f'  curl -s -H "Authorization: Bearer $TOKEN" -H "Accept: text/plain" {url}/petitions/{reference}/history',
            f"  {command} overdue --state due_today",
            f"  {command} meetings --from 2022-01-01 --to 2022-09-30",
            f"  {command} history {reference} --lang en",
            "",
            "Tỉnh Ví Dụ is made up: no unit, officer or citizen in it exists. Ctrl-C ends everything.",
            "",
        ]
    )
