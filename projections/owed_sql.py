"""Writes the statement that lists what is owed on a day: which rows count, in which order, and the total."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import LiteralString, NamedTuple

from domain.status import DueState
from projections.overdue import DUE_COUNTERS, DUE_OF_UNIT_COUNTERS
from projections.standing_intervals import NEVER


class Owed(StrEnum):
    """Names what a line of the list is for."""

    ANSWER = "answer"  # an open petition
    DUTY = "duty"  # what an act made due beside the answer


_STATE_SQL = {
    DueState.OVERDUE: "NOT {suspended} AND due_on < %(on)s",
    DueState.DUE_TODAY: "NOT {suspended} AND due_on = %(on)s",
    DueState.DUE_SOON: "NOT {suspended} AND due_on > %(on)s AND due_on <= %(soon)s",
    DueState.NOT_YET_DUE: "NOT {suspended} AND due_on > %(on)s AND due_on > %(soon)s AND due_on < %(never)s",
    DueState.SUSPENDED: "{suspended}",
    DueState.NO_LIMIT_SET: "NOT {suspended} AND due_on = %(never)s",
}
_PETITIONS_ON_DAY: tuple[LiteralString, ...] = (
    "overdue WHERE stage IS NOT NULL AND since_on <= %(on)s",
    "overdue_past WHERE daterange(since_on, until_on) @> %(on)s",
)
_DUTIES_ON_DAY: tuple[LiteralString, ...] = (
    f"overdue_duties WHERE until_on = '{NEVER}' AND since_on <= %(on)s",
    f"overdue_duties WHERE until_on < '{NEVER}' AND daterange(since_on, until_on) @> %(on)s",
)


class _Source(NamedTuple):
    """Names rows of the view that held on the day, and how the columns of the list are read from them.

    `order` are the columns by which the rows are sorted, `follows` the condition of the rows after the cursor.
    `suspended` and `waiting` say of a row whether it stands still, and whether the citizen's supplement is waited for.
    """

    rows: LiteralString
    columns: LiteralString
    order: LiteralString
    follows: LiteralString
    suspended: LiteralString
    waiting: LiteralString


_PETITION_SOURCES = tuple(
    _Source(
        rows,
        "petition_id, '' AS duty, unit, officer, stage, due_on, clock, '' AS subject, waiting_since",
        "due_on, petition_id",
        # the line of a petition stands before those of its duties of the same day
        "(due_on, petition_id) > (%(after_on)s, %(after_id)s)",
        "(stage = 'suspended')",
        "(waiting_since IS NOT NULL)",
    )
    for rows in _PETITIONS_ON_DAY
)
_DUTY_SOURCES = tuple(
    _Source(
        rows,
        "petition_id, duty, unit, NULL AS officer, stage, due_on, clock, subject, NULL::date AS waiting_since",
        "due_on, petition_id, duty",
        "(due_on, petition_id, duty) > (%(after_on)s, %(after_id)s, %(after_duty)s)",
        "false",
        "false",
    )
    for rows in _DUTIES_ON_DAY
)
_SOURCES: Mapping[Owed | None, tuple[_Source, ...]] = {
    Owed.ANSWER: _PETITION_SOURCES,
    Owed.DUTY: _DUTY_SOURCES,
    None: (*_PETITION_SOURCES, *_DUTY_SOURCES),
}
_OWED_SQL: Mapping[Owed | None, LiteralString] = {Owed.ANSWER: " AND NOT is_duty", Owed.DUTY: " AND is_duty", None: ""}


def _state_condition(states: Collection[DueState], unit: str | None, suspended: str) -> str:
    condition = " OR ".join(f"({_STATE_SQL[state]})" for state in DueState if state in states)
    return f"({condition.format(suspended=suspended)})" + ("" if unit is None else " AND unit = %(unit)s")


def _line_condition(source: _Source, states: Collection[DueState], unit: str | None, *, by_wait: bool) -> str:
    condition = _state_condition(states, unit, source.suspended)
    return f"{condition} AND {source.waiting} = %(waiting)s" if by_wait else condition


def _count_sql(sources: Iterable[_Source], states: Collection[DueState], unit: str | None, *, by_wait: bool) -> str:
    """Return SQL that counts the lines one by one, because no table has the totals of past days or of waits."""
    return " + ".join(
        f"(SELECT count(*) FROM {source.rows} AND {_line_condition(source, states, unit, by_wait=by_wait)})"  # noqa: S608
        for source in sources
    )


def _sum_sql(owed: Owed | None, states: Collection[DueState], unit: str | None) -> str:
    """Return SQL that adds up the counter rows, which hold the totals of today and later days."""
    counters = DUE_COUNTERS if unit is None else DUE_OF_UNIT_COUNTERS
    condition = _state_condition(states, unit, "is_suspended") + _OWED_SQL[owed]
    return f"(SELECT coalesce(sum(lines), 0) FROM {counters.name} WHERE {condition})"  # noqa: S608


def _page_sql(source: _Source, states: Collection[DueState], unit: str | None, *, by_wait: bool, is_next: bool) -> str:
    """Return SQL for the first lines of a source, or for those after the cursor."""
    condition = _line_condition(source, states, unit, by_wait=by_wait) + (f" AND {source.follows}" if is_next else "")
    return f"(SELECT {source.columns} FROM {source.rows} AND {condition} ORDER BY {source.order} LIMIT %(limit)s)"  # noqa: S608


def list_statement(
    owed: Owed | None,
    states: Collection[DueState],
    unit: str | None,
    *,
    by_wait: bool,
    is_past: bool,
    is_next: bool,
) -> str:
    """Return one statement for a page of the list and the total, so that both see the same snapshot.

    It finds the lines of the page first, and reads their other columns only for these. Its parameters are `on`, `soon`,
    `never`, `limit` and `unit`, and those of the cursor if `is_next`: `after_on`, `after_id` and `after_duty`, and
    `waiting` if `by_wait`. For a past day, and by wait, the lines are counted; else the counters have the total.
    """
    sources = _SOURCES[owed]
    is_counted = is_past or by_wait
    total = _count_sql(sources, states, unit, by_wait=by_wait) if is_counted else _sum_sql(owed, states, unit)
    pages = " UNION ALL ".join(_page_sql(source, states, unit, by_wait=by_wait, is_next=is_next) for source in sources)
    return f"""
        SELECT t.total::bigint, l.*,
               o.reference, o.kind, o.received_on, o.channel, o.place, o.summary, o.identity_protected,
               o.duplicates
        FROM (SELECT {total}) AS t (total)
        LEFT JOIN (SELECT * FROM ({pages}) AS s ORDER BY due_on, petition_id, duty LIMIT %(limit)s) AS l ON true
        LEFT JOIN overdue AS o USING (petition_id)
        ORDER BY l.due_on, l.petition_id, l.duty
    """  # noqa: S608 - constants of this module
