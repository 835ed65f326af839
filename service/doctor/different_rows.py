"""Finds in the tables of a view the rows that are not as the log says, with key and columns."""

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString, NamedTuple

from msgspec import json

from projections.projection import Connection, CounterTable, DerivedTable, Table, TableRow
from service.projector.row_diff import encode_rows

NAMED_AT_ONCE = 100
"""Most rows that one query names; all are counted."""


class DifferentRow(NamedTuple):
    """Names a row that is not as the log says, and the columns that differ: none where the row is missing or extra."""

    table: str
    key: str
    columns: tuple[str, ...] = ()
    is_missing: bool = False

    def __str__(self) -> str:
        if self.columns:
            return f"{self.table} {self.key}: {', '.join(self.columns)}"
        return (
            f"{self.table} {self.key}: {'the row is missing' if self.is_missing else 'nothing in the log explains it'}"
        )


class DifferentRows(NamedTuple):
    """Holds how many rows differ, how many of them are missing, and some of them by name."""

    differing: int = 0
    missing: int = 0
    named: Sequence[DifferentRow] = ()


async def find_different_rows(connection: Connection, table: Table, expected: Sequence[TableRow]) -> DifferentRows:
    """Find the expected rows that the table lacks or has otherwise."""
    names = table.key + table.columns
    same_key = " AND ".join(f"t.{column} = e.{column}" for column in table.key)
    source = f"""
        json_populate_recordset(NULL::kiennghi_views.{table.name}, %s) AS e
        LEFT JOIN kiennghi_views.{table.name} AS t ON {same_key}
    """
    # As texts: some types have no equality.
    differs = f"ROW({_of('e', names)})::text IS DISTINCT FROM ROW({_of('t', names)})::text"
    columns = {column: f"e.{column}::text IS DISTINCT FROM t.{column}::text" for column in table.columns}
    rows = encode_rows(names, expected)
    return await _find(connection, table.name, f"ROW({_of('e', table.key)})::text", columns, source, differs, rows)


async def find_different_sums(
    connection: Connection, table: CounterTable, expected: Sequence[dict[LiteralString, Any]]
) -> DifferentRows:
    """Find the sums that differ; a row that is not there counts nothing."""
    keys = ", ".join(table.key)
    source = f"""
        json_populate_recordset(NULL::kiennghi_views.{table.name}, %s) AS e
        FULL JOIN kiennghi_views.{table.name} AS t USING ({keys})
    """
    columns = {one: f"coalesce(e.{one}, 0) <> coalesce(t.{one}, 0)" for one in table.figures}
    differs = " OR ".join(columns.values())
    return await _find(
        connection, table.name, f"ROW({keys})::text", columns, source, differs, json.encode(expected).decode()
    )


async def find_different_derived(connection: Connection, table: DerivedTable) -> DifferentRows:
    """Find the rows that do not follow from the sums in the database."""
    keys = ", ".join(table.key)
    source = f"({table.select}) AS e FULL JOIN kiennghi_views.{table.name} AS t USING ({keys})"
    columns = {one: f"e.{one} IS DISTINCT FROM t.{one}" for one in table.columns}
    differs = " OR ".join(columns.values())
    sums = f"WITH {table.source.name}_now AS (SELECT * FROM kiennghi_views.{table.source.name})"  # noqa: S608
    return await _find(connection, table.name, f"ROW({keys})::text", columns, source, differs, prefix=sums)


async def _find(
    connection: Connection,
    table: str,
    key: str,
    columns: dict[LiteralString, str],
    source: str,
    differs: str,
    *parameters: object,
    prefix: str = "",
) -> DifferentRows:
    differing = ", ".join(f"CASE WHEN {condition} THEN '{name}' END" for name, condition in columns.items())
    statement = f"""
        {prefix} SELECT count(*) OVER (), count(*) FILTER (WHERE t IS NULL) OVER (), {key}, t IS NULL,
               array_remove(ARRAY[{differing}]::text[], NULL)
        FROM {source} WHERE {differs} ORDER BY 3 LIMIT {NAMED_AT_ONCE}
    """  # noqa: S608 - names of a view
    rows = await (await connection.execute(statement.encode(), parameters)).fetchall()
    if not rows:
        return DifferentRows()
    named = [
        DifferentRow(table, key, () if is_missing else tuple(differ), is_missing)
        for *_, key, is_missing, differ in rows
    ]
    return DifferentRows(rows[0][0], rows[0][1], named)


async def count_rows(connection: Connection, table: Table) -> int:
    """Return the number of rows of a table."""
    statement = f"SELECT count(*) FROM kiennghi_views.{table.name}"  # noqa: S608 - a name of a view
    row = await (await connection.execute(statement.encode())).fetchone()
    return int((row or (0,))[0])


async def read_keys(connection: Connection, table: Table) -> set[str]:
    """Return the keys of all rows of a table, as they are named."""
    statement = f"SELECT ROW({_of('t', table.key)})::text FROM kiennghi_views.{table.name} AS t"  # noqa: S608
    return {key for (key,) in await (await connection.execute(statement.encode())).fetchall()}


async def name_keys(connection: Connection, table: Table, rows: Sequence[TableRow]) -> set[str]:
    """Return the keys of expected rows, as they are named."""
    statement = f"""
        SELECT ROW({_of("e", table.key)})::text FROM json_populate_recordset(NULL::kiennghi_views.{table.name}, %s) AS e
    """  # noqa: S608 - names of a view
    rows_of_keys = encode_rows(table.key, [row[: len(table.key)] for row in rows])
    return {key for (key,) in await (await connection.execute(statement.encode(), [rows_of_keys])).fetchall()}


def _of(alias: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{alias}.{column}" for column in columns)
