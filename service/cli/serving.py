"""Commands that serve: run, serve, migrate."""

from functools import partial
from typing import Annotated

import structlog
import typer

from projections import overdue
from service.alerts.ladder import ladder_of
from service.bootstrap import at_work, reachable_database, require_migrated, run_to_end, until_told
from service.cli.context import caught_up
from service.cli.output import bar, say
from service.commands.office import Office
from service.config.law_files import shortcomings
from service.config.settings import Settings, read_settings
from service.observability import logging
from service.postgres.migrate import migrate as bring_up_to_date
from service.postgres.read_snapshot import one_moment
from service.security.keys import Keys, keys

PATIENCE = 15
"""Seconds that a database which starts at the same time is waited for."""

TOKEN_HOURS = 12.0
log: structlog.stdlib.BoundLogger = structlog.get_logger("kiennghi")

Host = Annotated[str | None, typer.Option(help="Instead of KIENNGHI_HOST.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Instead of KIENNGHI_PORT; 0 takes a free one.")]


def migrate() -> None:
    """Bring the database to the form that this version works with."""
    with reachable_database(read_settings(), patience=PATIENCE) as dsn:
        applied = bring_up_to_date(dsn)
    print(f"applied: {', '.join(applied)}" if applied else "nothing to do")


def serve(host: Host = None, port: Port = None) -> None:
    """Serve over HTTP, on a database that is migrated."""
    from service.alerts.worker import at_work as alerts_at_work
    from service.api.metrics import Metrics
    from service.api.server import address, answer_requests, url_of  # here: other commands need no framework
    from service.observability.tracing import traces

    settings, metrics = _settings(host, port), Metrics()
    ladder = ladder_of(settings)

    async def serving(dsn: str) -> None:
        async with at_work(dsn, settings, vault_key=both.vault, watch=metrics) as (office, views):
            for said in shortcomings(office.law, office.today):
                log.warning("calendar", said=said)
            ready = partial(log.info, "serving", url=url_of(taken))
            async with alerts_at_work(office, ladder):
                await answer_requests(office, views, both, taken, metrics, ready=ready)
        log.info("served")

    with until_told(), traces(), address(settings.host, settings.port) as taken:
        both = keys(settings)
        with reachable_database(settings, patience=PATIENCE) as dsn:
            require_migrated(dsn)
            run_to_end(serving(dsn))


def run(
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
    """Serve from nothing: make or open the database, migrate it, load a demonstration, serve, say where to look."""
    from service.alerts.worker import at_work as alerts_at_work
    from service.api.metrics import Metrics
    from service.api.server import address, answer_requests, url_of
    from service.observability.tracing import traces

    settings, metrics = _settings(host, port), Metrics()
    ladder = ladder_of(settings)
    wanted = settings.database_url is None if with_demonstration is None else with_demonstration

    async def running(dsn: str) -> None:
        async with at_work(dsn, settings, vault_key=both.vault, watch=metrics) as (office, views):
            for said in shortcomings(office.law, office.today):
                say(f"beware: {said}")
            is_shown = wanted and await _demonstrated(office)
            await caught_up(views)
            welcome = await _welcome(office, both, url_of(taken), is_shown)
            async with alerts_at_work(office, ladder):
                await answer_requests(office, views, both, taken, metrics, ready=lambda: print(welcome, flush=True))

    with until_told(), traces(), address(settings.host, settings.port) as taken:
        both = keys(settings)
        say("opening the database")
        with reachable_database(settings, patience=PATIENCE) as dsn:
            if applied := bring_up_to_date(dsn):
                say(f"the database was brought up to date: {', '.join(applied)}")
            run_to_end(running(dsn))
        say("ended; nothing is left running")


def _settings(host: str | None, port: int | None) -> Settings:
    given = {"host": host, "port": port}
    settings = read_settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    logging.configure(settings.log_level)
    return settings


async def _demonstrated(office: Office) -> bool:
    """Whether the made-up province is in the log, put there now if nothing else is, or if that broke off."""
    from service import demo

    if await office.histories.last_position() and not await demo.is_begun(office):
        return False
    if not await demo.is_complete(office):
        with bar("a made-up province") as moved:
            loaded = await demo.load(office, progress=moved)
        say(f"loaded Tỉnh Ví Dụ, a made-up province: {loaded.petitions} petitions as of {loaded.as_of}")
    return True


async def _welcome(office: Office, both: Keys, url: str, is_shown: bool) -> str:
    from service import demo
    from service.security import tokens

    told = ["", f"kiennghi serves on {url}", f"  the interface, described   {url}/docs"]
    if not is_shown:
        told.append("  an officer's token         kiennghi token OFFICER --unit UNIT --position POSITION --role head")
        return "\n".join([*told, "  to end                     Ctrl-C", ""])
    async with one_moment(office.pool) as connection:
        page = await overdue.overdue_on(connection, office.today, soon_until=office.today, limit=1, today=office.today)
    reference = page.items[0].reference if page.items else None
    who = demo.FIRST_TO_ASK
    token = tokens.issue(who, both.token, hours=TOKEN_HOURS)
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
            "  .venv/bin/kiennghi overdue --state due_today",
            "  .venv/bin/kiennghi meetings --from 2022-01-01 --to 2022-09-30",
            f"  .venv/bin/kiennghi history {reference} --lang en",
            "",
            "Tỉnh Ví Dụ is made up: no unit, officer or citizen in it exists. Ctrl-C ends everything.",
            "",
        ]
    )
