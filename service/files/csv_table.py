"""Reads a CSV text row by row. It is the one place that knows how a row may be malformed.

Nothing is read otherwise than it was written: a malformed row has its number and the reason, and a row whose end cannot
be found makes the file unreadable.
"""

import csv
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from service.files.cells import UnreadableFile

LONGEST_CSV_ROW = 1_000_000
"""Characters of one row. A longer row is a quote that was never closed, or the file is no table."""


class CsvRow(NamedTuple):
    """Holds the cells of a row, or the reason why it has none.

    `number` is counted as in a spreadsheet, from 1; the lines are those of the file, which are more where cells have
    line ends.
    """

    number: int
    first_line: int
    last_line: int
    cells: list[str]
    fault: str = ""


class CsvTable:
    """Iterates over the rows of a text that was opened without translating line ends.

    Raises UnreadableFile when a quote is never closed; UnicodeDecodeError of the text passes through.
    """

    def __init__(self, text: TextIO, delimiter: str = ",", *, begins_with: str = "", lines_before: int = 0) -> None:
        """Read the text, of which the line `begins_with` was read already, and `lines_before` that are no rows."""
        csv.field_size_limit(LONGEST_CSV_ROW)  # the module's own limit would end a row that can be reported
        self.line_count = lines_before
        """Lines that were read so far."""
        self._text = text
        self._begins_with = begins_with
        self._row_count = self._row_size = 0
        self._reader = csv.reader(self._count_lines(), delimiter=delimiter, strict=True)

    def __iter__(self) -> Iterator[CsvRow]:
        return self

    def __next__(self) -> CsvRow:
        self._row_count += 1
        self._row_size = 0
        first_line = self.line_count + 1
        try:
            cells = next(self._reader)
        except csv.Error as error:
            if str(error) == "unexpected end of data":
                raise UnreadableFile(
                    f"a quote is opened in row {self._row_count} (line {first_line}) and never closed"
                ) from None
            return CsvRow(self._row_count, first_line, self.line_count, [], f"not readable as CSV: {error}")
        return CsvRow(self._row_count, first_line, self.line_count, cells)

    def _count_lines(self) -> Iterator[str]:
        while line := self._next_line():
            self.line_count += 1
            self._row_size += len(line)
            if self._row_size > LONGEST_CSV_ROW:
                raise UnreadableFile(
                    f"the row that reaches line {self.line_count} has more than {LONGEST_CSV_ROW:,} characters;"
                    " was a quote before it never closed?"
                )
            yield line

    def _next_line(self) -> str:
        begun, self._begins_with = self._begins_with, ""
        return begun or self._text.readline(LONGEST_CSV_ROW + 1)
