"""What a worker asks of the view of alerts: which dates may be due, what nobody was told of, what was sent so far."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from domain.alerts.ladder import Segment
from domain.alerts.vocabulary import WatchedClock
from projections.projection import Connection


class WatchedDate(NamedTuple):
    """A date that a step may have fallen due for. `raised` are the keys of what was raised for the clock."""

    petition_id: UUID
    segment: Segment
    kind: str | None
    unit: str
    raised: frozenset[str]


class Reach(NamedTuple):
    """Between which dates of a clock a step may be due, both inclusive."""

    clock: WatchedClock
    first: date
    last: date


_PAGE = 5_000


async def watched_dates(connection: Connection, reaches: Iterable[Reach]) -> AsyncIterator[WatchedDate]:
    """Inside a transaction; in the order of the petitions' ids, so that those of one come together."""
    clocks, first, last = zip(*reaches, strict=True)
    async with connection.cursor(name="watched_dates", scrollable=False) as cursor:
        await cursor.execute(
            "SELECT w.petition_id, w.clock, w.round, w.counts_from, w.kind, w.unit, w.raised FROM alerts_watched AS w"
            " JOIN unnest(%s::text[], %s::date[], %s::date[]) AS r (clock, first, last)"
            " ON w.clock = r.clock AND w.counts_from BETWEEN r.first AND r.last ORDER BY w.petition_id",
            [list(clocks), list(first), list(last)],
            binary=True,
        )
        while rows := await cursor.fetchmany(_PAGE):
            for petition_id, clock, round_, counts_from, kind, unit, raised in rows:
                segment = Segment(WatchedClock(clock), round_, counts_from)
                yield WatchedDate(petition_id, segment, kind, unit, frozenset(raised))


@dataclass(frozen=True, slots=True)
class Untold:
    """An alert that one of its roles has not been told of by one of its channels."""

    petition_id: UUID
    reference: str | None
    clock: str
    round: int
    due_on: date
    step: str
    fell_due_on: date
    does: str
    escalation: str | None
    rule: str
    unit: str
    officer: str | None
    role: str
    channel: str


async def untold(connection: Connection) -> list[Untold]:
    """Of the dates that still are the clocks', the first due first."""
    async with connection.cursor(row_factory=class_row(Untold)) as cursor:
        await cursor.execute(
            "SELECT a.petition_id, a.reference, a.clock, a.round, a.due_on, a.step, a.fell_due_on, a.does,"
            " a.escalation, a.rule, a.unit, a.officer, r.role, c.channel"
            " FROM alerts AS a, unnest(a.roles) AS r (role), unnest(a.channels) AS c (channel)"
            " WHERE a.is_live AND NOT EXISTS ("
            "  SELECT FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id)"
            "  WHERE t.of_id = a.petition_id AND t.key = a.key AND t.role = r.role AND m.channel = c.channel)"
            " ORDER BY a.fell_due_on, a.reference, a.petition_id, a.clock, a.step",
            binary=True,
        )
        return await cursor.fetchall()


@dataclass(frozen=True, slots=True)
class Notice:
    """What the operator has to hear of."""

    subject: str
    about: str
    raised_on: date
    until: date | None
    count: int | None


async def notices_untold(connection: Connection, addressee: str, channel: str, *, since: date) -> list[Notice]:
    """Those raised from a day on that this addressee was not told of by this channel."""
    async with connection.cursor(row_factory=class_row(Notice)) as cursor:
        await cursor.execute(
            "SELECT subject, about, raised_on, until_on AS until, amount AS count FROM alerts_notices AS n"
            " WHERE raised_on >= %s AND NOT EXISTS ("
            "  SELECT FROM alerts_told AS t JOIN alerts_messages AS m USING (message_id)"
            "  WHERE t.of_id = n.notice_id AND m.addressee = %s AND m.channel = %s)"
            " ORDER BY raised_on, subject, about",
            [since, addressee, channel],
        )
        return await cursor.fetchall()


class Addressed(NamedTuple):
    """What an addressee was sent so far by one channel. `last_on` is the day of the last message with alerts."""

    ordinal: int
    last_on: date | None


async def addressed(connection: Connection) -> dict[tuple[str, str], Addressed]:
    cursor = await connection.execute(
        "SELECT addressee, channel, max(ordinal), max(composed_on) FILTER (WHERE has_alerts) FROM alerts_messages"
        " GROUP BY addressee, channel"
    )
    return {(addressee, channel): Addressed(*sent) for addressee, channel, *sent in await cursor.fetchall()}


async def times_composed(connection: Connection) -> int:
    cursor = await connection.execute("SELECT coalesce(max(version), 0) FROM alerts_composed")
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])
