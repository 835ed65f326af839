"""What is to be written of views when states have changed, and the one statement that writes it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
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


def written(
    changes: Sequence[tuple[Projection, Difference]], moving: LiteralString
) -> tuple[LiteralString, dict[str, str]]:
    """The statement that writes the differences of one or more views, and its parameters.

    Of a view all is written if the statement `moving` gives its name in the column `name`, and nothing if it does not;
    the first column of the result has the names it gave. So a page takes one round trip, whatever it holds.
    """
    asked: dict[str, str] = {}
    for view, difference in changes:
        entered, counted = difference.entered, difference.counted()
        if not (entered or counted or difference.gone):
            continue
        for table in view.tables:
            if isinstance(table, Table):
                # Of a view that changes at all every table is named, and some get no rows: a statement for each
                # combination of tables would be planned hundreds of times.
                asked[f"{table.name}_entered"] = _json(table.key + table.columns, entered.get(table, ()))
                if keys := difference.gone.get(table):
                    asked[f"{table.name}_gone"] = _json(table.key, keys)
            elif isinstance(table, Sums):
                lines = [
                    dict(zip(table.key, key, strict=True)) | by
                    for key, by in counted.get(table, {}).items()
                    if any(by.values())
                ]
                asked[f"{table.name}_counted"] = json.encode(lines).decode()
            elif counted.get(table.of):
                asked[table.name] = ""
    return _statement(tuple((view.name, view.tables) for view, _ in changes), moving, frozenset(asked)), asked


def _json(names: tuple[str, ...], rows: Iterable[Row]) -> str:
    return json.encode([dict(zip(names, row, strict=True)) for row in rows]).decode()


@lru_cache(maxsize=1024)
def _statement(
    views: tuple[tuple[LiteralString, tuple[Table | Sums | Derived, ...]], ...],
    moving: LiteralString,
    asked: frozenset[str],
) -> LiteralString:
    parts: list[LiteralString] = [f"moved AS ({moving})"]
    for view, tables in views:
        for table in tables:
            if isinstance(table, Table):
                if f"{table.name}_gone" in asked:
                    parts.append(_remove(view, table))
                if f"{table.name}_entered" in asked:
                    parts.append(_enter(view, table))
            elif isinstance(table, Sums) and f"{table.name}_counted" in asked:
                parts.append(_add(view, table))
            elif isinstance(table, Derived) and table.name in asked:
                parts.append(f"{table.name}_now AS ({table.statement})")
    return f"WITH {', '.join(parts)} SELECT array_agg(name), set_config('synchronous_commit', 'off', true) FROM moved"  # noqa: S608


def _moved(view: LiteralString, table: LiteralString, asked: LiteralString) -> LiteralString:
    """What was asked for of a table, if its view has moved."""
    return (
        f"(SELECT r.* FROM moved, json_populate_recordset(NULL::{table}, %({asked})s) AS r WHERE name = '{view}') AS r"  # noqa: S608
    )


def _remove(view: LiteralString, table: Table) -> LiteralString:
    same = " AND ".join(f"t.{column} = r.{column}" for column in table.key)
    return f"""{table.name}_gone AS (
        DELETE FROM {table.name} AS t USING {_moved(view, table.name, f"{table.name}_gone")}
        WHERE {same})"""  # noqa: S608 - names of a view


def _enter(view: LiteralString, table: Table) -> LiteralString:
    columns = ", ".join(table.key + table.columns)
    values = ", ".join(f"r.{column}" for column in table.key + table.columns)
    renewed = ", ".join(f"{column} = excluded.{column}" for column in table.columns)
    return f"""{table.name}_entered AS (
        INSERT INTO {table.name} ({columns})
        SELECT {values} FROM {_moved(view, table.name, f"{table.name}_entered")}
        ON CONFLICT ({", ".join(table.key)}) DO UPDATE SET {renewed})"""  # noqa: S608 - names of a view


def _add(view: LiteralString, sums: Sums) -> LiteralString:
    columns = ", ".join(sums.key + sums.figures)
    keys = ", ".join(f"r.{column}" for column in sums.key)
    figures = ", ".join(f"coalesce(r.{figure}, 0)" for figure in sums.figures)
    added = ", ".join(f"{figure} = s.{figure} + excluded.{figure}" for figure in sums.figures)
    return f"""{sums.name}_now AS (
        INSERT INTO {sums.name} AS s ({columns})
        SELECT {keys}, {figures} FROM {_moved(view, sums.name, f"{sums.name}_counted")}
        ON CONFLICT ({", ".join(sums.key)}) DO UPDATE SET {added} RETURNING s.*)"""  # noqa: S608 - names of a view
