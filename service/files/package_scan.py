"""Scans the XML of a package before a library reads it, so that no library meets what it cannot bear.

Document types are refused, and so are endless and deep parts, and worksheets whose rows and cells are not in order: of
those a reader would silently leave some out.
"""

import re
from typing import NamedTuple
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from service.files.cells import UnreadableFile
from service.files.sheet_lines import MOST_SHEET_COLUMNS, MOST_SHEET_LINES

DEEPEST_XML_ELEMENT = 50
MOST_XML_ELEMENTS = 300_000
"""Elements of all parts together: three times those of a full sheet, and a few seconds of work."""
MOST_UNPACKED_BYTES = 16_000_000
"""Bytes of all parts together, as the package states them; no part is read beyond its stated size."""


class WorkbookBounds(NamedTuple):
    """Bounds the lines of a worksheet, and the elements and unpacked bytes of all parts together."""

    lines: int
    elements: int
    unpacked_bytes: int


SHEET_BOUNDS = WorkbookBounds(MOST_SHEET_LINES, MOST_XML_ELEMENTS, MOST_UNPACKED_BYTES)

_LAST_ROW_OF_A_WORKSHEET = 1_048_576
_CELL_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_CELL_RANGE = re.compile(r"[A-Z]{1,3}[0-9]{1,7}(:[A-Z]{1,3}[0-9]{1,7})?")
_OUT_OF_ORDER = "the file is damaged: the cells of a worksheet are not in order"


class PackageScan:
    """Scans one part after the other, and counts their elements together."""

    def __init__(self, bounds: WorkbookBounds) -> None:
        self.merged_cells: dict[str, list[str]] = {}
        """For each part with merged cells their ranges; an empty text stands for one that is no range."""
        self._bounds = bounds
        self._elements_left = bounds.elements

    def scan_part(self, name: str, content: bytes) -> None:
        """Scan the XML of a part. Raise UnreadableFile if it is not well-formed, or not to be given to a library."""
        handler = _PartHandler(self._elements_left, self._bounds)
        parser = DefusedExpatParser(forbid_dtd=True)
        parser.setContentHandler(handler)
        try:
            parser.feed(content)
            parser.close()
        except SAXParseException:
            raise UnreadableFile("the file is damaged: a part of it is no XML") from None
        except DefusedXmlException:
            raise UnreadableFile("the file declares a document type or entities, which no workbook needs") from None
        self._elements_left = handler.elements_left
        if handler.merged_cells:
            self.merged_cells[name] = handler.merged_cells


class _PartHandler(ContentHandler):
    def __init__(self, elements_left: int, bounds: WorkbookBounds) -> None:
        super().__init__()
        self.elements_left = elements_left
        self.merged_cells: list[str] = []
        self._bounds = bounds
        self._depth = self._row_count = self._row = self._column = 0
        self._in_table = False

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.elements_left -= 1
        if self.elements_left < 0:
            raise UnreadableFile(
                f"the file has more than {self._bounds.elements:,} elements, which no filled sheet has"
            )
        self._depth += 1
        if self._depth > DEEPEST_XML_ELEMENT:
            raise UnreadableFile(f"elements lie more than {DEEPEST_XML_ELEMENT} deep in each other")
        match name.rpartition(":")[2]:
            case "sheetData":
                self._in_table = True
            case "row" if self._in_table:
                self._begin_row(attrs.get("r", ""))
            case "c" if self._in_table:
                self._begin_cell(attrs.get("r", ""))
            case "mergeCell":
                where = attrs.get("ref", "")
                self.merged_cells.append(where if _CELL_RANGE.fullmatch(where) else "")

    def endElement(self, name: str) -> None:
        self._depth -= 1
        if name.rpartition(":")[2] == "sheetData":
            self._in_table = False

    def _begin_row(self, number: str) -> None:
        self._row_count += 1
        if self._row_count > self._bounds.lines:
            raise UnreadableFile(
                f"the worksheet has more than {self._bounds.lines:,} lines; delete the empty ones below the table"
            )
        if number and not (number.isdecimal() and len(number) < 8):
            raise UnreadableFile(_OUT_OF_ORDER)
        row = int(number) if number else self._row + 1
        if not self._row < row <= _LAST_ROW_OF_A_WORKSHEET:
            raise UnreadableFile(_OUT_OF_ORDER)
        self._row, self._column = row, 0

    def _begin_cell(self, where: str) -> None:
        found = _CELL_REFERENCE.fullmatch(where)
        if where and not found:
            raise UnreadableFile(_OUT_OF_ORDER)
        column = _column_number(found[1]) if found else self._column + 1
        if column <= self._column:
            raise UnreadableFile(_OUT_OF_ORDER)
        if column > MOST_SHEET_COLUMNS:
            raise UnreadableFile(f"the worksheet has more than {MOST_SHEET_COLUMNS} columns")
        self._column = column


def _column_number(letters: str) -> int:
    """Return the number of a column by its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
