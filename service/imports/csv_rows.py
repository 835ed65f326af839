"""Reads the rows of a CSV file, with the first line `sep=` that Excel writes, and in the encoding that is stated."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from service.files.cells import FileRow
from service.files.csv_table import LONGEST_CSV_ROW, CsvTable
from service.files.text_files import detect_encoding, open_source_file, wrong_encoding
from service.imports.mapping import ImportMapping
from service.imports.table_rows import RawRow, read_table

_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(.)"?[\r\n]*', re.IGNORECASE)


def read_csv_rows(path: Path, mapping: ImportMapping, columns: set[str]) -> Iterator[FileRow]:
    """Yield the rows of the file, and add the names in the header to `columns`.

    Raise UnusableMapping when the file lacks a column that the mapping names, and UnreadableFile when the end of a row
    cannot be found.
    """
    with open_source_file(path) as stream:
        encoding = detect_encoding(stream, mapping.source.encoding)
        with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
            table: CsvTable | None = None
            try:
                table = _open_table(text, mapping.source.delimiter)
                yield from read_table(_raw_rows(table), mapping, columns)
            except UnicodeDecodeError as error:
                lines = table.line_count if table is not None else 0
                raise wrong_encoding(encoding, error, f"after line {lines}") from None


def _open_table(text: TextIO, delimiter: str) -> CsvTable:
    """Return the table below the line `sep=`, which a spreadsheet program does not count as a row."""
    first = text.readline(LONGEST_CSV_ROW + 1)
    found = _SEPARATOR_LINE.fullmatch(first)
    if found:
        return CsvTable(text, found[1], lines_before=1)
    return CsvTable(text, delimiter, begins_with=first)


def _raw_rows(table: CsvTable) -> Iterator[RawRow]:
    for number, first_line, last_line, cells, fault in table:
        one_line = not fault or first_line == last_line
        place = f"line {first_line}" if one_line else f"lines {first_line} to {last_line}"
        yield RawRow(number, f"{place}: ", cells, fault)
