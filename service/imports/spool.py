"""Spools the rows of a file to disk and groups them into cases.

The rows of a case may lie anywhere in the file, and memory stays bounded.
"""

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
from service.files.cells import BadRow, CellRow, quote_cell
from service.imports.cases import CaseReader, CaseReading, UnreadableRows
from service.imports.csv_rows import read_csv_rows
from service.imports.mapping import ImportMapping
from service.imports.xes_rows import read_xes_rows

MOST_CASE_ROWS = 10_000
"""Rows of one case. With more, the key column is not the key of a case, and one transaction would be too long."""

# Cases are in the order of their first rows, and so are their numbers in the register.
_SELECT_ROWS_BY_CASE = """
    SELECT first_row, row, key, cells
    FROM (SELECT row, key, cells, min(row) OVER (PARTITION BY key) AS first_row FROM rows)
    ORDER BY first_row, row
"""
_cells_decoder = msgspec.json.Decoder(list[str])


class SpooledFile:
    """Holds the rows of a file that was read to its end. It can be iterated several times and yields the cases."""

    def __init__(self, database: sqlite3.Connection, reader: CaseReader) -> None:
        self._database = database
        self._reader = reader
        self.row_count = 0
        self.columns_left_out: list[str] = []
        """Columns of the file that the mapping does not name, sorted."""
        self.first_days_of_units: dict[str, date] = {}
        """Every unit that the rows name, with the earliest day of a row that names it."""

    def store_rows(self, rows: Iterator[CellRow | BadRow]) -> None:
        """Write the rows to the database, about 5,000 at a time."""
        good: list[tuple[int, str, bytes]] = []
        bad: list[tuple[int, str]] = []
        for row in rows:
            self.row_count += 1
            if isinstance(row, BadRow):
                bad.append((row.number, row.reason))
            elif key := self._reader.case_key(row.cells):
                good.append((row.number, key, msgspec.json.encode(row.cells)))
                for unit, day in self._reader.unit_days(row.cells):
                    if (first_day := self.first_days_of_units.get(unit)) is None or day < first_day:
                        self.first_days_of_units[unit] = day
            else:
                bad.append((row.number, "there is no key"))
            if len(good) + len(bad) >= 5_000:
                self._insert_rows(good, bad)
        self._insert_rows(good, bad)

    def _insert_rows(self, good: list[tuple[int, str, bytes]], bad: list[tuple[int, str]]) -> None:
        self._database.executemany("INSERT INTO rows VALUES (?, ?, ?)", good)
        self._database.executemany("INSERT INTO bad_rows VALUES (?, ?)", bad)
        good.clear()
        bad.clear()

    @cached_property
    def case_count(self) -> int:
        """Return the number of cases that an iteration yields."""
        (count,) = self._database.execute(
            "SELECT (SELECT count(DISTINCT key) FROM rows) + (SELECT count(*) FROM bad_rows)"
        ).fetchone()
        return int(count)

    def __iter__(self) -> Iterator[CaseReading]:
        for number, reason in self._database.execute("SELECT row, reason FROM bad_rows ORDER BY row"):
            yield UnreadableRows((number,), "", f"row {number}: {reason}")
        found = self._database.execute(_SELECT_ROWS_BY_CASE)
        for _, rows in groupby(found, key=itemgetter(0)):
            case_rows = list(islice(rows, MOST_CASE_ROWS + 1))  # groupby passes over the others
            numbers = tuple(row for _, row, _, _ in case_rows)
            key = case_rows[0][2]
            if len(case_rows) > MOST_CASE_ROWS:
                reason = (
                    f"more than {MOST_CASE_ROWS:,} rows have the key {quote_cell(key)}: is its column the right one?"
                )
                yield UnreadableRows(numbers, key, reason)
            else:
                yield self._reader.read_case(key, numbers, [_cells_decoder.decode(cells) for *_, cells in case_rows])


@contextmanager
def spool_file(path: Path, mapping: ImportMapping, zone: ZoneInfo, law: Law) -> Iterator[SpooledFile]:
    """Read the whole file into a temporary database, which is deleted when the context or the process ends.

    `zone` is the time zone of the authority, for a mapping that states none. Raise UnreadableFile and UnusableMapping
    here, before any case is read.
    """
    xes = _is_xes_file(path, mapping)
    reader = CaseReader(mapping, ZoneInfo(mapping.source.zone) if mapping.source.zone else zone, law, xes=xes)
    # SQLite keeps a database without a name in a file without a name, which nobody else can open.
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
        file.store_rows((read_xes_rows if xes else read_csv_rows)(path, mapping, columns))
        file.columns_left_out = sorted(columns.difference(mapping.columns))
        database.execute("COMMIT")
        yield file


def _is_xes_file(path: Path, mapping: ImportMapping) -> bool:
    if mapping.source.format != "auto":
        return mapping.source.format == "xes"
    return path.name.lower().removesuffix(".gz").endswith(".xes")
