"""Joins hot spots with the meetings that were planned or held to answer them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from projections.meeting_state import MeetingState
from projections.projection import Connection, Table, TableRow

DIALOGUES_TABLE = Table(
    "hot_spots_dialogues", ("meeting_id", "number"), ("place", "topic", "title", "day", "is_held", "is_cancelled")
)


def dialogue_rows(meeting: MeetingState) -> Iterable[tuple[Table, TableRow]]:
    """Return the rows of a meeting: one for each hot spot that it answers, with its last day."""
    last = meeting.days[-1]
    for number, spot in enumerate(meeting.hot_spots, start=1):
        held, cancelled = last.fate == "held", last.fate == "cancelled"
        yield (
            DIALOGUES_TABLE,
            (meeting.meeting_id, number, spot.place, spot.topic, meeting.title, last.day, held, cancelled),
        )


class _DialogueRow(NamedTuple):
    meeting_id: UUID
    place: str
    topic: str
    day: date
    is_held: bool


@dataclass(frozen=True, slots=True)
class SpotDialogues:
    """Holds the meetings about one place and topic: the next one that is planned, and the last one that was held."""

    planned_for: date | None = None
    planned_meeting: UUID | None = None
    held_on: date | None = None
    held_meeting: UUID | None = None


async def read_dialogues(connection: Connection) -> dict[tuple[str, str], SpotDialogues]:
    """Return the meetings of each place and topic. A cancelled one is none."""
    async with connection.cursor(row_factory=class_row(_DialogueRow)) as cursor:
        await cursor.execute(
            "SELECT meeting_id, place, topic, day, is_held FROM hot_spots_dialogues WHERE NOT is_cancelled"
            " ORDER BY day DESC, meeting_id"
        )
        rows = await cursor.fetchall()
    found: dict[tuple[str, str], SpotDialogues] = {}
    for key in dict.fromkeys((row.place, row.topic) for row in rows):
        of_spot = [row for row in rows if (row.place, row.topic) == key]
        held = next((row for row in of_spot if row.is_held), None)
        planned = next((row for row in reversed(of_spot) if not row.is_held), None)
        found[key] = SpotDialogues(
            planned_for=None if planned is None else planned.day,
            planned_meeting=None if planned is None else planned.meeting_id,
            held_on=None if held is None else held.day,
            held_meeting=None if held is None else held.meeting_id,
        )
    return found
