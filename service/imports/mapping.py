"""Reads the mapping file: which column of a source gives which field of a case (docs/reference/import-mapping.md).

A mistake in it is reported by the key at fault, all mistakes at once.
"""

import codecs
import difflib
import re
import tomllib
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from domain.text import Code
from domain.vocabulary import Channel, PetitionKind, Result
from service.files.cells import UnreadableFile, heading_of, tidy_cell
from service.files.old_vietnamese import old_vietnamese_encoding
from service.files.text_files import MAX_FILE_CHARACTERS, read_text_file
from service.files.validation_words import validation_words
from service.imports.limits import CaseLimit

COLUMN_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
ISO_FORMAT = "iso"
EXCEL_FORMAT = "excel"
"""Names the days that a spreadsheet program counts from 30 December 1899, such as 45300."""
_READABLE_ENCODINGS = re.compile(r"ascii|utf-(8|16|32)(-\w+)?|cp\d+|iso8859-\d+")


class UnusableMapping(Exception):
    """Is raised when the mapping file is wrong or does not fit the file to import; each line names the key at fault."""


class StepMeaning(StrEnum):
    """Says which event of the case a step of a log stands for, where the log has no column for its day."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"


def _require_encoding(name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = ""
    if old := old_vietnamese_encoding(name):
        return old
    if name != "auto" and not _READABLE_ENCODINGS.fullmatch(known):
        raise ValueError(f"“{name}” is not an encoding that is read here; windows-1258, tcvn3, vni, viscii are")
    return name if name == "auto" else known


def _require_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is not an IANA time zone such as Asia/Ho_Chi_Minh") from None
    return name


def _require_date_format(text: str) -> str:
    if text not in (ISO_FORMAT, EXCEL_FORMAT) and "%" not in text:
        raise ValueError(f"“{text}” is neither iso nor excel nor a pattern such as %d/%m/%Y")
    return text


def _constant_as_text(constant: object) -> object:
    """Return a TOML number or day as the text that a cell would hold; other values as they are."""
    return str(constant) if isinstance(constant, int | date) else constant


def _listed_formats(formats: object) -> object:
    return [formats] if isinstance(formats, str) else formats


ColumnName = Annotated[str, Field(min_length=1), AfterValidator(heading_of)]
CellText = Annotated[str, BeforeValidator(_constant_as_text), AfterValidator(tidy_cell)]
DateFormats = Annotated[
    tuple[Annotated[str, AfterValidator(_require_date_format)], ...],
    Field(min_length=1),
    BeforeValidator(_listed_formats),
]


class MappingSection(BaseModel):
    """Is the base of the tables of a mapping file: immutable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MappedValue(MappingSection):
    """Says where a value comes from: a column, a constant, or a template of columns."""

    column: ColumnName | None = None
    constant: CellText | None = None
    template: str | None = None
    map: dict[ColumnName, CellText] = {}
    default: CellText | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_bare_name_is_a_column(cls, given: object) -> object:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _require_one_source(self) -> Self:
        if sum(part is not None for part in (self.column, self.constant, self.template)) != 1:
            raise ValueError("names no column: give one of column, constant, template, and only one")
        if self.column is None and (self.map or self.default is not None):
            raise ValueError("map and default belong to a column")
        if self.template is not None and not self.columns:
            raise ValueError("the template names no column in braces; is a constant meant?")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        if self.column is not None:
            return (self.column,)
        return tuple(heading_of(name) for name in COLUMN_PLACEHOLDER.findall(self.template or ""))


class MappedDay(MappedValue):
    """Says where a day or an instant comes from; its `date_format` overrides the one of [source]."""

    date_format: DateFormats | None = None


def _restrict_to_words(words: type[StrEnum]) -> AfterValidator:
    """Return a validator: a constant, a default and the words of a map must be members of `words`."""

    def check(value: MappedValue) -> MappedValue:
        for word in (value.constant, value.default, *value.map.values()):
            if word and word not in set(words):
                raise ValueError(f"“{word}” is none of {', '.join(words)}")
        return value

    return AfterValidator(check)


