"""Says which rows of the view are listed as owed on a day, and writes the SQL that counts and sorts them."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import LiteralString, NamedTuple

from domain.status import DueState
from projections.ended_intervals import EndedIntervals
from projections.overdue import DUTIES_TABLE, PAST_TABLE, PETITIONS_TABLE
from projections.past_rows import CHANGED_PETITIONS
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


LISTED_TABLES = (PETITIONS_TABLE, PAST_TABLE, DUTIES_TABLE)
"""The tables whose rows the list reads."""


class _Part(NamedTuple):
    """Names the rows of a table that the condition holds for, and the table of their petitions.

    `ended_key` is the key of intervals that ended, which are indexed by their size; it is empty for other rows.
    """

    table: LiteralString
    condition: LiteralString
    petitions: LiteralString = PETITIONS_TABLE.name
    ended_key: LiteralString = ""

    @property
    def rows(self) -> LiteralString:
        return f"{self.table} WHERE {self.condition}"

    @property
    def unchanged(self) -> "_Part":
        """Return those of the rows whose petitions have not changed since."""
        return self._replace(condition=f"{self.condition} AND petition_id NOT IN ({CHANGED_PETITIONS})")

    @property
    def then(self) -> "_Part":
        """Return the rows that the petitions had that have changed since."""
        return self._replace(table=f"{self.table}_then", petitions=f"{self.petitions}_then", ended_key="")


class _Rows(NamedTuple):
    """Names the rows of a table that hold now and begin by the day, or only after it, and those of the past that held
    on the day.
    """

    begun: _Part
    ahead: _Part
    past: _Part

    def on_day(self, *, as_known: bool) -> Iterator[_Part]:
        """Yield the rows that held on the day; each of the parts as two for the list as it was known.

        The rows that serve and did not change since are one part, and the rows of then another. So each of them stays a
        walk along an index, which a UNION of both would not be.
        """
        for part in (self.begun, self.past):
            if as_known:
                yield from (part.unchanged, part.then)
            else:
                yield part


_PETITIONS = _Rows(
    begun=_Part(PETITIONS_TABLE.name, "stage IS NOT NULL AND since_on <= %(on)s"),
    ahead=_Part(PETITIONS_TABLE.name, "stage IS NOT NULL AND since_on > %(on)s"),
    past=_Part(PAST_TABLE.name, "since_on <= %(on)s AND until_on > %(on)s", ended_key="petition_id, since_on"),
)
_DUTIES = _Rows(
    begun=_Part(DUTIES_TABLE.name, f"until_on = '{NEVER}' AND since_on <= %(on)s"),
    ahead=_Part(DUTIES_TABLE.name, f"until_on = '{NEVER}' AND since_on > %(on)s"),
    past=_Part(
        DUTIES_TABLE.name,
        f"until_on < '{NEVER}' AND since_on <= %(on)s AND until_on > %(on)s",
        ended_key="petition_id, duty, since_on",
    ),
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
SOURCES: Mapping[Owed | None, tuple[_Source, ...]] = {
    Owed.ANSWER: (_PETITION_SOURCE,),
    Owed.DUTY: (_DUTY_SOURCE,),
    None: (_PETITION_SOURCE, _DUTY_SOURCE),
}


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


def state_condition(selection: Selection, held: str) -> str:
    """Return the condition of the states and the unit, which counter rows have, too."""
    states = " OR ".join(f"({_STATE_SQL[state]})" for state in DueState if state in selection.states)
    return f"({states.format(held=held)})" + ("" if selection.unit is None else " AND unit = %(unit)s")


def _condition(selection: Selection, source: _Source, part: _Part) -> str:
    conditions = [state_condition(selection, source.held)]
    if selection.officer is not None:
        conditions.append(f"{source.officer} = %(officer)s")
    if selection.kind is not None:
        conditions.append(f"petition_id IN (SELECT petition_id FROM {part.petitions} WHERE kind = %(kind)s)")  # noqa: S608
    if selection.waiting is not None:
        conditions.append(f"{source.waiting} = %(waiting)s")
    return " AND ".join(conditions)


def _ended_intervals(selection: Selection, part: _Part) -> EndedIntervals:
    """Return how the intervals of a part are found that ended: what was late by its due date, else by its first day."""
    begins: LiteralString = "due_on" if selection.states == {DueState.OVERDUE} else "since_on"
    return EndedIntervals(part.table, part.ended_key, begins)


def count_sql(selection: Selection, source: _Source, part: _Part) -> str:
    """Return SQL that counts rows of a source one by one."""
    if part.ended_key:
        condition = f"{part.condition} AND {_condition(selection, source, part)}"
        return _ended_intervals(selection, part).count_sql(condition)
    return f"(SELECT count(*) FROM {part.rows} AND {_condition(selection, source, part)})"  # noqa: S608


def page_sql(selection: Selection, source: _Source, part: _Part, *, is_next: bool) -> str:
    """Return SQL for the first lines of a source, or for those after the cursor."""
    condition = _condition(selection, source, part) + (f" AND {source.follows}" if is_next else "")
    if part.ended_key:
        condition = f"{part.condition} AND {condition}"
        return _ended_intervals(selection, part).first_sql(source.columns, condition, source.order)
    return f"(SELECT {source.columns} FROM {part.rows} AND {condition} ORDER BY {source.order} LIMIT %(limit)s)"  # noqa: S608
