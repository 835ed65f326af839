"""Defines the working-day calendar: the days on which the authority works, for the years that are on file.

Due dates are counted with this calendar.
"""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from domain.deadlines.both_languages import BothLanguages
from domain.errors import Refused
from domain.refusals.clocks import ClockRefusal

WEEKLY_REST = frozenset({5, 6})
"""Saturday and Sunday, as `date.weekday()` counts."""

ONE_DAY = timedelta(days=1)


class CalendarRunsOut(Refused):
    """Is raised when a count needs a year that nobody has put on file.

    A guess would give a due date that nobody can defend.
    """

    def __init__(self, calendar: "Calendar", year: int) -> None:
        super().__init__(
            ClockRefusal.CALENDAR_RUNS_OUT,
            calendar=calendar.version,
            first=str(calendar.first.year),  # a year is written without a separator of thousands
            last=str(calendar.last.year),
            year=str(year),
        )
        self.year = year


@dataclass(frozen=True)
class OtherReading:
    """Holds what a notice may still make of provisional days: `days_off` would rest, `days_worked` would be worked.

    `says` tells which notice, in both languages. `source` is where that was read.
    """

    says: BothLanguages
    source: str
    days_off: Mapping[date, str] = field(hash=False)
    days_worked: Mapping[date, str] = field(hash=False)


@dataclass(frozen=True)
class Calendar:
    """Holds a working-day calendar (lịch làm việc) from `first` to `last`, both inclusive.

    `days_off` are public holidays, days in lieu (nghỉ bù) and swapped days (hoán đổi). `days_worked` are the rest days
    worked in exchange. Both map a day to its name. A government notice may still change the `provisional` days.
    `other_readings` say what it may make of them. `unchecked_years` were never compared with their notices. `sources`
    names the document that each year is taken from.
    Labour Code 45/2019/QH14 Arts 111-112.
    """

    version: str
    first: date
    last: date
    days_off: Mapping[date, str] = field(hash=False)
    days_worked: Mapping[date, str] = field(hash=False)
    provisional: frozenset[date] = frozenset()
    unchecked_years: frozenset[int] = frozenset()
    sources: Mapping[int, str] = field(default_factory=dict, hash=False)
    other_readings: tuple[OtherReading, ...] = ()
    _working: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _worked_until: "array[int]" = field(init=False, repr=False, compare=False)
    _eve: int = field(init=False, repr=False, compare=False)
    _read_otherwise: "dict[int, Calendar]" = field(init=False, repr=False, compare=False, default_factory=dict)

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
        # Number of working days up to and including each day, beginning with the eve of the first day: with it, each
        # question below is one look-up, however many days are counted.
        worked_until = array("i", [0])
        for day in every_day:
            if self._is_worked(day):
                working.append(day)
            worked_until.append(len(working))
        object.__setattr__(self, "_working", tuple(working))
        object.__setattr__(self, "_worked_until", worked_until)
        object.__setattr__(self, "_eve", self.first.toordinal() - 1)

    def covers(self, day: date) -> bool:
        """Return True if the day is in the years on file."""
        return self.first <= day <= self.last

    def is_provisional(self, day: date) -> bool:
        """Return True if a notice may still change this day."""
        return day in self.provisional

    def is_working_day(self, day: date) -> bool:
        """Return True if the authority works on this day. Raise CalendarRunsOut outside the years on file."""
        if not self.covers(day):
            raise CalendarRunsOut(self, day.year)
        return self._is_worked(day)

    def next_working_day(self, day: date) -> date:
        """Return the day itself if it is a working day, else the first working day after it."""
        if self.is_working_day(day):
            return day
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, or before `day` if n is negative. `day` itself is not counted.

        If n is 0, return `day`, even if it is no working day. Raise CalendarRunsOut outside the years on file.
        """
        if n == 0:
            return day
        if n > 0:
            index = self._count_until(day) + n - 1
            if index >= len(self._working):
                raise CalendarRunsOut(self, self.last.year + 1)
        else:
            index = self._count_until(day - ONE_DAY) + n
            if index < 0:
                raise CalendarRunsOut(self, self.first.year - 1)
        return self._working[index]

    def working_days_between(self, after: date, until: date) -> int:
        """Return the number of working days later than `after`, `until` included.

        It is negative if `until` is the earlier day. Raise CalendarRunsOut outside the years on file.
        """
        return self._count_until(until) - self._count_until(after)

    def name_of(self, day: date) -> str:
        """Return the name that the file gives a day off or a day worked in exchange; empty for any other day."""
        return self.days_off.get(day) or self.days_worked.get(day) or ""

    def read_otherwise(self, reading: OtherReading) -> "Calendar":
        """Return the calendar as it is by one of its other readings. It explains dates; none is counted by it."""
        number = self.other_readings.index(reading)
        if number not in self._read_otherwise:
            off, worked = change_days(self, reading.days_off, reading.days_worked)
            self._read_otherwise[number] = replace(self, days_off=off, days_worked=worked, other_readings=())
        return self._read_otherwise[number]

    def _is_worked(self, day: date) -> bool:
        """Return True if the day, which must be in the years on file, is a working day."""
        return day in self.days_worked or (day.weekday() not in WEEKLY_REST and day not in self.days_off)

    def _count_until(self, day: date) -> int:
        """Return the number of working days from `first` to `day` (inclusive). `day` may be the day before `first`."""
        index = day.toordinal() - self._eve
        if not 0 <= index < len(self._worked_until):
            raise CalendarRunsOut(self, day.year)
        return self._worked_until[index]


def change_days(
    calendar: Calendar, to_off: Mapping[date, str], to_worked: Mapping[date, str]
) -> tuple[dict[date, str], dict[date, str]]:
    """Return the days off and the days worked of the calendar, with single days changed into the one or the other."""
    off, worked = dict(calendar.days_off), dict(calendar.days_worked)
    for day, title in to_off.items():
        worked.pop(day, None)
        if day.weekday() not in WEEKLY_REST:
            off[day] = title
    for day, title in to_worked.items():
        off.pop(day, None)
        if day.weekday() in WEEKLY_REST:
            worked[day] = title
    return off, worked
