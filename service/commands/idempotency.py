"""Finds the result of a command that was sent before, so that a repeated request gets the first answer."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from service.commands.results import CommandResult
from service.event_store.errors import KeyReused

# The events of a command have consecutive positions, those of its subject first; `commands` has the last position.
_EVENTS_OF_COMMAND = """
    WITH RECURSIVE event AS (
        SELECT l.* FROM kiennghi.commands AS c JOIN kiennghi.log AS l ON l.notification_id = c.last_position
        WHERE c.command_id = %s
        UNION ALL
        SELECT l.* FROM event AS e JOIN kiennghi.log AS l ON l.notification_id = e.notification_id - 1
        WHERE l.command_id = e.command_id
    )
    SELECT e.originator_id, e.originator_version, e.notification_id, receipt.reference, e.recorded_at, c.request_digest
    FROM event AS e
    JOIN kiennghi.commands AS c USING (command_id)
    JOIN kiennghi.log AS receipt ON receipt.originator_id = e.originator_id AND receipt.originator_version = 1
    ORDER BY e.notification_id
"""


class _CommandEvent(NamedTuple):
    """Describes one event of a command, in the columns of `_EVENTS_OF_COMMAND`. `reference` is that of its stream."""

    stream: UUID
    version: int
    position: int
    reference: str | None
    recorded_at: datetime
    request_digest: bytes


async def find_command_result(pool: AsyncConnectionPool, command_id: UUID, digest: bytes) -> CommandResult | None:
    """Return the result of a recorded command, or None. Raise KeyReused if another request had this command id.

    `digest` is the digest of the request; it must be the one that was recorded with the command.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute(_EVENTS_OF_COMMAND, [command_id])
        events = [_CommandEvent(*row) for row in await cursor.fetchall()]
    if not events:
        return None
    first = events[0]
    if first.request_digest != digest:
        raise KeyReused(command_id)
    return CommandResult(
        petition_id=first.stream,
        reference=first.reference,
        version=max(event.version for event in events if event.stream == first.stream),
        position=events[-1].position,
        recorded_at=first.recorded_at,
        replayed=True,
        opened=tuple(event.stream for event in events if event.stream != first.stream and event.version == 1),
    )
