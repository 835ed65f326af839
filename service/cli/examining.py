"""What `kiennghi doctor` looks at: is anything missing from the log, the registers, the views?"""

from dataclasses import dataclass

from projections.projection import Connection
from projections.views import VIEWS


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    found: str
    is_well: bool


async def findings(connection: Connection) -> list[Finding]:
    """As of one moment, inside a transaction that sees only that."""
    return [
        await _positions(connection),
        await _histories(connection),
        await _commands(connection),
        *await _registers(connection),
        *await _views(connection),
    ]


async def _positions(connection: Connection) -> Finding:
    cursor = await connection.execute(
        "SELECT (SELECT position FROM kiennghi.log_head), count(*), coalesce(min(notification_id), 1),"
        " coalesce(max(notification_id), 0) FROM kiennghi.log"
    )
    head, events, first, last = await cursor.fetchone() or (0, 0, 1, 0)
    is_well = head == events == last and first == 1
    return Finding("positions of the log", f"head {head}, {events} events, from {first} to {last}", is_well)


async def _histories(connection: Connection) -> Finding:
    cursor = await connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE n <> last) FROM ("
        " SELECT count(*) AS n, max(originator_version) AS last FROM kiennghi.log GROUP BY originator_id) AS h"
    )
    histories, broken = await cursor.fetchone() or (0, 0)
    return Finding("histories", f"{histories}, of them {broken} with a version missing", broken == 0)


async def _commands(connection: Connection) -> Finding:
    """Each event was brought about by a command that is on record, and each command brought something about."""
    cursor = await connection.execute(
        "SELECT (SELECT count(*) FROM kiennghi.commands), (SELECT count(DISTINCT command_id) FROM kiennghi.log),"
        " (SELECT count(*) FROM kiennghi.commands AS c WHERE NOT EXISTS ("
        "  SELECT FROM kiennghi.log AS l WHERE l.notification_id = c.last_position AND l.command_id = c.command_id))"
    )
    commands, of_events, astray = await cursor.fetchone() or (0, 0, 0)
    found = f"{commands}, events name {of_events}, {astray} without their last event"
    return Finding("commands", found, commands == of_events and astray == 0)


async def _registers(connection: Connection) -> list[Finding]:
    """Numbers given by the register are 1 to the last one, each on an event; a letter's matters bear a suffix."""
    cursor = await connection.execute(
        "SELECT r.book, r.year, r.last_number, count(l.reference) FROM kiennghi.registers AS r"
        " LEFT JOIN kiennghi.log AS l"
        " ON l.reference ~ ('^' || r.book || '-' || r.year || '-[0-9]+$')"
        " GROUP BY r.book, r.year, r.last_number ORDER BY r.book, r.year"
    )
    return [
        Finding(f"register {book} {year}", f"last number {last}, {given} on events", last == given)
        for book, year, last, given in await cursor.fetchall()
    ]


async def _views(connection: Connection) -> list[Finding]:
    cursor = await connection.execute(
        "SELECT view, version, position, (SELECT position FROM kiennghi.log_head) FROM kiennghi_views.positions"
    )
    rows = {view: (version, position, head) for view, version, position, head in await cursor.fetchall()}
    found = []
    for view in VIEWS:
        version, position, head = rows.get(view.name, (None, 0, None))
        is_well = version == view.version and position == head
        found.append(Finding(f"view {view.name}", f"position {position} of {head or 'an unknown number'}", is_well))
    return found
