"""The working-day calendar: which days the authority works, for the years that are on file."""

import re
import tomllib
from array import array
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.deadlines.plain_words import in_plain_words
from domain.refused import Refused

WEEKLY_REST = frozenset({5, 6})
"""Saturday and Sunday, as `date.weekday()` counts."""

_ONE_DAY = timedelta(days=1)
_DAY_LINE = re.compile(r"""^\s*["']?(\d{4}-\d{2}-\d{2})["']?\s*=""")


class CalendarError(ValueError):
    """A calendar file that cannot be true; the message names the file and the line."""


class CalendarRunsOut(Refused):
    """A count that needs a year nobody has put on file; a guess would give a due date nobody can defend."""

    def __init__(self, calendar: "Calendar", year: int) -> None:
        super().__init__(
            f"the working-day calendar {calendar.version} holds the years {calendar.first.year} to"
            f" {calendar.last.year}; counting these days needs {year}, which must be put on file first"
        )
        self.year = year


@dataclass(frozen=True)
class Calendar:
    """Lịch làm việc, both ends of `first`..`last` included.

    `days_off` are public holidays, days in lieu (nghỉ bù) and swapped days (hoán đổi); `days_worked` are the
    rest days worked in exchange; both give the day's name. Days from `provisional_from` on await the yearly
    notice; `unchecked_years` were never compared with theirs.
    Labour Code 45/2019/QH14 Arts 111-112.
    """

    version: str
    first: date
    last: date
    days_off: Mapping[date, str] = field(hash=False)
    days_worked: Mapping[date, str] = field(hash=False)
    provisional_from: date | None = None
    unchecked_years: frozenset[int] = frozenset()
    _working: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _worked_until: "array[int]" = field(init=False, repr=False, compare=False)
    _eve: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"calendar {self.version} ends on {self.last}, before it begins on {self.first}")
        if both := self.days_off.keys() & self.days_worked.keys():
            raise ValueError(f"calendar {self.version}: {min(both)} is both a day off and a day worked")
        # Copies: a calendar that changed under a running process would give two dates for one question.
        object.__setattr__(self, "days_off", dict(self.days_off))
        object.__setattr__(self, "days_worked", dict(self.days_worked))
        every_day = map(date.fromordinal, range(self.first.toordinal(), self.last.toordinal() + 1))
        working: list[date] = []
        # How many days were worked up to and including each day, the eve of the first day before all others:
        # with it, each question below is one look-up, whatever the number of days counted.
        worked_until = array("i", [0])
        for day in every_day:
            if self._is_worked(day):
                working.append(day)
            worked_until.append(len(working))
        object.__setattr__(self, "_working", tuple(working))
        object.__setattr__(self, "_worked_until", worked_until)
        object.__setattr__(self, "_eve", self.first.toordinal() - 1)

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_provisional(self, day: date) -> bool:
        """Whether the yearly notice may still change this day."""
        return self.provisional_from is not None and day >= self.provisional_from

    def is_working_day(self, day: date) -> bool:
        if not self.covers(day):
            raise CalendarRunsOut(self, day.year)
        return self._is_worked(day)

    def next_working_day(self, day: date) -> date:
        """The day itself when it is one, else the first one after it."""
        if self.is_working_day(day):
            return day
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day` (itself not counted); before it when n is negative."""
        if n == 0:
            return day
        if n > 0:
            place = self._count_until(day) + n - 1
            if place >= len(self._working):
                raise CalendarRunsOut(self, self.last.year + 1)
        else:
            place = self._count_until(day - _ONE_DAY) + n
            if place < 0:
                raise CalendarRunsOut(self, self.first.year - 1)
        return self._working[place]

    def working_days_between(self, after: date, until: date) -> int:
        """Working days later than `after`, `until` included; negative when `until` is the earlier."""
        return self._count_until(until) - self._count_until(after)

    def _is_worked(self, day: date) -> bool:
        return day in self.days_worked or (day.weekday() not in WEEKLY_REST and day not in self.days_off)

    def _count_until(self, day: date) -> int:
        place = day.toordinal() - self._eve
        if not 0 <= place < len(self._worked_until):
            raise CalendarRunsOut(self, day.year)
        return self._worked_until[place]


class _Year(BaseModel):
    model_config = ConfigDict(extra="forbid")

    year: int = Field(ge=1990, le=2999)
    source: str = Field(min_length=1)
    checked: bool
    days_off: dict[date, str] = {}
    days_worked: dict[date, str] = {}


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str = Field(min_length=1)
    provisional_from: date | None = None
    year: list[_Year] = Field(min_length=1)


def parse_calendar(text: str, name: str) -> Calendar:
    """Read a calendar file (TOML, as `domain/policy/calendar-vn.toml`); `name` is for the messages.

    Raises CalendarError: a day that is named twice, a day in another year's table, an ordinary working day
    named as worked in exchange, a year that is missing or there twice, an unknown key, a year without source.
    """
    lines = _lines_by_day(text)
    for key, places in lines.items():
        if len(places) > 1:
            raise CalendarError(
                f"{name}, lines {places[0]} and {places[1]}: {key} is named twice;"
                " a day is named once, as a day off or as a day worked"
            )
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CalendarError(f"{name}: this is not TOML: {error}") from error
    except ValidationError as error:
        raise CalendarError(f"{name}: {in_plain_words(error)}") from error

    years = sorted(year.year for year in file.year)
    for year, following in pairwise(years):
        if following == year:
            raise CalendarError(f"{name}: the year {year} is there twice")
        if following > year + 1:
            raise CalendarError(f"{name}: the year {year + 1} is missing between {year} and {following}")
    for one in file.year:
        for day in (*one.days_off, *one.days_worked):
            if day.year != one.year:
                raise CalendarError(f"{_place(name, day, lines)}: {day} is in the table of {one.year}")
        for day in one.days_worked:
            if day.weekday() not in WEEKLY_REST:
                raise CalendarError(
                    f"{_place(name, day, lines)}: {day} is a {day:%A}, which is worked anyway;"
                    " only a weekly rest day can be worked in exchange"
                )
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    if file.provisional_from is not None and not first <= file.provisional_from <= last:
        raise CalendarError(f"{name}: provisional_from is {file.provisional_from}, outside {first} to {last}")
    return Calendar(
        version=file.version,
        first=first,
        last=last,
        days_off={day: title for one in file.year for day, title in one.days_off.items()},
        days_worked={day: title for one in file.year for day, title in one.days_worked.items()},
        provisional_from=file.provisional_from,
        unchecked_years=frozenset(one.year for one in file.year if not one.checked),
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
