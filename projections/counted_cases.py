"""Lists the petitions behind a figure of the table of units, for a unit or all, in a period or on a day.

The rows are the lines from which the sums are made, so that the list of a figure is as long as the figure is large.
What is open on a day, and the duties, `projections.owed_list` lists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from domain.deadlines.deadline import days_late
from projections.counted_lines import SPAN_FIGURES
from projections.overdue import PETITIONS_TABLE
from projections.projection import Connection, SealedCells, TextReader
from projections.unit_workload import BIT_OF_FIGURE


class _Mask(NamedTuple):
    """Holds which lines a figure counts: those with one of the bits `of`, and none of the bits `without`."""

    of: int
    without: int = 0


def _bits(*figures: str) -> int:
    return sum(BIT_OF_FIGURE[figure] for figure in figures)


_ANSWERED = _bits("answered_at_meeting", "answered_in_writing")
_OTHERWISE = _bits("settled_otherwise")
_ENDED = _ANSWERED | _OTHERWISE | _bits("ended_by_going_up", "linked")
_NOT_ON_TIME = _bits("ended_late", "ended_without_limit", "ended_unproven")

FIGURES_WITH_LIST: Mapping[str, _Mask] = {
    **{figure: _Mask(bit) for figure, bit in BIT_OF_FIGURE.items()},
    "answered": _Mask(_ANSWERED),
    "answered_on_time": _Mask(_ANSWERED, _NOT_ON_TIME),
    "settled_otherwise_on_time": _Mask(_OTHERWISE, _NOT_ON_TIME),
    "ended": _Mask(_ENDED),
    "ended_on_time": _Mask(_ENDED, _NOT_ON_TIME),
}
"""The figures whose petitions can be listed here. The words are those of `projections.unit_figures.UnitFigures`."""


class CountedCursor(NamedTuple):
    """Names the last line of a page; the next page begins after it."""

    unit: str
    counted_on: date
    petition_id: UUID
    line: int


@dataclass(frozen=True, slots=True)
class CountedCase:
    """Describes a petition that a figure counts for the unit on the day `counted_on`.

    `officer` is who had it then, None where that is not known or nobody was named. `due_on` is the date that was
    missed or kept; `days_late` are the calendar days from it to the day, 0 when not late. `kind` and `stage` are those
    of now; `stage` is None while nobody owes an answer.
    """

    petition_id: UUID
    reference: str | None
    unit: str
    officer: str | None
    counted_on: date
    due_on: date | None
    days_late: int
    days_taken: int | None
    kind: str | None
    stage: str | None
    received_on: date | None
    place: str
    summary: str
    identity_protected: bool


@dataclass(frozen=True, slots=True)
class CountedPage:
    """Holds one page of the list; `total` counts all pages."""

    total: int
    items: list[CountedCase]
    next: CountedCursor | None


class _CountedRow(NamedTuple):
    """Holds one row of the list. `total` counts all pages."""

    total: int
    unit: str | None  # None in the single row of an empty list, which has only the total
    counted_on: date
    petition_id: UUID
    line: int
    officer: str | None
    due_on: date | None
    days_taken: int | None
    reference: str | None
    kind: str | None
    stage: str | None
    received_on: date | None
    place: bytes | None
    summary: bytes | None
    identity_protected: bool | None


_LINES = """
    SELECT l.* FROM {units}
    WHERE figures & %(of)s <> 0 AND figures & %(without)s = 0 AND {days}{more}
