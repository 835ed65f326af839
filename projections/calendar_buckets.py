"""Years, months and days: what figures are summed up by, and how a time is cut into such sums."""

from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache


class Grain(IntEnum):
    YEAR = 1
    MONTH = 2
    DAY = 3

    def start(self, day: date) -> date:
        """First day of the year, month or day that the day lies in."""
        if self is Grain.YEAR:
            return day.replace(month=1, day=1)
        return day.replace(day=1) if self is Grain.MONTH else day


@lru_cache(maxsize=8192)
def starts(day: date) -> tuple[tuple[Grain, date], ...]:
    """Of the year, the month and the day that it lies in."""
    return tuple((grain, grain.start(day)) for grain in Grain)


def parts(first: date, end: date) -> dict[str, date]:
    """A time cut into days, whole months, whole years, whole months and days; ends are exclusive.

    What does not fit in is empty: it begins where it ends.
    """
    first_month = first if first.day == 1 else Grain.MONTH.start(Grain.MONTH.start(first) + timedelta(days=31))
    end_month = Grain.MONTH.start(end)
    if first_month >= end_month:
        first_month = end_month = end
    first_year = first_month if first_month.month == 1 else date(first_month.year + 1, 1, 1)
    end_year = Grain.YEAR.start(end_month)
    if first_year >= end_year:
        first_year = end_year = end_month
    return {
        "first": first,
        "first_month": first_month,
        "first_year": first_year,
        "end_year": end_year,
        "end_month": end_month,
        "end": end,
    }
