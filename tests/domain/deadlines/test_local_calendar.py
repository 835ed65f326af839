"""Tests what a site's file adds to the working-day calendar, and what it may not say."""

from datetime import date

import pytest

from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.calendar_file import CalendarError, parse_local_calendar
from domain.deadlines.counting import due_date
from domain.deadlines.limit import Limit

CLOSED = """version = "VD-1"
[[change]]
source = "Công văn ví dụ 01: đóng cửa do bão"
[change.days_off]
2026-07-08 = "Đóng cửa do bão"
[change.days_worked]
2026-07-11 = "Làm bù"
"""
REVOKED = """version = "VD-2"
[[change]]
source = "Thông báo ví dụ 02: không nghỉ"
[change.days_worked]
2026-11-24 = "Không phải ngày nghỉ"
"""
NEXT_YEARS = """version = "VD-3"
[[year]]
year = 2027
source = "Thông báo ví dụ 03"
checked = true
[year.days_off]
2027-01-01 = "Tết Dương lịch"
2027-02-04 = "Tết"
[[year]]
year = 2028
source = "ước tính"
checked = false
provisional = true
[year.days_off]
2028-01-01 = "Tết Dương lịch"
"""


def test_a_day_of_storm_is_off_and_the_saturday_worked_instead_counts(calendar: Calendar) -> None:
    local = parse_local_calendar(CLOSED, "site.toml", calendar)
    assert local.version == "VN-2026.1+VD-1"
    assert not local.is_working_day(date(2026, 7, 8))
    assert local.is_working_day(date(2026, 7, 11))
    assert local.name_of(date(2026, 7, 8)) == "Đóng cửa do bão"
    assert "Công văn ví dụ 01" in local.sources[2026]
    week = Limit.parse("5wd")
    assert due_date(date(2026, 7, 6), week, calendar) == date(2026, 7, 13)
    assert due_date(date(2026, 7, 6), week, local) == date(2026, 7, 13)
    assert due_date(date(2026, 7, 6), Limit.parse("4wd"), local) == date(2026, 7, 11)


def test_a_day_off_that_was_revoked_is_worked_again_and_no_longer_provisional(calendar: Calendar) -> None:
    local = parse_local_calendar(REVOKED, "site.toml", calendar)
    assert local.is_working_day(date(2026, 11, 24))
    assert not local.is_provisional(date(2026, 11, 24))
    assert local.is_provisional(date(2027, 2, 4))


def test_a_day_off_that_was_confirmed_stays_and_is_no_longer_provisional(calendar: Calendar) -> None:
    text = 'version = "VD-4"\n[[change]]\nsource = "Luật ví dụ"\nconfirms = [2026-11-24]\n'
    local = parse_local_calendar(text, "site.toml", calendar)
    assert not local.is_working_day(date(2026, 11, 24))
    assert not local.is_provisional(date(2026, 11, 24))


def test_a_worked_saturday_may_become_a_rest_day_again(calendar: Calendar) -> None:
    text = CLOSED.replace("2026-07-08", "2026-08-22")
    assert not parse_local_calendar(text, "site.toml", calendar).is_working_day(date(2026, 8, 22))


def test_next_years_table_takes_the_place_of_the_provisional_one_and_adds_the_year_after(calendar: Calendar) -> None:
    local = parse_local_calendar(NEXT_YEARS, "site.toml", calendar)
    assert local.last == date(2028, 12, 31)
    assert local.is_working_day(date(2027, 2, 5))  # a day off in the table that was replaced
    assert not local.is_working_day(date(2027, 2, 4))
    assert not local.is_provisional(date(2027, 2, 4))
    assert local.is_provisional(date(2028, 6, 1))
    assert 2027 not in local.unchecked_years
    assert 2028 in local.unchecked_years
    assert local.is_working_day(date(2026, 1, 10))  # what the file does not speak of stays
    with pytest.raises(CalendarRunsOut):
        calendar.is_working_day(date(2028, 6, 1))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (CLOSED + '2026-07-08 = "again"\n', "lines 5 and 8: 2026-07-08 is named twice"),
        (CLOSED.replace("2026-07-08", "2026-07-12"), "line 5: 2026-07-12 is a day off already"),
        (CLOSED.replace("2026-07-08", "2026-09-02"), "line 5: 2026-09-02 is a day off already"),
        (CLOSED.replace("2026-07-11", "2026-07-10"), "line 7: 2026-07-10 is worked already"),
        (CLOSED.replace("2026-07-11", "2026-08-22"), "line 7: 2026-08-22 is worked already"),
        (CLOSED.replace("2026-07-08", "2031-07-08"), "line 5: 2031-07-08 is in no year on file"),
        (CLOSED.replace('source = "Công văn ví dụ 01: đóng cửa do bão"\n', ""), "change.0.source is missing"),
        (NEXT_YEARS.replace("2028", "2029"), "the year 2028 is missing between 2027 and 2029"),
        (NEXT_YEARS.replace("2028-01-01", "2026-01-01"), "2026-01-01 is in the table of 2028"),
        ('version = "VD-5"\n', "there is neither a [[year]] nor a [[change]]"),
        (CLOSED.replace("VD-1", "a+b"), "version is 'a+b'"),
        (CLOSED + "[more]\n", "more is not a known key"),
    ],
)
def test_a_file_of_the_site_that_cannot_be_true_is_refused_and_the_place_is_named(
    text: str, fault: str, calendar: Calendar
) -> None:
    with pytest.raises(CalendarError) as refused:
        parse_local_calendar(text, "site.toml", calendar)
    assert str(refused.value).startswith("site.toml")
    assert fault in str(refused.value)


