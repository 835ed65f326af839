"""A file's rows laid down on disk, so that the rows of a case may lie anywhere in it and memory stays bounded."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from domain.deadlines.policy import Law
from service.files.cells import BadRow, Row, quoted
from service.imports.cases import CaseReader, CaseRow, UnreadRows
from service.imports.csv_rows import csv_rows
from service.imports.mapping import Mapping
from service.imports.xes_rows import xes_rows

MOST_ROWS = 10_000
"""Rows of a case. Beyond it the key column is not the key of a case, and one transaction would be too long."""

# Cases come in the order of their first rows: so does their number in the register.
_BY_CASE = """
    SELECT first_row, row, key, cells
    FROM (SELECT row, key, cells, min(row) OVER (PARTITION BY key) AS first_row FROM rows)
    ORDER BY first_row, row
"""
_cells = msgspec.json.Decoder(list[str])


class SpooledFile:
    """The rows of a file that was read to its end. Iterating gives its cases, as often as one likes."""

    def __init__(self, database: sqlite3.Connection, reader: CaseReader) -> None:
        self._database = database
        self._reader = reader
        self.rows = 0
        self.left_out: list[str] = []
        """The columns that the mapping does not take."""
        self.units: dict[str, date] = {}
        """Every unit that the rows name, with its earliest day."""

    def lay_down(self, rows: Iterator[Row | BadRow]) -> None:
        good: list[tuple[int, str, bytes]] = []
        bad: list[tuple[int, str]] = []
        for row in rows:
            self.rows += 1
            if isinstance(row, BadRow):
                bad.append((row.number, row.reason))
            elif key := self._reader.key(row.cells):
                good.append((row.number, key, msgspec.json.encode(row.cells)))
                for unit, day in self._reader.units(row.cells):
                    if (known := self.units.get(unit)) is None or day < known:
                        self.units[unit] = day
            else:
                bad.append((row.number, "there is no key"))
            if len(good) + len(bad) >= 5_000:
                self._write(good, bad)
        self._write(good, bad)

    def _write(self, good: list[tuple[int, str, bytes]], bad: list[tuple[int, str]]) -> None:
        self._database.executemany("INSERT INTO rows VALUES (?, ?, ?)", good)
        self._database.executemany("INSERT INTO bad_rows VALUES (?, ?)", bad)
        good.clear()
        bad.clear()

    @cached_property
    def cases(self) -> int:
        """How many iterating gives."""
        (count,) = self._database.execute(
            "SELECT (SELECT count(DISTINCT key) FROM rows) + (SELECT count(*) FROM bad_rows)"
        ).fetchone()
        return int(count)

    def __iter__(self) -> Iterator[CaseRow]:
        for number, reason in self._database.execute("SELECT row, reason FROM bad_rows ORDER BY row"):
            yield UnreadRows((number,), "", f"row {number}: {reason}")
        found = self._database.execute(_BY_CASE)
        for _, rows in groupby(found, key=itemgetter(0)):
            taken = list(islice(rows, MOST_ROWS + 1))  # groupby passes over the others
            numbers = tuple(row for _, row, _, _ in taken)
            key = taken[0][2]
            if len(taken) > MOST_ROWS:
                reason = f"more than {MOST_ROWS:,} rows have the key {quoted(key)}: is its column the right one?"
                yield UnreadRows(numbers, key, reason)
            else:
                yield self._reader.case(key, numbers, [_cells.decode(cells) for *_, cells in taken])


@contextmanager
def spooled(path: Path, mapping: Mapping, zone: ZoneInfo, law: Law) -> Iterator[SpooledFile]:
    """Reads the whole file; UnreadableFile and UnusableMapping are raised here, before there is any case.

    `zone` is the authority's, for a mapping that states none. The rows are gone when the context ends, or the
    process.
    """
    xes = _is_xes(path, mapping)
    reader = CaseReader(mapping, ZoneInfo(mapping.source.zone) if mapping.source.zone else zone, law, xes=xes)
    # A database without a name lies in a file without a name, which nobody else can open.
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as database:
        database.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -32000;
            CREATE TABLE rows (row INTEGER PRIMARY KEY, key TEXT NOT NULL, cells BLOB NOT NULL);
            CREATE TABLE bad_rows (row INTEGER PRIMARY KEY, reason TEXT NOT NULL);
            BEGIN;
            """
        )
        file = SpooledFile(database, reader)
        columns: set[str] = set()
        file.lay_down((xes_rows if xes else csv_rows)(path, mapping, columns))
        file.left_out = sorted(columns.difference(mapping.columns))
        database.execute("COMMIT")
        yield file


def _is_xes(path: Path, mapping: Mapping) -> bool:
    if mapping.source.format != "auto":
        return mapping.source.format == "xes"
    return path.name.lower().removesuffix(".gz").endswith(".xes")
