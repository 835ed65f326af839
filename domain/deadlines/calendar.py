"""The working-day calendar: which days the authority works, for the years that are on file."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.errors import Refused

WEEKLY_REST = frozenset({5, 6})
"""Saturday and Sunday, as `date.weekday()` counts."""

_ONE_DAY = timedelta(days=1)


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
    rest days worked in exchange; both give the day's name. `provisional` days await a notice that may still
    change them; `unchecked_years` were never compared with theirs; `sources` names what each year rests on.
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
        """Whether a notice may still change this day."""
        return day in self.provisional

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

    def name_of(self, day: date) -> str:
        """What the file calls a day off or a day worked in exchange; empty for any other day."""
        return self.days_off.get(day) or self.days_worked.get(day) or ""

    def _is_worked(self, day: date) -> bool:
        return day in self.days_worked or (day.weekday() not in WEEKLY_REST and day not in self.days_off)

    def _count_until(self, day: date) -> int:
        place = day.toordinal() - self._eve
        if not 0 <= place < len(self._worked_until):
            raise CalendarRunsOut(self, day.year)
        return self._worked_until[place]
