"""Examines if the PostgreSQL server keeps what it confirms. All checks are quick."""

from typing import Any

from projections.projection import Connection
from service.doctor.finding import Finding, Verdict, finding_of

OLDEST_SERVER_VERSION = 150000
"""Oldest supported version of PostgreSQL, as the server reports it: 15.0."""

MOST_CLOCK_SKEW_SECONDS = 60.0
"""Allowed seconds between the clocks: the server's clock dates what is recorded, ours says what day it is."""

_EXAMINED_SETTINGS = {
    "fsync": (Verdict.WRONG, "what was confirmed is lost when the machine stops: set it on"),
    "full_page_writes": (Verdict.WRONG, "a page half written when the machine stops cannot be repaired: set it on"),
    "data_checksums": (Verdict.BEWARE, "a page that the disk spoils is not noticed: pg_checksums --enable"),
    "autovacuum": (Verdict.BEWARE, "nothing is cleaned up: set it on"),
}


async def examine_server(connection: Connection, now: float) -> list[Finding]:
    """Examine version, settings and clock of the server. `now` is the time of this machine, in seconds since 1970."""
    findings = [_examine_version(connection), await _examine_writability(connection)]
    for name, (otherwise, why) in _EXAMINED_SETTINGS.items():
        value = await _fetch_value(connection, "SELECT current_setting(%s)", name)
        is_on = value == "on"
        findings.append(finding_of(name, "on" if is_on else f"{value}: {why}", is_well=is_on, otherwise=otherwise))
    return [*findings, await _examine_synchronous_commit(connection), await _examine_clock_skew(connection, now)]


def _examine_version(connection: Connection) -> Finding:
    version = connection.info.server_version
    text = f"{version // 10000}.{version % 10000}"
    return finding_of(
        "PostgreSQL",
        text if version >= OLDEST_SERVER_VERSION else f"{text}: 15 is needed",
        is_well=version >= OLDEST_SERVER_VERSION,
    )


async def _examine_writability(connection: Connection) -> Finding:
    if await _fetch_value(connection, "SELECT pg_is_in_recovery()"):
        return Finding("server", "a standby: it can be read only", Verdict.WRONG)
    read_only = await _fetch_value(connection, "SELECT current_setting('default_transaction_read_only')") == "on"
    return finding_of("server", "read-only" if read_only else "takes what is written", is_well=not read_only)


async def _examine_synchronous_commit(connection: Connection) -> Finding:
    """Examine the default of `synchronous_commit`. Where it is off, the service switches it on for its own appends."""
    setting = str(await _fetch_value(connection, "SELECT current_setting('synchronous_commit')"))
    standbys = await _fetch_value(connection, "SELECT current_setting('synchronous_standby_names')")
    if setting == "off":
        return Finding("synchronous_commit", "off: the service sets it on for what it appends", Verdict.BEWARE)
    return Finding("synchronous_commit", f"{setting}, for the standbys {standbys}" if standbys else setting)


async def _examine_clock_skew(connection: Connection, now: float) -> Finding:
    server_time = float(await _fetch_value(connection, "SELECT extract(epoch FROM clock_timestamp())"))
    skew = abs(server_time - now)
    return finding_of(
        "clocks",
        f"{skew:.0f} s between the server's and this machine's",
        is_well=skew < MOST_CLOCK_SKEW_SECONDS,
        otherwise=Verdict.BEWARE,
    )


async def _fetch_row(connection: Connection, query: str, *parameters: object) -> tuple[Any, ...]:
    return await (await connection.execute(query.encode(), parameters)).fetchone() or (None, None, None)


async def _fetch_value(connection: Connection, query: str, *parameters: object) -> Any:
    return (await _fetch_row(connection, query, *parameters))[0]
