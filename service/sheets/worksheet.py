"""One worksheet: what its cells hold, and what it must not have."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.sax.xmlreader import AttributesImpl

from service.files.cells import UnreadableFile, tidy
from service.sheets.cells import MOST_COLUMNS, MOST_LINES, Cell, Line, Odd
from service.sheets.formula_escape import as_typed
from service.sheets.parts import Part

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"[A-Z]{1,3}[0-9]{1,7}(:[A-Z]{1,3}[0-9]{1,7})?")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Days:
    """How the workbook writes days: as numbers, counted from `first`, in cells of these `styles`."""

    first: date
    styles: Collection[str]

    def cell(self, text: str, style: str) -> Cell:
        """A number as the cell shows it."""
        if style in self.styles and _NUMBER.fullmatch(text):
            try:
                return self.first + timedelta(days=int(text.partition(".")[0]))
            except OverflowError:
                return text
        try:
            number = float(text)
        except ValueError:
            return text
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else text


class Worksheet(Part):
    """`lines` once it is read; UnreadableFile meanwhile if it has merged cells, or does not end."""

    def __init__(self, texts: Sequence[str], days: Days) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._texts, self._days = texts, days
        self._seen = self._number = 0
        self._cells: dict[int, Cell] = {}
        self._place, self._type, self._style = -1, "", ""
        self._pieces: list[str] = []
        self._has_formula = False

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        if name == "row":
            self._line(attrs.get("r", ""))
        elif name == "c":
            self._cell(attrs.get("r", ""), attrs.get("t", "n"), attrs.get("s", "0"))
        elif name == "f" and self.path[-2:-1] == ["c"]:
            self._has_formula = True
        elif name == "mergeCell":
            where = attrs.get("ref", "")
            shown = f" {where}" if _RANGE.fullmatch(where) else ""
            raise UnreadableFile(f"the cells{shown} are merged: take them apart, each petition has a line of its own")

    def characters(self, content: str) -> None:
        match self.path:
            case [*_, "c", "v"]:
                self._pieces.append(content)
            case [*_, "t"] if "is" in self.path and "rPh" not in self.path:
                self._pieces.append(content)

    def end(self, name: str) -> None:
        if name == "c":
            cell = self._held()
            if cell != "":
                self._cells[self._place] = cell
        elif name == "row" and self._cells:
            self.lines.append(Line(self._number, self._cells))
            self._cells = {}

    def _line(self, number: str) -> None:
        self._seen += 1
        if self._seen > MOST_LINES:
            raise UnreadableFile(
                f"the worksheet has more than {MOST_LINES:,} lines; delete the empty ones below the table"
            )
        self._number = int(number) if number.isdecimal() and len(number) < 8 else self._number + 1
        self._place = -1

    def _cell(self, where: str, kind: str, style: str) -> None:
        found = _PLACE.fullmatch(where)
        self._place = _place(found[1]) if found else self._place + 1
        if self._place >= MOST_COLUMNS:
            raise UnreadableFile(f"the worksheet has more than {MOST_COLUMNS} columns")
        self._type, self._style, self._has_formula = kind, style, False
        self._pieces.clear()

    def _held(self) -> Cell:
        if self._has_formula:
            return Odd.FORMULA
        text = "".join(self._pieces)
        match self._type:
            case "e":
                return Odd.ERROR
            case "s":
                return self._shared(text)
            case "d":
                return _day(text)
            case "n":
                return self._days.cell(text.strip(), self._style)
            case _:
                return _unescaped(text)

    def _shared(self, number: str) -> str:
        if not number.isdecimal() or len(number) > 7 or int(number) >= len(self._texts):
            raise UnreadableFile("the file is damaged: a cell refers to a text that is not there")
        return _unescaped(self._texts[int(number)])


def _place(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _day(text: str) -> Cell:
    """ISO 8601, as strict workbooks write days."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return text


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written _x000D_."""
    return as_typed(tidy(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)))
