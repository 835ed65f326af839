"""Reads the tables of calendar files, with the line on which each day stands.

What the tables mean together is decided by `domain.deadlines.calendar_file`.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.deadlines.both_languages import BothLanguages
from domain.deadlines.error_messages import validation_error_text

_DAY_LINE = re.compile(r"""^\s*["']?(\d{4}-\d{2}-\d{2})["']?\s*=""")
_YEAR_LINE = re.compile(r"^\s*year\s*=\s*(\d{4})\b")
_READING_HEADING = re.compile(r"^\s*\[\[\s*other_reading\s*\]\]")
_OTHER_HEADING = re.compile(r"^\s*\[\[?\s*(?!other_reading\b)")


class CalendarError(ValueError):
    """Is raised for a calendar file that contradicts itself; the message names the file and the line."""


class DaysTable(BaseModel):
    """Holds the keys that every kind of table in a calendar file may have."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1)
    days_off: dict[date, str] = {}
    days_worked: dict[date, str] = {}


class YearTable(DaysTable):
    """Holds a [[year]] table; `provisional` is true if the whole year is provisional, or lists the provisional days."""

    year: int = Field(ge=1990, le=2999)
    checked: bool
    provisional: bool | list[date] = False

    def provisional_days(self) -> Iterable[date]:
        """Return the days of the year that are provisional."""
        if isinstance(self.provisional, list):
            return self.provisional
        first = date(self.year, 1, 1)
        length = (date(self.year, 12, 31) - first).days + 1
        return (first + timedelta(days=n) for n in range(length if self.provisional else 0))


class LocalYearTable(YearTable):
    """Holds a [[year]] table of an installation; `replaces` is true where days of a checked year are dropped."""

    replaces: bool = False


class ChangeTable(DaysTable):
    """Holds a [[change]] table; `confirms` lists days that stay as they are on file and are no longer provisional."""

    confirms: list[date] = []


class ReadingTable(DaysTable):
    """Holds an [[other_reading]] table: provisional days as a notice may still make them. `says` tells which notice."""

    says: BothLanguages


class NationalFile(BaseModel):
    """Holds the national calendar file."""

    model_config = ConfigDict(extra="forbid")

    version: str = Field(pattern=r"^[\w.-]+$")
    year: list[YearTable] = Field(min_length=1)
    other_reading: list[ReadingTable] = []


class LocalFile(BaseModel):
    """Holds a calendar file of an installation, or of a change of law."""

    model_config = ConfigDict(extra="forbid")

    version: str = Field(pattern=r"^[\w.-]+$")
    year: list[LocalYearTable] = []
    change: list[ChangeTable] = []
    other_reading: list[ReadingTable] = []


_AnyFile = TypeVar("_AnyFile", NationalFile, LocalFile)


class FileLines(NamedTuple):
    """Holds the lines (from 1) of a file on which something stands; the TOML reader does not return lines.

    `days` are those of [[year]] and [[change]] tables, `readings` those of each [[other_reading]] table in turn.
    """

    name: str
    days: Mapping[str, list[int]]
    readings: tuple[Mapping[str, list[int]], ...]
    years: Mapping[int, int]

    def place_of(self, day: date, reading: int | None = None) -> str:
        """Return the name of the file with the line that names the day, if a line does."""
        numbers = (self.days if reading is None else self.readings[reading]).get(day.isoformat())
        return f"{self.name}, line {numbers[0]}" if numbers else self.name

    def place_of_year(self, year: int) -> str:
        """Return the name of the file with the line that begins the table of a year, if a line does."""
        return f"{self.name}, line {self.years[year]}" if year in self.years else self.name


def parse_calendar_tables(text: str, name: str, file_type: type[_AnyFile]) -> tuple[_AnyFile, FileLines]:
    """Parse the TOML text as a `file_type`. Return it with its lines. Raise CalendarError."""
    lines: FileLines = _lines_of_file(text, name)
    for group in (lines.days, *lines.readings):
        for key, places in group.items():
            if len(places) > 1:
                raise CalendarError(
                    f"{name}, lines {places[0]} and {places[1]}: {key} is named twice;"
                    " a day is named once, as a day off or as a day worked"
                )
    try:
        return file_type.model_validate(tomllib.loads(text)), lines
    except tomllib.TOMLDecodeError as error:
        raise CalendarError(f"{name}: this is not TOML: {error}") from error
    except ValidationError as error:
        raise CalendarError(f"{name}: {validation_error_text(error)}") from error


def _lines_of_file(text: str, name: str) -> FileLines:
    """Return the lines on which each day, in ISO form, is a key, and those on which a year begins."""
    days: dict[str, list[int]] = defaultdict(list)
    readings: list[dict[str, list[int]]] = []
    years: dict[int, int] = {}
    group = days
    for number, line in enumerate(text.splitlines(), start=1):
        if _READING_HEADING.match(line):
            readings.append(defaultdict(list))
            group = readings[-1]
        elif _OTHER_HEADING.match(line):
            group = days
        elif found := _DAY_LINE.match(line):
            group[found[1]].append(number)
        elif found := _YEAR_LINE.match(line):
            years.setdefault(int(found[1]), number)
    return FileLines(name, days, tuple(readings), years)
