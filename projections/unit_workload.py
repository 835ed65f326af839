"""Keeps the view of the workload of each unit, as lead unit and as coordinating unit, on a day and in a period.

Figures count cases: a split letter counts by its matters, a duplicate and a cancelled number not at all; `letters`
counts what came in. A case counts as received by its first unit on its day of receipt, and as answered by the unit that
answered. The on-time rate counts the open overdue ones against the unit. All totals are sums over events;
`projections.owed_list` lists the cases behind the open ones, and the duties.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from psycopg.rows import dict_row

from domain.deadlines.calendar import ONE_DAY
from projections import workload_deltas, workload_durations
from projections.calendar_buckets import Grain, split_into_buckets
from projections.case_state import CaseState
from projections.projection import Connection, CounterDelta, Projection, Table, TableRow
from projections.workload_deltas import UNIT_WORKLOAD_COUNTERS, WORKLOAD_FIGURES
from projections.workload_durations import ANSWERS_TABLE, DURATION_COUNTERS, MEDIANS_TABLE


class UnitWorkload(Projection):
    """Keeps the figures of the units, and how long their answers took."""

    name: ClassVar = "unit_workload"
    version: ClassVar = 4
    tables: ClassVar = (ANSWERS_TABLE, UNIT_WORKLOAD_COUNTERS, DURATION_COUNTERS, MEDIANS_TABLE)
    former_tables: ClassVar = ("unit_workload_petitions",)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        return workload_durations.duration_rows(state) if isinstance(state, CaseState) else ()

    def counter_deltas(self, state: object) -> Iterable[CounterDelta]:
        if isinstance(state, CaseState):
            yield from workload_deltas.workload_counter_deltas(state)
            yield from workload_durations.duration_counter_deltas(state)


# -- queries


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Holds the figures of one unit for a period.

    Flows (received, answered, went up, reassigned) are counted within the period. Open petitions and their states are
    counted at the end of the period. `unit` "" means the petitions without a unit.
    """

    unit: str
    letters: int
    received: int
    answered: int
    answered_at_meeting: int
    answered_in_writing: int
    answered_on_time: int
    answered_late: int
    settled_otherwise: int
    went_up: int
    went_up_late: int
    reassigned_in: int
    reassigned_out: int
    reopened: int
    open: int
    overdue: int
    due_today: int
    not_yet_due: int
    suspended: int
    no_limit_set: int
    coordinating: int
    duties: int
    """Duties beside and after the answers that the unit owes."""
    duties_overdue: int
    median_days: float | None
    """Median of the calendar days from receipt to answer; None without an answer."""
    on_time_rate: float | None
    """Share (0 to 1) of petitions answered in time among all that were answered or are overdue; None if there are none.
    """


_STATE_FIGURES: frozenset[str] = frozenset(
    {"open", "overdue", "due_today", "suspended", "no_limit_set", "coordinating", "duties", "duties_overdue"}
)
_SELECT_UP_TO = """
    SELECT unit, {figures} FROM unit_workload
    WHERE (grain = 1 AND starts_on < %({day}_year)s)
       OR (grain = 2 AND starts_on >= %({day}_year)s AND starts_on < %({day}_month)s)
       OR (grain = 3 AND starts_on >= %({day}_month)s AND starts_on <= %({day})s)
"""
_SELECT_UP_TO_LAST = _SELECT_UP_TO.format(day="last", figures=", ".join(WORKLOAD_FIGURES))
_SELECT_FLOWS_BEFORE_NEGATED = _SELECT_UP_TO.format(
    day="before", figures=", ".join("0" if name in _STATE_FIGURES else f"-{name}" for name in WORKLOAD_FIGURES)
)

# Each table is read by one statement, so that all figures are of one moment.
_UNIT_FIGURES_SQL = f"""
    SELECT * FROM (
        SELECT unit, {", ".join(f"sum({figure})::int AS {figure}" for figure in WORKLOAD_FIGURES)}
        FROM ({{changes}}) AS changes GROUP BY unit
    ) AS figures
    LEFT JOIN ({{medians}}) AS medians USING (unit) ORDER BY unit COLLATE "C"
"""  # noqa: S608 - names of this module
_UNIT_FIGURES_NOW = _UNIT_FIGURES_SQL.format(
    changes=_SELECT_UP_TO_LAST, medians="SELECT unit, median_days FROM unit_workload_medians"
)
_UNIT_FIGURES_ON_PAST_DAY = _UNIT_FIGURES_SQL.format(
    changes=_SELECT_UP_TO_LAST, medians=workload_durations.MEDIANS_OF_PERIOD
)
_UNIT_FIGURES_BETWEEN = _UNIT_FIGURES_SQL.format(
    changes=f"{_SELECT_UP_TO_LAST} UNION ALL ({_SELECT_FLOWS_BEFORE_NEGATED})",
    medians=workload_durations.MEDIANS_OF_PERIOD,
)


async def unit_figures_on(connection: Connection, on: date, *, today: date | None = None) -> list[UnitFigures]:
    """Return the figures of all units from the beginning of the log to the end of the day `on`.

    If `on` is `today` or later, the stored medians are read; without `today`, and for a past day, the medians are
    computed from the answers.
    """
    if today is not None and on >= today:
        return await _read_unit_figures(connection, _UNIT_FIGURES_NOW, _bucket_parameters("last", on))
    return await _read_unit_figures(
        connection,
        _UNIT_FIGURES_ON_PAST_DAY,
        {**_bucket_parameters("last", on), **split_into_buckets(date.min, on + ONE_DAY)},
    )


async def unit_figures_between(connection: Connection, first: date, last: date) -> list[UnitFigures]:
    """Return the flows from the first to the last day, both inclusive, and the states at the end of the last day.

    Raise ValueError when the last day is before the first.
    """
    if last < first:
        raise ValueError(f"the period ends on {last}, before it begins on {first}")
    parameters = {
        **_bucket_parameters("last", last),
        **_bucket_parameters("before", first - ONE_DAY),
        **split_into_buckets(first, last + ONE_DAY),
    }
    return await _read_unit_figures(connection, _UNIT_FIGURES_BETWEEN, parameters)


async def _read_unit_figures(connection: Connection, statement: str, parameters: dict[str, date]) -> list[UnitFigures]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, parameters, binary=True)
        rows = await cursor.fetchall()
    return [_unit_figures(row) for row in rows if any(row[figure] for figure in WORKLOAD_FIGURES)]


def _bucket_parameters(name: str, day: date) -> dict[str, date]:
    return {name: day, f"{name}_year": Grain.YEAR.start(day), f"{name}_month": Grain.MONTH.start(day)}


def _unit_figures(row: dict[str, Any]) -> UnitFigures:
    answered = row["answered_at_meeting"] + row["answered_in_writing"]
    on_time = answered - row["answered_late"]
    answered_or_overdue = answered + row["overdue"]
    derived: dict[str, Any] = {
        "answered": answered,
        "answered_on_time": on_time,
        "not_yet_due": row["open"] - row["overdue"] - row["due_today"] - row["suspended"] - row["no_limit_set"],
        "median_days": None if row["median_days"] is None else float(row["median_days"]),
        "on_time_rate": round(on_time / answered_or_overdue, 4) if answered_or_overdue else None,
    }
    values = {**row, **derived}
    return UnitFigures(**{field.name: values[field.name] for field in fields(UnitFigures)})
