"""Defines the lines and cells that the readers of both formats, XLSX and CSV, return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from service.files.words import Words

MOST_SHEET_LINES = 10_000
"""Lines that are read of one table, empty ones included; a longer table is refused."""
MOST_SHEET_COLUMNS = 200
"""Columns that are read of one table; a wider table is refused."""


class UnusableCell(Enum):
    """Marks a cell without a usable value: nobody can rely on what a program computed for it."""

    FORMULA = Words("là công thức; hãy gõ thẳng chữ hoặc số", "holds a formula; type the text or number itself")
    ERROR = Words("báo lỗi của bảng tính", "holds an error of the spreadsheet program")
    TIME = Words(
        "đã bị bảng tính đổi thành giờ; định dạng ô là văn bản rồi gõ lại",
        "was made a time by the spreadsheet program; format the cell as text and type it again",
    )


CellValue = str | date | UnusableCell


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Holds one line of a table.

    `number` is the one that the spreadsheet program shows. `cells` are by the index of their column, from 0, without
    empty cells. `fault` says why the line cannot be read; it is empty for a readable line.
    """

    number: int
    cells: Mapping[int, CellValue]
    fault: str = ""


def column_letters(index: int) -> str:
    """Return the name of a column as the program shows it: index 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
