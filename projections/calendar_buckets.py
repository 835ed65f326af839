"""Assigns days to buckets of years, months and days, and makes a period of as few of them as possible."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import LiteralString, NamedTuple


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

    def nearest_start(self, day: date) -> date:
        """Return the first day of the bucket of the day or of the following bucket, whichever is nearer."""
        start = self.start(day)
        if start.year == date.max.year:
            return start
        following = self.start(start + timedelta(days=(366, 31, 1)[self - 1]))
        return start if day - start <= following - day else following


@lru_cache(maxsize=8192)
def bucket_starts(day: date) -> tuple[tuple[Grain, date], ...]:
    """Return the grain and first day of the year, the month and the day that contain the day, in this order."""
    return tuple((grain, grain.start(day)) for grain in Grain)


class BucketRange(NamedTuple):
    """Names the buckets of a grain from one day up to another (exclusive); `sign` -1 means that they are taken off."""

    grain: Grain
    first: date
    end: date
    sign: int


def bucket_ranges(first: date, end: date, grain: Grain = Grain.DAY) -> list[BucketRange]:
    """Return the fewest buckets whose sum is that of the period from `first` to `end` (exclusive).

    Both days begin a bucket of the grain. An end near to the end of a month is the whole month without the days that
    follow, and so with months and years.
    """
    if first >= end:
        return []
    whole = [BucketRange(grain, first, end, 1)]
    if grain is Grain.YEAR:
        return whole
    coarser = Grain(grain - 1)
    around_first, around_end = coarser.nearest_start(first), coarser.nearest_start(end)
    edges = abs(first - around_first) + abs(end - around_end)
    if edges >= end - first:
        return whole
    return [
        *_signed(grain, first, around_first),
        *bucket_ranges(around_first, around_end, coarser),
        *_signed(grain, around_end, end),
    ]


def range_parameters(name: str, ranges: Sequence[BucketRange]) -> dict[str, object]:
    """Return the parameters of SQL that reads these ranges: arrays named after `name`, one for each part."""
    return {
        f"{name}_grains": [int(each.grain) for each in ranges],
        f"{name}_firsts": [each.first for each in ranges],
        f"{name}_ends": [each.end for each in ranges],
        f"{name}_signs": [each.sign for each in ranges],
    }


def in_ranges_sql(name: LiteralString, rows: LiteralString, condition: LiteralString = "true") -> LiteralString:
    """Return the FROM item `r` of the rows in the buckets of these ranges, and `b`, which has their sign.

    `rows` is a SELECT from the table of the buckets, and `condition` what else must hold of them. The rows are looked
    up for each range: the planner expects far more in a range than there are, and would read the whole table. It is
    told that there are at most five ranges, or it would plan each call anew.
    """
    arrays: LiteralString = ", ".join(
        f"%({name}_{column})s::{kind}[]"
        for column, kind in (("grains", "smallint"), ("firsts", "date"), ("ends", "date"), ("signs", "integer"))
    )
    in_range: LiteralString = "grain = b.grain AND starts_on >= b.first_on AND starts_on < b.end_on"
    found: LiteralString = f"{rows} WHERE {in_range} AND {condition} OFFSET 0"
    ranges: LiteralString = f"(SELECT * FROM unnest({arrays}) AS u (grain, first_on, end_on, sign) LIMIT 5)"  # noqa: S608
    return f"{ranges} AS b CROSS JOIN LATERAL ({found}) AS r"


def _signed(grain: Grain, start: date, end: date) -> list[BucketRange]:
    if start == end:
        return []
    return [BucketRange(grain, start, end, 1) if start < end else BucketRange(grain, end, start, -1)]
