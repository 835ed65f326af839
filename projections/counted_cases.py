"""Lists the petitions behind a figure of the table of units, for a unit or all, in a period or on a day.

The rows are the lines from which the sums are made, so that the list of a figure is as long as the figure is large.
The due states of what is open on a day, and the duties, `projections.owed_list` lists: OWED_FIGURES says how.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from domain.deadlines.deadline import days_late
from domain.status import DueState
from projections.counted_lines import EACH_DAY_FIGURES, SPAN_FIGURES
from projections.overdue import PETITIONS_TABLE
from projections.owed_sql import Owed
from projections.past_rows import PastRows, past_tables_and_rows_sql
from projections.projection import Connection, SealedCells, TextReader
from projections.unit_workload import BIT_OF_FIGURE, LINES_TABLE
from projections.workload_deltas import UNIT_WORKLOAD_COUNTERS


class _Days(Enum):
    """Says on which days a line counts: the condition, and how much it adds."""

    OF_FLOW = "counted_on BETWEEN %(first)s AND %(last)s", "1"
    OF_SPAN = "counted_on <= %(last)s AND (until_on IS NULL OR until_on > %(last)s)", "1"
    BEFORE = "counted_on < %(first)s AND (until_on IS NULL OR until_on >= %(first)s)", "1"
    OF_END = "until_on BETWEEN %(first)s AND %(last)s", "1"
    EACH = (
        "counted_on <= %(last)s AND (until_on IS NULL OR until_on > %(first)s)",
        "least(until_on, %(last)s::date + 1) - greatest(counted_on, %(first)s)",
    )

    def __init__(self, condition: LiteralString, amount: LiteralString) -> None:
        self.condition: LiteralString = condition
        self.amount: LiteralString = amount


class _Mask(NamedTuple):
    """Holds which lines a figure counts, and when: those with one of the bits `of`, and none of the bits `without`."""

    of: int
    without: int = 0
    days: _Days = _Days.OF_FLOW


def _bits(*figures: str) -> int:
    return sum(BIT_OF_FIGURE[figure] for figure in figures)


_ANSWERED = _bits("answered_at_meeting", "answered_in_writing")
_OTHERWISE = _bits("settled_otherwise")
_ENDED = _ANSWERED | _OTHERWISE | _bits("ended_by_going_up", "linked")
_NOT_ON_TIME = _bits("ended_late", "ended_without_limit", "ended_unproven")
_OPEN = _bits("open")


def _days_of(figure: str) -> _Days:
    if figure in EACH_DAY_FIGURES:
        return _Days.EACH
    return _Days.OF_SPAN if figure in SPAN_FIGURES else _Days.OF_FLOW


FIGURES_WITH_LIST: Mapping[str, _Mask] = {
    **{figure: _Mask(bit, days=_days_of(figure)) for figure, bit in BIT_OF_FIGURE.items()},
    "carried_over": _Mask(_OPEN, days=_Days.BEFORE),
    "came_in": _Mask(_OPEN),
    "went_out": _Mask(_OPEN, days=_Days.OF_END),
    "answered": _Mask(_ANSWERED),
    "answered_on_time": _Mask(_ANSWERED, _NOT_ON_TIME),
    "settled_otherwise_on_time": _Mask(_OTHERWISE, _NOT_ON_TIME),
    "ended": _Mask(_ENDED),
    "ended_on_time": _Mask(_ENDED, _NOT_ON_TIME),
}
"""The figures whose petitions can be listed here. The words are those of `projections.unit_figures.UnitFigures`."""


class OwedFigure(NamedTuple):
    """Holds what `projections.owed_list` lists for a figure of the due state at the end of a day."""

    states: frozenset[DueState]
    owed: Owed


OWED_FIGURES: Mapping[str, OwedFigure] = {
    "overdue": OwedFigure(frozenset({DueState.OVERDUE}), Owed.ANSWER),
    "due_today": OwedFigure(frozenset({DueState.DUE_TODAY}), Owed.ANSWER),
    "not_yet_due": OwedFigure(frozenset({DueState.DUE_SOON, DueState.NOT_YET_DUE}), Owed.ANSWER),
    "suspended": OwedFigure(frozenset({DueState.SUSPENDED}), Owed.ANSWER),
    "no_limit_set": OwedFigure(frozenset({DueState.NO_LIMIT_SET}), Owed.ANSWER),
    "duties": OwedFigure(frozenset(DueState), Owed.DUTY),
    "duties_overdue": OwedFigure(frozenset({DueState.OVERDUE}), Owed.DUTY),
}
"""The figures whose petitions the list of what is owed has."""


class CountedCursor(NamedTuple):
    """Names the last line of a page; the next page begins after it."""

    unit: str
    counted_on: date
    petition_id: UUID
    line: int


@dataclass(frozen=True, slots=True)
class CountedCase:
    """Describes a petition that a figure counts for the unit on the day `counted_on`.

    `amount` is what it adds to the figure: 1, or the days late within the period. `officer` is who had it then, None
    where that is not known or nobody was named. `due_on` is the date that was missed or kept; `days_late` are the
    calendar days from it to the day, 0 when not late. `kind` and `stage` are those of now, or of the moment that is
    asked for; `stage` is None while nobody owes an answer.
    """

    petition_id: UUID
    reference: str | None
    unit: str
    officer: str | None
    counted_on: date
    amount: int
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
    """Holds one page of the list. `total` is the figure: what all petitions of all pages add to it."""

    total: int
    items: list[CountedCase]
    next: CountedCursor | None


class _CountedRow(NamedTuple):
    """Holds one row of the list. `total` counts all pages."""

    total: int
    unit: str | None  # None in the single row of an empty list, which has only the total
    counted_on: date
    until_on: date | None
    petition_id: UUID
    line: int
    amount: int
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
    SELECT l.*, {amount} AS amount FROM {units}
    WHERE figures & %(of)s <> 0 AND figures & %(without)s = 0 AND {days}{more}
"""
_EVERY_UNIT = """(SELECT DISTINCT unit FROM unit_workload WHERE grain = 1) AS u
    CROSS JOIN LATERAL (SELECT * FROM unit_workload_lines WHERE unit = u.unit) AS l"""
