"""Reads the events of an XES log (IEEE 1849-2016) one by one, and names their attributes as pm4py does.

An attribute of a trace is named "case:" and its key, one of an event its key; a nested attribute has "/" between keys.
"""

from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from service.files.cells import BadRow, CellRow, UnreadableFile, quote_cell, tidy_cell
from service.files.text_files import ByteStream, detect_encoding, open_source_file, wrong_encoding
from service.imports.log_attributes import CASE_PREFIX, MOST_ATTRIBUTE_NAMES, require_needed_attributes
from service.imports.mapping import ImportMapping

XES_CHUNK_SIZE = 65_536
"""Bytes, or characters where the mapping states the encoding."""
LONGEST_XES_ATTRIBUTE = 1_000_000
"""Bytes or characters in which no element begins."""
DEEPEST_XES_ELEMENT = 50


def read_xes_rows(path: Path, mapping: ImportMapping, columns: set[str]) -> Iterator[CellRow | BadRow]:
    """Yield the rows of the log, and at its end add the names of its attributes to `columns`.

    Raise UnreadableFile for a file that is no well-formed log, and UnusableMapping at the end when the log lacks an
    attribute that every case needs.
    """
    handler = _XesHandler(mapping)
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    with open_source_file(path) as stream:
        try:
            for chunk in _read_chunks(stream, mapping.source.encoding):
                parser.feed(chunk)
                handler.size_since_element += len(chunk)
                if handler.size_since_element > LONGEST_XES_ATTRIBUTE:
                    raise UnreadableFile(f"an element has more than {LONGEST_XES_ATTRIBUTE:,} characters")
                yield from handler.rows
                handler.rows.clear()
            if not handler.has_begun:
                raise UnreadableFile("the file is empty or holds no XML")
            parser.close()
        except SAXParseException as error:
            place = f"line {error.getLineNumber()}, column {error.getColumnNumber()}"
            raise UnreadableFile(f"{place}: not well-formed XML: {error.getMessage()}") from None
        except DefusedXmlException:
            raise UnreadableFile("the file declares a document type or entities, which no event log needs") from None
    yield from handler.rows
    columns.update(handler.names_seen)
    require_needed_attributes(mapping, handler.names_seen)


def _read_chunks(stream: ByteStream, stated: str) -> Iterator[str | bytes]:
    """Yield bytes, whose encoding the XML declares; or text, where the mapping states the encoding."""
    if stated == "auto":
        while chunk := stream.read(XES_CHUNK_SIZE):
            yield chunk
        return
    encoding = detect_encoding(stream, stated)
    try:
        with TextIOWrapper(stream, encoding=encoding) as text:
            while characters := text.read(XES_CHUNK_SIZE):
                yield characters
    except UnicodeDecodeError as error:
        raise wrong_encoding(encoding, error, "somewhere in the log") from None


class _XesHandler(ContentHandler):
    """Makes rows as elements end. It keeps only the attributes that the mapping names, so that memory stays bounded."""

    def __init__(self, mapping: ImportMapping) -> None:
        super().__init__()
        self.rows: list[CellRow | BadRow] = []
        self.names_seen: set[str] = set()
        self.has_begun = False
        self.size_since_element = 0
        self._by_event = mapping.source.rows == "event"
        self._indexes = {name: index for index, name in enumerate(mapping.columns)}
        self._empty_cells = [""] * len(self._indexes)
        self._trace = list(self._empty_cells)
        self._cells = self._trace
        self._prefix: str | None = None  # of attribute names here; None where attributes belong to no trace or event
        self._path: list[str] = []  # keys of the attributes around this one
        self._depth = 0
        self._row_number = 0
        self._trace_number = 0
        self._is_in_trace = False
        self._trace_is_in_rows = False  # True while the rows hold all attributes of the trace read so far
        self._repeated_name: str | None = None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.has_begun = True
        self.size_since_element = 0
        self._depth += 1
        if self._depth > DEEPEST_XES_ELEMENT:
            raise UnreadableFile(f"elements lie more than {DEEPEST_XES_ELEMENT} deep in each other")
        if ":" in name:
            name = name.rpartition(":")[2]
        if self._depth == 1 and name != "log":
            raise UnreadableFile(f"not an XES log: its first element is {quote_cell(name)}")
        if name == "event":
            self._prefix, self._cells = "", list(self._trace)
        elif name == "trace":
            self._prefix, self._trace = CASE_PREFIX, list(self._empty_cells)
            self._trace_number += 1
            self._cells, self._is_in_trace, self._trace_is_in_rows = self._trace, True, False
        elif self._prefix is not None:
            key = attrs.get("key", "")
            self._path.append(key)
            if key:
                inside = len(self._path) > 1
                self._store_attribute("/".join(filter(None, self._path)) if inside else key, attrs.get("value", ""))

    def endElement(self, name: str) -> None:
        self._depth -= 1
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "event":
            if self._by_event:
                self._add_row(self._cells)
                self._trace_is_in_rows = True
            self._prefix, self._cells = CASE_PREFIX if self._is_in_trace else None, self._trace
        elif name == "trace":
            if not self._trace_is_in_rows:
                self._add_row(self._trace)
            self._prefix, self._trace, self._is_in_trace = None, list(self._empty_cells), False
        elif self._path:
            self._path.pop()

    def _store_attribute(self, key: str, value: str) -> None:
        name = f"{self._prefix}{key}"
        if len(self.names_seen) < MOST_ATTRIBUTE_NAMES:
            self.names_seen.add(name)
        index = self._indexes.get(name)
        if index is None:
            return
        if self._cells[index]:
            self._repeated_name = name
        self._cells[index] = tidy_cell(value)
        if self._prefix:
            self._trace_is_in_rows = False

    def _add_row(self, cells: list[str]) -> None:
        self._row_number += 1
        if self._repeated_name is None:
            self.rows.append(CellRow(self._row_number, list(cells), self._trace_number))
        else:
            self.rows.append(BadRow(self._row_number, f"the attribute {quote_cell(self._repeated_name)} stands twice"))
            self._repeated_name = None
