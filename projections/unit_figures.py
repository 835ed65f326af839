"""Reads the table of units: flows in a period, states at its end, median and rates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from psycopg.rows import dict_row

from domain.deadlines.calendar import ONE_DAY
from projections import workload_durations
from projections.calendar_buckets import bucket_ranges, in_ranges_sql, range_parameters
from projections.past_rows import PastRows
from projections.projection import Connection
from projections.unit_workload import LINES_TABLE
from projections.workload_deltas import OFFSET_DAY, STATE_FIGURES, UNIT_WORKLOAD_COUNTERS, WORKLOAD_FIGURES
from projections.workload_durations import DURATION_COUNTERS


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Holds the figures of one unit for a period.

    Flows are counted within the period, the open petitions and their states at its end. `unit` "" means the petitions
    without a unit. docs/explanation/figures.md defines each figure.
    """

    unit: str
    letters: int
    carried_over: int
    """Open at the end of the day before the period; 0 where the figures are those from the beginning."""
    came_in: int
    """Petitions that began to be open with the unit: carried_over + came_in = went_out + open."""
    went_out: int
    received: int
    answered: int
    answered_at_meeting: int
    answered_in_writing: int
    answered_on_time: int
    answered_late: int
    answered_without_limit: int
    """Answered, and no limit was set: neither on time nor late."""
    answered_unproven: int
    """Answered, and the days are in no possible order: neither on time nor late."""
    settled_otherwise: int
    settled_otherwise_on_time: int
    settled_otherwise_late: int
    settled_otherwise_without_limit: int
    settled_otherwise_unproven: int
    ended_by_going_up: int
    """Ended without an answer, since the petition went up."""
    linked: int
    """Ended as a letter that repeats another."""
    ended_on_time: int
    ended_late: int
    ended_late_inherited: int
    """Counts those of `ended_late` whose date had run out with another unit."""
    ended_without_limit: int
    ended_unproven: int
    known_late: int
    """Ended on time by the day stated, and recorded only after the due date."""
    went_up: int
    went_up_late: int
    reassigned_in: int
    reassigned_out: int
    reopened: int
    ran_out: int
    """Dates that passed while the unit had the petition."""
    came_late: int
    """Petitions that were late when another unit handed them over to this one."""
    left_late: int
    """Petitions that were late when this unit handed them over to another."""
    charged_endings: int
    """Late endings, by whatever unit, of petitions whose date had run out with this one."""
    charged_open: int
    """Overdue petitions, with whatever unit, whose date ran out with this one."""
    days_late: int
    """Calendar days on which petitions were late with the unit."""
    open: int
    overdue: int
    due_today: int
    not_yet_due: int
    suspended: int
    """Open, and a suspension holds the date. What was late before it is overdue."""
    no_limit_set: int
    coordinating: int
    duties: int
    """Duties beside and after the answers that the unit owes."""
    duties_overdue: int
    median_days: float | None
    """Median of the calendar days from receipt to answer; None without an answer."""
    on_time_rate: float | None
    """ended_on_time / (ended_on_time + charged_endings + charged_open), from 0 to 1; None if these are all 0."""
    on_time_rate_known: float | None
    """The same rate, where only what was also recorded by the due date counts as on time."""


_STORED = tuple(name for name in WORKLOAD_FIGURES if name not in ("late_now", "late_offset"))
SUMMED_FIGURES = (*_STORED, "days_late", "carried_over")
"""The figures that are sums over petitions. All others follow from them, or are medians."""

SUMMED_TABLES = (LINES_TABLE, UNIT_WORKLOAD_COUNTERS, DURATION_COUNTERS)
"""The tables that the figures are summed up from. The kept medians are those of now alone."""

_OF_BUCKETS = "SELECT unit, heir, {figures} FROM {buckets}"
# Up to the last day from the beginning or the first one: all that changed.
_WITHIN = _OF_BUCKETS.format(
    buckets=in_ranges_sql("within", "SELECT * FROM unit_workload"),
    figures=", ".join(
        (
            *(f"{name} * sign AS {name}" for name in _STORED),
            f"(late_now * (%(last)s::date - '{OFFSET_DAY}' + 1)::bigint - late_offset) * sign AS days_late",
            "0 AS carried_over",
        )
    ),
)
# Before the period: how it stood, which goes on, and the days late that what was late before adds in the period.
_BEFORE = _OF_BUCKETS.format(
    buckets=in_ranges_sql("before", "SELECT * FROM unit_workload"),
    figures=", ".join(
        (
            *(f"{name} * sign" if name in STATE_FIGURES else "0" for name in _STORED),
            "late_now * (%(last)s::date - %(first)s::date + 1)::bigint * sign",
            "open * sign",
        )
    ),
)
_BETWEEN = f"{_WITHIN} UNION ALL ({_BEFORE})"
_SUMS = f"""
    SELECT {{key}}, {", ".join(f"sum({figure})::bigint AS {figure}" for figure in SUMMED_FIGURES)}
    FROM ({{changes}}) AS changes GROUP BY {{key}}
"""  # noqa: S608 - names of this module

