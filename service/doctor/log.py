"""Examines if anything is missing from the log: positions, histories, commands, register numbers.

Each examination has a quick form, which looks at the ends and at the newest events, and a deep form, which reads
everything. The quick form cannot see a row in the middle that somebody with all rights deleted.
"""

from projections.projection import Connection
from service.doctor.finding import Finding, Verdict, finding_of
from service.event_store.damage import LogDamaged
from service.event_store.recorder import Histories

NEWEST_EVENTS = 10_000
"""Number of events that the quick forms look at."""

EVENTS_DECODED_AT_ONCE = 5_000
"""Number of events that are decoded at once."""


async def examine_log(connection: Connection, *, deep: bool) -> list[Finding]:
    """Examine the log inside one transaction that sees a single moment. `deep` reads the whole log."""
    head = await _fetch_number(connection, "SELECT position FROM kiennghi.log_head")
    since = 0 if deep else max(head - NEWEST_EVENTS, 0)
    return [
        await _examine_positions(connection, head, since),
        await _examine_histories(connection, since),
        await _examine_commands(connection, since),
        await _examine_words(connection, since),
        *await _examine_registers(connection, deep=deep),
    ]


async def _examine_positions(connection: Connection, head: int, since: int) -> Finding:
    first, last = await _fetch_two_numbers(
        connection, "SELECT coalesce(min(position), 1), coalesce(max(position), 0) FROM kiennghi.log"
    )
    counted = await _fetch_number(
        connection,
        "SELECT count(*) FROM kiennghi.log WHERE position > %s AND position <= %s",
        since,
        head,
    )
    found = f"head {head}, from {first} to {last}, {counted} events after {since}"
    if missing := head - since - counted:
        found += f": {missing} missing"
    return finding_of("positions", found, is_well=head == last and first == 1 and not missing)


async def _examine_histories(connection: Connection, since: int) -> Finding:
    """Check that the versions of each history are 1, 2, 3 ... in the order of the log, all of one category."""
    events, broken = await _fetch_two_numbers(
        connection,
        "SELECT count(*), count(*) FILTER (WHERE l.version > 1 AND NOT EXISTS ("
        "  SELECT FROM kiennghi.log AS before WHERE before.stream = l.stream AND before.version = l.version - 1"
        "  AND before.position < l.position AND before.category = l.category))"
        " FROM kiennghi.log AS l WHERE l.position > %s",
        since,
    )
    return finding_of("histories", f"{events} events, {broken} without the one before them", is_well=broken == 0)


async def _examine_commands(connection: Connection, since: int) -> Finding:
    """Check that the last event of each command has the request's digest and a context, and no other event has."""
    events, wrong = await _fetch_two_numbers(
        connection,
        "SELECT count(*), count(*) FILTER (WHERE (l.is_last AND NOT (l.has_digest AND l.has_context))"
        "  OR (NOT l.is_last AND (l.has_digest OR l.has_context)))"
        " FROM (SELECT request_digest IS NOT NULL AS has_digest, context IS NOT NULL AS has_context,"
        "  lead(command_id) OVER (ORDER BY position) IS DISTINCT FROM command_id AS is_last"
        "  FROM kiennghi.log WHERE position > %s) AS l",
        since,
    )
    found = f"{events} events, {wrong} that end a command without its digest, or have one and end none"
    return finding_of("commands", found, is_well=wrong == 0)


async def _examine_words(connection: Connection, since: int) -> Finding:
    """Check that the numbers of topic, category and officer of each event are on record and belong together."""
    events, wrong = await _fetch_two_numbers(
        connection,
        "SELECT count(*), count(*) FILTER (WHERE t.category IS DISTINCT FROM l.category OR o.number IS NULL)"
        " FROM kiennghi.log AS l LEFT JOIN kiennghi.topics AS t ON t.number = l.topic"
        " LEFT JOIN kiennghi.officers AS o ON o.number = l.officer WHERE l.position > %s",
        since,
    )
    found = f"{events} events, {wrong} with a topic of another category or an officer that is not on record"
    return finding_of("words", found, is_well=wrong == 0)


async def _examine_registers(connection: Connection, *, deep: bool) -> list[Finding]:
    """Check that every number of a register, from 1 on, belongs to a petition.

    The matters of a split letter have its number with a suffix, and imports have numbers of their own.
    """
    cursor = await connection.execute("SELECT book, year, last_number FROM kiennghi.registers ORDER BY book, year")
    findings = []
    for book, year, last in await cursor.fetchall():
        first = 1 if deep else max(last, 1)
        missing = await _fetch_number(
            connection,
            "SELECT count(*) FROM generate_series(%s::integer, %s) AS number WHERE NOT EXISTS ("
            " SELECT FROM kiennghi.log AS l WHERE l.reference = %s || '-' || %s || '-'"
            "  || lpad(number::text, greatest(6, length(number::text)), '0'))",
            first,
            last,
            book,
            str(year),
        )
        text = f"last number {last}, {missing} of the numbers {first} to {last} on no petition"
        findings.append(finding_of(f"register {book} {year}", text, is_well=missing == 0))
    return findings


async def examine_event_formats(histories: Histories, *, deep: bool) -> Finding:
    """Check that this version of the program can decode the stored events: the last 1,000, or with `deep` all."""
    head = await histories.last_position()
    since = 0 if deep else max(head - 1_000, 0)
    read = 0
    for after in range(since, head, EVENTS_DECODED_AT_ONCE):
        try:
            read += len(await histories.page(after, EVENTS_DECODED_AT_ONCE))
        except LogDamaged as damaged:
            text = f"this version cannot read the event at position {damaged.values['position']}"
            return Finding("events", text, Verdict.WRONG)
    return Finding("events", f"{read} read, all of forms that this version knows")


async def _fetch_two_numbers(connection: Connection, query: str, *parameters: object) -> tuple[int, int]:
    row = await (await connection.execute(query.encode(), parameters)).fetchone()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


async def _fetch_number(connection: Connection, query: str, *parameters: object) -> int:
    row = await (await connection.execute(query.encode(), parameters)).fetchone()
    return 0 if row is None else int(row[0])
