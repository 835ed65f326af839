"""Compares the calendar on file with the official notices, and tests what a calendar file may not say."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pytest

from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.calendar_file import CalendarError, parse_calendar

# (the day off, the rest day worked for it), by the notice of each year
SWAPS = [
    ("2018-12-31", "2019-01-05"),
    ("2019-04-29", "2019-05-04"),
    ("2024-04-29", "2024-05-04"),
    ("2025-05-02", "2025-04-26"),
    ("2026-01-02", "2026-01-10"),  # 12729/VPCP-KGVX of 25 December 2025
    ("2026-08-31", "2026-08-22"),
]


@pytest.mark.parametrize(("off", "worked"), SWAPS)
def test_a_swapped_day_rests_and_its_saturday_is_worked(off: str, worked: str, calendar: Calendar) -> None:
    assert not calendar.is_working_day(date.fromisoformat(off))
    assert calendar.is_working_day(date.fromisoformat(worked))
    assert date.fromisoformat(worked).weekday() == 5


@pytest.mark.parametrize(
    ("last_worked", "next_worked", "holiday"),
    [
        ("2018-02-13", "2018-02-21", "Tết 2018"),
        ("2019-02-01", "2019-02-11", "Tết 2019"),
        ("2020-01-22", "2020-01-30", "Tết 2020"),
        ("2021-02-09", "2021-02-17", "Tết 2021"),
        ("2021-09-01", "2021-09-06", "two days of National Day since the Labour Code 2019"),
        ("2022-01-28", "2022-02-07", "Tết 2022"),
        ("2022-08-31", "2022-09-05", "National Day 2022"),
        ("2023-01-19", "2023-01-27", "Tết 2023"),
        ("2023-04-28", "2023-05-04", "Hùng Kings, 30 April and 1 May 2023, with two days in lieu"),
        ("2024-02-07", "2024-02-15", "Tết 2024"),
        ("2025-01-24", "2025-02-03", "Tết 2025"),
        ("2025-08-29", "2025-09-03", "National Day 2025"),
        ("2025-12-31", "2026-01-05", "New Year 2026 with the swapped Friday"),
        ("2026-02-13", "2026-02-23", "Tết 2026"),
        ("2026-04-24", "2026-04-28", "Hùng Kings 2026 on a Sunday, in lieu on Monday"),
        ("2026-04-29", "2026-05-04", "30 April and 1 May 2026"),
        ("2026-08-28", "2026-09-03", "National Day 2026 with the swapped Monday"),
        ("2026-11-23", "2026-11-25", "24 November 2026, Resolution 28/2026/QH16"),
    ],
)
def test_between_two_working_days_lies_the_whole_holiday(
    last_worked: str, next_worked: str, holiday: str, calendar: Calendar
) -> None:
    before, after = date.fromisoformat(last_worked), date.fromisoformat(next_worked)
    assert calendar.is_working_day(before), holiday
    assert calendar.is_working_day(after), holiday
    assert calendar.working_days_between(before, after) == 1, holiday


def test_every_year_on_file_has_a_plausible_number_of_working_days(calendar: Calendar) -> None:
    years = range(calendar.first.year, calendar.last.year + 1)
    new_years_eves = [date(year - 1, 12, 31) for year in years] + [calendar.last]
    worked = [calendar.working_days_between(eve, end) for eve, end in pairwise(new_years_eves)]
    assert len(worked) == 18
    assert min(worked) >= 247
    assert max(worked) <= 254


def test_what_no_notice_confirmed_is_marked(calendar: Calendar) -> None:
    assert calendar.version == "VN-2026.1"
    # 24 November itself is enacted (Resolution 28/2026/QH16); what its week is swapped into is not known
    in_doubt = {date(2026, 11, day) for day in (21, 22, 23, 25, 26, 27, 28)}
    assert {day for day in calendar.provisional if day.year != 2027} == in_doubt
    assert len(calendar.provisional) == 365 + len(in_doubt)
    assert calendar.unchecked_years == frozenset({*range(2010, 2018), 2027})


def test_working_days_are_counted_forwards_and_backwards(calendar: Calendar) -> None:
    friday, saturday, monday = date(2026, 7, 10), date(2026, 7, 11), date(2026, 7, 13)
    assert calendar.next_working_day(friday) == friday
    assert calendar.next_working_day(saturday) == monday
    assert calendar.add_working_days(saturday, 0) == saturday
    assert calendar.add_working_days(friday, 1) == calendar.add_working_days(saturday, 1) == monday
    assert calendar.add_working_days(monday, -1) == calendar.add_working_days(saturday, -1) == friday
    assert calendar.working_days_between(friday, monday) == 1
    assert calendar.working_days_between(saturday, saturday) == 0
    assert calendar.working_days_between(monday, friday) == -1


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        (lambda calendar: calendar.is_working_day(date(2028, 1, 1)), 2028),
        (lambda calendar: calendar.next_working_day(date(2009, 12, 31)), 2009),
        (lambda calendar: calendar.add_working_days(date(2027, 12, 31), 1), 2028),
        (lambda calendar: calendar.add_working_days(date(2010, 1, 4), -1), 2009),
        (lambda calendar: calendar.working_days_between(date(2026, 1, 1), date(2030, 1, 1)), 2030),
    ],
)
def test_a_day_in_a_year_that_is_not_on_file_is_refused(
    question: Callable[[Calendar], object], missing: int, calendar: Calendar
) -> None:
    with pytest.raises(CalendarRunsOut, match=str(missing)):
        question(calendar)


def test_a_calendar_does_not_follow_changes_of_what_it_was_made_from() -> None:
    off = {date(2026, 9, 2): "Quốc khánh"}
    calendar = Calendar("test", date(2026, 1, 1), date(2026, 12, 31), off, {})
    off[date(2026, 9, 3)] = "declared later"
    assert calendar.is_working_day(date(2026, 9, 3))
    assert list(calendar.days_off) == [date(2026, 9, 2)]


YEAR = """version = "T-1"
[[year]]
year = 2026
source = "made up"
checked = true
[year.days_off]
2026-09-02 = "Quốc khánh"
"""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (YEAR + '2026-09-02 = "again"\n', "lines 7 and 8: 2026-09-02 is named twice"),
        (YEAR + '[year.days_worked]\n2026-09-02 = "bù"\n', "lines 7 and 9: 2026-09-02 is named twice"),
        (YEAR + '2025-09-02 = "Quốc khánh"\n', "line 8: 2025-09-02 is in the table of 2026"),
        (
            YEAR + '[year.days_worked]\n2026-09-04 = "bù"\n',
            "line 9: 2026-09-04 is a Friday, which is worked anyway",
        ),
        (YEAR + '2026-02-30 = "Tết"\n', "2026-02-30"),
        (YEAR + "2026-09-03 = 3\n", "year.0.days_off.2026-09-03 is 3; it must be a valid string"),
        (YEAR.replace("checked = true\n", ""), "year.0.checked is missing"),
        (YEAR.replace("made up", ""), "year.0.source is empty"),
        (YEAR.replace("days_off", "holidays"), "year.0.holidays is not a known key"),
        (YEAR + '[[year]]\nyear = 2026\nsource = "x"\nchecked = true\n', "the year 2026 is there twice"),
        (YEAR + '[[year]]\nyear = 2028\nsource = "x"\nchecked = true\n', "the year 2027 is missing"),
        (
            YEAR.replace("checked = true", "checked = true\nprovisional = [2027-01-01]"),
            "2027-01-01 is in the table of 2026",
        ),
        (YEAR.replace("checked = true", "checked = true\nprovisional = 3"), "year.0.provisional"),
        (YEAR.replace("T-1", "a + b"), "version is 'a + b'"),
        ('version = "T-1"\n', "year is missing"),
        ("version = \n", "this is not TOML"),
    ],
)
def test_a_calendar_file_that_cannot_be_true_is_refused_and_the_place_is_named(text: str, fault: str) -> None:
    with pytest.raises(CalendarError) as refused:
        parse_calendar(text, "calendar-test.toml")
    assert str(refused.value).startswith("calendar-test.toml")
    assert fault in str(refused.value)


def test_a_day_cannot_be_off_and_worked() -> None:
    saturday = {date(2026, 8, 22): "?"}
    with pytest.raises(ValueError, match="2026-08-22 is both a day off and a day worked"):
        Calendar("test", date(2026, 1, 1), date(2026, 12, 31), saturday, saturday)


def test_a_calendar_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Calendar("test", date(2026, 12, 31), date(2026, 1, 1), {}, {})


READ_OTHERWISE = (
    YEAR.replace("checked = true", "checked = true\nprovisional = [2026-09-03, 2026-09-05]")
    + """