_ONE_UNIT = "(SELECT * FROM unit_workload_lines WHERE unit = %(unit)s) AS l"
_PAGE = """
    SELECT t.total::bigint, l.unit, l.counted_on, l.until_on, l.petition_id, l.line, l.amount, l.officer, l.due_on,
           l.days_taken, {shown}
    FROM (SELECT coalesce(sum(amount), 0) FROM ({lines}) AS c) AS t (total)
    LEFT JOIN (
        SELECT * FROM ({lines}{follows}) AS p ORDER BY unit, counted_on, petition_id, line LIMIT %(limit)s
    ) AS l ON true
    LEFT JOIN overdue AS o USING (petition_id) {joined}
    ORDER BY l.unit, l.counted_on, l.petition_id, l.line
"""
_SHOWN = ("reference", "kind", "stage", "received_on", "place", "summary", "identity_protected")
_SHOWN_NOW = ", ".join(f"o.{column}" for column in _SHOWN)
_SHOWN_THEN = ", ".join(
    f"CASE WHEN k.petition_id IS NULL THEN o.{column} ELSE k.{column} END AS {column}" for column in _SHOWN
)
_FOLLOWS = """
    AND (l.unit, counted_on, petition_id, line)
        > (%(after_unit)s, %(after_on)s, %(after_id)s, %(after_line)s)
"""
_OF_KIND_NOW = "SELECT petition_id FROM overdue WHERE kind = %(kind)s"
_OF_KIND_THEN = f"""
    {_OF_KIND_NOW} AND petition_id NOT IN (SELECT petition_id FROM overdue_then)
    UNION ALL SELECT petition_id FROM overdue_then WHERE kind = %(kind)s
"""  # noqa: S608 - constants of this module

COUNTED_TABLES = (LINES_TABLE, UNIT_WORKLOAD_COUNTERS)
"""The tables that the lists read as they were, beside the petitions of then."""


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
    past: PastRows | None = None,
) -> CountedPage:
    """Return a page of the petitions that the figure counts, by unit and day; those that went out by the day they came.

    Flows are those from `first` (None: from the beginning) to `last`, both inclusive; for a figure of spans those that
    count at the end of `last`. `unit`, `officer` and `kind` None mean all; `unit` "" means the petitions of no unit.
    With `past`, which has the rows of petitions too, the list is that of an earlier position of the log. Raise KeyError
    for a figure that has no list here.
    """
    mask = FIGURES_WITH_LIST[figure]
    parameters: dict[str, object] = {
        **{"of": mask.of, "without": mask.without, "first": first or date.min, "last": last, "limit": limit + 1},
        **{"unit": unit, "officer": officer, "kind": kind},
    }
    if after is not None:
        parameters |= {f"after_{name}": value for name, value in zip(("unit", "on", "id", "line"), after, strict=True)}
    of_kind = _OF_KIND_NOW if past is None else _OF_KIND_THEN
    more = "" if officer is None else " AND officer = %(officer)s"
    more += "" if kind is None else f" AND petition_id IN ({of_kind})"
    lines = _LINES.format(
        amount=mask.days.amount,
        units=_EVERY_UNIT if unit is None else _ONE_UNIT,
        days=mask.days.condition,
        more=more,
    )
    statement = _PAGE.format(
        lines=lines,
        follows="" if after is None else _FOLLOWS,
        shown=_SHOWN_NOW if past is None else _SHOWN_THEN,
        joined="" if past is None else "LEFT JOIN overdue_then AS k USING (petition_id)",
    )
    if past is not None:
        serving_counts = past.changed is not None
        statement = (
            past_tables_and_rows_sql(COUNTED_TABLES, (PETITIONS_TABLE,), serving_counts=serving_counts) + statement
        )
        parameters |= past.parameters(*COUNTED_TABLES, PETITIONS_TABLE)
    async with connection.cursor(row_factory=class_row(_CountedRow)) as cursor:
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
        items=[_counted_case(row, mask.days, texts_of.get(row.petition_id, ["", ""])) for row in listed],
        next=None
        if last_row is None
        else CountedCursor(last_row.unit or "", last_row.counted_on, last_row.petition_id, last_row.line),
    )


def _counted_case(row: _CountedRow, days: _Days, texts: list[str]) -> CountedCase:
    place, summary = texts
    counted_on = (row.until_on or row.counted_on) if days is _Days.OF_END else row.counted_on
    return CountedCase(
        petition_id=row.petition_id,
        reference=row.reference,
        unit=row.unit or "",
        officer=row.officer,
        counted_on=counted_on,
        amount=row.amount,
        due_on=row.due_on,
        days_late=0 if row.due_on is None else days_late(row.due_on, counted_on),
        days_taken=row.days_taken,
        kind=row.kind,
        stage=row.stage,
        received_on=row.received_on,
        place=place,
        summary=summary,
        # a petition of which nothing is known here yet is shown to nobody
        identity_protected=row.identity_protected is not False,
    )
