"""Assigns days to buckets of years, months and days, and splits a period into whole buckets."""

from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache


class Grain(IntEnum):
    """Names the size of a bucket; the values are stored in the column `grain`."""

    YEAR = 1
    MONTH = 2
    DAY = 3

    def start(self, day: date) -> date:
        """Return the first day of the bucket that contains the day."""
        if self is Grain.YEAR:
            return day.replace(month=1, day=1)
        return day.replace(day=1) if self is Grain.MONTH else day


@lru_cache(maxsize=8192)
def bucket_starts(day: date) -> tuple[tuple[Grain, date], ...]:
    """Return the grain and first day of the year, the month and the day that contain the day, in this order."""
    return tuple((grain, grain.start(day)) for grain in Grain)


def split_into_buckets(first: date, end: date) -> dict[str, date]:
    """Split the period from `first` to `end` (exclusive) into days, whole months, whole years, whole months and days.

    Return the six borders of these five parts, as SQL parameters. An unused part is empty: its two borders are the same
    day.
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
