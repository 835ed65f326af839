"""Writes the statement that lists what is owed on a day: which rows count, in which order, and the total."""

from collections.abc import Mapping
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
    DueState.OVERDUE: "NOT {held} AND due_on < %(on)s",
    DueState.DUE_TODAY: "NOT {held} AND due_on = %(on)s",
    DueState.DUE_SOON: "NOT {held} AND due_on > %(on)s AND due_on <= %(soon)s",
    DueState.NOT_YET_DUE: "NOT {held} AND due_on > %(on)s AND due_on > %(soon)s AND due_on < %(never)s",
    DueState.SUSPENDED: "{held}",
    DueState.NO_LIMIT_SET: "NOT {held} AND due_on = %(never)s",
}


class _Rows(NamedTuple):
    """Names the rows of a table that hold now and begin by the day, or only after it, and those of the past that held
    on the day.
    """

    begun: LiteralString
    ahead: LiteralString
    past: LiteralString


_PETITIONS = _Rows(
    begun="overdue WHERE stage IS NOT NULL AND since_on <= %(on)s",
    ahead="overdue WHERE stage IS NOT NULL AND since_on > %(on)s",
    past="overdue_past WHERE daterange(since_on, until_on) @> %(on)s",
)
_DUTIES = _Rows(
    begun=f"overdue_duties WHERE until_on = '{NEVER}' AND since_on <= %(on)s",
    ahead=f"overdue_duties WHERE until_on = '{NEVER}' AND since_on > %(on)s",
    past=f"overdue_duties WHERE until_on < '{NEVER}' AND daterange(since_on, until_on) @> %(on)s",
)


class _Source(NamedTuple):
    """Names rows of the view, and how the columns of the list are read from them.

    `order` are the columns by which the rows are sorted, `follows` the condition of the rows after the cursor, `held`
    the condition that a suspension holds the date, `waiting` that the citizen's supplement is waited for.
    """

    rows: _Rows
    columns: LiteralString
    order: LiteralString
    follows: LiteralString
    held: LiteralString
    officer: LiteralString
    waiting: LiteralString


_PETITION_SOURCE = _Source(
    _PETITIONS,
    "petition_id, '' AS duty, unit, officer, stage, due_on, clock, is_held, '' AS subject, waiting_since",
    "due_on, petition_id",
    # the line of a petition stands before those of its duties of the same day
    "(due_on, petition_id) > (%(after_on)s, %(after_id)s)",
    "is_held",
    "officer",
    "(waiting_since IS NOT NULL)",
)
_DUTY_SOURCE = _Source(
    _DUTIES,
    "petition_id, duty, unit, NULL AS officer, stage, due_on, clock, false AS is_held, subject,"
    " NULL::date AS waiting_since",
    "due_on, petition_id, duty",
    "(due_on, petition_id, duty) > (%(after_on)s, %(after_id)s, %(after_duty)s)",
    "false",
    "NULL",  # a duty is a unit's
    "false",
)
_SOURCES: Mapping[Owed | None, tuple[_Source, ...]] = {
    Owed.ANSWER: (_PETITION_SOURCE,),
    Owed.DUTY: (_DUTY_SOURCE,),
    None: (_PETITION_SOURCE, _DUTY_SOURCE),
}
_OWED_SQL: Mapping[Owed | None, LiteralString] = {Owed.ANSWER: " AND NOT is_duty", Owed.DUTY: " AND is_duty", None: ""}


class Selection(NamedTuple):
    """Holds which lines are listed. None means all; `unit` "" means what no unit owes."""

    states: frozenset[DueState]
    owed: Owed | None = None
    unit: str | None = None
    officer: str | None = None
    kind: str | None = None
    waiting: bool | None = None

    @property
    def parameters(self) -> dict[str, object]:
        return {"unit": self.unit, "officer": self.officer, "kind": self.kind, "waiting": self.waiting}

    @property
    def has_counters(self) -> bool:
        """Return True if the counter rows have the total of these lines."""
        return self.officer is None and self.kind is None and self.waiting is None


