"""Spools the rows of a file to disk and groups them into cases.

The rows of a case may lie anywhere in the file, and memory stays bounded.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from domain.deadlines.policy import Law
from service.files.cells import BadRow, FileRow, LeftOutRow, quote_cell
from service.files.plausible_vietnamese import PlausibleText
from service.files.words import Words
from service.imports.cases import CaseReader
from service.imports.csv_rows import read_csv_rows
from service.imports.mapping import ImportMapping
from service.imports.ocel_rows import read_ocel_rows
from service.imports.readings import CaseReading, LeftOutRows, UnreadableRows
from service.imports.unit_names import UnitNames
from service.imports.workbook_rows import is_workbook, read_workbook_rows
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
        self.left_out: list[LeftOutRow] = []
        self._text = PlausibleText()
        self._trace_of_key: dict[str, int] = {}
        self.columns_left_out: list[str] = []
        """Columns of the file that the mapping does not name, sorted."""
        self.first_days_of_units: dict[str, date] = {}
        """Every unit that the rows name, with the earliest day of a row that names it."""

    def store_rows(self, rows: Iterator[FileRow]) -> None:
        """Write the rows to the database, about 5,000 at a time."""
        good: list[tuple[int, str, bytes]] = []
        bad: list[tuple[int, str]] = []
        for row in rows:
            self.row_count += 1
            if isinstance(row, LeftOutRow):
                self.left_out.append(row)
            elif isinstance(row, BadRow):
                bad.append((row.number, row.reason))
            elif key := self._reader.case_key(row.cells):
                self._reader.look_at(row.number, row.cells)
                self._check_trace(key, row.trace)
                self._text.look_at(row.cells)
                good.append((row.number, key, msgspec.json.encode(row.cells)))
                for unit, day in self._reader.unit_days(row.cells):
                    if (first_day := self.first_days_of_units.get(unit)) is None or day < first_day:
                        self.first_days_of_units[unit] = day
            else:
                bad.append((row.number, str(Words("không có khóa", "there is no key"))))
            if len(good) + len(bad) >= 5_000:
                self._insert_rows(good, bad)
        self._insert_rows(good, bad)

    def _check_trace(self, key: str, trace: int) -> None:
        if trace and self._trace_of_key.setdefault(key, trace) != trace:
            self._reader.doubled_traces.add(key)

    def settle(self, *, force: bool) -> None:
        """Decide on the file as a whole, once all rows are there. Raise UnreadableFile for text in a wrong encoding."""
        self._reader.settle()
        if not force:
            self._text.require_plausible()

    @property
    def remarks(self) -> list[str]:
        """Return what is to be said of the file as a whole, in both languages."""
        return list(map(str, self._reader.remarks()))

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
        return int(count) + len(self.left_out)

    def __iter__(self) -> Iterator[CaseReading]:
        for row in self.left_out:
            yield LeftOutRows((row.number,), row.reason)
        for number, reason in self._database.execute("SELECT row, reason FROM bad_rows ORDER BY row"):
            yield UnreadableRows((number,), "", str(Words.parse(reason).in_row(number)))
        found = self._database.execute(_SELECT_ROWS_BY_CASE)
        for _, rows in groupby(found, key=itemgetter(0)):
            case_rows = list(islice(rows, MOST_CASE_ROWS + 1))  # groupby passes over the others
            numbers = tuple(row for _, row, _, _ in case_rows)
            key = case_rows[0][2]
            if len(case_rows) > MOST_CASE_ROWS:
                reason = Words(
                    f"hơn {MOST_CASE_ROWS:,} dòng có khóa {quote_cell(key)}: có đúng cột không?",
                    f"more than {MOST_CASE_ROWS:,} rows have the key {quote_cell(key)}: is its column the right one?",
                )
                yield UnreadableRows(numbers, key, str(reason))
            else:
                yield self._reader.read_case(key, numbers, [_cells_decoder.decode(cells) for *_, cells in case_rows])


@contextmanager
def spool_file(
    path: Path,
    mapping: ImportMapping,
    zone: ZoneInfo,
    law: Law,
    today: date,
    units: Iterable[str] = (),
    *,
    force: bool = False,
) -> Iterator[SpooledFile]:
    """Read the whole file into a temporary database, which is deleted when the context or the process ends.

    `zone` is the time zone of the authority, for a mapping that states none; `units` are the codes in the register.
    With `force` text is taken that does not look like Vietnamese. Raise UnreadableFile and UnusableMapping here, before
    any case is read.
    """
    read_rows = _row_reader(path, mapping)
    reader = CaseReader(
        mapping,
        ZoneInfo(mapping.source.zone) if mapping.source.zone else zone,
        law,
        today,
        UnitNames(mapping.units, units),
        also_iso=read_rows is not read_csv_rows,
    )
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
        file.store_rows(read_rows(path, mapping, columns))
        file.columns_left_out = sorted(columns.difference(mapping.columns))
        database.execute("COMMIT")
        file.settle(force=force)
        yield file


def _row_reader(path: Path, mapping: ImportMapping) -> Callable[[Path, ImportMapping, set[str]], Iterator[FileRow]]:
    """Return the reader of the file: the mapping states its format, or the first bytes and the name tell it."""
    match mapping.source.format:
        case "xes":
            return read_xes_rows
        case "ocel":
            return read_ocel_rows
        case "csv":
            return read_csv_rows
        case "xlsx":
            return read_workbook_rows
        case "auto":
            if is_workbook(path):
                return read_workbook_rows
            return _reader_by_name(path.name.lower().removesuffix(".gz"))


def _reader_by_name(name: str) -> Callable[[Path, ImportMapping, set[str]], Iterator[FileRow]]:
    if name.endswith(".xes"):
        return read_xes_rows
    return read_ocel_rows if name.endswith((".jsonocel", ".json")) else read_csv_rows
