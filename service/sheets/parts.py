"""Parses one part of an XLSX package as a stream of XML events.

Document types are refused, and depth and number of elements are limited.
"""

import posixpath
from typing import TypeVar
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from service.files.cells import UnreadableFile
from service.sheets.xlsx_guard import XlsxPackage

DEEPEST_XML_ELEMENT = 50
MOST_XML_ELEMENTS = 300_000
"""Elements of all parts that are read: three times those of a full sheet, and at most two seconds of work."""


class PartHandler(ContentHandler):
    """Is the base of the handlers of parts; `path` holds the names of the open elements, without prefixes."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.elements_left = MOST_XML_ELEMENTS

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.elements_left -= 1
        if self.elements_left < 0:
            raise UnreadableFile(f"the file has more than {MOST_XML_ELEMENTS:,} elements, which no filled sheet has")
        name = name.rpartition(":")[2]
        self.path.append(name)
        if len(self.path) > DEEPEST_XML_ELEMENT:
            raise UnreadableFile(f"elements lie more than {DEEPEST_XML_ELEMENT} deep in each other")
        self.begin(name, attrs)

    def endElement(self, name: str) -> None:  # noqa: ARG002 - the name is that of the last begin
        self.end(self.path.pop())

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        """Handle the begin of an element, which is the last one of `path`."""

    def end(self, name: str) -> None:
        """Handle the end of an element, which is no longer in `path`."""


_Handler = TypeVar("_Handler", bound=PartHandler)


def parse_part(package: XlsxPackage, name: str, handler: _Handler) -> _Handler:
    """Parse the part `name` with the handler, and return the handler.

    Raise UnreadableFile if the part is missing or is no well-formed XML.
    """
    handler.elements_left = MOST_XML_ELEMENTS - package.elements_read
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(handler)
    try:
        for chunk in package.chunks(name):
            parser.feed(chunk)
        parser.close()
    except SAXParseException:
        raise UnreadableFile("the file is damaged: a part of it is no XML") from None
    except DefusedXmlException:
        raise UnreadableFile("the file declares a document type or entities, which no workbook needs") from None
    package.elements_read = MOST_XML_ELEMENTS - handler.elements_left
    return handler


class Relationships(PartHandler):
    """Reads the relationships of one part: kind and name of each part that it refers to, by id.

    Targets outside of the file are ignored.
    """

    def __init__(self, source: str) -> None:
        super().__init__()
        self._folder = posixpath.dirname(source)
        self.by_id: dict[str, tuple[str, str]] = {}

    @classmethod
    def of_part(cls, package: XlsxPackage, source: str) -> "Relationships":
        """Read the relationships of the part `source`; an empty text stands for the package itself."""
        folder, name = posixpath.split(source)
        relationships_part = posixpath.join(folder, "_rels", f"{name}.rels")
        return parse_part(package, relationships_part, cls(source)) if relationships_part in package else cls(source)

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        if name == "Relationship" and attrs.get("TargetMode") != "External":
            kind = attrs.get("Type", "").rpartition("/")[2].lower()
            target = posixpath.normpath(posixpath.join("/", self._folder, attrs.get("Target", "")))
            self.by_id[attrs.get("Id", "")] = kind, target.lstrip("/")

    def first_of_kind(self, kind: str) -> str:
        """Return the name of the first part of this kind, such as “styles”; an empty text if there is none."""
        return next((name for its_kind, name in self.by_id.values() if its_kind == kind), "")