"""
_EVERY_UNIT = """(SELECT DISTINCT unit FROM unit_workload WHERE grain = 1) AS u
    CROSS JOIN LATERAL (SELECT * FROM unit_workload_lines WHERE unit = u.unit) AS l"""
_ONE_UNIT = "(SELECT * FROM unit_workload_lines WHERE unit = %(unit)s) AS l"
_DAYS_OF_FLOW = "counted_on BETWEEN %(first)s AND %(last)s"
_DAYS_OF_SPAN = "counted_on <= %(last)s AND (until_on IS NULL OR until_on > %(last)s)"
_PAGE = """
    SELECT t.total, l.unit, l.counted_on, l.petition_id, l.line, l.officer, l.due_on, l.days_taken,
           o.reference, o.kind, o.stage, o.received_on, o.place, o.summary, o.identity_protected
    FROM (SELECT count(*) FROM ({lines}) AS c) AS t (total)
    LEFT JOIN (
        SELECT * FROM ({lines}{follows}) AS p ORDER BY unit, counted_on, petition_id, line LIMIT %(limit)s
    ) AS l ON true
    LEFT JOIN overdue AS o USING (petition_id)
    ORDER BY l.unit, l.counted_on, l.petition_id, l.line
"""
_FOLLOWS = """
    AND (l.unit, counted_on, petition_id, line)
        > (%(after_unit)s, %(after_on)s, %(after_id)s, %(after_line)s)
"""


async def counted_cases(
    connection: Connection,
    texts: TextReader,
    figure: str,
    first: date | None,
    last: date,
    *,
    unit: str | None = None,
    officer: str | None = None,
    kind: str | None = None,
    after: CountedCursor | None = None,
    limit: int = 50,
) -> CountedPage:
    """Return a page of the petitions that the figure counts, by unit and day.

    Flows are those from `first` (None: from the beginning) to `last`, both inclusive; for a figure of spans those that
    count at the end of `last`. `unit`, `officer` and `kind` None mean all; `unit` "" means the petitions of no unit.
    Raise KeyError for a figure that has no list here.
    """
    mask = FIGURES_WITH_LIST[figure]
    parameters: dict[str, object] = {
        **{"of": mask.of, "without": mask.without, "first": first or date.min, "last": last, "limit": limit + 1},
        **{"unit": unit, "officer": officer, "kind": kind},
    }
    if after is not None:
        parameters |= {f"after_{name}": value for name, value in zip(("unit", "on", "id", "line"), after, strict=True)}
    more = "" if officer is None else " AND officer = %(officer)s"
    more += "" if kind is None else " AND petition_id IN (SELECT petition_id FROM overdue WHERE kind = %(kind)s)"
    lines = _LINES.format(
        units=_EVERY_UNIT if unit is None else _ONE_UNIT,
        days=_DAYS_OF_SPAN if figure in SPAN_FIGURES else _DAYS_OF_FLOW,
        more=more,
    )
    async with connection.cursor(row_factory=class_row(_CountedRow)) as cursor:
        statement = _PAGE.format(lines=lines, follows="" if after is None else _FOLLOWS)
        await cursor.execute(statement, parameters, binary=True)
        found = await cursor.fetchall()
    listed = [row for row in found[:limit] if row.unit is not None]
    shown = [row for row in listed if row.place is not None and row.summary is not None]
    cells = [SealedCells(row.petition_id, (row.place or b"", row.summary or b"")) for row in shown]
    opened = await texts.open_cells(connection, PETITIONS_TABLE, cells)
    texts_of = {row.petition_id: text for row, text in zip(shown, opened, strict=True)}
    last_row = listed[-1] if len(found) > limit else None
    return CountedPage(
        total=found[0].total,
        items=[_counted_case(row, texts_of.get(row.petition_id, ["", ""])) for row in listed],
        next=None
        if last_row is None
        else CountedCursor(last_row.unit or "", last_row.counted_on, last_row.petition_id, last_row.line),
    )


def _counted_case(row: _CountedRow, texts: list[str]) -> CountedCase:
    place, summary = texts
    return CountedCase(
        petition_id=row.petition_id,
        reference=row.reference,
        unit=row.unit or "",
        officer=row.officer,
        counted_on=row.counted_on,
        due_on=row.due_on,
        days_late=0 if row.due_on is None else days_late(row.due_on, row.counted_on),
        days_taken=row.days_taken,
        kind=row.kind,
        stage=row.stage,
        received_on=row.received_on,
        place=place,
        summary=summary,
        # a petition of which nothing is known here yet is shown to nobody
        identity_protected=row.identity_protected is not False,
    )
