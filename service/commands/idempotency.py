"""Finds the result of a command that was sent before, so that a repeated request gets the first answer."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from service.commands.results import CommandResult
from service.event_store.errors import KeyReused

# The events of a command have consecutive positions, those of its subject first; the last one bears the digest.
_EVENTS_OF_COMMAND = """
    WITH RECURSIVE event AS (
        SELECT l.command_id, l.position, l.stream, l.version, l.recorded_at, l.request_digest
        FROM kiennghi.log AS l WHERE l.command_id = %s AND l.request_digest IS NOT NULL
        UNION ALL
        SELECT l.command_id, l.position, l.stream, l.version, l.recorded_at, e.request_digest
        FROM event AS e JOIN kiennghi.log AS l ON l.position = e.position - 1
        WHERE l.command_id = e.command_id
    )
    SELECT e.stream, e.version, e.position, receipt.reference, e.recorded_at, e.request_digest
    FROM event AS e
    JOIN kiennghi.log AS receipt ON receipt.stream = e.stream AND receipt.version = 1
    ORDER BY e.position
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
    opened = [event for event in events if event.stream != first.stream and event.version == 1]
    return CommandResult(
        petition_id=first.stream,
        reference=first.reference,
        version=max(event.version for event in events if event.stream == first.stream),
        position=events[-1].position,
        recorded_at=first.recorded_at,
        replayed=True,
        opened=tuple(event.stream for event in opened),
        opened_references=tuple(event.reference for event in opened),
    )
