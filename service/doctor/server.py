"""Examines if the PostgreSQL server keeps what it confirms, and which rights the service has. All checks are quick."""

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
_APPEND_ONLY_TABLES = (
    "kiennghi.log",
    "kiennghi.categories",
    "kiennghi.topics",
    "kiennghi.officers",
    "kiennghi_vault.identity_accesses",
)
_EXPECTED_TRIGGERS = [(table, "append_only") for table in _APPEND_ONLY_TABLES]
_EXPECTED_TRIGGERS += [("kiennghi.log_head", "never_removed"), ("kiennghi.registers", "never_removed")]


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


async def examine_rights(connection: Connection) -> list[Finding]:
    """Examine the role of the service, and if the triggers are as the migrations made them."""
    return [await _examine_role(connection), await _examine_triggers(connection)]


async def _examine_role(connection: Connection) -> Finding:
    role, login, is_superuser = await _fetch_row(
        connection,
        "SELECT current_user, session_user, rolsuper FROM pg_roles WHERE rolname = current_user",
    )
    account = str(role) if role == login else f"{role}, logged in as {login}"
    rights = [
        f"{right} {table}"
        for table in _APPEND_ONLY_TABLES
        for right in ("UPDATE", "DELETE", "TRUNCATE")
        if await _fetch_value(connection, "SELECT has_table_privilege(%s, %s)", table, right)
    ]
    if is_superuser:
        why = "a superuser, who may change what is recorded: let `kiennghi migrate` make the role kiennghi_service"
    elif rights:
        why = f"may {', '.join(rights)}: only triggers keep what is recorded; see `kiennghi migrate`"
    else:
        return Finding("rights", f"{account}: may add to what is recorded and change none of it")
    return Finding("rights", f"{account}: {why}", Verdict.BEWARE)


async def _examine_triggers(connection: Connection) -> Finding:
    missing = [
        f"{trigger} on {table}"
        for table, trigger in _EXPECTED_TRIGGERS
        if await _fetch_value(
            connection,
            "SELECT tgenabled::text FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
            table,
            trigger,
        )
        != "A"
    ]
    return finding_of(
        "triggers",
        f"missing or switched off: {', '.join(missing)}" if missing else "refuse to change what is recorded",
        is_well=not missing,
    )


async def _fetch_row(connection: Connection, query: str, *parameters: object) -> tuple[Any, ...]:
    return await (await connection.execute(query.encode(), parameters)).fetchone() or (None, None, None)


async def _fetch_value(connection: Connection, query: str, *parameters: object) -> Any:
    return (await _fetch_row(connection, query, *parameters))[0]
