"""How each unit stands, for a day and for a period: as lead and as coordinator.

Figures count cases: a split letter counts by its matters, a duplicate and a cancelled number not at all; `letters`
counts what came in. A case counts as received by its first unit on its day of receipt, as answered by the unit that
answered. The on-time rate counts the open overdue ones against the unit. All totals are sums of facts;
`projections.overdue` lists the cases behind the open ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from psycopg.rows import dict_row

from projections import workload_deltas, workload_durations
from projections.calendar_buckets import Grain, parts
from projections.case_state import Case
from projections.projection import Connection, Count, Projection, Row, Table
from projections.workload_deltas import A_DAY, FIGURES, UNIT_WORKLOAD
from projections.workload_durations import ANSWERS, DURATIONS, MEDIANS


class UnitWorkload(Projection):
    """The projection: what each petition adds to the figures of the units."""

    name: ClassVar = "unit_workload"
    version: ClassVar = 2
    tables: ClassVar = (ANSWERS, UNIT_WORKLOAD, DURATIONS, MEDIANS)
    former_tables: ClassVar = ("unit_workload_petitions",)

    def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
        return workload_durations.rows(state) if isinstance(state, Case) else ()

    def counts(self, state: object) -> Iterable[Count]:
        if isinstance(state, Case):
            yield from workload_deltas.counts(state)
            yield from workload_durations.counts(state)


# -- queries


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One line of the table. Flows (received, answered, escalated, reassigned) are of the time asked for; the open
    ones and their states are at the end of it. `unit` "" stands for petitions that no unit is named for.
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
    escalated: int
    escalated_late: int
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
    median_days: float | None
    """From receipt to answer, calendar days; None without an answer."""
    on_time_rate: float | None
    """Answered in time, of all that were answered or are overdue; None when there are none."""


_STATES: frozenset[str] = frozenset({"open", "overdue", "due_today", "suspended", "no_limit_set", "coordinating"})
_UP_TO = """
    SELECT unit, {figures} FROM unit_workload
    WHERE (grain = 1 AND starts_on < %({day}_year)s)
       OR (grain = 2 AND starts_on >= %({day}_year)s AND starts_on < %({day}_month)s)
       OR (grain = 3 AND starts_on >= %({day}_month)s AND starts_on <= %({day})s)
"""
_UP_TO_LAST = _UP_TO.format(day="last", figures=", ".join(FIGURES))
_LESS_BEFORE = _UP_TO.format(day="before", figures=", ".join("0" if one in _STATES else f"-{one}" for one in FIGURES))

# One statement a table, so that all of it is of one moment.
_TABLE = f"""
    SELECT * FROM (
        SELECT unit, {", ".join(f"sum({figure})::int AS {figure}" for figure in FIGURES)}
        FROM ({{changes}}) AS changes GROUP BY unit
    ) AS figures
    LEFT JOIN ({{medians}}) AS medians USING (unit) ORDER BY unit COLLATE "C"
"""  # noqa: S608 - names of this module
_TABLE_NOW = _TABLE.format(changes=_UP_TO_LAST, medians="SELECT unit, median_days FROM unit_workload_medians")
_TABLE_THEN = _TABLE.format(changes=_UP_TO_LAST, medians=workload_durations.MEDIANS_OF_A_TIME)
_TABLE_BETWEEN = _TABLE.format(
    changes=f"{_UP_TO_LAST} UNION ALL ({_LESS_BEFORE})", medians=workload_durations.MEDIANS_OF_A_TIME
)


async def units_on(connection: Connection, on: date, *, today: date | None = None) -> list[UnitFigures]:
    """From the beginning to the end of the day.

    From `today` on medians are those that are kept; without it, and for a past day, they are found from the answers.
    """
    if today is not None and on >= today:
        return await _table(connection, _TABLE_NOW, _up_to("last", on))
    return await _table(connection, _TABLE_THEN, {**_up_to("last", on), **parts(date.min, on + A_DAY)})


async def units_between(connection: Connection, first: date, last: date) -> list[UnitFigures]:
    """Flows from the first to the last day, both inclusive; states at the end of the last day."""
    if last < first:
        raise ValueError(f"the period ends on {last}, before it begins on {first}")
    asked = {**_up_to("last", last), **_up_to("before", first - A_DAY), **parts(first, last + A_DAY)}
    return await _table(connection, _TABLE_BETWEEN, asked)


async def _table(connection: Connection, statement: str, asked: dict[str, date]) -> list[UnitFigures]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, asked, binary=True)
        rows = await cursor.fetchall()
    return [_line(row) for row in rows if any(row[figure] for figure in FIGURES)]


def _up_to(name: str, day: date) -> dict[str, date]:
    return {name: day, f"{name}_year": Grain.YEAR.start(day), f"{name}_month": Grain.MONTH.start(day)}


def _line(counted: dict[str, Any]) -> UnitFigures:
    answered = counted["answered_at_meeting"] + counted["answered_in_writing"]
    on_time = answered - counted["answered_late"]
    judged = answered + counted["overdue"]
    derived: dict[str, Any] = {
        "answered": answered,
        "answered_on_time": on_time,
        "not_yet_due": counted["open"]
        - counted["overdue"]
        - counted["due_today"]
        - counted["suspended"]
        - counted["no_limit_set"],
        "median_days": None if counted["median_days"] is None else float(counted["median_days"]),
        "on_time_rate": round(on_time / judged, 4) if judged else None,
    }
    every = {**counted, **derived}
    return UnitFigures(**{field.name: every[field.name] for field in fields(UnitFigures)})
