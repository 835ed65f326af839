"""Queries what follows meetings: notices, tasks of conclusions, and whether heads meet the people often enough."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row

from domain.meetings.duties import RequiredMeetings
from projections.projection import Connection

TASK_FIGURES: Mapping[str, LiteralString] = {
    "tasks_given": "true",
    "tasks_done_on_time": "t.done_on <= t.due_on",
    "tasks_done_late": "t.done_on > t.due_on",
    "tasks_done_without_limit": "t.done_on IS NOT NULL AND t.due_on IS NULL",
    "tasks_open": "t.done_on IS NULL",
    "tasks_open_late": "t.done_on IS NULL AND t.due_on < %(on)s",
}
"""SQL conditions on the tasks, `t`, of conclusion notices, by figure."""


@dataclass(frozen=True, slots=True)
class UnitFollowing:
    """Counts what one unit did after the meetings that were held from the first to the last day.

    The first figures are for the unit as the organiser of meetings. The others are for the unit that received petitions
    and tasks from meetings.
    """

    unit: str
    meetings: int
    conclusion_notices: int
    published_in_time: int
    published_late: int
    not_published: int
    assignment_notices: int
    """Number of different notices by which petitions of its meetings were assigned."""
    petitions_assigned: int
    petitions_given: int
    petitions_on_time: int
    petitions_late: int
    petitions_outstanding: int
    petitions_outstanding_late: int
    tasks_given: int
    tasks_done_on_time: int
    tasks_done_late: int
    tasks_done_without_limit: int
    tasks_open: int
    tasks_open_late: int


_FOLLOW_UP_COLUMNS: tuple[LiteralString, ...] = (
    *("meetings", "conclusion_notices", "published_in_time", "published_late", "not_published", "assignment_notices"),
    *("petitions_assigned", "petitions_given", "petitions_on_time", "petitions_late", "petitions_outstanding"),
    *("petitions_outstanding_late", *TASK_FIGURES),
)
_TASK_COUNTS = ", ".join(f"count(*) FILTER (WHERE {condition}) AS {name}" for name, condition in TASK_FIGURES.items())
_SELECT_FOLLOW_UP: LiteralString = f"""
    WITH m AS (
        SELECT * FROM meetings WHERE fate = 'held' AND day BETWEEN %(first)s AND %(last)s
    ), organised AS (
        SELECT organiser AS unit, count(*) AS meetings, count(notice_on) AS conclusion_notices,
               count(*) FILTER (WHERE published_on <= publish_by) AS published_in_time,
               count(*) FILTER (WHERE published_on > publish_by) AS published_late,
               count(*) FILTER (WHERE published_on IS NULL AND publish_by < %(on)s) AS not_published
        FROM m GROUP BY 1
    ), assigned AS (
        SELECT m.organiser AS unit, count(DISTINCT p.notice_no) AS assignment_notices, count(*) AS petitions_assigned
        FROM m JOIN meetings_petitions AS p USING (meeting_id) WHERE p.is_case AND p.notice_on IS NOT NULL GROUP BY 1
    ), given AS (
        SELECT p.unit, count(*) AS petitions_given,
               count(*) FILTER (WHERE p.outcome = 'in_writing_on_time') AS petitions_on_time,
               count(*) FILTER (WHERE p.outcome = 'in_writing_late') AS petitions_late,
               count(*) FILTER (WHERE p.outcome = 'outstanding') AS petitions_outstanding,
               count(*) FILTER (WHERE p.outcome = 'outstanding' AND p.due_on < %(on)s) AS petitions_outstanding_late
        FROM m JOIN meetings_petitions AS p USING (meeting_id) WHERE p.is_case AND p.notice_on IS NOT NULL GROUP BY 1
    ), tasks AS (
        SELECT t.unit, {_TASK_COUNTS}
        FROM m JOIN meetings_tasks AS t USING (meeting_id) GROUP BY 1
    )
    SELECT unit, {", ".join(f"coalesce({column}, 0)::int AS {column}" for column in _FOLLOW_UP_COLUMNS)}
    FROM organised FULL JOIN assigned USING (unit) FULL JOIN given USING (unit) FULL JOIN tasks USING (unit)
    ORDER BY unit
"""  # noqa: S608 - constants of this module


async def read_unit_follow_up(connection: Connection, first: date, last: date, *, on: date) -> list[UnitFollowing]:
    """Return the follow-up of each unit for meetings held from the first to the last day, both inclusive.

    Lateness is judged on the day `on`.
    """
    async with connection.cursor(row_factory=class_row(UnitFollowing)) as cursor:
        await cursor.execute(_SELECT_FOLLOW_UP, {"first": first, "last": last, "on": on})
        return await cursor.fetchall()


@dataclass(frozen=True, slots=True)
class TaskItem:
    """Describes one task of a conclusion notice."""

    meeting_id: UUID
    number: int
    unit: str
    organiser: str
    notice_no: str
    given_on: date
    task: str
    due_on: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Holds the first tasks of a list; `total` is the number of all tasks."""

    total: int
    items: list[TaskItem]


