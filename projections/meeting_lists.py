"""Lists, page by page, the meetings and petitions that a figure of `projections.meeting_counts` counts."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import dict_row

from projections.meeting_counts import (
    DAY_FIGURES,
    JOIN_PETITIONS_ON,
    MEETING_FINDINGS,
    PETITION_FIGURES,
    MeetingFilter,
    count_expressions,
)
from projections.meetings import MEETING_PETITIONS_TABLE
from projections.projection import Connection, SealedCells, TextReader


class MeetingDayCursor(NamedTuple):
    """Names the last item of a page; the next page begins after it."""

    day: date
    meeting_id: UUID
    nth: int


@dataclass(frozen=True, slots=True)
class MeetingItem:
    """Describes one day of a meeting. `held_on` is None unless the meeting was held on that day.

    The figures are those of its petitions.
    """

    meeting_id: UUID
    nth: int
    fate: str
    day: date
    held_on: date | None
    kind: str
    reception: str | None
    mode: str
    level: str | None
    head_of: str | None
    organiser: str
    audience: str | None
    topics: list[str]
    title: str
    place: str
    chair: str
    chair_position: str
    chair_office: str
    instead_of: str | None
    attendance: int
    minutes_no: str
    planned_on: date | None
    moved_to: date | None
    reason: str
    announce_by: date | None
    announced_on: date | None
    conclude_by: date | None
    notice_no: str | None
    notice_on: date | None
    publish_by: date | None
    published_on: date | None
    findings: list[str]
    raised: int
    raised_before: int
    answered_there: int
    listed: int
    assigned: int
    in_writing_on_time: int
    in_writing_late: int
    outstanding: int
    outstanding_late: int


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Holds one page of meetings; `total` is the number of items on all pages."""

    total: int
    items: list[MeetingItem]
    next: MeetingDayCursor | None


_ITEM_FIGURES = (
    *("raised", "raised_before", "answered_there", "listed", "assigned", "in_writing_on_time", "in_writing_late"),
    *("outstanding", "outstanding_late"),
)
_MEETING_COLUMNS: LiteralString = (
    "m.meeting_id, m.nth, m.fate, m.day, CASE WHEN m.fate = 'held' THEN m.day END AS held_on, m.kind, m.reception,"
    " m.mode, m.level, m.head_of, m.organiser, m.audience, m.topics, m.title, m.place, m.chair, m.chair_position,"
    " m.chair_office, m.instead_of, m.attendance, m.minutes_no, m.planned_on, m.moved_to, m.reason, m.announce_by,"
    " m.announced_on, m.conclude_by, m.notice_no, m.notice_on, m.publish_by, m.published_on"
)


async def meeting_days(
    connection: Connection,
    meeting_filter: MeetingFilter,
    *,
    on: date,
    figure: str = "held",
    after: MeetingDayCursor | None = None,
    limit: int = 200,
) -> MeetingPage:
    """Return a page of the days of meetings that the figure of DAY_FIGURES counts, in the order of days."""
    condition = f"{meeting_filter.condition()} AND {DAY_FIGURES[figure]}"
    parameters: dict[str, object] = {**asdict(meeting_filter), "on": on, "limit": limit + 1}
    page = condition
    if after is not None:
        page += " AND (m.day, m.meeting_id, m.nth) > (%(after_day)s, %(after_id)s, %(after_nth)s)"
        parameters |= {"after_day": after.day, "after_id": after.meeting_id, "after_nth": after.nth}
    petition_counts = count_expressions(_ITEM_FIGURES, PETITION_FIGURES)
    findings = ", ".join(f"CASE WHEN {DAY_FIGURES[finding]} THEN '{finding}' END" for finding in MEETING_FINDINGS)
    statement = f"""
        SELECT t.total::int, l.*
        FROM (SELECT count(*) FROM meetings AS m WHERE {condition}) AS t (total)
        LEFT JOIN (
            SELECT {_MEETING_COLUMNS}, array_remove(ARRAY[{findings}], NULL) AS findings, f.*
            FROM (
                SELECT * FROM meetings AS m WHERE {page} ORDER BY m.day, m.meeting_id, m.nth LIMIT %(limit)s
            ) AS m
            CROSS JOIN LATERAL (
                SELECT {petition_counts} FROM meetings_petitions AS p WHERE {JOIN_PETITIONS_ON}
            ) AS f
        ) AS l ON true
        ORDER BY l.day, l.meeting_id, l.nth
    """  # noqa: S608 - constants of this module
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement.encode(), parameters)
        found = await cursor.fetchall()
    total = found[0]["total"]
    items = [
        MeetingItem(**{field.name: row[field.name] for field in fields(MeetingItem)})
        for row in found
        if row["meeting_id"] is not None  # the single row of an empty list has only the total
    ]
    page_items = items[:limit]
    next_cursor = (
        MeetingDayCursor(page_items[-1].day, page_items[-1].meeting_id, page_items[-1].nth)
        if len(items) > limit
        else None
    )
    return MeetingPage(total, page_items, next_cursor)


