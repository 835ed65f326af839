"""Meetings and their petitions listed, page by page: those that a figure of `projections.meeting_counts` counts."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import dict_row

from projections.meeting_counts import DAY_FIGURES, FINDINGS, OF_PETITIONS, PETITION_FIGURES, Which, counted
from projections.projection import Connection


class Cursor(NamedTuple):
    """After which line a page goes on."""

    day: date
    meeting_id: UUID
    nth: int


@dataclass(frozen=True, slots=True)
class MeetingItem:
    """One day of a meeting. `held_on` is None unless it was held that day; the figures are those of its petitions."""

    meeting_id: UUID
    nth: int
    fate: str
    day: date
    held_on: date | None
    kind: str
    reception: str | None
    mode: str
    level: str
    head_of: str
    organiser: str
    audience: str
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
    """`total` counts all pages of this question."""

    total: int
    items: list[MeetingItem]
    next: Cursor | None


_ITEM_FIGURES = (
    *("raised", "raised_before", "answered_there", "listed", "assigned", "in_writing_on_time", "in_writing_late"),
    *("outstanding", "outstanding_late"),
)
_PLAIN: LiteralString = (
    "m.meeting_id, m.nth, m.fate, m.day, CASE WHEN m.fate = 'held' THEN m.day END AS held_on, m.kind, m.reception,"
    " m.mode, m.level, m.head_of, m.organiser, m.audience, m.topics, m.title, m.place, m.chair, m.chair_position,"
    " m.chair_office, m.instead_of, m.attendance, m.minutes_no, m.planned_on, m.moved_to, m.reason, m.announce_by,"
    " m.announced_on, m.conclude_by, m.notice_no, m.notice_on, m.publish_by, m.published_on"
)


async def meeting_days(
    connection: Connection,
    which: Which,
    *,
    on: date,
    figure: str = "held",
    after: Cursor | None = None,
    limit: int = 200,
) -> MeetingPage:
    """The days that the figure counts, in their order."""
    condition = f"{which.condition()} AND {DAY_FIGURES[figure]}"
    asked: dict[str, object] = {**asdict(which), "on": on, "limit": limit + 1}
    page = condition
    if after is not None:
        page += " AND (m.day, m.meeting_id, m.nth) > (%(after_day)s, %(after_id)s, %(after_nth)s)"
        asked |= {"after_day": after.day, "after_id": after.meeting_id, "after_nth": after.nth}
    findings = ", ".join(f"CASE WHEN {DAY_FIGURES[finding]} THEN '{finding}' END" for finding in FINDINGS)
    statement = f"""
        SELECT t.total::int, l.*
        FROM (SELECT count(*) FROM meetings AS m WHERE {condition}) AS t (total)
        LEFT JOIN (
            SELECT {_PLAIN}, array_remove(ARRAY[{findings}], NULL) AS findings, f.*
            FROM (
                SELECT * FROM meetings AS m WHERE {page} ORDER BY m.day, m.meeting_id, m.nth LIMIT %(limit)s
            ) AS m
            CROSS JOIN LATERAL (
                SELECT {counted(_ITEM_FIGURES, PETITION_FIGURES)} FROM meetings_petitions AS p WHERE {OF_PETITIONS}
            ) AS f
        ) AS l ON true
        ORDER BY l.day, l.meeting_id, l.nth
    """  # noqa: S608 - constants of this module
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement.encode(), asked)
        found = await cursor.fetchall()
    total = found[0]["total"]
    items = [
        MeetingItem(**{field.name: row[field.name] for field in fields(MeetingItem)})
        for row in found
        if row["meeting_id"] is not None  # the one row that there is when nothing is listed has the total alone
    ]
    shown = items[:limit]
    following = Cursor(shown[-1].day, shown[-1].meeting_id, shown[-1].nth) if len(items) > limit else None
    return MeetingPage(total, shown, following)


class PetitionCursor(NamedTuple):
    """After which line a page goes on."""

    received_on: date
    petition_id: UUID
    meeting_id: UUID


@dataclass(frozen=True, slots=True)
class PetitionItem:
    """One petition of one meeting; `meeting_day` is the day of the meeting as it stands now."""

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
    """`total` counts all pages of this question."""

    total: int
    items: list[PetitionItem]
    next: PetitionCursor | None


async def petitions_of_meetings(
    connection: Connection,
    which: Which,
    *,
    on: date,
    figure: str = "raised",
    unit: str | None = None,
    after: PetitionCursor | None = None,
    limit: int = 200,
) -> PetitionPage:
    """The petitions that the figure counts, those received first before the others; `unit` is the lead unit."""
    condition = f"{which.condition()} AND {PETITION_FIGURES[figure]}"
    asked: dict[str, object] = {**asdict(which), "on": on, "limit": limit + 1, "unit": unit}
    if unit is not None:
        condition += " AND p.unit = %(unit)s"
    page = condition
    if after is not None:
        page += " AND (p.received_on, p.petition_id, p.meeting_id) > (%(after_on)s, %(after_id)s, %(after_meeting)s)"
        asked |= {"after_on": after.received_on, "after_id": after.petition_id, "after_meeting": after.meeting_id}
    joined = f"meetings AS m JOIN meetings_petitions AS p ON {OF_PETITIONS}"
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
        await cursor.execute(statement.encode(), asked)
        found = await cursor.fetchall()
    items = [
        PetitionItem(**{field.name: row[field.name] for field in fields(PetitionItem)})
        for row in found
        if row["petition_id"] is not None
    ]
    shown = items[:limit]
    last = shown[-1] if len(items) > limit else None
    following = None if last is None else PetitionCursor(last.received_on, last.petition_id, last.meeting_id)
    return PetitionPage(found[0]["total"], shown, following)
