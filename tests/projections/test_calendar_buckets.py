"""Tests that the buckets of a period add up to its days, and that they are few."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from projections.calendar_buckets import BucketRange, Grain, bucket_ranges
from tests.projections.history_builder import every_day

DAYS = st.dates(date(2023, 11, 1), date(2028, 3, 1))
MOST = {Grain.DAY: 15, Grain.MONTH: 6}
"""So many buckets of a grain at most at each end of a long period."""


def _days_of(each: BucketRange) -> Counter[date]:
    return Counter(dict.fromkeys(every_day(each.first, each.end - timedelta(days=1)), each.sign))


@given(DAYS, DAYS)
@example(date(2026, 1, 1), date(2026, 1, 1))
@example(date(2026, 2, 28), date(2026, 3, 1))
@example(date(2024, 12, 31), date(2026, 1, 2))
def test_the_buckets_of_a_period_add_up_to_its_days(one: date, other: date) -> None:
    first, end = min(one, other), max(one, other)
    ranges = bucket_ranges(first, end)
    found: Counter[date] = Counter()
    for each in ranges:
        assert each.first < each.end
        assert each.grain.start(each.first) == each.first
        assert each.grain.start(each.end) == each.end
        found.update(_days_of(each))
    assert {day: times for day, times in found.items() if times} == dict.fromkeys(
        every_day(first, end - timedelta(days=1)), 1
    )
    assert len(ranges) <= 5
    if end - first > timedelta(days=800):
        for each in ranges:
            buckets = {each.grain.start(day) for day in every_day(each.first, each.end - timedelta(days=1))}
            assert len(buckets) <= MOST.get(each.grain, 5)


@given(st.dates(date.min, date.max))
def test_a_period_from_the_beginning_has_buckets_on_any_day(end: date) -> None:
    assert sum((each.end - each.first).days * each.sign for each in bucket_ranges(date.min, end)) == (
        (end - date.min).days
    )
