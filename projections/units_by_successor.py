"""The table of units under their present successors: who must act now for what each did.

What a unit did goes whole to its main successor. Open petitions were handed over one by one, so that theirs are exact
even where one unit was split among several.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date

from domain.units.unit import Units
from domain.vocabulary import UnitId
from projections.projection import Connection
from projections.unit_workload import UnitFigures, units_between, units_on

_COUNTS = tuple(
    field.name for field in fields(UnitFigures) if field.name not in ("unit", "median_days", "on_time_rate")
)
# As of one unit: with an even number of answers, the mean of the two in the middle.
_MEDIANS = """
    SELECT s.successor, percentile_cont(0.5) WITHIN GROUP (ORDER BY a.days_taken)
    FROM unit_workload_answers AS a
    JOIN unnest(%(units)s::text[], %(successors)s::text[]) AS s (unit, successor) ON s.unit = a.answered_unit
    WHERE a.answered_on BETWEEN %(first)s AND %(last)s
    GROUP BY s.successor
"""


async def figures(
    connection: Connection, units: Units, first: date | None, last: date, *, today: date
) -> list[UnitFigures]:
    """As `units_on`, or with a first day as `units_between`, of those who succeed the units today.

    Two statements: the connection must see one moment.
    """
    lines = await (units_on(connection, last) if first is None else units_between(connection, first, last))
    successor = {line.unit: units.present_successor(UnitId(line.unit), today) for line in lines}
    times = Counter(successor.values())
    shared = {unit: to for unit, to in successor.items() if times[to] > 1}
    medians = await _medians(connection, shared, first or date.min, last)
    together: dict[str, UnitFigures] = {}
    for line in lines:
        to = successor[line.unit]
        together[to] = _added(together[to], line) if to in together else replace(line, unit=to)
    return [
        replace(line, median_days=medians.get(line.unit)) if line.unit in shared.values() else line
        for line in sorted(together.values(), key=lambda line: line.unit)
    ]


def _added(one: UnitFigures, other: UnitFigures) -> UnitFigures:
    counts = {name: getattr(one, name) + getattr(other, name) for name in _COUNTS}
    judged = counts["answered"] + counts["overdue"]
    return UnitFigures(
        unit=one.unit,
        **counts,
        median_days=None,
        on_time_rate=round(counts["answered_on_time"] / judged, 4) if judged else None,
    )


async def _medians(
    connection: Connection, successor: Mapping[str, UnitId], first: date, last: date
) -> dict[str, float]:
    if not successor:
        return {}
    asked = {"units": list(successor), "successors": list(successor.values()), "first": first, "last": last}
    cursor = await connection.execute(_MEDIANS, asked)
    return {to: float(days) for to, days in await cursor.fetchall()}
