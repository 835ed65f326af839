"""Tests the reporting periods of Thông tư 01/2024: from the 15th to the 14th."""

from datetime import date, timedelta

import pytest

from domain.errors import Refused
from domain.reporting_periods import (
    REPORTING_PERIOD_NAMES,
    UnusablePeriod,
    day_or_period,
    parse_reporting_period,
    require_period,
)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026", date(2025, 12, 15), date(2026, 12, 14)),
        ("2026-Q1", date(2025, 12, 15), date(2026, 3, 14)),
        ("2026-Q2", date(2026, 3, 15), date(2026, 6, 14)),
        ("2026-Q3", date(2026, 6, 15), date(2026, 9, 14)),
        ("2026-Q4", date(2026, 9, 15), date(2026, 12, 14)),
        ("2026-6M", date(2025, 12, 15), date(2026, 6, 14)),
        ("2026-9m", date(2025, 12, 15), date(2026, 9, 14)),
    ],
)
def test_a_period_is_known_by_its_name(name: str, first: date, last: date) -> None:
    assert parse_reporting_period(name) == (first, last)


def test_the_quarters_make_the_year_and_years_follow_one_another() -> None:
    quarters = [parse_reporting_period(f"2026-Q{n}") for n in range(1, 5)]
    for one, following in zip(quarters, [*quarters[1:], parse_reporting_period("2027")], strict=True):
        assert following.first == one.last + timedelta(days=1)
    assert (quarters[0].first, quarters[3].last) == parse_reporting_period("2026")


@pytest.mark.parametrize("name", ["", "26", "2026-Q5", "2026-3M", "2026Q1", "1826", "2026-Q1 ", "Q1-2026"])
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="is no reporting period"):
        parse_reporting_period(name)


FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)


def test_a_period_is_asked_for_by_two_days_or_by_its_name() -> None:
    assert require_period(FIRST, LAST) == (FIRST, LAST)
    assert require_period(FIRST, FIRST) == (FIRST, FIRST)
    assert require_period(None, None, "2026-Q3") == parse_reporting_period("2026-Q3")


@pytest.mark.parametrize(
    ("first", "last", "name", "part", "reason"),
    [
        (None, LAST, None, "from", "the first day is missing"),
        (FIRST, None, None, "to", "the last day is missing"),
        (None, None, None, "from", "the first day is missing"),
        (LAST, FIRST, None, "to", "the period ends before it begins"),
        (FIRST, LAST, "2026", "period", "ask for two days or for a reporting period, not for both"),
        (None, LAST, "2026", "period", "ask for two days or for a reporting period, not for both"),
        (
            None,
            None,
            "2026-Q5",
            "period",
            f"“2026-Q5” is no reporting period: {REPORTING_PERIOD_NAMES}",
        ),
    ],
)
def test_what_is_missing_or_wrong_in_a_period_is_named(
    first: date | None, last: date | None, name: str | None, part: str, reason: str
) -> None:
    with pytest.raises(UnusablePeriod) as unusable:
        require_period(first, last, name)
    assert (unusable.value.part, str(unusable.value)) == (part, reason)


def test_a_day_or_a_period_is_asked_for_and_not_both() -> None:
    assert day_or_period(None, None, None) is None
    assert day_or_period(LAST, None, None) is None
    assert day_or_period(None, FIRST, LAST) == (FIRST, LAST)
    for first, last in ((FIRST, LAST), (FIRST, None), (None, LAST)):
        with pytest.raises(UnusablePeriod, match="for a day or for a period, not for both") as unusable:
            day_or_period(LAST, first, last)
        assert unusable.value.part == "on"
    with pytest.raises(UnusablePeriod, match="the last day is missing"):
        day_or_period(None, FIRST, None)


def test_a_period_that_nobody_can_report_on_is_told_in_vietnamese_too() -> None:
    with pytest.raises(UnusablePeriod) as unusable:
        require_period(None, LAST)
    assert unusable.value.sentence("vi") == "thiếu ngày đầu của kỳ"
    assert unusable.value.code.code == "first_day_missing"
