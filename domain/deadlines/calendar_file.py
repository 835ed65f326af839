"""Reads calendar files: the national years, and the file that an installation (site) adds to them.

A wrong day in a file would make wrong due dates, so a file with a contradiction is refused, and the error names the
line.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.deadlines.calendar import WEEKLY_REST, Calendar
from domain.deadlines.error_messages import validation_error_text

_DAY_LINE = re.compile(r"""^\s*["']?(\d{4}-\d{2}-\d{2})["']?\s*=""")


class CalendarError(ValueError):
    """Is raised for a calendar file that contradicts itself; the message names the file and the line."""


class _DaysTable(BaseModel):
    """Holds the keys that every kind of table in a calendar file may have."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1)
    days_off: dict[date, str] = {}
    days_worked: dict[date, str] = {}


class _YearTable(_DaysTable):
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


class _ChangeTable(_DaysTable):
    """Holds a [[change]] table; `confirms` lists days that stay as they are on file and are no longer provisional."""

    confirms: list[date] = []


class _NationalFile(BaseModel):
    """Holds the national calendar file."""

    model_config = ConfigDict(extra="forbid")

    version: str = Field(pattern=r"^[\w.-]+$")
    year: list[_YearTable] = Field(min_length=1)


class _LocalFile(BaseModel):
    """Holds a calendar file of an installation, or of a change of law."""

    model_config = ConfigDict(extra="forbid")

    version: str = Field(pattern=r"^[\w.-]+$")
    year: list[_YearTable] = []
    change: list[_ChangeTable] = []


_AnyFile = TypeVar("_AnyFile", _NationalFile, _LocalFile)


def parse_calendar(text: str, name: str) -> Calendar:
    """Read a calendar file (TOML, as `domain/policy/calendar-vn.toml`); `name` is the file's name for error messages.

    Raise CalendarError for a day that is named twice, a day in another year's table, an ordinary working day named as
    worked in exchange, a year that is missing or occurs twice, an unknown key, or a year without source.
    """
    file, lines = _parse_calendar_file(text, name, _NationalFile)
    _require_no_gaps([one.year for one in file.year], name)
    for one in file.year:
        _check_days_of_year(one, name, lines)
    return _build_calendar(file.version, file.year)


def parse_local_calendar(text: str, name: str, national: Calendar) -> Calendar:
    """Return the national calendar with the changes of an installation's file.

    `name` is the file's name for error messages.

    A [[year]] replaces that year, or follows the last year. A [[change]] changes single days into days off or working
    days: a day off, a Saturday worked in exchange, a local closure, a day off that was revoked. The version names both
    files, so that a due date says by which days it was counted. Raise CalendarError as `parse_calendar` does, and for a
    change that has no effect, because somebody probably meant another day.
    """
    file, lines = _parse_calendar_file(text, name, _LocalFile)
    if not file.year and not file.change:
        raise CalendarError(f"{name}: there is neither a [[year]] nor a [[change]]")
    for one in file.year:
        _check_days_of_year(one, name, lines)
    replaced = {one.year for one in file.year}
    if len(replaced) < len(file.year):
        raise CalendarError(f"{name}: a year is there twice")
    kept = [year for year in range(national.first.year, national.last.year + 1) if year not in replaced]
    _require_no_gaps([*kept, *replaced], name)
    added = _build_calendar(file.version, file.year) if file.year else None

    off = {day: title for day, title in national.days_off.items() if day.year not in replaced}
    worked = {day: title for day, title in national.days_worked.items() if day.year not in replaced}
    provisional = {day for day in national.provisional if day.year not in replaced}
    sources = {year: source for year, source in national.sources.items() if year not in replaced}
    if added is not None:
        off.update(added.days_off)
        worked.update(added.days_worked)
        provisional |= added.provisional
        sources.update(added.sources)
    first, last = date(min([*kept, *replaced]), 1, 1), date(max([*kept, *replaced]), 12, 31)
    for change in file.change:
        for day in (*change.days_off, *change.days_worked, *change.confirms):
            if not first <= day <= last:
                raise CalendarError(
                    f"{_file_and_line_of_day(name, day, lines)}: {day} is in no year on file ({first} to {last})"
                )
            provisional.discard(day)
            sources[day.year] = " ".join(filter(None, (sources.get(day.year), f"{day:%d/%m}: {change.source}")))
        for day, title in change.days_off.items():
            if day in off or (day.weekday() in WEEKLY_REST and day not in worked):
                raise CalendarError(f"{_file_and_line_of_day(name, day, lines)}: {day} is a day off already")
            worked.pop(day, None)
            if day.weekday() not in WEEKLY_REST:
                off[day] = title
        for day, title in change.days_worked.items():
            if day in worked or (day.weekday() not in WEEKLY_REST and day not in off):
                raise CalendarError(f"{_file_and_line_of_day(name, day, lines)}: {day} is worked already")
            off.pop(day, None)
            if day.weekday() in WEEKLY_REST:
                worked[day] = title
    return Calendar(
        version=f"{national.version}+{file.version}",
        first=first,
        last=last,
        days_off=off,
        days_worked=worked,
        provisional=frozenset(provisional),
        unchecked_years=(national.unchecked_years - replaced) | (added.unchecked_years if added else frozenset()),
        sources=sources,
    )


def calendar_file_version(text: str, name: str) -> str:
    """Return the version that is written in an installation's file. Raise CalendarError for any other text."""
    return _parse_calendar_file(text, name, _LocalFile)[0].version


def _parse_calendar_file(text: str, name: str, file_type: type[_AnyFile]) -> tuple[_AnyFile, Mapping[str, list[int]]]:
    """Parse the TOML text as a `file_type`. Return it with the line numbers of each day, from `_lines_by_day`.

    Raise CalendarError.
    """
    lines = _lines_by_day(text)
    for key, places in lines.items():
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


def _require_no_gaps(years: Iterable[int], name: str) -> None:
    """Raise CalendarError if a year occurs twice, or is missing between two others."""
    for year, following in pairwise(sorted(years)):
        if following == year:
            raise CalendarError(f"{name}: the year {year} is there twice")
        if following > year + 1:
            raise CalendarError(f"{name}: the year {year + 1} is missing between {year} and {following}")


def _check_days_of_year(year: _YearTable, name: str, lines: Mapping[str, list[int]]) -> None:
    """Raise CalendarError if the table of a year contradicts itself.

    The table may not name a day of another year. A day worked in exchange must be a weekly rest day.
    """
    for day in (*year.days_off, *year.days_worked, *year.provisional_days()):
        if day.year != year.year:
            raise CalendarError(f"{_file_and_line_of_day(name, day, lines)}: {day} is in the table of {year.year}")
    for day in year.days_worked:
        if day.weekday() not in WEEKLY_REST:
            raise CalendarError(
                f"{_file_and_line_of_day(name, day, lines)}: {day} is a {day:%A}, which is worked anyway;"
                " only a weekly rest day can be worked in exchange"
            )


def _build_calendar(version: str, years: Iterable[_YearTable]) -> Calendar:
    """Build the calendar of the years: at least one, and without a gap between them."""
    years = sorted(years, key=lambda one: one.year)
    return Calendar(
        version=version,
        first=date(years[0].year, 1, 1),
        last=date(years[-1].year, 12, 31),
        days_off={day: title for one in years for day, title in one.days_off.items()},
        days_worked={day: title for one in years for day, title in one.days_worked.items()},
        provisional=frozenset(day for one in years for day in one.provisional_days()),
        unchecked_years=frozenset(one.year for one in years if not one.checked),
        sources={one.year: one.source for one in years},
    )


def _file_and_line_of_day(name: str, day: date, lines: Mapping[str, list[int]]) -> str:
    """Return the name of the file with the line that names the day, if a line does."""
    numbers = lines.get(day.isoformat())
    return f"{name}, line {numbers[0]}" if numbers else name


def _lines_by_day(text: str) -> dict[str, list[int]]:
    """Return the lines (from 1) on which each day, in ISO form, is a key; the TOML reader does not return lines."""
    lines: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _DAY_LINE.match(line):
            lines[found[1]].append(number)
    return lines