# Each table is read by one statement, so that all figures are of one moment.
_UNIT_FIGURES_SQL = f"""
    SELECT * FROM ({_SUMS.format(key="unit", changes="{changes}")}) AS figures
    LEFT JOIN ({{medians}}) AS medians USING (unit) ORDER BY unit COLLATE "C"
"""  # noqa: S608 - names of this module
_UNIT_FIGURES_NOW = _UNIT_FIGURES_SQL.format(changes=_WITHIN, medians=workload_durations.MEDIANS_NOW)
_UNIT_FIGURES_ON_PAST_DAY = _UNIT_FIGURES_SQL.format(changes=_WITHIN, medians=workload_durations.MEDIANS_OF_PERIOD)
_UNIT_FIGURES_BETWEEN = _UNIT_FIGURES_SQL.format(changes=_BETWEEN, medians=workload_durations.MEDIANS_OF_PERIOD)


async def unit_figures_on(
    connection: Connection, on: date, *, today: date | None = None, past: PastRows | None = None
) -> list[UnitFigures]:
    """Return the figures of all units from the beginning of the log to the end of the day `on`.

    If `on` is `today` or later, the stored medians are read; without `today`, and for a past day, the medians are
    computed from the answers. With `past`, the figures are those of an earlier position of the log.
    """
    has_medians = past is None and today is not None and on >= today
    statement = _UNIT_FIGURES_NOW if has_medians else _UNIT_FIGURES_ON_PAST_DAY
    return await _read_unit_figures(connection, statement, _window_parameters(None, on), past)


async def unit_figures_between(
    connection: Connection, first: date, last: date, *, past: PastRows | None = None
) -> list[UnitFigures]:
    """Return the flows from the first to the last day, both inclusive, and the states at the end of the last day.

    With `past`, the figures are those of an earlier position of the log. Raise ValueError when the last day is before
    the first.
    """
    if last < first:
        raise ValueError(f"the period ends on {last}, before it begins on {first}")
    return await _read_unit_figures(connection, _UNIT_FIGURES_BETWEEN, _window_parameters(first, last), past)


async def sums_by_heir(
    connection: Connection, first: date | None, last: date, *, past: PastRows | None = None
) -> list[dict[str, Any]]:
    """Return the sums of each unit and heir; `first` None means from the beginning.

    With `past`, the sums are those of an earlier position of the log.
    """
    statement = _SUMS.format(key="unit, heir", changes=_WITHIN if first is None else _BETWEEN)
    return await _read_rows(connection, statement, _window_parameters(first, last), past)


def add_sums(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sums of the rows, figure by figure."""
    found = list(rows)
    return {figure: sum(row[figure] for row in found) for figure in SUMMED_FIGURES}


def has_figures(row: Mapping[str, Any]) -> bool:
    """Return True if a figure of the row is not 0. What came and went alone says nothing."""
    return any(row[figure] for figure in SUMMED_FIGURES if figure not in ("came_in", "went_out"))


def figures_of(row: Mapping[str, Any]) -> UnitFigures:
    """Return the figures of a unit by its sums and its median."""
    answered = row["answered_at_meeting"] + row["answered_in_writing"]
    ended = answered + row["settled_otherwise"] + row["ended_by_going_up"] + row["linked"]
    on_time = _on_time_of(ended, row, "ended")
    owed = on_time + row["charged_endings"] + row["charged_open"]
    derived: dict[str, Any] = {
        "answered": answered,
        "answered_on_time": _on_time_of(answered, row, "answered"),
        "settled_otherwise_on_time": _on_time_of(row["settled_otherwise"], row, "settled_otherwise"),
        "ended_on_time": on_time,
        "not_yet_due": row["open"] - row["overdue"] - row["due_today"] - row["suspended"] - row["no_limit_set"],
        "median_days": None if row["median_days"] is None else float(row["median_days"]),
        "on_time_rate": _rate(on_time, owed),
        "on_time_rate_known": _rate(on_time - row["known_late"], owed),
    }
    values = {**row, **derived}
    return UnitFigures(**{field.name: values[field.name] for field in fields(UnitFigures)})


def _on_time_of(every: int, row: Mapping[str, Any], figure: str) -> int:
    """Return how many of all are in none of the other classes."""
    return every - sum(int(row[f"{figure}_{name}"]) for name in ("late", "without_limit", "unproven"))


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


async def _read_unit_figures(
    connection: Connection, statement: str, parameters: Mapping[str, object], past: PastRows | None
) -> list[UnitFigures]:
    rows = await _read_rows(connection, statement, parameters, past)
    return [figures_of(row) for row in rows if has_figures(row)]


async def _read_rows(
    connection: Connection, statement: str, parameters: Mapping[str, object], past: PastRows | None
) -> list[dict[str, Any]]:
    if past is not None:
        statement = past.tables_sql(*SUMMED_TABLES) + statement
        parameters = {**parameters, **past.parameters(*SUMMED_TABLES)}
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, parameters, binary=True)
        return await cursor.fetchall()


def _window_parameters(first: date | None, last: date) -> dict[str, object]:
    """Return the parameters of the days from `first` to `last`; `first` None means from the beginning."""
    parameters: dict[str, object] = {"first": first or date.min, "last": last, "end": last + ONE_DAY}
    within = bucket_ranges(first or date.min, last + ONE_DAY)
    parameters |= range_parameters("within", within)
    return parameters if first is None else parameters | range_parameters("before", bucket_ranges(date.min, first))
