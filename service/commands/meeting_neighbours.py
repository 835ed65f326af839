"""Finds what a decision on a meeting reads beside its history: other meetings of that day, petitions that rest on it.

The view of meetings answers for what it has reached, the log for what follows; so nothing that is committed is missed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from projections.meetings import Meetings
from projections.projection import Connection

_POSITION = "SELECT position FROM kiennghi_views.positions WHERE view = %s AND NOT is_loading"
_IS_THERE = (
    "SELECT to_regclass('kiennghi_views.positions') IS NOT NULL AND to_regclass('kiennghi_views.meetings') IS NOT NULL"
)

_SAME_DAY_IN_VIEW = """
    SELECT meeting_id, title FROM kiennghi_views.meetings
    WHERE day = %(day)s AND organiser = %(organiser)s AND chair = %(chair)s AND fate IN ('planned', 'held')
"""
_SAME_DAY_IN_LOG = """
    SELECT said.stream, said.fact #>> '{details,title}'
    FROM (
        SELECT stream, convert_from(state, 'UTF8')::jsonb AS fact FROM kiennghi.log
        WHERE position > %(position)s AND topic IN (
            SELECT number FROM kiennghi.topics WHERE topic IN ('MeetingPlanned', 'MeetingHeld')
        )
    ) AS said
    WHERE coalesce(said.fact ->> 'planned_for', said.fact ->> 'occurred_on') = %(day)s::date::text
        AND said.fact #>> '{details,organiser}' = %(organiser)s
        AND said.fact #>> '{details,chair,officer}' = %(chair)s
        AND NOT EXISTS (
            SELECT FROM kiennghi.log AS later WHERE later.stream = said.stream AND later.topic IN (
                SELECT number FROM kiennghi.topics
                WHERE topic IN ('MeetingMoved', 'MeetingCancelled', 'MeetingWithdrawn')
            )
        )
"""
_RESTING_IN_VIEW = """
    SELECT reference FROM kiennghi_views.meetings_petitions WHERE meeting_id = %(meeting)s AND (is_case OR is_letter)
"""
_RESTING_IN_LOG = """
    SELECT receipt.reference FROM kiennghi.log AS said
    JOIN kiennghi.log AS receipt ON receipt.stream = said.stream AND receipt.version = 1
    WHERE said.position > %(position)s AND position(convert_to(%(meeting)s::text, 'UTF8') IN said.state) > 0
        AND said.topic IN (
            SELECT number FROM kiennghi.topics WHERE topic IN
                ('PetitionReceived', 'MatterOpened', 'PetitionPreparedForMeeting', 'AnsweredAtMeeting')
        )
"""


async def meetings_of_same_day(
    connection: Connection, meeting: UUID, organiser: str, chair: str, day: date
) -> tuple[str, ...]:
    """Return the titles of the other meetings that the chair holds for the organiser on the day, each with its id."""
    asked = {"organiser": organiser, "chair": chair, "day": day}
    rows = await _rows(connection, _SAME_DAY_IN_VIEW, _SAME_DAY_IN_LOG, asked)
    found = {meeting_id: title for meeting_id, title in rows if meeting_id != meeting}
    return tuple(f"{title} ({meeting_id})" for meeting_id, title in sorted(found.items()))


async def petitions_resting_on(connection: Connection, meeting: UUID) -> tuple[str, ...]:
    """Return the numbers of the petitions that were raised at the meeting, prepared for it, or answered there."""
    rows = await _rows(connection, _RESTING_IN_VIEW, _RESTING_IN_LOG, {"meeting": meeting})
    return tuple(sorted({reference or "" for (reference,) in rows}))


async def _rows(
    connection: Connection, in_view: LiteralString, in_log: LiteralString, asked: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    """Return the rows of the view, and those of the log after the position that the view has reached."""
    rows: list[tuple[Any, ...]] = []
    position = 0
    async with connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        is_there = await (await connection.execute(_IS_THERE)).fetchone()
        if is_there == (True,) and (row := await (await connection.execute(_POSITION, [Meetings.name])).fetchone()):
            position = int(row[0])
            rows = await (await connection.execute(in_view, asked)).fetchall()
        cursor = await connection.execute(in_log, {**asked, "position": position})
        return [*rows, *await cursor.fetchall()]
