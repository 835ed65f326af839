"""Reads one worksheet: the values of its cells. Merged cells and endless tables are refused."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.xmlreader import AttributesImpl

from service.files.cells import UnreadableFile, tidy_cell
from service.sheets.cells import MOST_SHEET_COLUMNS, MOST_SHEET_LINES, CellValue, SheetLine, UnusableCell
from service.sheets.formula_escape import unescape_formula
from service.sheets.parts import PartHandler

_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CELL_RANGE = re.compile(r"[A-Z]{1,3}[0-9]{1,7}(:[A-Z]{1,3}[0-9]{1,7})?")
_ESCAPED_CHARACTER = re.compile("_x([0-9A-Fa-f]{4})_")
_DAY_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class DayFormat:
    """Describes how the workbook writes days: as numbers counted from `first_day`, in cells of these `styles`."""

    first_day: date
    styles: Collection[str]

    def cell_value(self, text: str, style: str) -> CellValue:
        """Return a number as the cell shows it: as a day, or as a text without a needless fraction."""
        if style in self.styles and _DAY_NUMBER.fullmatch(text):
            try:
                return self.first_day + timedelta(days=int(text.partition(".")[0]))
            except OverflowError:
                return text
        try:
            number = float(text)
        except ValueError:
            return text
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else text


class WorksheetPart(PartHandler):
    """Collects the lines of one worksheet in `lines`.

    Raises UnreadableFile for merged cells, and for more lines or columns than a table may have.
    """

    def __init__(self, texts: Sequence[str], day_format: DayFormat) -> None:
        super().__init__()
        self.lines: list[SheetLine] = []
        self._texts, self._day_format = texts, day_format
        self._lines_seen = self._number = 0
        self._cells: dict[int, CellValue] = {}
        self._column_at, self._type, self._style = -1, "", ""
        self._pieces: list[str] = []
        self._has_formula = False

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        if name == "row":
            self._begin_line(attrs.get("r", ""))
        elif name == "c":
            self._begin_cell(attrs.get("r", ""), attrs.get("t", "n"), attrs.get("s", "0"))
        elif name == "f" and self.path[-2:-1] == ["c"]:
            self._has_formula = True
        elif name == "mergeCell":
            where = attrs.get("ref", "")
            range_text = f" {where}" if _CELL_RANGE.fullmatch(where) else ""
            raise UnreadableFile(
                f"the cells{range_text} are merged: take them apart, each petition has a line of its own"
            )

    def characters(self, content: str) -> None:
        match self.path:
            case [*_, "c", "v"]:
                self._pieces.append(content)
            case [*_, "t"] if "is" in self.path and "rPh" not in self.path:
                self._pieces.append(content)

    def end(self, name: str) -> None:
        if name == "c":
            cell = self._value_of_cell()
            if cell != "":
                self._cells[self._column_at] = cell
        elif name == "row" and self._cells:
            self.lines.append(SheetLine(self._number, self._cells))
            self._cells = {}

    def _begin_line(self, number: str) -> None:
        self._lines_seen += 1
        if self._lines_seen > MOST_SHEET_LINES:
            raise UnreadableFile(
                f"the worksheet has more than {MOST_SHEET_LINES:,} lines; delete the empty ones below the table"
            )
        self._number = int(number) if number.isdecimal() and len(number) < 8 else self._number + 1
        self._column_at = -1

    def _begin_cell(self, where: str, kind: str, style: str) -> None:
        found = _CELL_REFERENCE.fullmatch(where)
        self._column_at = _column_index(found[1]) if found else self._column_at + 1
        if self._column_at >= MOST_SHEET_COLUMNS:
            raise UnreadableFile(f"the worksheet has more than {MOST_SHEET_COLUMNS} columns")
        self._type, self._style, self._has_formula = kind, style, False
        self._pieces.clear()

    def _value_of_cell(self) -> CellValue:
        if self._has_formula:
            return UnusableCell.FORMULA
        text = "".join(self._pieces)
        match self._type:
            case "e":
                return UnusableCell.ERROR
            case "s":
                return self._shared_text(text)
            case "d":
                return _read_iso_day(text)
            case "n":
                return self._day_format.cell_value(text.strip(), self._style)
            case _:
                return _unescape_text(text)

    def _shared_text(self, number: str) -> str:
        if not number.isdecimal() or len(number) > 7 or int(number) >= len(self._texts):
            raise UnreadableFile("the file is damaged: a cell refers to a text that is not there")
        return _unescape_text(self._texts[int(number)])


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _read_iso_day(text: str) -> CellValue:
    """Return the day of a text in ISO 8601, in which strict workbooks write days; other texts as they are."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return text


def _unescape_text(text: str) -> str:
    """Restore characters that XML cannot hold, such as _x000D_, and remove the apostrophe of an escaped formula."""
    return unescape_formula(tidy_cell(_ESCAPED_CHARACTER.sub(lambda found: chr(int(found[1], 16)), text)))
