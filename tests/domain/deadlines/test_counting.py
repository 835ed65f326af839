"""Tests single days around rest days, swaps and turns of the year; the table of whole limits is test_vectors.py."""

from datetime import date

import pytest

from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.counting import due_date
from domain.deadlines.limit import DayKind, Limit
from domain.value import replace

ROLLS = "Civil Code Art 148.5: an end on a rest day moves to the next working day"
SWAP = "a Saturday worked in exchange is a working day, the day it replaces is not"

DUE_DATES = [
    # start        limit   due           source
    ("2026-07-11", "1wd", "2026-07-13", "a petition taken on a Saturday: Monday is the first day"),
    ("2026-07-12", "5wd", "2026-07-17", "a petition taken on a Sunday"),
    ("2026-07-10", "1wd", "2026-07-13", "a Friday: the next working day is Monday"),
    ("2026-08-21", "1wd", "2026-08-22", SWAP),
    (
        "2026-08-22",
        "1wd",
        "2026-08-24",
        "a petition taken on the worked Saturday: that day is the day of the act",
    ),
    ("2026-01-01", "1wd", "2026-01-05", "2 January 2026 is swapped, Monday is the first day worked"),
    ("2026-08-21", "1cd", "2026-08-22", "an end on the worked Saturday is no rest day and does not move"),
    ("2026-08-14", "1cd", "2026-08-17", ROLLS),
    ("2026-08-13", "1cd", "2026-08-14", "an end on a Friday does not move"),
    ("2024-02-28", "1cd", "2024-02-29", "29 February 2024 is a Thursday like any other"),
    ("2024-01-30", "30cd", "2024-02-29", "30 days over the leap day's month, Tết included: days are counted"),
    ("2023-01-31", "30cd", "2023-03-02", "no leap day in 2023"),
    ("2026-12-31", "1wd", "2027-01-04", "over the turn of the year (2027 provisional)"),
    ("2018-12-28", "2wd", "2019-01-03", "31 December 2018 off, Saturday 5 January 2019 worked"),
    ("2019-01-03", "2wd", "2019-01-05", SWAP),
]


@pytest.mark.parametrize(("start", "limit", "due", "source"), DUE_DATES)
def test_the_due_date_is_the_one_the_law_gives(
    start: str, limit: str, due: str, source: str, calendar: Calendar
) -> None:
    found = due_date(date.fromisoformat(start), Limit.parse(limit), calendar)
    assert found == date.fromisoformat(due), source


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-07-06", "7wd", "2026-07-14"),
        ("2026-07-11", "1wd", "2026-07-13"),  # a Saturday is not a working day, counted or not
        ("2026-07-15", "30cd", "2026-08-13"),
        ("2026-07-18", "1cd", "2026-07-20"),
        ("2010-01-04", "1wd", "2010-01-04"),
        ("2010-01-01", "1wd", "2010-01-04"),  # the day before the first one on file needs no calendar
    ],
)
def test_an_office_that_counts_the_day_of_the_act_is_a_day_earlier(
    start: str, limit: str, due: str, calendar: Calendar
) -> None:
    counting = replace(Limit.parse(limit), counts_start_day=True)
    assert due_date(date.fromisoformat(start), counting, calendar) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("start", "limit", "missing"),
    [
        ("2027-12-20", "10wd", 2028),
        ("2027-12-31", "1cd", 2028),
        ("2029-06-01", "1wd", 2029),
        ("2029-06-01", "1cd", 2029),
        ("2027-06-01", "700cd", 2029),
        ("9999-12-31", "30cd", 9999),
        ("2009-12-01", "5wd", 2009),
        ("2009-11-01", "5cd", 2009),
    ],
)
def test_a_count_beyond_the_years_on_file_is_refused_and_names_the_year(
    start: str, limit: str, missing: int, calendar: Calendar
) -> None:
    with pytest.raises(CalendarRunsOut, match=rf"VN-2026\.1 holds the years 2010 to 2027.*{missing}") as refused:
        due_date(date.fromisoformat(start), Limit.parse(limit), calendar)
    assert refused.value.year == missing


@pytest.mark.parametrize("text", ["1wd", "7wd", "10cd", "3660cd"])
def test_a_limit_is_written_as_it_is_read(text: str) -> None:
    assert str(Limit.parse(text)) == text


def test_a_limit_says_what_it_counts() -> None:
    assert Limit.parse("10wd") == Limit(amount=10, unit=DayKind.WORKING, counts_start_day=False)
    assert Limit.parse("30cd") == Limit(amount=30, unit=DayKind.CALENDAR, counts_start_day=False)


@pytest.mark.parametrize("text", ["", "10", "0wd", "010wd", "-3cd", "10 wd", "10d", "3661cd", "9999wd", "10wd\n"])
def test_what_is_not_a_limit_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"limit|less than or equal"):
        Limit.parse(text)
