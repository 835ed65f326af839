"""Lets a statement read the tables of a view as they were at an earlier position of the log.

The tables are not replayed. A statement reads the rows that serve, without those of the petitions that came or changed
since, and beside them the rows that these petitions had. Counters are sums, so amounts are added to those that serve.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import LiteralString
from uuid import UUID

from msgspec import json

from projections.projection import CounterTable, Table, TableRow

CHANGED_PETITIONS: LiteralString = "SELECT unnest(%(changed)s::uuid[])"
"""SQL for the petitions whose serving rows do not count. Not correlated, so that it is hashed once for a statement."""


@dataclass(frozen=True, slots=True)
class PastRows:
    """Holds the difference between the tables of a view as they were and as they serve.

    `changed` are the petitions whose serving rows do not count; None means that nothing that serves counts, and the
    rest is all there was. `rows` are the rows that these petitions had, and `counter_rows` the amounts by which
    counters were other, each in column order, key columns first.
    """

    changed: Sequence[UUID] | None
    rows: Mapping[Table, Sequence[TableRow]]
    counter_rows: Mapping[CounterTable, Sequence[TableRow]]

    def tables_sql(self, *tables: Table | CounterTable) -> LiteralString:
        """Return WITH, and for each table its own name, which then means the table as it was.

        A name of a WITH goes before that of a table, so a statement that sums rows needs no other change.
        """
        return _past_tables_sql(self.changed is not None, *tables)

    def parameters(self, *tables: Table | CounterTable) -> dict[str, object]:
        """Return the parameters of statements that begin with one of the texts of this module for these tables."""
        found: dict[str, object] = {"changed": list(self.changed or ())}
        for table in tables:
            rows = self.rows.get(table, ()) if isinstance(table, Table) else self.counter_rows.get(table, ())
            columns = _columns_of(table)
            found[f"{table.name}_then"] = json.encode([dict(zip(columns, row, strict=True)) for row in rows]).decode()
        return found


@cache
def past_rows_sql(*tables: Table) -> LiteralString:
    """Return WITH, and for each table its rows of then under its name with the suffix `_then`."""
    return f"WITH {', '.join(map(_rows_then_part, tables))} "


@cache
def past_tables_and_rows_sql(
    tables: tuple[Table | CounterTable, ...], rows: tuple[Table, ...], *, serving_counts: bool
) -> LiteralString:
    """Return WITH, for each of `tables` its own name, which then means the table as it was, and the rows of `rows`.

    The rows are those of then, under the name of their table with the suffix `_then`.
    """
    parts = [_past_table_part(table, serving_counts) for table in tables] + [_rows_then_part(table) for table in rows]
    return f"WITH {', '.join(parts)} "


def _rows_then_part(table: Table) -> LiteralString:
    return f"{table.name}_then AS MATERIALIZED (SELECT * FROM {_recordset(table)} AS r)"  # noqa: S608 - names of a view


@cache
def _past_tables_sql(serving_counts: bool, *tables: Table | CounterTable) -> LiteralString:
    return f"WITH {', '.join(_past_table_part(table, serving_counts) for table in tables)} "


def _past_table_part(table: Table | CounterTable, serving_counts: bool) -> LiteralString:
    columns = ", ".join(_columns_of(table))
    then: LiteralString = f"SELECT {columns} FROM {_recordset(table)} AS r"  # noqa: S608 - names of a view
    if not serving_counts:
        return f"{table.name} AS MATERIALIZED ({then})"
    serving: LiteralString = f"SELECT {columns} FROM {table.name}"  # noqa: S608 - names of a view
    if isinstance(table, Table):
        serving = f"{serving} WHERE petition_id NOT IN ({CHANGED_PETITIONS})"
    return f"{table.name} AS NOT MATERIALIZED ({serving} UNION ALL {then})"


def _recordset(table: Table | CounterTable) -> LiteralString:
    return f"json_populate_recordset(NULL::{table.name}, %({table.name}_then)s::json)"


def _columns_of(table: Table | CounterTable) -> tuple[LiteralString, ...]:
    return table.key + (table.columns if isinstance(table, Table) else table.figures)
