"""Reads the events of an OCEL 2.0 log (JSON) one by one, each beside the object that is its case.

The mapping states which type of object is a case. An attribute of such an object is named "case:" and its name, its
last value counts; an attribute of an event is named by its name alone. "ocel:id", "ocel:type" and "ocel:time" are those
of the event, and "case:ocel:id" that of the case.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from service.files.cells import BadRow, CellRow, UnreadableFile, quote_cell, tidy_cell
from service.files.json_items import read_array_items
from service.files.text_files import open_source_file
from service.files.words import Words
from service.imports.log_attributes import CASE_PREFIX, MOST_ATTRIBUTE_NAMES, require_needed_attributes
from service.imports.mapping import ImportMapping, UnusableMapping

_MALFORMED = str(Words("không theo mẫu của OCEL 2.0", "not in the form of OCEL 2.0"))

_Scalar = str | int | float | bool | None


class _Attribute(msgspec.Struct):
    name: str
    value: _Scalar
    time: str = ""


class _Relation(msgspec.Struct):
    objectId: str


class _OcelObject(msgspec.Struct):
    id: str
    type: str
    attributes: list[_Attribute] = []


class _OcelEvent(msgspec.Struct):
    id: str
    type: str
    time: str
    attributes: list[_Attribute] = []
    relationships: list[_Relation] = []


_cells_decoder = msgspec.json.Decoder(list[str])


def read_ocel_rows(path: Path, mapping: ImportMapping, columns: set[str]) -> Iterator[CellRow | BadRow]:
    """Yield a row for each event and each of its cases, and one for each case without events.

    The file is read twice: objects may stand after the events that relate to them. At its end the names of the
    attributes are added to `columns`. Raise UnreadableFile for a file that is no such log, and UnusableMapping for a
    mapping that does not fit it.
    """
    case_type = mapping.source.object_type
    if case_type is None:
        raise UnusableMapping("source.object_type: a log in OCEL needs the type of object that is a case")
    cells = _CellsOf(mapping)
    # SQLite keeps a database without a name in a file without a name, which nobody else can open.
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as cases:
        cases.executescript(
            """
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            CREATE TABLE cases (number INTEGER PRIMARY KEY, id TEXT UNIQUE, cells BLOB, has_events INTEGER DEFAULT 0);
            BEGIN;
            """
        )
        _store_cases(path, case_type, cells, cases)
        number = 0
        for number, row in enumerate(_event_rows(path, cells, cases), start=1):
            yield CellRow(number, row) if isinstance(row, list) else BadRow(number, row)
        found = cases.execute("SELECT cells FROM cases WHERE NOT has_events ORDER BY number")
        for more, (stored,) in enumerate(found, start=number + 1):
            yield CellRow(more, _cells_decoder.decode(stored))
    columns.update(cells.names_seen)
    require_needed_attributes(mapping, cells.names_seen)


def _store_cases(path: Path, case_type: str, cells: "_CellsOf", cases: sqlite3.Connection) -> None:
    with open_source_file(path) as stream:
        for item in read_array_items(stream, "objects"):
            one = _converted(item, _OcelObject)
            if one is None:
                raise UnreadableFile(f"objects: {_MALFORMED}")
            if one.type != case_type:
                continue
            row = cells.of_case(one)
            try:
                cases.execute("INSERT INTO cases (id, cells) VALUES (?, ?)", (one.id, msgspec.json.encode(row)))
            except sqlite3.IntegrityError:
                raise UnreadableFile(
                    f"objects: {quote_cell(one.id)} có hai lần / the object stands twice in the file"
                ) from None


def _event_rows(path: Path, cells: "_CellsOf", cases: sqlite3.Connection) -> Iterator[list[str] | str]:
    """Yield the cells of each event beside each of its cases, or what is wrong with it."""
    with open_source_file(path) as stream:
        for item in read_array_items(stream, "events"):
            event = _converted(item, _OcelEvent)
            if event is None:
                yield _MALFORMED
                continue
            for relation in dict.fromkeys(one.objectId for one in event.relationships):
                found = cases.execute(
                    "UPDATE cases SET has_events = 1 WHERE id = ? RETURNING cells", (relation,)
                ).fetchone()
                if found is not None:
                    yield cells.of_event(event, _cells_decoder.decode(found[0]))


def _converted(item: Any, kind: type[Any]) -> Any:
    """Return the item in the form of OCEL, or None; half a surrogate pair, which JSON can write, is no text either."""
    try:
        found = msgspec.convert(item, kind)
        msgspec.json.encode(found)
    except (msgspec.ValidationError, UnicodeEncodeError):
        return None
    return found


class _CellsOf:
    """Puts the attributes that the mapping names into cells, and notes the names of all."""

    def __init__(self, mapping: ImportMapping) -> None:
        self._indexes = {name: index for index, name in enumerate(mapping.columns)}
        self.names_seen: set[str] = set()

    def of_case(self, one: _OcelObject) -> list[str]:
        """Return the cells of a case alone."""
        cells = [""] * len(self._indexes)
        self._set(cells, f"{CASE_PREFIX}ocel:id", one.id)
        for attribute in sorted(one.attributes, key=_since):
            self._set(cells, f"{CASE_PREFIX}{attribute.name}", _as_text(attribute.value))
        return cells

    def of_event(self, event: _OcelEvent, case: list[str]) -> list[str]:
        """Return the cells of an event beside those of its case."""
        cells = list(case)
        for name, value in (("ocel:id", event.id), ("ocel:type", event.type), ("ocel:time", event.time)):
            self._set(cells, name, value)
        for attribute in event.attributes:
            self._set(cells, attribute.name, _as_text(attribute.value))
        return cells

    def _set(self, cells: list[str], name: str, value: str) -> None:
        if len(self.names_seen) < MOST_ATTRIBUTE_NAMES:
            self.names_seen.add(name)
        index = self._indexes.get(name)
        if index is not None:
            cells[index] = tidy_cell(value)


def _since(attribute: _Attribute) -> float:
    """Return when the value began, as UTC seconds; a time that cannot be read is the earliest."""
    try:
        began = datetime.fromisoformat(attribute.time)
        return (began if began.tzinfo else began.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return float("-inf")


def _as_text(value: _Scalar) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