[[other_reading]]
says = { vi = "đề xuất", en = "proposal" }
source = "made up"
[other_reading.days_off]
2026-09-03 = "hoán đổi"
[other_reading.days_worked]
2026-09-05 = "làm bù"
"""
)


def test_another_reading_counts_nothing_and_shows_what_a_notice_may_make_of_a_day() -> None:
    calendar = parse_calendar(READ_OTHERWISE, "calendar-test.toml")
    (reading,) = calendar.other_readings
    other = calendar.read_otherwise(reading)
    thursday, saturday = date(2026, 9, 3), date(2026, 9, 5)
    assert [calendar.is_working_day(day) for day in (thursday, saturday)] == [True, False]
    assert [other.is_working_day(day) for day in (thursday, saturday)] == [False, True]
    assert (reading.says.vi, reading.says.en, reading.source) == ("đề xuất", "proposal", "made up")
    assert calendar.read_otherwise(reading) is other


def test_every_year_in_doubt_names_both_readings(calendar: Calendar) -> None:
    assert {day.year for one in calendar.other_readings for day in (*one.days_off, *one.days_worked)} == {2026, 2027}
    for one in calendar.other_readings:
        assert "lịch đang dùng" in one.says.vi
        assert "on file" in one.says.en


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("[2026-09-03, 2026-09-05]", "[2026-09-05]"), "line 14: 2026-09-03 is not provisional"),
        (("2026-09-05 =", "2026-09-03 ="), "lines 14 and 16: 2026-09-03 is named twice"),
        (("2026-09-05", "2026-09-04"), "line 16: 2026-09-04 is worked already"),
        (('2026-09-03 = "hoán đổi"', ""), None),
        (('2026-09-03 = "hoán đổi"\n[other_reading.days_worked]\n2026-09-05 = "làm bù"\n', ""), "names no day"),
        ((', en = "proposal"', ""), "other_reading.0.says.en is missing"),
        (('source = "made up"\n[other', "[other"), "other_reading.0.source is missing"),
    ],
)
def test_another_reading_of_what_is_certain_is_refused(change: tuple[str, str], fault: str | None) -> None:
    text = READ_OTHERWISE.replace(*change)
    if change[0] == "2026-09-05":
        text = text.replace("[2026-09-03, 2026-09-04]", "[2026-09-03, 2026-09-04, 2026-09-05]")
    if fault is None:
        assert parse_calendar(text, "calendar-test.toml").other_readings
        return
    with pytest.raises(CalendarError) as refused:
        parse_calendar(text, "calendar-test.toml")
    assert fault in str(refused.value)