MEANT_AS_ADDITION = """version = "VD-6"
[[year]]
year = 2026
source = "Thông báo ví dụ 06"
checked = true
[year.days_off]
2026-12-10 = "Đóng cửa do bão"
2026-12-11 = "Đóng cửa do bão"
"""


def test_a_year_that_drops_days_of_a_checked_year_is_refused_unless_it_says_so(calendar: Calendar) -> None:
    """Finding C5: two days meant as an addition took the place of fifteen days off and two worked Saturdays."""
    with pytest.raises(CalendarError) as refused:
        parse_local_calendar(MEANT_AS_ADDITION, "site.toml", calendar)
    assert str(refused.value).startswith("site.toml, line 3: this table takes the place of the whole year 2026")
    assert "drops 16 days of it: 2026-01-01, 2026-01-02, 2026-01-10, 2026-02-16" in str(refused.value)
    assert "[[change]]" in str(refused.value)
    said = MEANT_AS_ADDITION.replace("checked = true", "checked = true\nreplaces = true")
    assert parse_local_calendar(said, "site.toml", calendar).is_working_day(date(2026, 9, 1))
    assert parse_local_calendar(MEANT_AS_ADDITION, "site.toml", calendar, was_approved=True).is_working_day(
        date(2026, 9, 1)
    )


def test_a_year_that_keeps_every_day_and_adds_some_replaces_nothing(calendar: Calendar) -> None:
    kept = [f'{day} = "x"' for day in calendar.days_off if day.year == 2026]
    worked = [f'{day} = "x"' for day in calendar.days_worked if day.year == 2026]
    text = "\n".join([MEANT_AS_ADDITION, *kept, "[year.days_worked]", *worked])
    local = parse_local_calendar(text, "site.toml", calendar)
    assert not local.is_working_day(date(2026, 12, 10))
    for dropped in (*kept[1:3], *worked):  # each weekday off, and each Saturday worked
        with pytest.raises(CalendarError, match=f"drops 1 day of it: {dropped[:10]}"):
            parse_local_calendar(text.replace(dropped + "\n", "").removesuffix(dropped), "site.toml", calendar)


def test_a_year_that_nobody_compared_is_replaced_without_a_word(calendar: Calendar) -> None:
    assert 2027 in calendar.unchecked_years
    parse_local_calendar(NEXT_YEARS, "site.toml", calendar)


def test_a_year_that_is_not_on_file_cannot_be_replaced(calendar: Calendar) -> None:
    text = NEXT_YEARS.replace("year = 2028\n", "year = 2028\nreplaces = true\n")
    with pytest.raises(CalendarError, match="line 10: 2028 is not on file, so nothing is replaced"):
        parse_local_calendar(text, "site.toml", calendar)


SWAP = """version = "VD-7"
[[change]]
source = "Thông báo ví dụ 07"
[change.days_off]
2026-11-23 = "Nghỉ hoán đổi"
[change.days_worked]
2026-11-28 = "Làm bù"
"""
NO_SWAP = 'version = "VD-8"\n[[change]]\nsource = "Thông báo ví dụ 08"\nconfirms = [2026-11-23, 2026-11-28]\n'


@pytest.mark.parametrize("text", [SWAP, NO_SWAP])
def test_a_notice_that_settles_a_day_leaves_no_other_reading_of_it(text: str, calendar: Calendar) -> None:
    local = parse_local_calendar(text, "site.toml", calendar)
    assert [one.says.en for one in local.other_readings] == [calendar.other_readings[1].says.en]
    assert local.is_working_day(date(2026, 11, 23)) is (text == NO_SWAP)


def test_a_year_of_the_site_leaves_no_other_reading_of_its_days(calendar: Calendar) -> None:
    local = parse_local_calendar(NEXT_YEARS, "site.toml", calendar)
    assert [one.says.en for one in local.other_readings] == [calendar.other_readings[0].says.en]


def test_half_a_swap_that_is_settled_leaves_the_other_half_in_doubt(calendar: Calendar) -> None:
    local = parse_local_calendar(NO_SWAP.replace("2026-11-23, ", ""), "site.toml", calendar)
    assert list(local.other_readings[0].days_off) == [date(2026, 11, 23)]
    assert list(local.other_readings[0].days_worked) == []


def test_a_site_may_put_another_reading_on_file(calendar: Calendar) -> None:
    reading = """
[[other_reading]]
says = { vi = "đề xuất của tỉnh", en = "proposal of the province" }
source = "Công văn ví dụ 09"
[other_reading.days_off]
2028-01-03 = "Nghỉ bù"
"""
    local = parse_local_calendar(NEXT_YEARS + reading, "site.toml", calendar)
    assert local.other_readings[-1].says.en == "proposal of the province"
    with pytest.raises(CalendarError, match="2026-07-08 is not provisional"):
        parse_local_calendar(CLOSED + reading.replace("2028-01-03", "2026-07-08"), "site.toml", calendar)
