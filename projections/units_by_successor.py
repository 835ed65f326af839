"""Computes the workload of units under their present successors, which must now act for the former units.

Each petition counts where it went: what a unit did with a petition that a reorganisation gave to another unit counts
for that one, also if the main successor is a third. What was settled before counts for the main successor.
"""

from collections import defaultdict
from datetime import date
from typing import Any, LiteralString

from domain.units.unit import UnitRegister
from domain.vocabulary import UnitId
from projections.past_rows import PastRows
from projections.projection import Connection
from projections.unit_figures import UnitFigures, add_sums, figures_of, has_figures, sums_by_heir
from projections.unit_workload import LINES_TABLE

# As for one unit: if the number of answers is even, the median is the mean of the two in the middle.
_SELECT_SUCCESSOR_MEDIANS = """
    SELECT s.successor, percentile_cont(0.5) WITHIN GROUP (ORDER BY l.days_taken)
    FROM unit_workload_lines AS l
    JOIN unnest(%(heirs)s::text[], %(successors)s::text[]) AS s (heir, successor) ON s.heir = coalesce(l.heir, l.unit)
    WHERE l.days_taken IS NOT NULL AND l.counted_on BETWEEN %(first)s AND %(last)s
    GROUP BY s.successor
"""


async def figures_by_successor(
    connection: Connection,
    units: UnitRegister,
    first: date | None,
    last: date,
    *,
    today: date,
    past: PastRows | None = None,
) -> list[UnitFigures]:
    """Return the figures of the units that succeed each unit today, sorted by unit.

    The period is that of `unit_figures_between`, or of `unit_figures_on` if `first` is None. The function runs two
    statements, so the connection must be in a transaction that sees one snapshot. With `past`, the figures are those of
    an earlier position of the log; `units` and `today` must be of then, too.
    """
    rows = [row for row in await sums_by_heir(connection, first, last, past=past) if has_figures(row)]
    successor = {row["heir"]: units.present_successor(UnitId(row["heir"]), today) for row in rows}
    by_successor: defaultdict[UnitId, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_successor[successor[row["heir"]]].append(row)
    statement: LiteralString = _SELECT_SUCCESSOR_MEDIANS
    parameters: dict[str, object] = {"heirs": list(successor), "successors": list(successor.values())}
    parameters |= {"first": first or date.min, "last": last}
    if past is not None:
        statement = past.tables_sql(LINES_TABLE) + statement
        parameters |= past.parameters(LINES_TABLE)
    cursor = await connection.execute(statement, parameters)
    medians = dict(await cursor.fetchall())
    sums = {unit: add_sums(by_successor[unit]) for unit in sorted(by_successor)}
    return [
        figures_of({**row, "unit": unit, "median_days": medians.get(unit)})
        for unit, row in sums.items()
        if has_figures(row)
    ]
