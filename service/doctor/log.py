"""Whether anything is missing from the log: positions, histories, commands, register numbers.

Each question has a quick form, which looks at the ends and at the newest events, and a deep one, which reads all of
them. What the quick form cannot see: a row that somebody with all rights took out of the middle.
"""

import msgspec

from projections.projection import Connection
from service.doctor.finding import Finding, Verdict, judged
from service.event_store.recorder import Histories

NEWEST = 10_000
"""Events that the quick forms look at."""

PAGE = 5_000


async def examine_log(connection: Connection, *, deep: bool) -> list[Finding]:
    """As of one moment, inside a transaction that sees only that; `deep` reads the whole log."""
    head = await _number(connection, "SELECT position FROM kiennghi.log_head")
    since = 0 if deep else max(head - NEWEST, 0)
    return [
        await _positions(connection, head, since),
        await _histories(connection, since),
        await _commands(connection, since),
        *await _registers(connection, deep=deep),
    ]


async def _positions(connection: Connection, head: int, since: int) -> Finding:
    first, last = await _numbers(
        connection, "SELECT coalesce(min(notification_id), 1), coalesce(max(notification_id), 0) FROM kiennghi.log"
    )
    counted = await _number(
        connection,
        "SELECT count(*) FROM kiennghi.log WHERE notification_id > %s AND notification_id <= %s",
        since,
        head,
    )
    found = f"head {head}, from {first} to {last}, {counted} events after {since}"
    if missing := head - since - counted:
        found += f": {missing} missing"
    return judged("positions", found, is_well=head == last and first == 1 and not missing)


async def _histories(connection: Connection, since: int) -> Finding:
    """Versions are 1, 2, 3 ... of each history, in the order of the log."""
    events, broken = await _numbers(
        connection,
        "SELECT count(*), count(*) FILTER (WHERE l.originator_version > 1 AND NOT EXISTS ("
        "  SELECT FROM kiennghi.log AS before WHERE before.originator_id = l.originator_id"
        "  AND before.originator_version = l.originator_version - 1 AND before.notification_id < l.notification_id))"
        " FROM kiennghi.log AS l WHERE l.notification_id > %s",
        since,
    )
    return judged("histories", f"{events} events, {broken} without the one before them", is_well=broken == 0)


async def _commands(connection: Connection, since: int) -> Finding:
    """Each event was brought about by a command that is on record, and each command brought something about."""
    events, unknown = await _numbers(
        connection,
        "SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM kiennghi.commands AS c"
        "  WHERE c.command_id = l.command_id AND c.last_position >= l.notification_id))"
        " FROM kiennghi.log AS l WHERE l.notification_id > %s",
        since,
    )
    found = f"{events} events, {unknown} of a command that is not on record"
    if since:
        return judged("commands", found, is_well=unknown == 0)
    commands, empty = await _numbers(
        connection,
        "SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM kiennghi.log AS l"
        "  WHERE l.notification_id = c.last_position AND l.command_id = c.command_id)) FROM kiennghi.commands AS c",
    )
    found += f"; {commands} commands, {empty} without their last event"
    return judged("commands", found, is_well=unknown == 0 and empty == 0)


async def _registers(connection: Connection, *, deep: bool) -> list[Finding]:
    """Numbers are given from 1 on, each to one petition; a letter's matters bear a suffix, imports their own."""
    cursor = await connection.execute("SELECT book, year, last_number FROM kiennghi.registers ORDER BY book, year")
    found = []
    for book, year, last in await cursor.fetchall():
        first = 1 if deep else max(last, 1)
        missing = await _number(
            connection,
            "SELECT count(*) FROM generate_series(%s::integer, %s) AS number WHERE NOT EXISTS ("
            " SELECT FROM kiennghi.log AS l WHERE l.reference = %s || '-' || %s || '-'"
            "  || lpad(number::text, greatest(6, length(number::text)), '0'))",
            first,
            last,
            book,
            str(year),
        )
        told = f"last number {last}, {missing} of the numbers {first} to {last} on no petition"
        found.append(judged(f"register {book} {year}", told, is_well=missing == 0))
    return found


async def examine_forms(histories: Histories, *, deep: bool) -> Finding:
    """Whether this version of the program can read what is stored."""
    head = await histories.last_position()
    since = 0 if deep else max(head - 1_000, 0)
    read = 0
    for after in range(since, head, PAGE):
        try:
            read += len(await histories.page(after, PAGE))
        except (ValueError, msgspec.MsgspecError):
            place = await _unreadable(histories, after)
            return Finding("events", f"this version cannot read the event at position {place}", Verdict.WRONG)
    return Finding("events", f"{read} read, all of forms that this version knows")


async def _unreadable(histories: Histories, after: int) -> int:
    """The first position after `after` whose event cannot be read, found one by one."""
    while True:
        try:
            await histories.page(after, 1)
        except (ValueError, msgspec.MsgspecError):
            return after + 1
        after += 1


async def _numbers(connection: Connection, query: str, *parameters: object) -> tuple[int, int]:
    row = await (await connection.execute(query.encode(), parameters)).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


async def _number(connection: Connection, query: str, *parameters: object) -> int:
    row = await (await connection.execute(query.encode(), parameters)).fetchone()
    return 0 if row is None else int(row[0])
