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

from projections import workload_durations, workload_figures
from projections.case import Case
from projections.parts import Grain
from projections.projection import Connection, Count, Projection, Row, Table
from projections.workload_durations import ANSWERS, DURATIONS, MEDIANS
from projections.workload_figures import FIGURES, UNIT_WORKLOAD


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
            yield from workload_figures.counts(state)
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
_PERIODS = """
    SELECT unit, {sums} FROM unit_workload
    WHERE (grain = 1 AND starts_on < %(year)s)
       OR (grain = 2 AND starts_on >= %(year)s AND starts_on < %(month)s)
       OR (grain = 3 AND starts_on >= %(month)s AND starts_on <= %(day)s)
    GROUP BY unit
"""
_UP_TO = _PERIODS.format(sums=", ".join(f"sum({figure})::int AS {figure}" for figure in FIGURES))


async def _up_to(connection: Connection, day: date) -> dict[str, dict[str, int]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            _UP_TO, {"year": Grain.YEAR.start(day), "month": Grain.MONTH.start(day), "day": day}, binary=True
        )
        return {row.pop("unit"): row for row in await cursor.fetchall()}


async def units_on(connection: Connection, on: date) -> list[UnitFigures]:
    """From the beginning to the end of the day."""
    figures = await _up_to(connection, on)
    return _table(figures, await workload_durations.medians(connection, None, on))


async def units_between(connection: Connection, first: date, last: date) -> list[UnitFigures]:
    """Flows from the first to the last day, both inclusive; states at the end of the last day."""
    if last < first:
        raise ValueError(f"the period ends on {last}, before it begins on {first}")
    now = await _up_to(connection, last)
    before = await _up_to(connection, date.fromordinal(first.toordinal() - 1))
    for unit, figures in now.items():
        for figure, value in before.get(unit, {}).items():
            if figure not in _STATES:
                figures[figure] -= value
    return _table(now, await workload_durations.medians(connection, first, last))


def _table(figures: dict[str, dict[str, int]], medians: dict[str, float]) -> list[UnitFigures]:
    return [
        _line(unit, counted, medians.get(unit)) for unit, counted in sorted(figures.items()) if any(counted.values())
    ]


def _line(unit: str, counted: dict[str, int], median: float | None) -> UnitFigures:
    answered = counted["answered_at_meeting"] + counted["answered_in_writing"]
    on_time = answered - counted["answered_late"]
    judged = answered + counted["overdue"]
    derived: dict[str, Any] = {
        "unit": unit,
        "answered": answered,
        "answered_on_time": on_time,
        "not_yet_due": counted["open"]
        - counted["overdue"]
        - counted["due_today"]
        - counted["suspended"]
        - counted["no_limit_set"],
        "median_days": median,
        "on_time_rate": round(on_time / judged, 4) if judged else None,
    }
    every = {**counted, **derived}
    return UnitFigures(**{field.name: every[field.name] for field in fields(UnitFigures)})
