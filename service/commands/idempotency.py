"""What a command came to when it was first sent."""

from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from service.commands.results import Done
from service.event_store.append import KeyReused

# A command's events stand together in the log, those of its subject first; `commands` knows where they end.
_ALREADY_DONE = """
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


async def already_done(pool: AsyncConnectionPool, command_id: UUID, digest: bytes) -> Done | None:
    """None if it was never recorded; KeyReused if its id was another request's."""
    async with pool.connection() as connection:
        cursor = await connection.execute(_ALREADY_DONE, [command_id])
        events = await cursor.fetchall()
    if not events:
        return None
    stream, _, _, reference, recorded_at, first_digest = events[0]
    if first_digest != digest:
        raise KeyReused(command_id)
    return Done(
        petition_id=stream,
        reference=reference,
        version=max(version for of, version, *_ in events if of == stream),
        position=events[-1][2],
        recorded_at=recorded_at,
        replayed=True,
        opened=tuple(of for of, version, *_ in events if of != stream and version == 1),
    )
