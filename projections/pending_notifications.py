"""Queries the view of alerts for the alert worker: dates that may be due, alerts not yet sent, messages sent so far."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from domain.alerts.ladder import ClockDueDate
from domain.alerts.vocabulary import WatchedClock
from domain.deadlines.clock import ClockSubject, SubjectKind
from domain.vocabulary import Category
from projections.projection import Connection


class WatchedDate(NamedTuple):
    """Holds a date for which a step may have fallen due; `raised` are the keys of alerts raised for the clock."""

    petition_id: UUID
    category: Category
    segment: ClockDueDate
    kind: str | None
    unit: str
    raised: frozenset[str]


class DueWindow(NamedTuple):
    """Names the first and last due date of a clock, both inclusive, that may have a step which is due."""

    clock: WatchedClock
    first: date
    last: date


_ROWS_A_FETCH = 5_000
"""Number of rows that are fetched from the server-side cursor at once."""


async def watched_dates(connection: Connection, reaches: Iterable[DueWindow]) -> AsyncIterator[WatchedDate]:
    """Yield the watched dates in the windows, ordered by petition id, so that those of one petition come together.

    Call it inside a transaction.
    """
    clocks, first, last = zip(*reaches, strict=True)
    async with connection.cursor(name="watched_dates", scrollable=False) as cursor:
        await cursor.execute(
            "SELECT w.petition_id, w.category, w.clock, w.subject, w.round, w.counts_from, w.kind, w.unit, w.raised"
            " FROM alerts_watched AS w JOIN unnest(%s::text[], %s::date[], %s::date[]) AS r (clock, first, last)"
            " ON w.clock = r.clock AND w.counts_from BETWEEN r.first AND r.last ORDER BY w.petition_id",
            [list(clocks), list(first), list(last)],
            binary=True,
        )
        while rows := await cursor.fetchmany(_ROWS_A_FETCH):
            for petition_id, category, clock, subject, round_, counts_from, kind, unit, raised in rows:
                segment = ClockDueDate(WatchedClock(clock), round_, counts_from, ClockSubject.parse(subject))
                yield WatchedDate(petition_id, Category(category), segment, kind, unit, frozenset(raised))


async def read_preparations(connection: Connection) -> dict[str, list[UUID]]:
    """Return for each meeting, as the subject of a clock names it, the petitions whose answer is to be prepared."""
    cursor = await connection.execute(
        "SELECT subject, array_agg(petition_id ORDER BY petition_id) FROM alerts_watched"
        " WHERE clock = %s AND subject LIKE %s GROUP BY subject ORDER BY subject",
        [WatchedClock.PREPARATION, f"{SubjectKind.MEETING}:%"],
        binary=True,
    )
    return dict(await cursor.fetchall())


@dataclass(frozen=True, slots=True)
class PendingNotification:
    """Describes an alert of which one role has not been informed through one channel."""

    petition_id: UUID
    category: str
    reference: str | None
    clock: str
    subject: str
    round: int
    due_on: date
    step: str
    fell_due_on: date
    does: str
    way: str | None
    rule: str
    unit: str
    officer: str | None
    role: str
    channel: str


async def read_pending_notifications(connection: Connection) -> list[PendingNotification]:
    """Return the pending notifications of live alerts, the earliest due first.

    An alert is live while its clock has its date.
    """
    async with connection.cursor(row_factory=class_row(PendingNotification)) as cursor:
        await cursor.execute(
            "SELECT a.petition_id, a.category, a.reference, a.clock, a.subject, a.round, a.due_on, a.step,"
            " a.fell_due_on, a.does, a.way, a.rule, a.unit, a.officer, r.role, c.channel"
            " FROM alerts AS a, unnest(a.roles) AS r (role), unnest(a.channels) AS c (channel)"
            " WHERE a.is_live AND NOT EXISTS ("
            "  SELECT FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id)"
            "  WHERE t.of_id = a.petition_id AND t.key = a.key AND t.role = r.role AND m.channel = c.channel)"
            " ORDER BY a.fell_due_on, a.reference, a.petition_id, a.clock, a.subject, a.step",
            binary=True,
        )
        return await cursor.fetchall()


@dataclass(frozen=True, slots=True)
class OperatorNotice:
    """Describes an operator alert: an event of which the operator of the service must be informed."""

    subject: str
    about: str
    raised_on: date
    until: date | None
    count: int | None


async def read_pending_notices(
    connection: Connection, addressee: str, channel: str, *, since: date
) -> list[OperatorNotice]:
    """Return the operator alerts since the day `since` (inclusive) that this channel has not sent to this addressee."""
    async with connection.cursor(row_factory=class_row(OperatorNotice)) as cursor:
        await cursor.execute(
            "SELECT subject, about, raised_on, until_on AS until, amount AS count FROM alerts_notices AS n"
            " WHERE raised_on >= %s AND NOT EXISTS ("
            "  SELECT FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id)"
            "  WHERE t.of_id = n.notice_id AND m.addressee = %s AND m.channel = %s)"
            " ORDER BY raised_on, subject, about",
            [since, addressee, channel],
        )
        return await cursor.fetchall()


class AddresseeHistory(NamedTuple):
    """Holds what one channel sent to an addressee: the last `ordinal`, and the day of the last message with alerts."""

    ordinal: int
    last_on: date | None


async def read_addressee_histories(connection: Connection) -> dict[tuple[str, str], AddresseeHistory]:
    """Return what was sent so far, by addressee and channel."""
    cursor = await connection.execute(
        "SELECT addressee, channel, max(ordinal), max(composed_on) FILTER (WHERE has_alerts) FROM alerts_messages"
        " GROUP BY addressee, channel"
    )
    return {
        (addressee, channel): AddresseeHistory(*history) for addressee, channel, *history in await cursor.fetchall()
    }


async def read_composition_count(connection: Connection) -> int:
    """Return the number of times that messages were composed."""
    cursor = await connection.execute("SELECT coalesce(max(version), 0) FROM alerts_composed")
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])
