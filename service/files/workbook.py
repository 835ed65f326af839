"""Reads the worksheets of an XLSX file (ECMA-376, transitional or strict) with openpyxl, once its package is checked.

Merged cells and endless tables are refused; what openpyxl cannot read is damaged, whatever it raises.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles.numbers import is_datetime

from service.files.cells import UnreadableFile, tidy_cell
from service.files.formula_escape import unescape_formula
from service.files.package_scan import SHEET_BOUNDS, WorkbookBounds
from service.files.sheet_lines import CellValue, SheetLine, UnusableCell
from service.files.xlsx_guard import check_xlsx_package

MOST_WORKSHEETS = 20
_ESCAPED_CHARACTER = re.compile("_x([0-9A-Fa-f]{4})_")

# It warns of what it leaves out, such as the lists of a column, and quotes numbers of cells, which may be personal.
warnings.filterwarnings("ignore", module=r"openpyxl\.")


def read_worksheets(content: bytes) -> Iterator[list[SheetLine]]:
    """Yield the lines of each worksheet, without empty ones, in the order of the workbook. Raise UnreadableFile."""
    for _, lines in read_named_worksheets(content):
        yield lines


def read_named_worksheets(
    content: bytes, bounds: WorkbookBounds = SHEET_BOUNDS, title_rows: int | None = None
) -> Iterator[tuple[str, list[SheetLine]]]:
    """Yield the name and the lines of each worksheet, as `read_worksheets` does.

    Merged cells are refused; with a number of title rows those in them are taken, and those that lie in one row.
    """
    checked = check_xlsx_package(content, bounds)
    with _damage_refused():
        worksheets: list[Any] = load_workbook(checked.package, read_only=True, keep_links=False).worksheets
    if len(worksheets) > MOST_WORKSHEETS:
        raise UnreadableFile(f"the workbook has more than {MOST_WORKSHEETS} worksheets")
    for worksheet in worksheets:
        # The name of the part has no public door, and read-only worksheets do not tell merged cells.
        merged = checked.merged_cells.get(worksheet._worksheet_path, ())
        where = next((one for one in merged if title_rows is None or _spans_rows_below(title_rows, one)), None)
        if where is not None:
            raise UnreadableFile(
                f"có ô gộp{where and f' {where}'}: hãy tách ô, mỗi đơn một dòng"
                f" / the cells{where and f' {where}'} are merged: take them apart, each petition has a line of its own"
            )
        with _damage_refused():
            lines = list(_read_lines(worksheet))
        yield str(worksheet.title), lines


def _spans_rows_below(title_rows: int, where: str) -> bool:
    """Return True for a range of several rows that reaches below the title rows, and for one that is no range."""
    rows = [int(row) for row in re.findall("[0-9]+", where)]
    return not rows or (rows[0] != rows[-1] and rows[-1] > title_rows)


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Raise UnreadableFile for every error: openpyxl has no error of its own for a damaged file."""
    try:
        yield
    except Exception:
        raise UnreadableFile("the file is damaged: open it in the spreadsheet program and save it again") from None


def _read_lines(worksheet: Any) -> Iterator[SheetLine]:
    worksheet.reset_dimensions()  # programs state sizes that are wrong; the cells tell
    for number, row in enumerate(worksheet.iter_rows(), start=1):
        cells = {index: value for index, cell in enumerate(row) if (value := _cell_value(cell)) != ""}
        if cells:
            yield SheetLine(number, cells)


def _cell_value(cell: Any) -> CellValue:
    """Return what the cell shows: a text, a day, or a number as a text without a needless fraction."""
    if cell.data_type == "f":
        return UnusableCell.FORMULA
    if cell.data_type == "e":
        return UnusableCell.ERROR
    match cell.value:
        case None:
            return ""
        case str() as text:
            return _unescape_text(text)
        case time() | timedelta():
            return UnusableCell.TIME
        case datetime() as moment:
            return UnusableCell.TIME if is_datetime(cell.number_format) == "time" else moment.date()
        case date() as day:
            return day
        case float() as number if not number.is_integer() or abs(number) >= 1e15:
            return str(number)
        case bool() as is_true:
            return "true" if is_true else "false"
        case number:
            return str(int(number))


def _unescape_text(text: str) -> str:
    """Restore characters that XML cannot hold, such as _x000D_, and remove the apostrophe of an escaped formula."""
    return unescape_formula(tidy_cell(_ESCAPED_CHARACTER.sub(lambda found: chr(int(found[1], 16)), text)))
