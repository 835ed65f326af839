"""Reads the rows of a worksheet of an XLSX workbook as those of a CSV file: days as ISO 8601, formulas refused."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from service.files.cells import FileRow, UnreadableFile, heading_of, quote_cell
from service.files.old_vietnamese import OLD_VIETNAMESE_ENCODINGS, decode_shown_as_latin
from service.files.package_scan import WorkbookBounds
from service.files.sheet_lines import CellValue, SheetLine, UnusableCell, column_letters
from service.files.text_files import open_unpacked
from service.files.words import Words, join_words
from service.imports.mapping import ImportMapping, UnusableMapping
from service.imports.table_rows import RawRow, is_total_row, read_table

IMPORT_BOUNDS = WorkbookBounds(lines=100_000, elements=5_000_000, unpacked_bytes=200_000_000)
MOST_WORKBOOK_BYTES = 50_000_000
_WORKBOOK_SIGNATURES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def is_workbook(path: Path) -> bool:
    """Return True for a ZIP package and an old or encrypted workbook, whatever the file is called."""
    try:
        with open_unpacked(path) as stream:
            return bool(stream.peek(4)[:4] in _WORKBOOK_SIGNATURES)
    except (OSError, EOFError):
        return False  # who reads it as text says why it cannot be opened


def read_workbook_rows(path: Path, mapping: ImportMapping, columns: set[str]) -> Iterator[FileRow]:
    """Yield the rows of the worksheet that the mapping names, or of the only one with something in it.

    Raise UnusableMapping for a worksheet or column that is not there, UnreadableFile for a file that is no workbook.
    """
    from service.files.workbook import read_named_worksheets  # here: openpyxl takes long to load

    with open_unpacked(path) as stream:
        content = stream.read(MOST_WORKBOOK_BYTES + 1)
    if len(content) > MOST_WORKBOOK_BYTES:
        raise UnreadableFile(f"{path.name}: a workbook has at most {MOST_WORKBOOK_BYTES:,} bytes: save it as CSV UTF-8")
    found = read_named_worksheets(content, IMPORT_BOUNDS, mapping.source.header_row - 1)
    worksheets = {name: lines for name, lines in found if lines}
    lines = _choose_worksheet(worksheets, mapping.source.worksheet)
    yield from read_table(_raw_rows(lines, mapping), mapping, columns)


def _choose_worksheet(worksheets: dict[str, list[SheetLine]], stated: str | None) -> list[SheetLine]:
    names = ", ".join(map(quote_cell, worksheets))
    if stated is not None:
        if stated not in worksheets:
            raise UnusableMapping(f"source.worksheet: there is no worksheet {quote_cell(stated)}; there are {names}")
        return worksheets[stated]
    if len(worksheets) > 1:
        raise UnusableMapping(
            f"tệp có nhiều trang tính: {names}; ghi một trang ở worksheet trong [source]"
            f" / the workbook has several worksheets: state one of them as source.worksheet"
        )
    return next(iter(worksheets.values()), [])


def _raw_rows(lines: Sequence[SheetLine], mapping: ImportMapping) -> Iterator[RawRow]:
    """Yield the lines with as many cells as the header has.

    A formula in a column that the mapping names makes a row unusable, but not a total.
    """
    old_encoding = mapping.source.encoding if mapping.source.encoding in OLD_VIETNAMESE_ENCODINGS else None
    header = next((line.cells for line in lines if line.number >= mapping.source.header_row), {})
    names = {index: heading_of(_as_text(value, old_encoding)) for index, value in header.items()}
    width = max(names, default=-1) + 1
    for line in lines:
        cells = [""] * max(width, max(line.cells) + 1)
        unusable = {}
        for index, value in line.cells.items():
            if isinstance(value, UnusableCell) and names.get(index) in mapping.columns:
                unusable[index] = value
            cells[index] = _as_text(value, old_encoding)
        fault = ""
        if unusable and not is_total_row(cells):
            fault = str(join_words(_cell_words(index, one) for index, one in unusable.items()))
        yield RawRow(line.number, "", cells, fault)


def _cell_words(index: int, cell: UnusableCell) -> Words:
    column = column_letters(index)
    return Words(f"ô cột {column} {cell.value.vi}", f"cell {column} {cell.value.en}")


def _as_text(value: CellValue, old_encoding: str | None) -> str:
    match value:
        case UnusableCell():
            return ""
        case date():
            return value.isoformat()
        case str():
            return decode_shown_as_latin(value, old_encoding) if old_encoding else value
