"""A part of the package, read as XML: by events, without document types, and not endlessly deep."""

import posixpath
from typing import TypeVar
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from service.files.cells import UnreadableFile
from service.sheets.xlsx_guard import Package

DEEPEST = 50
MOST_ELEMENTS = 300_000
"""Of all parts that are read: three times what a full sheet has, and at most two seconds' work."""


class Part(ContentHandler):
    """What all parts are read with: `path` holds the elements around, without their prefixes."""

    def __init__(self) -> None:
        super().__init__()
        self.path: list[str] = []
        self.room = MOST_ELEMENTS

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.room -= 1
        if self.room < 0:
            raise UnreadableFile(f"the file has more than {MOST_ELEMENTS:,} elements, which no filled sheet has")
        name = name.rpartition(":")[2]
        self.path.append(name)
        if len(self.path) > DEEPEST:
            raise UnreadableFile(f"elements lie more than {DEEPEST} deep in each other")
        self.begin(name, attrs)

    def endElement(self, name: str) -> None:  # noqa: ARG002 - as it began
        self.end(self.path.pop())

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        """An element begins; it is the last of the path."""

    def end(self, name: str) -> None:
        """An element has ended; it is no longer in the path."""


P = TypeVar("P", bound=Part)


def read(package: Package, name: str, part: P) -> P:
    """The part, told all that its XML says. UnreadableFile if it is missing, or is no well-formed XML."""
    part.room = MOST_ELEMENTS - package.elements_read
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(part)
    try:
        for chunk in package.chunks(name):
            parser.feed(chunk)
        parser.close()
    except SAXParseException:
        raise UnreadableFile("the file is damaged: a part of it is no XML") from None
    except DefusedXmlException:
        raise UnreadableFile("the file declares a document type or entities, which no workbook needs") from None
    package.elements_read = MOST_ELEMENTS - part.room
    return part


class Links(Part):
    """By what ids one part names others, each with its kind. What lies outside of the file is left there."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._folder = posixpath.dirname(source)
        self.by_id: dict[str, tuple[str, str]] = {}

    @classmethod
    def of(cls, package: Package, source: str) -> "Links":
        folder, name = posixpath.split(source)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        return read(package, links, cls(source)) if links in package else cls(source)

    def begin(self, name: str, attrs: AttributesImpl) -> None:
        if name == "Relationship" and attrs.get("TargetMode") != "External":
            kind = attrs.get("Type", "").rpartition("/")[2].lower()
            target = posixpath.normpath(posixpath.join("/", self._folder, attrs.get("Target", "")))
            self.by_id[attrs.get("Id", "")] = kind, target.lstrip("/")

    def first(self, kind: str) -> str:
        """The name of the part, empty if there is none."""
        return next((name for its_kind, name in self.by_id.values() if its_kind == kind), "")
