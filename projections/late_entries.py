"""Keeps the acts that were entered late, and lists and counts them by who recorded them.

Two figures count them. `entered_late`: more than one working day lies between the day that was stated and the day of
the recording. `passed_due_date`: the act was recorded after a due date and is dated on that date or before it. An act
may be in both. Periods are of days of recording, so that a figure of a closed period does not move.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from domain.deadlines.calendar import WEEKLY_REST, Calendar
from projections.case_state import CaseState
from projections.projection import Connection, Projection, Table, TableRow

COUNTED_FROM = date(2000, 1, 3)
"""A Monday, the first day that is counted. What is dated earlier was entered late all the same."""

_ENTRIES_TABLE = Table(
    "late_entries", ("unit", "recorded_on", "petition_id", "version"), ("officer", "act", "stated_on", "due_on")
)


class LateEntries(Projection):
    """Keeps a row for each act that was recorded two days or more after its day, or after a due date since."""

    name: ClassVar = "late_entries"
    version: ClassVar = 1
    tables: ClassVar = (_ENTRIES_TABLE,)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if isinstance(state, CaseState):
            for entry in state.late_entries:
                key = (entry.unit, entry.recorded_on, state.petition_id, entry.version)
                yield _ENTRIES_TABLE, (*key, entry.officer, entry.act, entry.stated_on, entry.due_on)


class LateEntryFigure(StrEnum):
    """Names the figures of acts that were recorded after their days."""

    ENTERED_LATE = "entered_late"
    PASSED_DUE_DATE = "passed_due_date"


_CONDITIONS = {
    LateEntryFigure.ENTERED_LATE: "working_days > 1",
    LateEntryFigure.PASSED_DUE_DATE: "due_on IS NOT NULL",
}


class LateEntryCursor(NamedTuple):
    """Names the last line of a page; the next page begins after it."""

    unit: str
    recorded_on: date
    petition_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class LateEntryLine:
    """Describes an act that was recorded after its day.

    `working_days` are those after the stated day, the day of the recording included. `due_on` is the first date that
    passed in between, None where none did. `unit` and `officer` are those who recorded the act, the event `version` of
    the petition's history; `act` is the class name of that event.
    """

    petition_id: UUID
    reference: str | None
    version: int
    act: str
    kind: str | None
    unit: str
    officer: str
    stated_on: date
    recorded_on: date
    working_days: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LateEntryPage:
    """Holds one page of the list; `total` counts all pages."""

    total: int
    items: list[LateEntryLine]
    next: LateEntryCursor | None


@dataclass(frozen=True, slots=True)
class LateEntryCount:
    """Counts the acts that an officer of a unit recorded after their days, and the most working days between."""

    unit: str
    officer: str
    entered_late: int
    passed_due_date: int
    most_working_days: int


@dataclass(frozen=True, slots=True)
class LateEntryFilter:
    """Says which acts are asked for: recorded from `first` to `last`, both inclusive; None means all."""

    last: date
    first: date | None = None
    unit: str | None = None
    officer: str | None = None
    figure: LateEntryFigure | None = None


_WORKED_UNTIL = f"""
    ((greatest({{day}}, '{COUNTED_FROM}') - '{COUNTED_FROM}') / 7 * 5
     + least((greatest({{day}}, '{COUNTED_FROM}') - '{COUNTED_FROM}') %% 7 + 1, 5)
     - width_bucket({{day}}, %(days_off)s::date[]) + width_bucket({{day}}, %(days_worked)s::date[]))
"""
"""The working days up to a day: Mondays to Fridays, less the days off, and the rest days that were worked."""
_COUNTED = f"""
    SELECT * FROM (
        SELECT *, {_WORKED_UNTIL.format(day="recorded_on")} - {_WORKED_UNTIL.format(day="stated_on")} AS working_days
        FROM late_entries WHERE recorded_on BETWEEN %(first)s AND %(last)s
    ) AS entries WHERE {{condition}}
