"""Messages that go out, and what became of each: waiting, sent, or given up.

What was sent is said by the log, not by these rows: a view that is built anew sends nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from domain.alerts.delivery import PAUSES, Delivery, MessageState
from projections.projection import Connection, Projection, Row, Table

_COLUMNS = (
    *("addressee", "unit", "channel", "lines", "position", "composed_at"),
    *("state", "attempts", "next_at", "reason", "changed_at"),
)
_OUTBOX = Table("outbox", ("message_id",), _COLUMNS)


class Outbox(Projection):
    """The projection."""

    name: ClassVar = "outbox"
    version: ClassVar = 1
    tables: ClassVar = (_OUTBOX,)

    def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
        if isinstance(state, Delivery):
            message = state.composed
            yield (
                _OUTBOX,
                (
                    message.message_id,
                    message.addressee,
                    message.unit,
                    message.channel,
                    len(message.alerts) + len(message.notices),
                    state.position,
                    state.composed_at,
                    state.state,
                    state.attempts,
                    state.next_at,
                    state.reason,
                    state.changed_at,
                ),
            )


class Recipient(NamedTuple):
    """To whom messages go, and by which way: those of one recipient go one after the other."""

    addressee: str
    channel: str


@dataclass(frozen=True, slots=True)
class OutboxItem:
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


async def due_recipients(connection: Connection, *, limit: int) -> list[Recipient]:
    """Whose oldest waiting message is due by the database's clock, the longest due first.

    Newer ones wait for the oldest. A date farther ahead than any pause is no date: see `Delivery.is_due`.
    """
    cursor = await connection.execute(
        "SELECT addressee, channel FROM ("
        " SELECT DISTINCT ON (addressee, channel) addressee, channel, next_at, position FROM outbox"
        " WHERE state = 'waiting' ORDER BY addressee, channel, position) AS oldest"
        " WHERE next_at IS NULL OR next_at <= clock_timestamp() OR next_at > clock_timestamp() + %s"
        " ORDER BY coalesce(next_at, '-infinity'), position LIMIT %s",
        [PAUSES[-1], limit],
    )
    return [Recipient(*row) for row in await cursor.fetchall()]


async def waiting(connection: Connection, recipient: Recipient, *, limit: int) -> list[UUID]:
    """The oldest messages to the recipient, in their order."""
    cursor = await connection.execute(
        "SELECT message_id FROM outbox WHERE state = 'waiting' AND addressee = %s AND channel = %s"
        " ORDER BY position LIMIT %s",
        [*recipient, limit],
    )
    return [message_id for (message_id,) in await cursor.fetchall()]


async def listed(connection: Connection, *, state: MessageState | None = None, limit: int = 100) -> list[OutboxItem]:
    """The newest first; all states if none is named."""
    states = [*MessageState] if state is None else [state]
    async with connection.cursor(row_factory=class_row(OutboxItem)) as cursor:
        await cursor.execute(
            "SELECT message_id, addressee, unit, channel, lines, position, composed_at, state, attempts, next_at,"
            " reason, changed_at FROM outbox WHERE state = ANY(%s) ORDER BY position DESC LIMIT %s",
            [states, limit],
        )
        return await cursor.fetchall()


async def counts(connection: Connection) -> dict[MessageState, int]:
    """How many messages there are in each state; states without any are left out."""
    cursor = await connection.execute("SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state")
    return {MessageState(state): int(count) for state, count in await cursor.fetchall()}
