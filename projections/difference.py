"""What is to be written of a view when states have changed, and the one statement that writes it."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, LiteralString, NamedTuple

from msgspec import json

from projections.projection import Derived, Key, Projection, Row, Sums, Table


class Moved(NamedTuple):
    """The state of one petition or meeting before some facts and after them; None where nothing is known."""

    before: Any
    after: Any


Rows = dict[Key, dict[LiteralString, int]]
"""Of sums: by how much which figures are higher."""


class Difference:
    """Between the rows of a view before and after: what has come or changed, what is gone, what is counted anew."""

    def __init__(self, view: Projection) -> None:
        self._view = view
        self.entered: defaultdict[Table, list[Row]] = defaultdict(list)
        self.gone: defaultdict[Table, list[Key]] = defaultdict(list)
        self._counted: defaultdict[Sums, Rows] = defaultdict(dict)

    def add(self, moved: Iterable[Moved]) -> None:
        """Each petition or meeting at most once."""
        for before, after in moved:
            if after is before:
                continue
            self._compare(before, after)
            self._count(after, 1)
            if before is not None:
                self._count(before, -1)

    def _compare(self, before: Any, after: Any) -> None:
        if before is None:
            for table, row in self._view.rows(after):
                self.entered[table].append(row)
            return
        stood = {(table, row[: len(table.key)]): row for table, row in self._view.rows(before)}
        for table, row in self._view.rows(after):
            if stood.pop((table, row[: len(table.key)]), None) != row:
                self.entered[table].append(row)
        for table, key in stood:
            self.gone[table].append(key)

    def _count(self, state: Any, sign: int) -> None:
        counted = self._counted
        for sums, key, figure, by in self._view.counts(state):
            rows = counted[sums]
            row = rows.get(key)
            if row is None:
                rows[key] = {figure: sign * by}
            else:
                row[figure] = row.get(figure, 0) + sign * by

    def counted(self) -> dict[Sums, Rows]:
        """In which rows which figures are higher."""
        found: dict[Sums, Rows] = {}
        for sums, rows in self._counted.items():
            spread = found.setdefault(sums, {})
            for key, figures in rows.items():
                if any(figures.values()):  # most of what a spell takes back the next one says again
                    for row in sums.spread(key):
                        there = spread.get(row)
                        if there is None:
                            spread[row] = figures.copy()
                        else:
                            for figure, by in figures.items():
                                there[figure] = there.get(figure, 0) + by
        return found


def written(view: Projection, difference: Difference, moving: LiteralString) -> tuple[LiteralString, dict[str, str]]:
    """The statement that writes the difference and its parameters.

    All of it is written if the statement `moving` gives a row, and nothing if it gives none; the first column of the
    result says which. So a page takes one round trip, whatever it holds.
    """
    counted = difference.counted()
    asked: dict[str, str] = {}
    for table, rows in difference.entered.items():
        asked[f"{table.name}_entered"] = _json(table.key + table.columns, rows)
    for table, keys in difference.gone.items():
        asked[f"{table.name}_gone"] = _json(table.key, keys)
    for sums, figures in counted.items():
        if lines := [dict(zip(sums.key, key, strict=True)) | by for key, by in figures.items() if any(by.values())]:
            asked[f"{sums.name}_counted"] = json.encode(lines).decode()
    return _statement(view.tables, moving, frozenset(asked)), asked


def _json(names: tuple[str, ...], rows: Iterable[Row]) -> str:
    return json.encode([dict(zip(names, row, strict=True)) for row in rows]).decode()


@lru_cache
def _statement(
    tables: tuple[Table | Sums | Derived, ...], moving: LiteralString, asked: frozenset[str]
) -> LiteralString:
    parts: list[LiteralString] = [f"moved AS ({moving})"]
    changed = set()
    for table in tables:
        if isinstance(table, Table):
            if f"{table.name}_gone" in asked:
                parts.append(_remove(table))
            if f"{table.name}_entered" in asked:
                parts.append(_enter(table))
        elif isinstance(table, Sums) and f"{table.name}_counted" in asked:
            parts.append(_add(table))
            changed.add(table)
        elif isinstance(table, Derived) and table.of in changed:
            parts.append(f"{table.name}_now AS ({table.statement})")
    return f"WITH {', '.join(parts)} SELECT count(*), set_config('synchronous_commit', 'off', true) FROM moved"  # noqa: S608


def _remove(table: Table) -> LiteralString:
    same = " AND ".join(f"t.{column} = r.{column}" for column in table.key)
    return f"""{table.name}_gone AS (
        DELETE FROM {table.name} AS t
        USING moved, json_populate_recordset(NULL::{table.name}, %({table.name}_gone)s) AS r
        WHERE {same})"""  # noqa: S608 - names of a view


def _enter(table: Table) -> LiteralString:
    columns = ", ".join(table.key + table.columns)
    values = ", ".join(f"r.{column}" for column in table.key + table.columns)
    renewed = ", ".join(f"{column} = excluded.{column}" for column in table.columns)
    return f"""{table.name}_entered AS (
        INSERT INTO {table.name} ({columns})
        SELECT {values} FROM moved, json_populate_recordset(NULL::{table.name}, %({table.name}_entered)s) AS r
        ON CONFLICT ({", ".join(table.key)}) DO UPDATE SET {renewed})"""  # noqa: S608 - names of a view


def _add(sums: Sums) -> LiteralString:
    columns = ", ".join(sums.key + sums.figures)
    keys = ", ".join(f"r.{column}" for column in sums.key)
    figures = ", ".join(f"coalesce(r.{figure}, 0)" for figure in sums.figures)
    added = ", ".join(f"{figure} = s.{figure} + excluded.{figure}" for figure in sums.figures)
    return f"""{sums.name}_now AS (
        INSERT INTO {sums.name} AS s ({columns})
        SELECT {keys}, {figures} FROM moved, json_populate_recordset(NULL::{sums.name}, %({sums.name}_counted)s) AS r
        ON CONFLICT ({", ".join(sums.key)}) DO UPDATE SET {added} RETURNING s.*)"""  # noqa: S608 - names of a view
