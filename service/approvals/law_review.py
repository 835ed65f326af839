"""The dry run of a change of law: which open petitions it would move, and which would become or stop being overdue.

Histories are many, and few of them are moved. So their deadlines alone are looked at first, and only petitions in which
one lies in the way of the change are folded from their whole history, as they will be when the change is applied.
"""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.deadlines.limit import DayKind
from domain.deadlines.policy import Law
from domain.law_changes.events import Subject
from domain.law_changes.new_law import digest, with_change
from domain.law_changes.review import Comparison, MovedPetition, Review
from projections.projection import Connection
from service.event_store.chunked_read import petitions_in, portions
from service.event_store.recorder import Row

AT_ONCE = 2_000
"""Histories that are read and folded together."""

_PAGE = 20_000
_OPEN = "SELECT count(*) FROM overdue WHERE stage IS NOT NULL"
_WITH_DEADLINES = """
    SELECT l.originator_id, l.state FROM overdue AS o JOIN kiennghi.log AS l ON l.originator_id = o.petition_id
    WHERE o.stage IS NOT NULL AND position('"deadlines":'::bytea IN l.state) > 0
"""
_ASSIGNED = """
    SELECT petition_id FROM overdue WHERE kind = %s AND stage IN ('assigned', 'in_progress', 'suspended')
"""


class _Limit(msgspec.Struct):
    amount: int
    unit: DayKind


class _Deadline(msgspec.Struct):
    """Of a stored deadline what tells whether a change of law could move it."""

    clock: str
    started_on: date
    due_on: date
    limit: _Limit | None = None
    decided_due_on: str | None = None
    suspensions: tuple[msgspec.Raw, ...] = ()

    def may_be_moved_by(self, change: Comparison) -> bool:
        if self.limit is None or self.decided_due_on is not None:
            return False  # a date that somebody set
        ends_only = self.limit.unit is DayKind.CALENDAR and not self.suspensions
        return change.may_move(self.clock, self.started_on, self.due_on, self.limit.amount if ends_only else 0)


class _Fact(msgspec.Struct):
    deadlines: tuple[_Deadline, ...] = ()


class _State(msgspec.Struct):
    fact: _Fact


_state = msgspec.json.Decoder(_State)


async def review(
    connection: Connection, law: Law, subject: Subject, text: str, on: date, *, binds_running: bool = False
) -> Review:
    """On the views behind the connection, at one moment. Raises Refused for a file that is no change of the law.

    What is read is worked on beside the event loop: a service that reviews goes on answering.
    """
    comparison = await asyncio.to_thread(lambda: Comparison(law, with_change(law, subject, text), on, binds_running))
    ids, found = await candidates(connection, comparison), list[MovedPetition]()
    async for rows in portions(connection, ids, AT_ONCE):
        found += await asyncio.to_thread(_moved, rows, comparison)
    cursor = await connection.execute(_OPEN)
    row = await cursor.fetchone()
    return Review(
        on=on,
        base=digest(law),
        open_petitions=0 if row is None else int(row[0]),
        petitions=tuple(sorted(found, key=lambda one: (one.reference or "", one.petition_id))),
    )


async def candidates(connection: Connection, comparison: Comparison) -> list[UUID]:
    """Open petitions that the change may move: no other does, though not each of these."""
    found: dict[UUID, None] = {}
    async with connection.cursor(name="law_review", scrollable=False) as cursor:
        await cursor.execute(_WITH_DEADLINES, binary=True)
        while rows := await cursor.fetchmany(_PAGE):
            found |= dict.fromkeys(await asyncio.to_thread(_in_the_way, rows, comparison))
    if (kind := comparison.may_start_clocks_of) is not None:
        assigned = await connection.execute(_ASSIGNED, [kind], binary=True)
        found |= {petition_id: None for (petition_id,) in await assigned.fetchall()}
    return list(found)


def _in_the_way(rows: Sequence[tuple[Any, ...]], comparison: Comparison) -> list[UUID]:
    return [
        petition_id
        for petition_id, state in rows
        if any(deadline.may_be_moved_by(comparison) for deadline in _state.decode(state).fact.deadlines)
    ]


def _moved(rows: Sequence[Row], comparison: Comparison) -> list[MovedPetition]:
    """Of petitions in rows of the log, those that the change moves."""
    return [
        MovedPetition.of(petition, moved, comparison.on)
        for petition in petitions_in(rows)
        if (moved := comparison.moved(petition))
    ]
