"""Reading a calendar file: the years of a country, or what a site adds to them."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.deadlines.calendar import WEEKLY_REST, Calendar
from domain.deadlines.error_messages import in_plain_words

_DAY_LINE = re.compile(r"""^\s*["']?(\d{4}-\d{2}-\d{2})["']?\s*=""")


class CalendarError(ValueError):
    """A calendar file that cannot be true; the message names the file and the line."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1)
    days_off: dict[date, str] = {}
    days_worked: dict[date, str] = {}


class _Year(_Section):
    """`provisional`: the whole year, or some days of it."""

    year: int = Field(ge=1990, le=2999)
    checked: bool
    provisional: bool | list[date] = False

    def provisional_days(self) -> Iterable[date]:
        if isinstance(self.provisional, list):
            return self.provisional
        first = date(self.year, 1, 1)
        length = (date(self.year, 12, 31) - first).days + 1
        return (first + timedelta(days=n) for n in range(length if self.provisional else 0))


class _Change(_Section):
    """`confirms`: days that stay as they are on file and are no longer provisional."""

    confirms: list[date] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str = Field(pattern=r"^[\w.-]+$")
    year: list[_Year] = Field(min_length=1)


class _LocalFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str = Field(pattern=r"^[\w.-]+$")
    year: list[_Year] = []
    change: list[_Change] = []


_F = TypeVar("_F", _File, _LocalFile)


def parse_calendar(text: str, name: str) -> Calendar:
    """Read a calendar file (TOML, as `domain/policy/calendar-vn.toml`); `name` is for the messages.

    Raises CalendarError: a day that is named twice, a day in another year's table, an ordinary working day
    named as worked in exchange, a year that is missing or there twice, an unknown key, a year without source.
    """
    file, lines = _read(text, name, _File)
    _without_gaps([one.year for one in file.year], name)
    for one in file.year:
        _agrees(one, name, lines)
    return _calendar(file.version, file.year)


def parse_local_calendar(text: str, name: str, national: Calendar) -> Calendar:
    """The national calendar with what a site's file says of it.

    A [[year]] takes the place of that year or comes after the last one; a [[change]] makes single days off or
    worked: a day off, a Saturday worked in exchange, a local closure, a day off that was revoked. The version
    names both files, so that a due date says by which days it was counted. Raises CalendarError as
    `parse_calendar`, and for a change that changes nothing: it was meant for another day.
    """
    file, lines = _read(text, name, _LocalFile)
    if not file.year and not file.change:
        raise CalendarError(f"{name}: there is neither a [[year]] nor a [[change]]")
    for one in file.year:
        _agrees(one, name, lines)
    replaced = {one.year for one in file.year}
    if len(replaced) < len(file.year):
        raise CalendarError(f"{name}: a year is there twice")
    kept = [year for year in range(national.first.year, national.last.year + 1) if year not in replaced]
    _without_gaps([*kept, *replaced], name)
    added = _calendar(file.version, file.year) if file.year else None

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
                raise CalendarError(f"{_place(name, day, lines)}: {day} is in no year on file ({first} to {last})")
            provisional.discard(day)
            sources[day.year] = " ".join(filter(None, (sources.get(day.year), f"{day:%d/%m}: {change.source}")))
        for day, title in change.days_off.items():
            if day in off or (day.weekday() in WEEKLY_REST and day not in worked):
                raise CalendarError(f"{_place(name, day, lines)}: {day} is a day off already")
            worked.pop(day, None)
            if day.weekday() not in WEEKLY_REST:
                off[day] = title
        for day, title in change.days_worked.items():
            if day in worked or (day.weekday() not in WEEKLY_REST and day not in off):
                raise CalendarError(f"{_place(name, day, lines)}: {day} is worked already")
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


def version_of(text: str, name: str) -> str:
    """What a site's file calls itself. Raises CalendarError for a file that is none."""
    return _read(text, name, _LocalFile)[0].version


def _read(text: str, name: str, form: type[_F]) -> tuple[_F, Mapping[str, list[int]]]:
    lines = _lines_by_day(text)
    for key, places in lines.items():
        if len(places) > 1:
            raise CalendarError(
                f"{name}, lines {places[0]} and {places[1]}: {key} is named twice;"
                " a day is named once, as a day off or as a day worked"
            )
    try:
        return form.model_validate(tomllib.loads(text)), lines
    except tomllib.TOMLDecodeError as error:
        raise CalendarError(f"{name}: this is not TOML: {error}") from error
    except ValidationError as error:
        raise CalendarError(f"{name}: {in_plain_words(error)}") from error


def _without_gaps(years: Iterable[int], name: str) -> None:
    for year, following in pairwise(sorted(years)):
        if following == year:
            raise CalendarError(f"{name}: the year {year} is there twice")
        if following > year + 1:
            raise CalendarError(f"{name}: the year {year + 1} is missing between {year} and {following}")


def _agrees(one: _Year, name: str, lines: Mapping[str, list[int]]) -> None:
    for day in (*one.days_off, *one.days_worked, *one.provisional_days()):
        if day.year != one.year:
            raise CalendarError(f"{_place(name, day, lines)}: {day} is in the table of {one.year}")
    for day in one.days_worked:
        if day.weekday() not in WEEKLY_REST:
            raise CalendarError(
                f"{_place(name, day, lines)}: {day} is a {day:%A}, which is worked anyway;"
                " only a weekly rest day can be worked in exchange"
            )


def _calendar(version: str, years: Iterable[_Year]) -> Calendar:
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


def _place(name: str, day: date, lines: Mapping[str, list[int]]) -> str:
    numbers = lines.get(day.isoformat())
    return f"{name}, line {numbers[0]}" if numbers else name


def _lines_by_day(text: str) -> dict[str, list[int]]:
    """On which lines (from 1) each day is a key; the TOML reader does not say."""
    lines: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _DAY_LINE.match(line):
            lines[found[1]].append(number)
    return lines
