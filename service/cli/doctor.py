"""Examines the service: doctor."""

import time
from contextlib import suppress
from typing import Annotated

import typer
from psycopg.errors import UndefinedColumn, UndefinedTable

from projections.alerts import Alerts
from projections.overdue import Overdue
from projections.projection import Connection
from service.approvals.former_law import count_clocks_by_former_law
from service.bootstrap import NO_VAULT_KEY, reachable_database, run_coroutine
from service.cli.output import AsJson, say, show_json, show_table
from service.commands.office import ApplicationService
from service.config.settings import Settings, UnusableSettings, read_settings
from service.doctor.calendar import examine_calendar
from service.doctor.clocks import examine_clocks
from service.doctor.finding import Finding, Verdict
from service.doctor.identities import examine_identities
from service.doctor.log import examine_event_formats, examine_log
from service.doctor.rights import examine_rights
from service.doctor.server import examine_server
from service.doctor.texts import examine_texts
from service.doctor.units import examine_owners
from service.doctor.view_contents import examine_view_contents
from service.doctor.views import examine_views
from service.postgres.migrate import pending_migrations
from service.postgres.pools import async_pool
from service.security.keys import existing_vault_key
from service.security.text_sealing import UnopenableText

_VIEWS_OF_CLOCKS = {f"view {view.name}" for view in (Overdue, Alerts)}
_SHOWN = {Verdict.WELL: "ok", Verdict.BEWARE: "beware", Verdict.WRONG: "WRONG"}

Deep = Annotated[
    bool,
    typer.Option("--deep", help="Read every event: minutes for a million. Else the ends of the log and its newest."),
]


def examine_service(deep: Deep = False, as_json: AsJson = False) -> None:
    """Check server, privileges, log, registers, views, keys and calendar, and say what is wrong.

    Changes nothing. Exit code 1 if something is wrong; what one should only beware of is no failure.
    """
    settings = read_settings()
    with reachable_database(settings) as dsn:
        waiting = pending_migrations(dsn)
        found = run_coroutine(_read_findings(dsn, settings, waiting, deep=deep))
    is_well = all(one.is_well for one in found)
    if as_json:
        show_json({"is_well": is_well, "deep": deep, "findings": found})
    else:
        show_table(("verdict", "what", "found"), ((_SHOWN[one.verdict], one.what, one.found) for one in found))
    if not is_well:
        say("something is not as it should be")
        raise typer.Exit(1)
    if not deep:
        say("no fault found at the ends and in the newest events; --deep reads the whole log")


async def _read_findings(dsn: str, settings: Settings, waiting: list[str], *, deep: bool) -> list[Finding]:
    async with async_pool(dsn, min_size=1, max_size=1) as pool, pool.connection() as connection:
        found = await examine_server(connection, time.time())
        if waiting:
            missing = f"the database lacks {', '.join(waiting)}: run `kiennghi migrate`"
            return [*found, Finding("migrations", missing, Verdict.WRONG)]
        found.append(Finding("migrations", "all that this version knows, and no other"))
        async with connection.transaction():
            await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            await connection.execute("SET LOCAL statement_timeout = 0")
            found += await examine_rights(connection)
            found += await examine_log(connection, deep=deep)
            found += await examine_views(connection, deep=deep)
            key: bytes | None = None
            with suppress(UnusableSettings):
                key = existing_vault_key(settings)
            found.append(await examine_identities(connection, key, deep=deep))
            found.append(await examine_texts(connection, key, deep=deep))
            found += await _compare_views(connection, key, deep=deep)
    if any(one.what == "server" and not one.is_well for one in found):
        return found  # an office cannot be opened on it
    async with ApplicationService.open(dsn, settings, vault_key=NO_VAULT_KEY, pool_size=2) as office:
        found.append(await examine_event_formats(office.histories, deep=deep))
        found.append(examine_calendar(office.law, office.today))
        async with office.pool.connection() as connection, connection.transaction():
            found.append(await examine_owners(connection, await office.queries.units(), office.today))
            if {one.what for one in found if one.verdict is Verdict.WELL} >= _VIEWS_OF_CLOCKS:
                found.append(examine_clocks(await count_clocks_by_former_law(office, connection)))
    return found


async def _compare_views(connection: Connection, vault_key: bytes | None, *, deep: bool) -> list[Finding]:
    """Compare views with the log, where the log can be read: what is damaged there is a finding of its own."""
    try:
        async with connection.transaction():
            return await examine_view_contents(connection, vault_key, deep=deep)
    except (UnopenableText, ValueError, UndefinedTable, UndefinedColumn) as error:
        reason = f"cannot be compared with the log: {type(error).__name__}; `kiennghi rebuild` says more"
        return [Finding("rows of views", reason, Verdict.WRONG)]
