"""Writes the SQL for the total of a list of what is owed: read from sums where there are some, else counted."""

from collections.abc import Mapping
from enum import StrEnum
from typing import LiteralString

from domain.status import DueState
from projections.calendar_buckets import in_ranges_sql
from projections.overdue import DUE_COUNTERS, DUE_OF_UNIT_COUNTERS, Overdue
from projections.owed_sql import SOURCES, Owed, Selection, count_sql, state_condition
from projections.unit_workload import UnitWorkload

_OWED_SQL: Mapping[Owed | None, LiteralString] = {Owed.ANSWER: " AND NOT is_duty", Owed.DUTY: " AND is_duty", None: ""}

_TO_BE_DUE = frozenset({DueState.DUE_SOON, DueState.NOT_YET_DUE})
_ANSWERS: Mapping[DueState, LiteralString] = {
    DueState.OVERDUE: "overdue",
    DueState.DUE_TODAY: "due_today",
    DueState.SUSPENDED: "suspended",
    DueState.NO_LIMIT_SET: "no_limit_set",
}
_NOT_YET_DUE = "open - overdue - due_today - suspended - no_limit_set"
"""What the figures of `unit_workload` say of the states of answers, and of those that are to be due, now or soon."""

# The tables of both views are of one moment unless one of them is behind or is being rebuilt.
_SAME_POSITION: LiteralString = f"""(
    SELECT count(*) = 2 AND min(position) = max(position) FROM positions
    WHERE NOT is_loading
    AND (view, version) IN (('{Overdue.name}', {Overdue.version}), ('{UnitWorkload.name}', {UnitWorkload.version})))
"""  # noqa: S608 - names of views


class Total(StrEnum):
    """Names where the total of a list comes from."""

    CARRIED = "carried"  # the parameter `total`, which the cursor has from the first page
    COUNTERS = "counters"  # what is due on which day, as the lines stand now
    DAY_SUMS = "day_sums"  # the figures of `unit_workload` for the day, where they say it
    COUNTED = "counted"  # the lines, one by one


def total_sql(selection: Selection, total: Total, *, as_known: bool) -> str:
    """Return SQL for the number of lines on all pages.

    With DAY_SUMS the ranges `day` of buckets are those up to the day, and the result is NULL where both views are not
    of one moment: then the lines must be counted. To count them in the same statement would double its planning.
    """
    if total is Total.CARRIED:
        return "%(total)s"
    if total is Total.COUNTERS:
        return _present_total_sql(selection)
    if total is Total.COUNTED:
        return _counted_total_sql(selection, as_known=as_known)
    of_unit: LiteralString = "true" if selection.unit is None else "unit = %(unit)s"
    buckets = in_ranges_sql("day", "SELECT * FROM unit_workload", of_unit)
    summed = f"(SELECT coalesce(sum(({summed_figures(selection)}) * sign), 0) FROM {buckets})"  # noqa: S608 - names of this module
    return f"CASE WHEN {_SAME_POSITION} THEN {summed} END"


def choose_total(selection: Selection, *, is_past: bool, has_sums: bool, has_day_sums: bool) -> Total:
    """Return where the total of a first page comes from. `has_sums` False means that all lines must be counted."""
    if not (has_sums and selection.has_counters):
        return Total.COUNTED
    if not is_past:
        return Total.COUNTERS
    return Total.DAY_SUMS if has_day_sums and summed_figures(selection) is not None else Total.COUNTED


def summed_figures(selection: Selection) -> str | None:
    """Return the figures of a day that add up to the number of lines; None where no figures do."""
    if selection.states & _TO_BE_DUE not in (frozenset(), _TO_BE_DUE):
        return None
    figures: list[str] = []
    if selection.owed is not Owed.DUTY:
        figures += [figure for state, figure in _ANSWERS.items() if state in selection.states]
        figures += [_NOT_YET_DUE] if selection.states >= _TO_BE_DUE else []
    if selection.owed is not Owed.ANSWER:
        if (DueState.DUE_TODAY in selection.states) != (selection.states >= _TO_BE_DUE):
            return None  # the figures do not tell the duties of the day from those of later days
        figures += ["duties_overdue"] if DueState.OVERDUE in selection.states else []
        figures += ["duties - duties_overdue"] if DueState.DUE_TODAY in selection.states else []
    return " + ".join(f"({figure})" for figure in figures) or "0"


def _counted_total_sql(selection: Selection, *, as_known: bool) -> str:
    """Return SQL that counts the lines one by one, for a past day, a filter, or the list as it was known."""
    return " + ".join(
        count_sql(selection, source, part)
        for source in SOURCES[selection.owed]
        for part in source.rows.on_day(as_known=as_known)
    )


def _present_total_sql(selection: Selection) -> str:
    """Return SQL for the total of today or a later day.

    The counter rows hold how each line stands last. So what begins only after the day is taken off, and how it stood
    until then is added: an import may bring days after today.
    """
    counters = DUE_COUNTERS if selection.unit is None else DUE_OF_UNIT_COUNTERS
    condition = state_condition(selection, "is_held") + _OWED_SQL[selection.owed]
    total = f"(SELECT coalesce(sum(lines), 0) FROM {counters.name} WHERE {condition})"  # noqa: S608
    for source in SOURCES[selection.owed]:
        ahead, past = (count_sql(selection, source, part) for part in (source.rows.ahead, source.rows.past))
        total += f" - {ahead} + {past}"
    return total
