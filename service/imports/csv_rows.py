"""Reads a CSV file row by row.

A malformed row is reported by its number; nothing is read otherwise than it was written.
"""

import csv
import difflib
import io
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from service.files.cells import BadRow, CellRow, UnreadableFile, quote_cell, tidy_cell, tidy_cells
from service.imports.mapping import ImportMapping, UnusableMapping
from service.imports.texts import detect_encoding, open_source_file, wrong_encoding

LONGEST_CSV_ROW = 1_000_000
"""Characters of one row. A longer row is a quote that was never closed, or the file is no table."""


def read_csv_rows(path: Path, mapping: ImportMapping, columns: set[str]) -> Iterator[CellRow | BadRow]:
    """Yield the rows of the file, and add the names in the header to `columns`.

    Raise UnusableMapping when the file lacks a column that the mapping names, and UnreadableFile when the end of a row
    cannot be found.
    """
    csv.field_size_limit(LONGEST_CSV_ROW)  # the module's own limit would end a row that can be reported
    with open_source_file(path) as stream:
        encoding = detect_encoding(stream, mapping.source.encoding)
        with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
            lines = _CountedLines(text, encoding)
            table = csv.reader(lines, delimiter=mapping.source.delimiter, strict=True)
            header = _read_header(table, mapping)
            columns.update(header)
            yield from _read_table_rows(table, lines, header, mapping.columns)


def _read_table_rows(
    table: Iterator[list[str]], lines: "_CountedLines", header: Sequence[str], wanted: Sequence[str]
) -> Iterator[CellRow | BadRow]:
    indexes = [header.index(name) for name in wanted]
    pick = itemgetter(*indexes) if len(indexes) > 1 else lambda cells: (cells[indexes[0]],)
    number, width = 1, len(header)
    while True:
        number += 1
        first = lines.count + 1
        lines.size = 0
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            if str(error) == "unexpected end of data":
                raise UnreadableFile(f"a quote is opened in row {number} (line {first}) and never closed") from None
            span = f"line {first}" if lines.count == first else f"lines {first} to {lines.count}"
            yield BadRow(number, f"{span}: not readable as CSV: {error}")
            continue
        if len(cells) == width:
            if any(cells):
                yield CellRow(number, tidy_cells(pick(cells)))
        elif any(cells):
            yield BadRow(number, f"line {first}: {len(cells)} cells, where the header has {width}")


class _CountedLines:
    """Counts lines, and raises UnreadableFile for a row without an end. The reader sets `size` to 0 before each row."""

    def __init__(self, text: TextIO, encoding: str) -> None:
        self._text = text
        self._encoding = encoding
        self.count = 0
        self.size = 0

    def __iter__(self) -> "_CountedLines":
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(LONGEST_CSV_ROW + 1)
        except UnicodeDecodeError as error:
            raise wrong_encoding(self._encoding, error, f"after line {self.count}") from None
        if not line:
            raise StopIteration
        self.count += 1
        self.size += len(line)
        if self.size > LONGEST_CSV_ROW:
            raise UnreadableFile(
                f"the row that reaches line {self.count} has more than {LONGEST_CSV_ROW:,} characters;"
                " was a quote before it never closed?"
            )
        return line


def _read_header(table: Iterator[list[str]], mapping: ImportMapping) -> list[str]:
    try:
        header = [tidy_cell(cell.removeprefix("\ufeff")) for cell in next(table)]
    except StopIteration:
        raise UnreadableFile("the file is empty: there is no row with the names of the columns") from None
    except csv.Error as error:
        raise UnreadableFile(f"line 1, the names of the columns, is not readable as CSV: {error}") from None
    if any("\0" in name for name in header):
        raise UnreadableFile('line 1 holds NUL characters: state the encoding in the mapping, such as "utf-16-le"')
    complaints = []
    for name in mapping.columns:
        if name not in header:
            hint = _missing_column_hint(name, header)
            complaints.append(f"{mapping.keys_naming(name)}: the file has no column {quote_cell(name)}{hint}")
        elif header.count(name) > 1:
            complaints.append(f"{mapping.keys_naming(name)}: the file has the column {quote_cell(name)} twice")
    if complaints:
        raise UnusableMapping("\n".join(complaints))
    return header


def _missing_column_hint(name: str, header: Sequence[str]) -> str:
    for other in (";", "\t", "|", ","):
        if len(header) == 1 and other in header[0]:
            return f"; is source.delimiter = {'tab' if other == chr(9) else other!r} meant?"
    near = difflib.get_close_matches(name, header, 1)
    if near:
        return f"; is {quote_cell(near[0])} meant?"
    return f"; it has {', '.join(quote_cell(found) for found in header[:30])}"
