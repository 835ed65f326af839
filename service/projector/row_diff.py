"""Computes which rows of views differ after a change of state, and builds the one statement that writes them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, LiteralString, NamedTuple

from msgspec import json

from projections.projection import CounterTable, DerivedTable, Projection, RowKey, Table, TableRow


class StateChange(NamedTuple):
    """Holds the state of one petition, meeting or message before some events and after them (the net change).

    `before` is None if there was no state yet.
    """

    before: Any
    after: Any


CounterRows = dict[RowKey, dict[LiteralString, int]]
"""Rows of one counter table: for each key, the amount to add to each figure."""


class RowDiff:
    """Collects the row changes of one view: rows to insert or update, keys to delete, amounts to add to counters."""

    def __init__(self, view: Projection) -> None:
        self._view = view
        self.upserted: defaultdict[Table, list[TableRow]] = defaultdict(list)
        self.deleted: defaultdict[Table, list[RowKey]] = defaultdict(list)
        self._counted: defaultdict[CounterTable, CounterRows] = defaultdict(dict)

    def add(self, changes: Iterable[StateChange]) -> None:
        """Add the changes of states. Each petition, meeting or message may be added at most once."""
        for before, after in changes:
            if after is before:
                continue
            self._compare(before, after)
            self._add_counter_deltas(after, 1)
            if before is not None:
                self._add_counter_deltas(before, -1)

    def _compare(self, before: Any, after: Any) -> None:
        if before is None:
            for table, row in self._view.rows(after):
                self.upserted[table].append(row)
            return
        old_rows = {(table, row[: len(table.key)]): row for table, row in self._view.rows(before)}
        for table, row in self._view.rows(after):
            if old_rows.pop((table, row[: len(table.key)]), None) != row:
                self.upserted[table].append(row)
        for table, key in old_rows:
            self.deleted[table].append(key)

    def _add_counter_deltas(self, state: Any, sign: int) -> None:
        counted = self._counted
        for table, key, figure, amount in self._view.counter_deltas(state):
            rows = counted[table]
            row = rows.get(key)
            if row is None:
                rows[key] = {figure: sign * amount}
            else:
                row[figure] = row.get(figure, 0) + sign * amount

    def counter_rows(self) -> dict[CounterTable, CounterRows]:
        """Return the amounts to add to each counter table, fanned out to all rows that a key counts in."""
        found: dict[CounterTable, CounterRows] = {}
        for table, rows in self._counted.items():
            fanned_out = found.setdefault(table, {})
            for key, figures in rows.items():
                if any(figures.values()):  # most of what one interval takes back the next one adds again
                    for row_key in table.fan_out(key):
                        amounts = fanned_out.get(row_key)
                        if amounts is None:
                            fanned_out[row_key] = figures.copy()
                        else:
                            for figure, amount in figures.items():
                                amounts[figure] = amounts.get(figure, 0) + amount
        return found


def build_write_statement(
    changes: Sequence[tuple[Projection, RowDiff]], advance_statement: LiteralString
) -> tuple[LiteralString, dict[str, str]]:
    """Build the statement that writes the row changes of one or more views, and its parameters.

    `advance_statement` advances the checkpoints and returns the names of the advanced views in the column `name`. All
    changes of these views are written, and no changes of the other views. The first column of the result is the array
    of these names. So each page takes one round trip to the database.
    """
    parameters: dict[str, str] = {}
    for view, row_diff in changes:
        upserted, counted = row_diff.upserted, row_diff.counter_rows()
        if not (upserted or counted or row_diff.deleted):
            continue
        for table in view.tables:
            if isinstance(table, Table):
                # The statement of a view that changes has a part for each of its tables, and some parts get no rows:
                # one statement for each combination of tables would be planned hundreds of times.
                parameters[f"{table.name}_entered"] = encode_rows(table.key + table.columns, upserted.get(table, ()))
                if keys := row_diff.deleted.get(table):
                    parameters[f"{table.name}_gone"] = encode_rows(table.key, keys)
            elif isinstance(table, CounterTable):
                counter_rows = [
                    dict(zip(table.key, key, strict=True)) | amounts
                    for key, amounts in counted.get(table, {}).items()
                    if any(amounts.values())
                ]
                parameters[f"{table.name}_counted"] = json.encode(counter_rows).decode()
            elif counted.get(table.source):
                parameters[table.name] = ""
    views = tuple((view.name, view.tables) for view, _ in changes)
    return _compose_statement(views, advance_statement, frozenset(parameters)), parameters


def encode_rows(names: Sequence[str], rows: Iterable[TableRow]) -> str:
    """Return rows as the JSON that `json_populate_recordset` reads."""
    return json.encode([dict(zip(names, row, strict=True)) for row in rows]).decode()


@lru_cache(maxsize=1024)
def _compose_statement(
    views: tuple[tuple[LiteralString, tuple[Table | CounterTable | DerivedTable, ...]], ...],
    advance_statement: LiteralString,
    parameters: frozenset[str],
) -> LiteralString:
    parts: list[LiteralString] = [f"moved AS ({advance_statement})"]
    for view, tables in views:
        for table in tables:
            if isinstance(table, Table):
                if f"{table.name}_gone" in parameters:
                    parts.append(_delete_part(view, table))
                if f"{table.name}_entered" in parameters:
                    parts.append(_upsert_part(view, table))
            elif isinstance(table, CounterTable) and f"{table.name}_counted" in parameters:
                parts.append(_counter_part(view, table))
            elif isinstance(table, DerivedTable) and table.name in parameters:
                parts.append(f"{table.name}_now AS ({table.statement})")
    return f"WITH {', '.join(parts)} SELECT array_agg(name), set_config('synchronous_commit', 'off', true) FROM moved"  # noqa: S608


def _requested_rows(view: LiteralString, table: LiteralString, rows: LiteralString) -> LiteralString:
    """Return the FROM item of the rows in the parameter `rows`, which is empty if the view was not advanced."""
    return (
        f"(SELECT r.* FROM moved, json_populate_recordset(NULL::{table}, %({rows})s) AS r WHERE name = '{view}') AS r"  # noqa: S608
    )


def _delete_part(view: LiteralString, table: Table) -> LiteralString:
    key_condition = " AND ".join(f"t.{column} = r.{column}" for column in table.key)
    return f"""{table.name}_gone AS (
        DELETE FROM {table.name} AS t USING {_requested_rows(view, table.name, f"{table.name}_gone")}
        WHERE {key_condition})"""  # noqa: S608 - names of a view


def _upsert_part(view: LiteralString, table: Table) -> LiteralString:
    columns = ", ".join(table.key + table.columns)
    values = ", ".join(f"r.{column}" for column in table.key + table.columns)
    assignments = ", ".join(f"{column} = excluded.{column}" for column in table.columns)
    return f"""{table.name}_entered AS (
        INSERT INTO {table.name} ({columns})
        SELECT {values} FROM {_requested_rows(view, table.name, f"{table.name}_entered")}
        ON CONFLICT ({", ".join(table.key)}) DO UPDATE SET {assignments})"""  # noqa: S608 - names of a view


def _counter_part(view: LiteralString, counter_table: CounterTable) -> LiteralString:
    columns = ", ".join(counter_table.key + counter_table.figures)
    keys = ", ".join(f"r.{column}" for column in counter_table.key)
    figures = ", ".join(f"coalesce(r.{figure}, 0)" for figure in counter_table.figures)
    additions = ", ".join(f"{figure} = s.{figure} + excluded.{figure}" for figure in counter_table.figures)
    return f"""{counter_table.name}_now AS (
        INSERT INTO {counter_table.name} AS s ({columns})
        SELECT {keys}, {figures} FROM {_requested_rows(view, counter_table.name, f"{counter_table.name}_counted")}
        ON CONFLICT ({", ".join(counter_table.key)}) DO UPDATE SET {additions} RETURNING s.*)"""  # noqa: S608 - names of a view
