"""Reads the rows of a CSV file that a mapping describes, and reports a malformed row by its number."""

import difflib
import io
from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from service.files.cells import BadRow, CellRow, UnreadableFile, quote_cell, tidy_cell, tidy_cells
from service.files.csv_table import CsvTable
from service.files.text_files import detect_encoding, open_source_file, wrong_encoding
from service.imports.mapping import ImportMapping, UnusableMapping


def read_csv_rows(path: Path, mapping: ImportMapping, columns: set[str]) -> Iterator[CellRow | BadRow]:
    """Yield the rows of the file, and add the names in the header to `columns`.

    Raise UnusableMapping when the file lacks a column that the mapping names, and UnreadableFile when the end of a row
    cannot be found.
    """
    with open_source_file(path) as stream:
        encoding = detect_encoding(stream, mapping.source.encoding)
        with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
            table = CsvTable(text, mapping.source.delimiter)
            try:
                header = _read_header(table, mapping)
                columns.update(header)
                yield from _read_table_rows(table, header, mapping.columns)
            except UnicodeDecodeError as error:
                raise wrong_encoding(encoding, error, f"after line {table.line_count}") from None


def _read_table_rows(table: CsvTable, header: Sequence[str], wanted: Sequence[str]) -> Iterator[CellRow | BadRow]:
    indexes = [header.index(name) for name in wanted]
    pick = itemgetter(*indexes) if len(indexes) > 1 else lambda cells: (cells[indexes[0]],)
    width = len(header)
    for number, first_line, last_line, cells, fault in table:
        if fault:
            span = f"line {first_line}" if first_line == last_line else f"lines {first_line} to {last_line}"
            yield BadRow(number, f"{span}: {fault}")
        elif len(cells) == width:
            if any(cells):
                yield CellRow(number, tidy_cells(pick(cells)))
        elif any(cells):
            yield BadRow(number, f"line {first_line}: {len(cells)} cells, where the header has {width}")


def _read_header(table: CsvTable, mapping: ImportMapping) -> list[str]:
    first = next(table, None)
    if first is None:
        raise UnreadableFile("the file is empty: there is no row with the names of the columns")
    if first.fault:
        raise UnreadableFile(f"line 1, the names of the columns, is {first.fault}")
    header = [tidy_cell(cell.removeprefix("\ufeff")) for cell in first.cells]
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
