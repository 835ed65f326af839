"""Finds the header of a table and picks the cells that a mapping names, whatever file the table comes from.

Rows that are no data are left out with a note: totals, the header printed again, and the rows that the mapping skips.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from domain.text import fold_diacritics
from service.files.cells import (
    BadRow,
    CellRow,
    FileRow,
    LeftOutRow,
    UnreadableFile,
    heading_of,
    quote_cell,
    tidy_cell,
    tidy_cells,
)
from service.files.words import Words
from service.imports.mapping import ImportMapping, UnusableMapping

ROWS_SEARCHED_FOR_A_HEADER = 30
"""Rows in which the names of the columns are looked for, to say where they are."""
_TOTAL = re.compile(r"(tong cong|tong so|tong|cong|grand total|total|sum)\s*([:.(]|[:(]?\s*\d.*)?")


class RawRow(NamedTuple):
    """Holds a row as the file has it; `place` says on which lines, `fault` why it has no cells."""

    number: int
    place: str
    cells: Sequence[str]
    fault: str = ""


def read_table(rows: Iterator[RawRow], mapping: ImportMapping, columns: set[str]) -> Iterator[FileRow]:
    """Yield the rows below the header, and add the names in the header to `columns`.

    Raise UnusableMapping when the table lacks a column that the mapping names, and UnreadableFile for an empty table.
    """
    header = _read_header(rows, mapping)
    columns.update(header)
    indexes = [header.index(name) for name in mapping.columns]
    pick = itemgetter(*indexes) if len(indexes) > 1 else lambda cells: (cells[indexes[0]],)
    width, skipped = len(header), set(mapping.source.skip)
    for number, place, cells, fault in rows:
        if number in skipped:
            yield LeftOutRow(number, "bỏ qua theo mapping / skipped, as the mapping says")
        elif fault:
            words = Words.parse(fault)
            yield BadRow(number, str(Words(f"{place}không đọc được ({words.vi})", f"{place}{words.en}")))
        elif not any(cells):
            continue
        elif is_total_row(cells):
            yield LeftOutRow(number, f"dòng tổng / a total: {quote_cell(next(filter(None, map(tidy_cell, cells))))}")
        elif len(cells) != width:
            words = Words(
                f"{place}có {len(cells)} ô, dòng tên cột có {width}",
                f"{place}{len(cells)} cells, where the header has {width}",
            )
            yield BadRow(number, str(words))
        elif all(heading_of(cell) == name for cell, name in zip(cells, header, strict=True)):
            yield LeftOutRow(number, "dòng tiêu đề lặp lại / the header again")
        else:
            yield CellRow(number, tidy_cells(pick(cells)))


def is_total_row(cells: Sequence[str]) -> bool:
    """Return True if the first cell with something in it is the word for a total, with or without a number."""
    first = next((heading_of(cell) for cell in cells if cell.strip()), "")
    if len(first) > 60:
        return False
    folded = fold_diacritics(first)
    return _TOTAL.fullmatch(folded) is not None


def _read_header(rows: Iterator[RawRow], mapping: ImportMapping) -> list[str]:
    at = mapping.source.header_row
    first = next((row for row in rows if row.number >= at), None)
    if first is None:
        raise UnreadableFile(
            "tệp trống: không có dòng tên cột / the file is empty: there is no row with the names of the columns"
        )
    if first.fault:
        raise UnreadableFile(f"{first.place}the names of the columns cannot be read: {first.fault}")
    header = list(map(heading_of, first.cells))
    if any("\0" in name for name in header):
        raise UnreadableFile(
            f"{first.place}the names of the columns hold NUL characters:"
            ' state the encoding in the mapping, such as "utf-16-le"'
        )
    complaints = []
    for name in mapping.columns:
        if name not in header:
            hint = _missing_column_hint(name, header)
            complaints.append(f"{mapping.keys_naming(name)}: the file has no column {quote_cell(name)}{hint}")
        elif header.count(name) > 1:
            complaints.append(f"{mapping.keys_naming(name)}: the file has the column {quote_cell(name)} twice")
    if complaints:
        complaints += _hint_at_a_later_header(rows, mapping)
        raise UnusableMapping("\n".join(complaints))
    return header


def _hint_at_a_later_header(rows: Iterator[RawRow], mapping: ImportMapping) -> list[str]:
    """Return where the names of the columns are, if a row below has them all."""
    for row in islice(rows, ROWS_SEARCHED_FOR_A_HEADER):
        if set(mapping.columns) <= set(map(heading_of, row.cells)):
            return [
                f"tên cột ở dòng {row.number}: ghi header_row = {row.number} trong [source]"
                f" / the header is in row {row.number}: state source.header_row = {row.number}"
            ]
    return []


def _missing_column_hint(name: str, header: Sequence[str]) -> str:
    for other in (";", "\t", "|", ","):
        if len(header) == 1 and other in header[0]:
            return f"; is source.delimiter = {'tab' if other == chr(9) else other!r} meant?"
    near = difflib.get_close_matches(name, header, 1)
    if near:
        return f"; is {quote_cell(near[0])} meant?"
    return f"; it has {', '.join(quote_cell(found) for found in header[:30])}"