def _state_condition(selection: Selection, held: str) -> str:
    """Return the condition of the states and the unit, which counter rows have, too."""
    states = " OR ".join(f"({_STATE_SQL[state]})" for state in DueState if state in selection.states)
    return f"({states.format(held=held)})" + ("" if selection.unit is None else " AND unit = %(unit)s")


def _condition(selection: Selection, source: _Source) -> str:
    conditions = [_state_condition(selection, source.held)]
    if selection.officer is not None:
        conditions.append(f"{source.officer} = %(officer)s")
    if selection.kind is not None:
        conditions.append("petition_id IN (SELECT petition_id FROM overdue WHERE kind = %(kind)s)")
    if selection.waiting is not None:
        conditions.append(f"{source.waiting} = %(waiting)s")
    return " AND ".join(conditions)


def _count_sql(selection: Selection, source: _Source, rows: str) -> str:
    """Return SQL that counts rows of a source one by one."""
    return f"(SELECT count(*) FROM {rows} AND {_condition(selection, source)})"  # noqa: S608


def _past_total_sql(selection: Selection) -> str:
    """Return SQL for the total of a past day, which no table has."""
    return " + ".join(
        _count_sql(selection, source, rows)
        for source in _SOURCES[selection.owed]
        for rows in (source.rows.begun, source.rows.past)
    )


def _present_total_sql(selection: Selection) -> str:
    """Return SQL for the total of today or a later day.

    The counter rows hold how each line stands last. So what begins only after the day is taken off, and how it stood
    until then is added: an import may bring days after today.
    """
    counters = DUE_COUNTERS if selection.unit is None else DUE_OF_UNIT_COUNTERS
    condition = _state_condition(selection, "is_held") + _OWED_SQL[selection.owed]
    total = f"(SELECT coalesce(sum(lines), 0) FROM {counters.name} WHERE {condition})"  # noqa: S608
    for source in _SOURCES[selection.owed]:
        ahead, past = (_count_sql(selection, source, rows) for rows in (source.rows.ahead, source.rows.past))
        total += f" - {ahead} + {past}"
    return total


def _page_sql(selection: Selection, source: _Source, rows: str, *, is_next: bool) -> str:
    """Return SQL for the first lines of a source, or for those after the cursor."""
    condition = _condition(selection, source) + (f" AND {source.follows}" if is_next else "")
    return f"(SELECT {source.columns} FROM {rows} AND {condition} ORDER BY {source.order} LIMIT %(limit)s)"  # noqa: S608


def list_statement(selection: Selection, *, is_past: bool, is_next: bool) -> str:
    """Return one statement for a page of the list and the total, so that both see the same snapshot.

    It finds the lines of the page first, and reads their other columns only for these. Its parameters are those of the
    selection, `on`, `soon`, `never` and `limit`, and those of the cursor if `is_next`: `after_on`, `after_id` and
    `after_duty`. For a past day, an officer, a kind or a wait, the lines are counted; else the counters have the total.
    """
    total = _present_total_sql(selection) if selection.has_counters and not is_past else _past_total_sql(selection)
    pages = " UNION ALL ".join(
        _page_sql(selection, source, rows, is_next=is_next)
        for source in _SOURCES[selection.owed]
        for rows in (source.rows.begun, source.rows.past)
    )
    return f"""
        SELECT t.total::bigint, l.*,
               o.reference, o.kind, o.received_on, o.channel, o.place, o.summary, o.identity_protected,
               o.duplicates
        FROM (SELECT {total}) AS t (total)
        LEFT JOIN (SELECT * FROM ({pages}) AS s ORDER BY due_on, petition_id, duty LIMIT %(limit)s) AS l ON true
        LEFT JOIN overdue AS o USING (petition_id)
        ORDER BY l.due_on, l.petition_id, l.duty
    """  # noqa: S608 - constants of this module