class MeetingPetitionCursor(NamedTuple):
    """Names the last item of a page; the next page begins after it."""

    received_on: date
    petition_id: UUID
    meeting_id: UUID


@dataclass(frozen=True, slots=True)
class PetitionItem:
    """Describes one petition of one meeting; `meeting_day` is the present day of the meeting."""

    meeting_id: UUID
    meeting_day: date
    petition_id: UUID
    reference: str | None
    is_raised: bool
    is_prepared: bool
    is_answered_there: bool
    outcome: str
    kind: str | None
    topic: str
    place: str
    summary: str
    identity_protected: bool
    stage: str
    unit: str
    received_on: date
    due_on: date | None
    settled_on: date | None
    was_due_on: date | None
    notice_no: str | None
    notice_on: date | None


@dataclass(frozen=True, slots=True)
class PetitionPage:
    """Holds one page of petitions; `total` is the number of items on all pages."""

    total: int
    items: list[PetitionItem]
    next: MeetingPetitionCursor | None


async def petitions_of_meetings(
    connection: Connection,
    texts: TextReader,
    meeting_filter: MeetingFilter,
    *,
    on: date,
    figure: str = "raised",
    unit: str | None = None,
    after: MeetingPetitionCursor | None = None,
    limit: int = 200,
) -> PetitionPage:
    """Return a page of the petitions that the figure of PETITION_FIGURES counts, earliest received first.

    `texts` opens what the petitions say. `unit` limits the list to one lead unit.
    """
    condition = f"{meeting_filter.condition()} AND {PETITION_FIGURES[figure]}"
    parameters: dict[str, object] = {**asdict(meeting_filter), "on": on, "limit": limit + 1, "unit": unit}
    if unit is not None:
        condition += " AND p.unit = %(unit)s"
    page = condition
    if after is not None:
        page += " AND (p.received_on, p.petition_id, p.meeting_id) > (%(after_on)s, %(after_id)s, %(after_meeting)s)"
        parameters |= {"after_on": after.received_on, "after_id": after.petition_id, "after_meeting": after.meeting_id}
    joined = f"meetings AS m JOIN meetings_petitions AS p ON {JOIN_PETITIONS_ON}"
    columns = ", ".join(f"p.{field.name}" for field in fields(PetitionItem) if field.name != "meeting_day")
    statement = f"""
        SELECT t.total::int, l.*
        FROM (SELECT count(*) FROM {joined} WHERE {condition}) AS t (total)
        LEFT JOIN (
            SELECT m.day AS meeting_day, {columns} FROM {joined} WHERE {page}
            ORDER BY p.received_on, p.petition_id, p.meeting_id LIMIT %(limit)s
        ) AS l ON true
        ORDER BY l.received_on, l.petition_id, l.meeting_id
    """  # noqa: S608 - constants of this module
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement.encode(), parameters)
        found = await cursor.fetchall()
    rows = [row for row in found if row["petition_id"] is not None]
    opened = await texts.open_cells(
        connection,
        MEETING_PETITIONS_TABLE,
        [SealedCells(row["petition_id"], (row["place"], row["summary"])) for row in rows],
    )
    items = [
        PetitionItem(
            **{field.name: row[field.name] for field in fields(PetitionItem)} | {"place": place, "summary": summary}
        )
        for row, (place, summary) in zip(rows, opened, strict=True)
    ]
    page_items = items[:limit]
    last = page_items[-1] if len(items) > limit else None
    next_cursor = None if last is None else MeetingPetitionCursor(last.received_on, last.petition_id, last.meeting_id)
    return PetitionPage(found[0]["total"], page_items, next_cursor)