"""  # noqa: S608 - names of this module
_PAGE = """
    WITH counted AS ({counted})
    SELECT t.total, p.unit, p.recorded_on, p.petition_id, p.version, p.officer, p.act, p.stated_on, p.due_on,
           p.working_days, o.reference, o.kind
    FROM (SELECT count(*) FROM counted) AS t (total)
    LEFT JOIN (
        SELECT * FROM counted {follows} ORDER BY unit, recorded_on, petition_id, version LIMIT %(limit)s
    ) AS p ON true
    LEFT JOIN overdue AS o USING (petition_id)
    ORDER BY p.unit, p.recorded_on, p.petition_id, p.version
"""
_FOLLOWS = """
    WHERE (unit, recorded_on, petition_id, version) > (%(after_unit)s, %(after_on)s, %(after_id)s, %(after_version)s)
"""
_COUNTS = """
    SELECT unit, officer,
           count(*) FILTER (WHERE working_days > 1)::integer AS entered_late,
           count(*) FILTER (WHERE due_on IS NOT NULL)::integer AS passed_due_date,
           max(working_days) AS most_working_days
    FROM ({counted}) AS counted GROUP BY unit, officer ORDER BY unit COLLATE "C", officer COLLATE "C"
"""


class _EntryRow(NamedTuple):
    """Holds one row of the list. Only `total` is there in the single row of an empty list."""

    total: int
    unit: str | None
    recorded_on: date
    petition_id: UUID
    version: int
    officer: str
    act: str
    stated_on: date
    due_on: date | None
    working_days: int
    reference: str | None
    kind: str | None


async def list_late_entries(
    connection: Connection,
    calendar: Calendar,
    wanted: LateEntryFilter,
    *,
    after: LateEntryCursor | None = None,
    limit: int = 50,
) -> LateEntryPage:
    """Return a page of the acts, by unit, day of recording, petition and place in its history."""
    counted, parameters = _counted(calendar, wanted)
    parameters |= {"limit": limit + 1}
    if after is not None:
        parameters |= {
            f"after_{name}": value for name, value in zip(("unit", "on", "id", "version"), after, strict=True)
        }
    async with connection.cursor(row_factory=class_row(_EntryRow)) as cursor:
        statement = _PAGE.format(counted=counted, follows="" if after is None else _FOLLOWS)
        await cursor.execute(statement, parameters, binary=True)
        found = await cursor.fetchall()
    listed = [_line_of(row) for row in found[:limit] if row.unit is not None]
    last = listed[-1] if len(found) > limit else None
    return LateEntryPage(
        total=found[0].total,
        items=listed,
        next=None if last is None else LateEntryCursor(last.unit, last.recorded_on, last.petition_id, last.version),
    )


async def count_late_entries(
    connection: Connection, calendar: Calendar, wanted: LateEntryFilter
) -> list[LateEntryCount]:
    """Return the figures by unit and officer; who has no such act has no line."""
    counted, parameters = _counted(calendar, wanted)
    async with connection.cursor(row_factory=class_row(LateEntryCount)) as cursor:
        await cursor.execute(_COUNTS.format(counted=counted), parameters, binary=True)
        return await cursor.fetchall()


def _counted(calendar: Calendar, wanted: LateEntryFilter) -> tuple[str, dict[str, object]]:
    """Return the statement of all acts that are asked for, and its parameters."""
    conditions = _CONDITIONS.values() if wanted.figure is None else (_CONDITIONS[wanted.figure],)
    condition = f"({' OR '.join(conditions)})"
    condition += "" if wanted.unit is None else " AND unit = %(unit)s"
    condition += "" if wanted.officer is None else " AND officer = %(officer)s"
    return _COUNTED.format(condition=condition), {
        "first": wanted.first or date.min,
        "last": wanted.last,
        "unit": wanted.unit,
        "officer": wanted.officer,
        "days_off": sorted(day for day in calendar.days_off if day.weekday() not in WEEKLY_REST),
        "days_worked": sorted(day for day in calendar.days_worked if day.weekday() in WEEKLY_REST),
    }


def _line_of(row: _EntryRow) -> LateEntryLine:
    return LateEntryLine(
        petition_id=row.petition_id,
        reference=row.reference,
        version=row.version,
        act=row.act,
        kind=row.kind,
        unit=row.unit or "",
        officer=row.officer,
        stated_on=row.stated_on,
        recorded_on=row.recorded_on,
        working_days=row.working_days,
        due_on=row.due_on,
    )
