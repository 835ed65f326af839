"""The rows of a CSV file, one at a time; what is malformed is said by row, never read otherwise than written."""

import csv
import difflib
import io
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import TextIO

from service.files.cells import BadRow, Row, UnreadableFile, quoted, tidy, tidy_all
from service.imports.mapping import Mapping, UnusableMapping
from service.imports.texts import encoding_of, not_in, opened

LONGEST_ROW = 1_000_000
"""Characters. A row beyond it is a quote that was never closed, or no table at all."""


def csv_rows(path: Path, mapping: Mapping, columns: set[str]) -> Iterator[Row | BadRow]:
    """Adds the names in the header to `columns`. Raises UnusableMapping where a named column is not there, and
    UnreadableFile where rows can no longer be told apart."""
    csv.field_size_limit(LONGEST_ROW)  # the module's own limit would end a row that can be reported
    with opened(path) as stream:
        encoding = encoding_of(stream, mapping.source.encoding)
        with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
            lines = _Lines(text, encoding)
            table = csv.reader(lines, delimiter=mapping.source.delimiter, strict=True)
            header = _header(table, mapping)
            columns.update(header)
            yield from _rows(table, lines, header, mapping.columns)


def _rows(
    table: Iterator[list[str]], lines: "_Lines", header: Sequence[str], wanted: Sequence[str]
) -> Iterator[Row | BadRow]:
    places = [header.index(name) for name in wanted]
    pick = itemgetter(*places) if len(places) > 1 else lambda cells: (cells[places[0]],)
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
                yield Row(number, tidy_all(pick(cells)))
        elif any(cells):
            yield BadRow(number, f"line {first}: {len(cells)} cells, where the header has {width}")


class _Lines:
    """Counts lines, and ends a row that has no end. `size` is set to 0 by the reader before each row."""

    def __init__(self, text: TextIO, encoding: str) -> None:
        self._text = text
        self._encoding = encoding
        self.count = 0
        self.size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        try:
            line = self._text.readline(LONGEST_ROW + 1)
        except UnicodeDecodeError as error:
            raise not_in(self._encoding, error, f"after line {self.count}") from None
        if not line:
            raise StopIteration
        self.count += 1
        self.size += len(line)
        if self.size > LONGEST_ROW:
            raise UnreadableFile(
                f"the row that reaches line {self.count} has more than {LONGEST_ROW:,} characters;"
                " was a quote before it never closed?"
            )
        return line


def _header(table: Iterator[list[str]], mapping: Mapping) -> list[str]:
    try:
        header = [tidy(cell.removeprefix("\ufeff")) for cell in next(table)]
    except StopIteration:
        raise UnreadableFile("the file is empty: there is no row with the names of the columns") from None
    except csv.Error as error:
        raise UnreadableFile(f"line 1, the names of the columns, is not readable as CSV: {error}") from None
    if any("\0" in name for name in header):
        raise UnreadableFile('line 1 holds NUL characters: state the encoding in the mapping, such as "utf-16-le"')
    complaints = []
    for name in mapping.columns:
        if name not in header:
            complaints.append(f"{mapping.where(name)}: the file has no column {quoted(name)}{_hint(name, header)}")
        elif header.count(name) > 1:
            complaints.append(f"{mapping.where(name)}: the file has the column {quoted(name)} twice")
    if complaints:
        raise UnusableMapping("\n".join(complaints))
    return header


def _hint(name: str, header: Sequence[str]) -> str:
    for other in (";", "\t", "|", ","):
        if len(header) == 1 and other in header[0]:
            return f"; is source.delimiter = {'tab' if other == chr(9) else other!r} meant?"
    near = difflib.get_close_matches(name, header, 1)
    if near:
        return f"; is {quoted(near[0])} meant?"
    return f"; it has {', '.join(quoted(found) for found in header[:30])}"
