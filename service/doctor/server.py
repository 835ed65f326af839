"""Whether the server keeps what it confirms, and what the service may do on it. All of it is quick."""

from typing import Any

from projections.projection import Connection
from service.doctor.finding import Finding, Verdict, judged

OLDEST = 150000
CLOCKS_APART = 60.0
"""Seconds between the server's clock and ours: the server's dates what is recorded, ours says what day it is."""

_SETTINGS = {
    "fsync": (Verdict.WRONG, "what was confirmed is lost when the machine stops: set it on"),
    "full_page_writes": (Verdict.WRONG, "a page half written when the machine stops cannot be repaired: set it on"),
    "data_checksums": (Verdict.BEWARE, "a page that the disk spoils is not noticed: pg_checksums --enable"),
    "autovacuum": (Verdict.BEWARE, "nothing is cleaned up: set it on"),
}
_RECORDED = ("kiennghi.log", "kiennghi.commands", "kiennghi_vault.identity_accesses")
_TRIGGERS = [(table, "append_only") for table in _RECORDED]
_TRIGGERS += [("kiennghi.log_head", "never_removed"), ("kiennghi.registers", "never_removed")]


async def examine_server(connection: Connection, now: float) -> list[Finding]:
    """`now` is our clock, in seconds since 1970."""
    found = [_version(connection), await _is_writable(connection)]
    for name, (otherwise, why) in _SETTINGS.items():
        value = await _value(connection, "SELECT current_setting(%s)", name)
        is_on = value == "on"
        found.append(judged(name, "on" if is_on else f"{value}: {why}", is_well=is_on, otherwise=otherwise))
    return [*found, await _commits(connection), await _clock(connection, now)]


def _version(connection: Connection) -> Finding:
    version = connection.info.server_version
    told = f"{version // 10000}.{version % 10000}"
    return judged("PostgreSQL", told if version >= OLDEST else f"{told}: 15 is needed", is_well=version >= OLDEST)


async def _is_writable(connection: Connection) -> Finding:
    if await _value(connection, "SELECT pg_is_in_recovery()"):
        return Finding("server", "a standby: it can be read only", Verdict.WRONG)
    read_only = await _value(connection, "SELECT current_setting('default_transaction_read_only')") == "on"
    return judged("server", "read-only" if read_only else "takes what is written", is_well=not read_only)


async def _commits(connection: Connection) -> Finding:
    """The service asks for a durable commit itself where the server's default is none."""
    told = str(await _value(connection, "SELECT current_setting('synchronous_commit')"))
    standbys = await _value(connection, "SELECT current_setting('synchronous_standby_names')")
    if told == "off":
        return Finding("synchronous_commit", "off: the service sets it on for what it appends", Verdict.BEWARE)
    return Finding("synchronous_commit", f"{told}, for the standbys {standbys}" if standbys else told)


async def _clock(connection: Connection, now: float) -> Finding:
    theirs = float(await _value(connection, "SELECT extract(epoch FROM clock_timestamp())"))
    apart = abs(theirs - now)
    return judged(
        "clocks",
        f"{apart:.0f} s between the server's and this machine's",
        is_well=apart < CLOCKS_APART,
        otherwise=Verdict.BEWARE,
    )


async def examine_rights(connection: Connection) -> list[Finding]:
    """Of the role that the service works in, and whether the triggers are as the migrations made them."""
    return [await _role(connection), await _triggers(connection)]


async def _role(connection: Connection) -> Finding:
    role, login, is_superuser = await _row(
        connection,
        "SELECT current_user, session_user, rolsuper FROM pg_roles WHERE rolname = current_user",
    )
    told = str(role) if role == login else f"{role}, logged in as {login}"
    may = [
        f"{right} {table}"
        for table in _RECORDED
        for right in ("UPDATE", "DELETE", "TRUNCATE")
        if await _value(connection, "SELECT has_table_privilege(%s, %s)", table, right)
    ]
    if is_superuser:
        why = "a superuser, who may change what is recorded: let `kiennghi migrate` make the role kiennghi_service"
    elif may:
        why = f"may {', '.join(may)}: only triggers keep what is recorded; see `kiennghi migrate`"
    else:
        return Finding("rights", f"{told}: may add to what is recorded and change none of it")
    return Finding("rights", f"{told}: {why}", Verdict.BEWARE)


async def _triggers(connection: Connection) -> Finding:
    missing = [
        f"{trigger} on {table}"
        for table, trigger in _TRIGGERS
        if await _value(
            connection,
            "SELECT tgenabled::text FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
            table,
            trigger,
        )
        != "A"
    ]
    return judged(
        "triggers",
        f"missing or switched off: {', '.join(missing)}" if missing else "refuse to change what is recorded",
        is_well=not missing,
    )


async def _row(connection: Connection, query: str, *parameters: object) -> tuple[Any, ...]:
    return await (await connection.execute(query.encode(), parameters)).fetchone() or (None, None, None)


async def _value(connection: Connection, query: str, *parameters: object) -> Any:
    return (await _row(connection, query, *parameters))[0]