async def tasks_of_conclusions(
    connection: Connection,
    first: date,
    last: date,
    *,
    on: date,
    figure: str = "tasks_given",
    unit: str | None = None,
    meeting_id: UUID | None = None,
    limit: int = 200,
) -> TaskPage:
    """Return the tasks that the figure of TASK_FIGURES counts, earliest due date first.

    Only meetings held from the first to the last day, both inclusive, are included.
    """
    condition: LiteralString = (
        "m.fate = 'held' AND m.day BETWEEN %(first)s AND %(last)s"
        " AND (%(unit)s::text IS NULL OR t.unit = %(unit)s)"
        " AND (%(meeting)s::uuid IS NULL OR t.meeting_id = %(meeting)s)"
    )
    condition = f"{condition} AND {TASK_FIGURES[figure]}"
    joined: LiteralString = "meetings AS m JOIN meetings_tasks AS t USING (meeting_id)"
    statement: LiteralString = f"""
        SELECT n.total::int, l.*
        FROM (SELECT count(*) FROM {joined} WHERE {condition}) AS n (total)
        LEFT JOIN (
            SELECT t.* FROM {joined} WHERE {condition} ORDER BY t.due_on, t.meeting_id, t.number LIMIT %(limit)s
        ) AS l ON true
        ORDER BY l.due_on, l.meeting_id, l.number
    """  # noqa: S608 - constants of this module
    parameters = {"first": first, "last": last, "on": on, "unit": unit, "meeting": meeting_id, "limit": limit}
    cursor = await connection.execute(statement, parameters)
    found = await cursor.fetchall()
    return TaskPage(found[0][0], [TaskItem(*row[1:]) for row in found if row[1] is not None])


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Describes one period in which a head met the people less often than required."""

    first: date
    last: date
    required: int
    held: int
    delegated: int


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Describes how the head of one unit fulfilled one duty to meet the people.

    `held` counts reception days or conferences, including those that the head delegated. A period with more than the
    required number does not make up for another period.
    """

    unit: str
    duty: str
    kind: str
    required: int
    held: int
    delegated: int
    missing: int
    shortfalls: list[Shortfall]


_SELECT_HELD: LiteralString = """
    SELECT r.nth::int,
           CASE WHEN r.kind = 'reception_day' THEN count(DISTINCT m.day) ELSE count(m.day) END::int AS held,
           CASE WHEN r.kind = 'reception_day' THEN count(DISTINCT m.day) FILTER (WHERE m.instead_of IS NULL)
                ELSE count(m.day) FILTER (WHERE m.instead_of IS NULL) END::int AS in_person
    FROM unnest(%(units)s::text[], %(kinds)s::text[], %(firsts)s::date[], %(lasts)s::date[])
         WITH ORDINALITY AS r (unit, kind, first, last, nth)
    LEFT JOIN meetings AS m
           ON m.fate = 'held' AND m.organiser = r.unit AND m.kind = r.kind AND m.day BETWEEN r.first AND r.last
    GROUP BY r.nth, r.kind ORDER BY r.nth
"""


async def heads_duties(connection: Connection, required: Iterable[RequiredMeetings]) -> list[DutyLine]:
    """Return one line for each unit and duty, even if the head never met anybody: zero is a finding, too."""
    required_periods = list(required)
    parameters = {
        "units": [period.unit for period in required_periods],
        "kinds": [period.kind.value for period in required_periods],
        "firsts": [period.first for period in required_periods],
        "lasts": [period.last for period in required_periods],
    }
    cursor = await connection.execute(_SELECT_HELD, parameters)
    by_duty: defaultdict[tuple[str, str], list[tuple[RequiredMeetings, int, int]]] = defaultdict(list)
    for period, (_, held, in_person) in zip(required_periods, await cursor.fetchall(), strict=True):
        by_duty[period.unit, period.duty].append((period, held, in_person))
    return [_duty_line(unit, duty, periods) for (unit, duty), periods in sorted(by_duty.items())]


def _duty_line(unit: str, duty: str, periods: list[tuple[RequiredMeetings, int, int]]) -> DutyLine:
    missing, shortfalls = 0, []
    for period, held, in_person in periods:
        lacking = period.times - (held if period.delegation_counts else in_person)
        if lacking > 0:
            missing += lacking
            shortfalls.append(Shortfall(period.first, period.last, period.times, held, held - in_person))
    return DutyLine(
        unit=unit,
        duty=duty,
        kind=periods[0][0].kind,
        required=sum(period.times for period, _, _ in periods),
        held=sum(held for _, held, _ in periods),
        delegated=sum(held - in_person for _, held, in_person in periods),
        missing=missing,
        shortfalls=shortfalls,
    )
