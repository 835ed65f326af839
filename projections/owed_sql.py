"""Writes the statement that lists what is owed on a day: which rows count, in which order, and the total."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import LiteralString, NamedTuple

from domain.status import DueState
from projections.overdue import DUE_COUNTERS, DUE_OF_UNIT_COUNTERS, DUTIES_TABLE, PAST_TABLE, PETITIONS_TABLE
from projections.past_rows import CHANGED_PETITIONS, past_rows_sql
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

_SHOWN_COLUMNS: tuple[LiteralString, ...] = (
    *("reference", "kind", "received_on", "channel", "place", "summary", "identity_protected", "duplicates"),
)


class _Part(NamedTuple):
    """Names the rows of a table that the condition holds for, and the table of their petitions."""

    table: LiteralString
    condition: LiteralString
    petitions: LiteralString = PETITIONS_TABLE.name

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
        return self._replace(table=f"{self.table}_then", petitions=f"{self.petitions}_then")


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
    past=_Part(PAST_TABLE.name, "daterange(since_on, until_on) @> %(on)s"),
)
_DUTIES = _Rows(
    begun=_Part(DUTIES_TABLE.name, f"until_on = '{NEVER}' AND since_on <= %(on)s"),
    ahead=_Part(DUTIES_TABLE.name, f"until_on = '{NEVER}' AND since_on > %(on)s"),
    past=_Part(DUTIES_TABLE.name, f"until_on < '{NEVER}' AND daterange(since_on, until_on) @> %(on)s"),
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


def _condition(selection: Selection, source: _Source, part: _Part) -> str:
    conditions = [_state_condition(selection, source.held)]
    if selection.officer is not None:
        conditions.append(f"{source.officer} = %(officer)s")
    if selection.kind is not None:
        conditions.append(f"petition_id IN (SELECT petition_id FROM {part.petitions} WHERE kind = %(kind)s)")  # noqa: S608
    if selection.waiting is not None:
        conditions.append(f"{source.waiting} = %(waiting)s")
    return " AND ".join(conditions)


def _count_sql(selection: Selection, source: _Source, part: _Part) -> str:
    """Return SQL that counts rows of a source one by one."""
    return f"(SELECT count(*) FROM {part.rows} AND {_condition(selection, source, part)})"  # noqa: S608


def _past_total_sql(selection: Selection, *, as_known: bool) -> str:
    """Return SQL for the total of a past day, or as it was known, which no table has."""
    return " + ".join(
        _count_sql(selection, source, part)
        for source in _SOURCES[selection.owed]
        for part in source.rows.on_day(as_known=as_known)
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
        ahead, past = (_count_sql(selection, source, part) for part in (source.rows.ahead, source.rows.past))
        total += f" - {ahead} + {past}"
    return total


def _page_sql(selection: Selection, source: _Source, part: _Part, *, is_next: bool) -> str:
    """Return SQL for the first lines of a source, or for those after the cursor."""
    condition = _condition(selection, source, part) + (f" AND {source.follows}" if is_next else "")
    return f"(SELECT {source.columns} FROM {part.rows} AND {condition} ORDER BY {source.order} LIMIT %(limit)s)"  # noqa: S608


def list_statement(selection: Selection, *, is_past: bool, is_next: bool, as_known: bool = False) -> str:
    """Return one statement for a page of the list and the total, so that both see the same snapshot.

    It finds the lines of the page first, and reads their other columns only for these. Its parameters are those of the
    selection, `on`, `soon`, `never` and `limit`, and those of the cursor if `is_next`: `after_on`, `after_id` and
    `after_duty`. For a past day, an officer, a kind or a wait, and for the list `as_known` earlier, the lines are
    counted; else the counters have the total. The parameters of a list `as_known` are also those of `PastRows` for
    LISTED_TABLES.
    """
    has_counters = selection.has_counters and not is_past and not as_known
    total = _present_total_sql(selection) if has_counters else _past_total_sql(selection, as_known=as_known)
    pages = " UNION ALL ".join(
        _page_sql(selection, source, part, is_next=is_next)
        for source in _SOURCES[selection.owed]
        for part in source.rows.on_day(as_known=as_known)
    )
    joined = "LEFT JOIN overdue_then AS k USING (petition_id)" if as_known else ""
    statement = f"""
        SELECT t.total::bigint, l.*, {_shown_sql(as_known=as_known)}
        FROM (SELECT {total}) AS t (total)
        LEFT JOIN (SELECT * FROM ({pages}) AS s ORDER BY due_on, petition_id, duty LIMIT %(limit)s) AS l ON true
        LEFT JOIN overdue AS o USING (petition_id) {joined}
        ORDER BY l.due_on, l.petition_id, l.duty
    """  # noqa: S608 - constants of this module
    return past_rows_sql(*LISTED_TABLES) + statement if as_known else statement


def _shown_sql(*, as_known: bool) -> str:
    """Return SQL for the columns of a line that are the petition's; those of then go before those of now."""
    if not as_known:
        return ", ".join(f"o.{column}" for column in _SHOWN_COLUMNS)
    return ", ".join(
        f"CASE WHEN k.petition_id IS NULL THEN o.{column} ELSE k.{column} END AS {column}" for column in _SHOWN_COLUMNS
    )
