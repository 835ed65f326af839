"""The events of an XES log (IEEE 1849-2016), one at a time, under the names that pm4py gives their attributes.

An attribute of a trace is "case:" and its key, one of an event is its key, one inside another has "/" between the two.
"""

from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from service.files.cells import BadRow, Row, UnreadableFile, quoted, tidy
from service.imports.mapping import Mapping, UnusableMapping
from service.imports.texts import Bytes, encoding_of, not_in, opened

CHUNK = 65_536
LONGEST_ATTRIBUTE = 1_000_000
"""Bytes or characters without the begin of an element."""
DEEPEST = 50
_CASE = "case:"
_MOST_NAMES = 1_000


def xes_rows(path: Path, mapping: Mapping, columns: set[str]) -> Iterator[Row | BadRow]:
    """Adds the names of attributes found to `columns`. Raises UnreadableFile for what is no well-formed log, and
    UnusableMapping where the attributes without which there is no case are not in the log."""
    log = _Log(mapping)
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(log)
    with opened(path) as stream:
        try:
            for chunk in _chunks(stream, mapping.source.encoding):
                parser.feed(chunk)
                log.came += len(chunk)
                if log.came > LONGEST_ATTRIBUTE:
                    raise UnreadableFile(f"an element has more than {LONGEST_ATTRIBUTE:,} characters")
                yield from log.rows
                log.rows.clear()
            if not log.begun:
                raise UnreadableFile("the file is empty or holds no XML")
            parser.close()
        except SAXParseException as error:
            place = f"line {error.getLineNumber()}, column {error.getColumnNumber()}"
            raise UnreadableFile(f"{place}: not well-formed XML: {error.getMessage()}") from None
        except DefusedXmlException:
            raise UnreadableFile("the file declares a document type or entities, which no event log needs") from None
    yield from log.rows
    columns.update(log.seen)
    _require(mapping, log.seen)


def _require(mapping: Mapping, seen: set[str]) -> None:
    needed = [mapping.case.key, mapping.case.received]
    if mapping.event and any(not name.startswith(_CASE) for name in seen):
        needed += [mapping.event.step, mapping.event.at]
    absent = {name for value in needed if value for name in value.columns} - seen
    if absent and len(seen) < _MOST_NAMES:
        raise UnusableMapping(
            "\n".join(
                f"{mapping.where(name)}: nothing in the log has the attribute {quoted(name)}; there are:"
                f" {', '.join(sorted(seen)[:40]) or 'none'}"
                for name in sorted(absent)
            )
        )


def _chunks(stream: Bytes, stated: str) -> Iterator[str | bytes]:
    """Bytes, whose encoding the XML declares; text where the mapping states it."""
    if stated == "auto":
        while chunk := stream.read(CHUNK):
            yield chunk
        return
    encoding = encoding_of(stream, stated)
    try:
        with TextIOWrapper(stream, encoding=encoding) as text:
            while characters := text.read(CHUNK):
                yield characters
    except UnicodeDecodeError as error:
        raise not_in(encoding, error, "somewhere in the log") from None


class _Log(ContentHandler):
    """Rows as the elements end. Only attributes that the mapping names are kept, so that memory stays bounded."""

    def __init__(self, mapping: Mapping) -> None:
        super().__init__()
        self.rows: list[Row | BadRow] = []
        self.seen: set[str] = set()
        self.begun = False
        self.came = 0
        self._by_event = mapping.source.rows == "event"
        self._places = {name: place for place, name in enumerate(mapping.columns)}
        self._none = [""] * len(self._places)
        self._trace = list(self._none)
        self._cells = self._trace
        self._prefix: str | None = None  # of the names that attributes have here; None where they are nobody's
        self._path: list[str] = []  # keys of the attributes around this one
        self._depth = 0
        self._number = 0
        self._in_trace = False
        self._told = False  # whether a row has all that the trace said so far
        self._twice: str | None = None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.begun = True
        self.came = 0
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableFile(f"elements lie more than {DEEPEST} deep in each other")
        if ":" in name:
            name = name.rpartition(":")[2]
        if self._depth == 1 and name != "log":
            raise UnreadableFile(f"not an XES log: its first element is {quoted(name)}")
        if name == "event":
            self._prefix, self._cells = "", list(self._trace)
        elif name == "trace":
            self._prefix, self._trace = _CASE, list(self._none)
            self._cells, self._in_trace, self._told = self._trace, True, False
        elif self._prefix is not None:
            key = attrs.get("key", "")
            self._path.append(key)
            if key:
                inside = len(self._path) > 1
                self._attribute("/".join(filter(None, self._path)) if inside else key, attrs.get("value", ""))

    def endElement(self, name: str) -> None:
        self._depth -= 1
        if ":" in name:
            name = name.rpartition(":")[2]
        if name == "event":
            if self._by_event:
                self._tell(self._cells)
                self._told = True
            self._prefix, self._cells = _CASE if self._in_trace else None, self._trace
        elif name == "trace":
            if not self._told:
                self._tell(self._trace)
            self._prefix, self._trace, self._in_trace = None, list(self._none), False
        elif self._path:
            self._path.pop()

    def _attribute(self, key: str, value: str) -> None:
        name = f"{self._prefix}{key}"
        if len(self.seen) < _MOST_NAMES:
            self.seen.add(name)
        place = self._places.get(name)
        if place is None:
            return
        if self._cells[place]:
            self._twice = name
        self._cells[place] = tidy(value)
        if self._prefix:
            self._told = False

    def _tell(self, cells: list[str]) -> None:
        self._number += 1
        if self._twice is None:
            self.rows.append(Row(self._number, list(cells)))
        else:
            self.rows.append(BadRow(self._number, f"the attribute {quoted(self._twice)} stands twice"))
            self._twice = None
