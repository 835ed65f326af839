"""Meetings that were held, by level, with the petitions raised and answered there."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from psycopg.rows import class_row

from domain.events import AnsweredAtMeeting, PetitionReceived
from domain.meetings.events import MeetingHeld
from projections.projection import Connection, Page


class Meetings:
    """The projection."""

    name: ClassVar[str] = "meetings"
    tables: ClassVar[tuple[str, ...]] = ("meetings",)
    version: ClassVar[int] = 1

    async def apply(self, connection: Connection, page: Page) -> None:
        raised: Counter[UUID] = Counter()
        answered: Counter[UUID] = Counter()
        for recorded in page:
            match recorded.fact:
                case MeetingHeld() as held:
                    await connection.execute(
                        "INSERT INTO meetings (meeting_id, kind, level, organiser, title, place, held_on, attendance)"
                        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                        [
                            held.meeting_id,
                            held.kind,
                            held.level,
                            held.organiser,
                            held.title,
                            held.place,
                            held.occurred_on,
                            held.attendance,
                        ],
                    )
                case PetitionReceived(meeting_id=UUID() as meeting_id, split_from=None):
                    raised[meeting_id] += 1
                case AnsweredAtMeeting() as answer:
                    answered[answer.meeting_id] += 1
        touched = sorted({*raised, *answered})
        if touched:
            await connection.execute(
                "UPDATE meetings SET raised = meetings.raised + t.raised, answered_there = answered_there + t.answered"
                " FROM unnest(%s::uuid[], %s::int[], %s::int[]) AS t (meeting_id, raised, answered)"
                " WHERE meetings.meeting_id = t.meeting_id",
                [touched, [raised[m] for m in touched], [answered[m] for m in touched]],
            )


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
            "SELECT meeting_id, kind, level, organiser, title, place, held_on, attendance, raised, answered_there"
            " FROM meetings WHERE held_on BETWEEN %s AND %s ORDER BY held_on, meeting_id LIMIT %s",
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
