"""Reads the worksheets of an XLSX file (ECMA-376, transitional or strict).

The reader parses XML events and does not use openpyxl, which renders our sheets: to find merged cells, openpyxl builds
the whole worksheet in memory, and for a damaged file it raises any kind of error.
"""

import re
from collections.abc import Iterator
from datetime import date
from xml.sax.xmlreader import AttributesImpl

from service.files.cells import UnreadableFile
from service.sheets.cells import SheetLine
from service.sheets.parts import PartHandler, Relationships, parse_part
from service.sheets.worksheet import DayFormat, WorksheetPart
from service.sheets.xlsx_guard import open_xlsx_package

MOST_WORKSHEETS = 20
_DAY_FORMAT_IDS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
"""Ids of the built-in number formats that show a day (ECMA-376 part 1, 18.8.30)."""
_LITERAL_FORMAT_PARTS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


def read_worksheets(content: bytes) -> Iterator[list[SheetLine]]:
    """Yield the lines of each worksheet, without empty ones, in the order of the workbook. Raise UnreadableFile."""
    with open_xlsx_package(content) as package:
        name = Relationships.of_part(package, "").first_of_kind("officedocument") or "xl/workbook.xml"
        workbook, relationships = parse_part(package, name, _WorkbookPart()), Relationships.of_part(package, name)
        texts, styles = _SharedStringsPart(), _StylesPart()
        if (part := relationships.first_of_kind("sharedstrings")) in package:
            parse_part(package, part, texts)
        if (part := relationships.first_of_kind("styles")) in package:
            parse_part(package, part, styles)
        if len(workbook.sheet_links) > MOST_WORKSHEETS:
            raise UnreadableFile(f"the workbook has more than {MOST_WORKSHEETS} worksheets")
        days = DayFormat(workbook.first_day, styles.day_styles)
        for sheet_link in workbook.sheet_links:
            kind, part = relationships.by_id.get(sheet_link, ("", ""))
            if kind == "worksheet":
                yield parse_part(package, part, WorksheetPart(texts.items, days)).lines


class _WorkbookPart(PartHandler):
    """Reads the ids of the worksheets, and the day from which the workbook counts days."""

    def __init__(self) -> None:
        super().__init__()
        self.sheet_links: list[str] = []
        self.first_day = date(1899, 12, 30)

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        if name == "sheet":
            self.sheet_links += [value for key, value in attrs.items() if key.endswith(":id")]
        elif name == "workbookPr" and attrs.get("date1904") in {"1", "true"}:
            self.first_day = date(1904, 1, 1)


class _SharedStringsPart(PartHandler):
    """Reads the texts that cells share, without their phonetic readings (rPh)."""

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


class _StylesPart(PartHandler):
    """Reads which cell styles show a number as a day, by their index."""

    def __init__(self) -> None:
        super().__init__()
        self.day_styles: set[str] = set()
        self._patterns: dict[str, str] = {}
        self._style_count = 0

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        if name == "numFmt" and self.path[-2:-1] == ["numFmts"]:
            self._patterns[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")
        elif name == "xf" and self.path[-2:-1] == ["cellXfs"]:
            if self._shows_a_day(attrs.get("numFmtId", "0")):
                self.day_styles.add(str(self._style_count))
            self._style_count += 1

    def _shows_a_day(self, format_id: str) -> bool:
        if (pattern := self._patterns.get(format_id)) is not None:
            return not {"d", "y"}.isdisjoint(_LITERAL_FORMAT_PARTS.sub("", pattern).lower())
        return format_id in map(str, _DAY_FORMAT_IDS)
