"""Computes the workload of units under their present successors, which must now act for the former units.

Everything that a unit did counts for its main successor. Open petitions were handed over one by one, so their figures
are exact even if several units succeeded one unit.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date

from domain.units.unit import UnitRegister
from domain.vocabulary import UnitId
from projections.projection import Connection
from projections.unit_workload import UnitFigures, unit_figures_between, unit_figures_on

_ADDITIVE_FIGURES = tuple(
    field.name for field in fields(UnitFigures) if field.name not in ("unit", "median_days", "on_time_rate")
)
# As for one unit: if the number of answers is even, the median is the mean of the two in the middle.
_SELECT_SUCCESSOR_MEDIANS = """
    SELECT s.successor, percentile_cont(0.5) WITHIN GROUP (ORDER BY a.days_taken)
    FROM unit_workload_answers AS a
    JOIN unnest(%(units)s::text[], %(successors)s::text[]) AS s (unit, successor) ON s.unit = a.answered_unit
    WHERE a.answered_on BETWEEN %(first)s AND %(last)s
    GROUP BY s.successor
"""


async def figures_by_successor(
    connection: Connection, units: UnitRegister, first: date | None, last: date, *, today: date
) -> list[UnitFigures]:
    """Return the figures of the units that succeed each unit today, sorted by unit.

    The period is that of `unit_figures_between`, or of `unit_figures_on` if `first` is None. The function runs two
    statements, so the connection must be in a transaction that sees one snapshot.
    """
    lines = await (
        unit_figures_on(connection, last) if first is None else unit_figures_between(connection, first, last)
    )
    successor = {line.unit: units.present_successor(UnitId(line.unit), today) for line in lines}
    times = Counter(successor.values())
    merged = {unit: to for unit, to in successor.items() if times[to] > 1}
    medians = await _read_successor_medians(connection, merged, first or date.min, last)
    by_successor: dict[str, UnitFigures] = {}
    for line in lines:
        to = successor[line.unit]
        by_successor[to] = _add_unit_figures(by_successor[to], line) if to in by_successor else replace(line, unit=to)
    return [
        replace(line, median_days=medians.get(line.unit)) if line.unit in merged.values() else line
        for line in sorted(by_successor.values(), key=lambda line: line.unit)
    ]


def _add_unit_figures(one: UnitFigures, other: UnitFigures) -> UnitFigures:
    counts = {name: getattr(one, name) + getattr(other, name) for name in _ADDITIVE_FIGURES}
    answered_or_overdue = counts["answered"] + counts["overdue"]
    return UnitFigures(
        unit=one.unit,
        **counts,
        median_days=None,
        on_time_rate=round(counts["answered_on_time"] / answered_or_overdue, 4) if answered_or_overdue else None,
    )


async def _read_successor_medians(
    connection: Connection, successor: Mapping[str, UnitId], first: date, last: date
) -> dict[str, float]:
    if not successor:
        return {}
    parameters = {"units": list(successor), "successors": list(successor.values()), "first": first, "last": last}
    cursor = await connection.execute(_SELECT_SUCCESSOR_MEDIANS, parameters)
    return {to: float(days) for to, days in await cursor.fetchall()}
