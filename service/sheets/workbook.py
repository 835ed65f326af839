"""The worksheets of an XLSX file (ECMA-376, transitional or strict).

Read by events, and not with openpyxl, which writes our sheets: to say which cells are merged it has to build the whole
worksheet in memory, and what it raises for a damaged file can be anything.
"""

import re
from collections.abc import Iterator
from datetime import date
from xml.sax.xmlreader import AttributesImpl

from service.files.cells import UnreadableFile
from service.sheets.cells import Line
from service.sheets.parts import Links, Part, read
from service.sheets.worksheet import Days, Worksheet
from service.sheets.xlsx_guard import opened

MOST_SHEETS = 20
_SHOW_A_DAY = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
"""The built-in number formats that do (ECMA-376 part 1, 18.8.30)."""
_NO_SIGN_OF_A_DAY = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def worksheets(content: bytes) -> Iterator[list[Line]]:
    """The lines of each, without empty ones, in the workbook's order. Raises UnreadableFile."""
    with opened(content) as package:
        name = Links.of(package, "").first("officedocument") or "xl/workbook.xml"
        workbook, links = read(package, name, _Workbook()), Links.of(package, name)
        texts, styles = _Texts(), _Styles()
        if (part := links.first("sharedstrings")) in package:
            read(package, part, texts)
        if (part := links.first("styles")) in package:
            read(package, part, styles)
        if len(workbook.sheets) > MOST_SHEETS:
            raise UnreadableFile(f"the workbook has more than {MOST_SHEETS} worksheets")
        days = Days(workbook.first_day, styles.of_days)
        for link in workbook.sheets:
            kind, part = links.by_id.get(link, ("", ""))
            if kind == "worksheet":
                yield read(package, part, Worksheet(texts.items, days)).lines


class _Workbook(Part):
    """Which worksheets there are, and the day from which the program counts."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[str] = []
        self.first_day = date(1899, 12, 30)

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        if name == "sheet":
            self.sheets += [value for key, value in attrs.items() if key.endswith(":id")]
        elif name == "workbookPr" and attrs.get("date1904") in {"1", "true"}:
            self.first_day = date(1904, 1, 1)


class _Texts(Part):
    """The texts that cells share. How they are pronounced (rPh) is no part of them."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[str] = []
        self._pieces: list[str] = []

    def characters(self, content: str) -> None:
        if self.path[-1] == "t" and "rPh" not in self.path:
            self._pieces.append(content)

    def end(self, name: str) -> None:
        if name == "si":
            self.items.append("".join(self._pieces))
            self._pieces.clear()


class _Styles(Part):
    """Which styles show a number as a day."""

    def __init__(self) -> None:
        super().__init__()
        self.of_days: set[str] = set()
        self._patterns: dict[str, str] = {}
        self._styles = 0

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        if name == "numFmt" and self.path[-2:-1] == ["numFmts"]:
            self._patterns[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")
        elif name == "xf" and self.path[-2:-1] == ["cellXfs"]:
            if self._shows_a_day(attrs.get("numFmtId", "0")):
                self.of_days.add(str(self._styles))
            self._styles += 1

    def _shows_a_day(self, number: str) -> bool:
        if (pattern := self._patterns.get(number)) is not None:
            return not {"d", "y"}.isdisjoint(_NO_SIGN_OF_A_DAY.sub("", pattern).lower())
        return number in map(str, _SHOW_A_DAY)
