"""Marks a position of the log by a digest of the event there, so that a log which was taken back is noticed.

Positions have no gaps and rows never change. So while the event at a position is the same, everything before it is the
same too. A log that was restored from an older backup, and a standby that lacked the last commits, has another event
there, or none.
"""

from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection

from service.event_store.log_rows import SELECT_LOG_ROWS, LogRow

DIGEST_BYTES = 16


class LogMark(NamedTuple):
    """Holds a position of the log and the digest of the event there."""

    position: int
    digest: bytes


BEGINNING = LogMark(0, b"")
"""The mark before the first event."""


def mark_event(
    stream: UUID, version: int, topic: str, state: bytes, position: int, recorded_at: datetime, command_id: UUID
) -> LogMark:
    """Return the mark of an event, as the log has it."""
    said = f"{position} {version} {recorded_at.astimezone(UTC).isoformat()} {topic} ".encode()
    return LogMark(position, blake2b(said + stream.bytes + command_id.bytes + state, digest_size=DIGEST_BYTES).digest())


def mark_row(row: LogRow) -> LogMark:
    """Return the mark of a row of the log."""
    return mark_event(*row[:7])


async def read_mark(connection: AsyncConnection[Any], position: int) -> LogMark | None:
    """Return the mark of a position of the log; None if the log has no event there."""
    if position == 0:
        return BEGINNING
    return await _fetch_mark(connection, f"{SELECT_LOG_ROWS} WHERE log.position = %s", [position])


async def read_last_mark(connection: AsyncConnection[Any]) -> LogMark:
    """Return the mark of the last event of the log."""
    found = await _fetch_mark(connection, f"{SELECT_LOG_ROWS} ORDER BY log.position DESC LIMIT 1", [])
    return BEGINNING if found is None else found


async def is_in_log(connection: AsyncConnection[Any], mark: LogMark) -> bool:
    """Return True if the log still has the event that was marked."""
    return await read_mark(connection, mark.position) == mark


async def _fetch_mark(connection: AsyncConnection[Any], query: str, parameters: list[int]) -> LogMark | None:
    cursor = await connection.execute(query.encode(), parameters, binary=True)
    row = await cursor.fetchone()
    return None if row is None else mark_row(row)
