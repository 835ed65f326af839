"""Meetings that were held, by level, with the petitions raised and answered there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from psycopg.rows import class_row

from domain.meetings.events import MeetingHeld
from projections.case import Case
from projections.projection import Connection, Count, Projection, Row, Sums, Table

_MEETINGS = Table(
    "meetings", ("meeting_id",), ("kind", "level", "organiser", "title", "place", "held_on", "attendance")
)
_PETITIONS = Sums("meetings_petitions", ("meeting_id",), ("raised", "answered_there"))


class Meetings(Projection):
    """The projection."""

    name: ClassVar = "meetings"
    version: ClassVar = 2
    tables: ClassVar = (_MEETINGS, _PETITIONS)

    def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
        if isinstance(state, MeetingHeld):
            held = state
            yield (
                _MEETINGS,
                (
                    held.meeting_id,
                    held.kind,
                    held.level,
                    held.organiser,
                    held.title,
                    held.place,
                    held.occurred_on,
                    held.attendance,
                ),
            )

    def counts(self, state: object) -> Iterable[Count]:
        if isinstance(state, Case):
            if state.raised_at is not None:
                yield _PETITIONS, (state.raised_at,), "raised", 1
            for meeting_id in state.answered_at:
                yield _PETITIONS, (meeting_id,), "answered_there", 1


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    meeting_id: UUID
    kind: str
    level: str
    organiser: str
    title: str
    place: str
    held_on: date
    attendance: int
    raised: int
    answered_there: int


async def held_between(connection: Connection, first: date, last: date, *, limit: int = 1000) -> list[HeldMeeting]:
    """Both days inclusive, in order of the day."""
    async with connection.cursor(row_factory=class_row(HeldMeeting)) as cursor:
        await cursor.execute(
            "SELECT meeting_id, kind, level, organiser, title, place, held_on, attendance,"
            " coalesce(raised, 0) AS raised, coalesce(answered_there, 0) AS answered_there"
            " FROM meetings LEFT JOIN meetings_petitions USING (meeting_id)"
            " WHERE held_on BETWEEN %s AND %s ORDER BY held_on, meeting_id LIMIT %s",
            [first, last, limit],
        )
        return await cursor.fetchall()


async def count_by_level(connection: Connection, first: date, last: date) -> dict[str, int]:
    """How many meetings each level held, both days inclusive."""
    cursor = await connection.execute(
        "SELECT level, count(*) FROM meetings WHERE held_on BETWEEN %s AND %s GROUP BY level ORDER BY level",
        [first, last],
    )
    return {level: int(count) for level, count in await cursor.fetchall()}