class SourceSection(MappingSection):
    """Describes the source: its name, its format, and whether one row is a case or an event."""

    name: Code
    """Code of the source. With the key it identifies a case: never change it after the first import."""
    format: Literal["auto", "csv", "xlsx", "xes", "ocel"] = "auto"
    encoding: Annotated[str, AfterValidator(_require_encoding)] = "auto"
    delimiter: Annotated[str, Field(pattern=r'^[^\r\n" ]$')] = ","
    zone: Annotated[str, AfterValidator(_require_zone)] | None = None
    """IANA name of the time zone; None means the zone of the authority."""
    rows: Literal["event", "case"]
    date_format: DateFormats = (ISO_FORMAT,)
    header_row: Annotated[int, Field(ge=1, le=1_000)] = 1
    """Number of the row with the names of the columns, as a spreadsheet program shows it."""
    skip: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Numbers of rows that are no data."""
    worksheet: str | None = None
    """Name of the worksheet of a workbook; None means the only one with something in it."""
    object_type: Annotated[str, Field(min_length=1)] | None = None
    """Type of the objects of an OCEL log that are the cases."""


class CaseSection(MappingSection):
    """Says where the fields of a case come from."""

    key: MappedValue
    received: MappedDay | None = None
    assigned: MappedDay | None = None
    due: MappedDay | None = None
    limit: CaseLimit | None = None
    answered: MappedDay | None = None
    channel: Annotated[MappedValue, _restrict_to_words(Channel)] | None = None
    kind: Annotated[MappedValue, _restrict_to_words(PetitionKind)] | None = None
    summary: MappedValue | None = None
    place: MappedValue | None = None
    document_no: MappedValue | None = None
    person_count: MappedValue | None = None
    book: MappedValue | None = None
    unit: MappedValue | None = None
    officer: MappedValue | None = None
    answer: MappedValue | None = None
    answer_no: MappedValue | None = None
    result: Annotated[MappedValue, _restrict_to_words(Result)] | None = None


EARLIEST_STEP = "earliest"
"""Stands in [event.means] for the earliest step of a case, whatever its name."""


class EventSection(MappingSection):
    """Says where the steps of a case come from, and what they mean."""

    step: MappedValue
    at: MappedDay
    unit: MappedValue | None = None
    officer: MappedValue | None = None
    means: dict[ColumnName, StepMeaning] = {}


class ImportMapping(MappingSection):
    """Holds a whole mapping file."""

    source: SourceSection
    case: CaseSection
    event: EventSection | None = None
    units: dict[ColumnName, CellText] = {}
    """Aliases: other names of units, and the unit that each means."""

    @model_validator(mode="after")
    def _require_what_an_import_needs(self) -> Self:
        if not self.case.key.columns:
            raise ValueError("case.key names no column: a constant cannot tell cases apart")
        if (self.source.rows == "event") != (self.event is not None):
            raise ValueError('[event] belongs to rows = "event", and to it only')
        if self.case.due is not None and self.case.limit is not None:
            raise ValueError("case.due and case.limit both say when a case is due: give one of them")
        means = self.event.means.values() if self.event else ()
        if self.case.received is None and StepMeaning.RECEIVED not in means:
            raise ValueError('case.received names no column, and no step in [event.means] is "received"')
        if self.event and self.event.means.get(EARLIEST_STEP, StepMeaning.RECEIVED) is not StepMeaning.RECEIVED:
            raise ValueError('event.means.earliest: the earliest step can only mean "received"')
        return self

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return every column that the mapping names, once; readers of files return the cells in this order."""
        return tuple(dict.fromkeys(name for value in self.values.values() for name in value.columns))

    @cached_property
    def values(self) -> dict[str, MappedValue]:
        """Return the values by their key in the mapping file, such as “case.received”."""
        found = {}
        for title, section in (("case", self.case), ("event", self.event)):
            for name in type(section).model_fields if section else ():
                if isinstance(value := getattr(section, name), MappedValue):
                    found[f"{title}.{name}"] = value
        return found

    def label_of(self, key: str) -> str:
        """Return the names of the columns that a value comes from: the office knows the value by these."""
        value = self.values.get(key)
        return " + ".join(value.columns) if value and value.columns else key

    def keys_naming(self, column: str) -> str:
        """Return the keys that name the column, with commas between them."""
        return ", ".join(key for key, value in self.values.items() if column in value.columns)


def load_mapping(path: Path) -> ImportMapping:
    """Read the mapping of a TOML file. Raise UnusableMapping, which says in plain words what is wrong with it."""
    try:
        text = read_text_file(path, MAX_FILE_CHARACTERS, "a mapping")
    except UnreadableFile as error:
        raise UnusableMapping(str(error)) from None
    return parse_mapping(text, str(path))


def parse_mapping(text: str, name: str = "mapping") -> ImportMapping:
    """Parse the text of a mapping. Raise UnusableMapping; its message calls the text `name`."""
    try:
        return ImportMapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UnusableMapping(f"{name}: {error}") from None
    except ValidationError as error:
        complaints = [f"{name}: {_mapping_complaint(dict(found))}" for found in error.errors(include_url=False)]
        raise UnusableMapping("\n".join(dict.fromkeys(complaints))) from None


def _mapping_complaint(error: dict[str, Any]) -> str:
    parts = [str(part) for part in error["loc"] if part != "[key]"]
    key = ".".join(parts)
    match error["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(parts[-1], _mapping_keys(), 1)
            return f"{key} is not a key" + (f"; is {near[0]} meant?" if near else "")
        case "missing":
            return f"{key} is missing"
        case "model_type" | "model_attributes_type":
            return f"{key} names no column"
        case "value_error":
            return f"{key}: {error['ctx']['error']}" if key else str(error["ctx"]["error"])
        case _:
            return f"{key}: {validation_words(error)}"


def _mapping_keys() -> list[str]:
    sections: list[type[BaseModel]] = [ImportMapping, SourceSection, CaseSection, EventSection, MappedDay, CaseLimit]
    return [name for section in sections for name in section.model_fields]
