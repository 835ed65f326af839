"""Keeps the view of messages that go out, with the state of each: waiting, sent, or given up (dead).

The log says what was sent, not these rows: rebuilding the view sends nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from domain.alerts.delivery import RETRY_PAUSES, Delivery, MessageState
from domain.value import said
from domain.vocabulary import NO_UNIT
from projections.projection import Connection, Projection, Table, TableRow


class OutboxRow(NamedTuple):
    """Holds one message.

    `lines` counts its alerts and operator alerts; `position` is the log position of its first event.
    """

    message_id: UUID
    addressee: str
    unit: str
    channel: str
    lines: int
    position: int | None
    composed_at: datetime | None
    state: MessageState
    attempts: int
    next_at: datetime | None
    reason: str | None
    changed_at: datetime | None


_OUTBOX_TABLE = Table("outbox", OutboxRow._fields[:1], OutboxRow._fields[1:])


class Outbox(Projection):
    """Keeps one row for each message."""

    name: ClassVar = "outbox"
    version: ClassVar = 1
    tables: ClassVar = (_OUTBOX_TABLE,)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if isinstance(state, Delivery):
            message = state.composed
            yield (
                _OUTBOX_TABLE,
                OutboxRow(
                    message_id=message.message_id,
                    addressee=message.addressee,
                    unit=said(message.unit, NO_UNIT),
                    channel=message.channel,
                    lines=len(said(message.alerts, ())) + len(said(message.notices, ())),
                    position=state.position,
                    composed_at=state.composed_at,
                    state=state.state,
                    attempts=state.attempts,
                    next_at=state.next_at,
                    reason=state.reason,
                    changed_at=state.changed_at,
                ),
            )


class MessageRecipient(NamedTuple):
    """Names an addressee and a channel. The messages of one recipient go out one after the other."""

    addressee: str
    channel: str


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """Describes one message of the outbox; the instants are in UTC."""

    message_id: UUID
    addressee: str
    unit: str
    channel: str
    lines: int
    position: int
    composed_at: datetime
    state: str
    attempts: int
    next_at: datetime | None
    reason: str | None
    changed_at: datetime


async def due_recipients(connection: Connection, *, limit: int) -> list[MessageRecipient]:
    """Return the recipients whose oldest waiting message is due by the clock of the database, longest due first.

    Newer messages wait for the oldest one. A date farther ahead than the longest pause is ignored: see
    `Delivery.is_due`.
    """
    cursor = await connection.execute(
        "SELECT addressee, channel FROM ("
        " SELECT DISTINCT ON (addressee, channel) addressee, channel, next_at, position FROM outbox"
        " WHERE state = 'waiting' ORDER BY addressee, channel, position) AS oldest"
        " WHERE next_at IS NULL OR next_at <= clock_timestamp() OR next_at > clock_timestamp() + %s"
        " ORDER BY coalesce(next_at, '-infinity'), position LIMIT %s",
        [RETRY_PAUSES[-1], limit],
    )
    return [MessageRecipient(*row) for row in await cursor.fetchall()]


async def waiting_messages(connection: Connection, recipient: MessageRecipient, *, limit: int) -> list[UUID]:
    """Return the ids of the waiting messages to the recipient, at most `limit`, the oldest first."""
    cursor = await connection.execute(
        "SELECT message_id FROM outbox WHERE state = 'waiting' AND addressee = %s AND channel = %s"
        " ORDER BY position LIMIT %s",
        [*recipient, limit],
    )
    return [message_id for (message_id,) in await cursor.fetchall()]


async def read_messages(
    connection: Connection, *, state: MessageState | None = None, limit: int = 100
) -> list[OutboxItem]:
    """Return messages, the newest first; of all states if `state` is None."""
    states = [*MessageState] if state is None else [state]
    async with connection.cursor(row_factory=class_row(OutboxItem)) as cursor:
        await cursor.execute(
            "SELECT message_id, addressee, unit, channel, lines, position, composed_at, state, attempts, next_at,"
            " reason, changed_at FROM outbox WHERE state = ANY(%s) ORDER BY position DESC LIMIT %s",
            [states, limit],
        )
        return await cursor.fetchall()


async def count_messages_by_state(connection: Connection) -> dict[MessageState, int]:
    """Return the number of messages in each state; states without messages are left out."""
    cursor = await connection.execute("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")
    return {MessageState(state): int(count) for state, count in await cursor.fetchall()}
