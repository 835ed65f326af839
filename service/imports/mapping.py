"""The mapping file: which column of a source says what of a case (docs/reference/import-mapping.md)."""

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
from service.files.cells import UnreadableFile, tidy
from service.files.text_files import MOST_TEXT, read_text
from service.imports.limits import CaseLimit

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
ISO = "iso"
_ENCODINGS = re.compile(r"ascii|utf-(8|16|32)(-\w+)?|cp\d+|iso8859-\d+")


class UnusableMapping(Exception):
    """The mapping file is wrong, or does not fit the file to import; each line names the key at fault."""


class Meaning(StrEnum):
    """What a step of a log tells of the case, where the log has no column for it."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"


def _encoding(name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = ""
    if name != "auto" and not _ENCODINGS.fullmatch(known):
        raise ValueError(f"“{name}” is not an encoding that is read here, such as utf-8 or windows-1258")
    return name if name == "auto" else known


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is not an IANA time zone such as Asia/Ho_Chi_Minh") from None
    return name


def _format(text: str) -> str:
    if text != ISO and "%" not in text:
        raise ValueError(f"“{text}” is neither iso nor a pattern such as %d/%m/%Y")
    return text


def _written(constant: object) -> object:
    """TOML has numbers and days of its own; a constant is what a cell would say."""
    return str(constant) if isinstance(constant, int | date) else constant


def _several(formats: object) -> object:
    return [formats] if isinstance(formats, str) else formats


Column = Annotated[str, Field(min_length=1), AfterValidator(tidy)]
Written = Annotated[str, BeforeValidator(_written), AfterValidator(tidy)]
Formats = Annotated[tuple[Annotated[str, AfterValidator(_format)], ...], Field(min_length=1), BeforeValidator(_several)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Value(Section):
    """Where a value comes from: a column, a constant, or a template of columns."""

    column: Column | None = None
    constant: Written | None = None
    template: str | None = None
    map: dict[Column, Written] = {}
    default: Written | None = None

    @model_validator(mode="before")
    @classmethod
    def _a_bare_name_is_a_column(cls, given: object) -> object:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
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
        return tuple(tidy(name) for name in PLACEHOLDER.findall(self.template or ""))


class DayValue(Value):
    """A day or an instant; `date_format` goes before the one of [source]."""

    date_format: Formats | None = None


def _speaks(words: type[StrEnum]) -> AfterValidator:
    """What the mapping itself gives as a value must be a word of the register."""

    def check(value: Value) -> Value:
        for word in (value.constant, value.default, *value.map.values()):
            if word and word not in set(words):
                raise ValueError(f"“{word}” is none of {', '.join(words)}")
        return value

    return AfterValidator(check)


class SourceSection(Section):
    name: Code
    """With the key it names a case for ever: never changed once something was imported."""
    format: Literal["auto", "csv", "xes"] = "auto"
    encoding: Annotated[str, AfterValidator(_encoding)] = "auto"
    delimiter: Annotated[str, Field(pattern=r'^[^\r\n" ]$')] = ","
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    """IANA name; None is the authority's own."""
    rows: Literal["event", "case"]
    date_format: Formats = (ISO,)


class CaseSection(Section):
    key: Value
    received: DayValue | None = None
    assigned: DayValue | None = None
    due: DayValue | None = None
    limit: CaseLimit | None = None
    answered: DayValue | None = None
    channel: Annotated[Value, _speaks(Channel)] | None = None
    kind: Annotated[Value, _speaks(PetitionKind)] | None = None
    summary: Value | None = None
    place: Value | None = None
    document_no: Value | None = None
    person_count: Value | None = None
    book: Value | None = None
    unit: Value | None = None
    officer: Value | None = None
    answer: Value | None = None
    answer_no: Value | None = None
    result: Annotated[Value, _speaks(Result)] | None = None


class EventSection(Section):
    step: Value
    at: DayValue
    unit: Value | None = None
    officer: Value | None = None
    means: dict[Column, Meaning] = {}


class Mapping(Section):
    source: SourceSection
    case: CaseSection
    event: EventSection | None = None

    @model_validator(mode="after")
    def _says_what_an_import_needs(self) -> Self:
        if not self.case.key.columns:
            raise ValueError("case.key names no column: a constant cannot tell cases apart")
        if (self.source.rows == "event") != (self.event is not None):
            raise ValueError('[event] belongs to rows = "event", and to it only')
        if self.case.due is not None and self.case.limit is not None:
            raise ValueError("case.due and case.limit both say when a case is due: give one of them")
        means = self.event.means.values() if self.event else ()
        if self.case.received is None and Meaning.RECEIVED not in means:
            raise ValueError('case.received names no column, and no step in [event.means] is "received"')
        return self

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column that is named, once; cells are passed on in this order."""
        return tuple(dict.fromkeys(name for value in self.values.values() for name in value.columns))

    @cached_property
    def values(self) -> dict[str, Value]:
        """By the key under which the mapping file gives them, as in “case.received”."""
        found = {}
        for title, section in (("case", self.case), ("event", self.event)):
            for name in type(section).model_fields if section else ():
                if isinstance(value := getattr(section, name), Value):
                    found[f"{title}.{name}"] = value
        return found

    def where(self, column: str) -> str:
        """The keys that name the column."""
        return ", ".join(key for key, value in self.values.items() if column in value.columns)


def load_mapping(path: Path) -> Mapping:
    """The mapping of a TOML file; UnusableMapping says in plain words what is wrong with it."""
    try:
        text = read_text(path, MOST_TEXT, "a mapping")
    except UnreadableFile as error:
        raise UnusableMapping(str(error)) from None
    return parse_mapping(text, str(path))


def parse_mapping(text: str, name: str = "mapping") -> Mapping:
    """As `load_mapping`; `name` is what a complaint calls the text."""
    try:
        return Mapping.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UnusableMapping(f"{name}: {error}") from None
    except ValidationError as error:
        complaints = [f"{name}: {_plain(dict(found))}" for found in error.errors(include_url=False)]
        raise UnusableMapping("\n".join(dict.fromkeys(complaints))) from None


def _plain(error: dict[str, Any]) -> str:
    parts = [str(part) for part in error["loc"] if part != "[key]"]
    key = ".".join(parts)
    match error["type"]:
        case "extra_forbidden":
            near = difflib.get_close_matches(parts[-1], _known_keys(), 1)
            return f"{key} is not a key" + (f"; is {near[0]} meant?" if near else "")
        case "missing":
            return f"{key} is missing"
        case "model_type" | "model_attributes_type":
            return f"{key} names no column"
        case "value_error":
            return f"{key}: {error['ctx']['error']}" if key else str(error["ctx"]["error"])
        case _:
            return f"{key}: {error['msg'][:1].lower()}{error['msg'][1:]}"


def _known_keys() -> list[str]:
    sections: list[type[BaseModel]] = [Mapping, SourceSection, CaseSection, EventSection, DayValue, CaseLimit]
    return [name for section in sections for name in section.model_fields]
