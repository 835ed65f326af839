"""Tests what always holds, against a second count that walks the calendar day by day."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files

from hypothesis import given as given_that
from hypothesis import strategies as st

from domain.deadlines.calendar import Calendar
from domain.deadlines.clock import Clock
from domain.deadlines.counting import due_date
from domain.deadlines.deadline import Deadline, recalculate_deadline, resume_deadline, start_clock_with_date
from domain.deadlines.limit import DayKind, Limit
from tests.examples import examples

ONE_DAY = timedelta(days=1)
YEARS = tomllib.loads((files("domain.policy") / "calendar-vn.toml").read_text("utf-8"))["year"]
OFF = {date.fromisoformat(day) for year in YEARS for day in year["days_off"]}
WORKED = {date.fromisoformat(day) for year in YEARS for day in year.get("days_worked", {})}

days = st.dates(date(2010, 1, 1), date(2026, 3, 31))
limits = st.builds(
    Limit,
    amount=st.integers(1, 90) | st.integers(1, 400),
    unit=st.sampled_from(DayKind),
    counts_start_day=st.booleans(),
)


@st.composite
def pauses(draw: st.DrawFn, start: date) -> list[tuple[date, date]]:
    """Draw up to four suspensions in any order: apart, overlapping, nested, before the start, too late."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begun = start + timedelta(days=draw(st.integers(-20, 60)))
        found.append((begun, begun + timedelta(days=draw(st.integers(0, 40)))))
    return found


def is_worked(day: date) -> bool:
    return day in WORKED or (day.strftime("%a") not in ("Sat", "Sun") and day not in OFF)


def due_by_walking(start: date, limit: Limit, suspended: list[tuple[date, date]]) -> date:
    """Return the last day by crossing off one day after the other.

    The limit ends on a working day on which nothing is suspended.
    """
    left = limit.amount
    day = start if limit.counts_start_day else start + ONE_DAY
    while True:
        stands_still = any(begun < day <= ended for begun, ended in suspended)
        counts = limit.unit is DayKind.CALENDAR or is_worked(day)
        if left > 0 and counts and not stands_still:
            left -= 1
        if left == 0 and is_worked(day) and not any(begun <= day < ended for begun, ended in suspended):
            return day
        day += ONE_DAY


def running(start: date, limit: Limit, calendar: Calendar) -> Deadline:
    due_on = due_date(start, limit, calendar)
    return Deadline(clock=Clock.SETTLEMENT, started_on=start, due_on=due_on, original_due_on=due_on, limit=limit)


@examples(500)
@given_that(start=days, limit=limits)
def test_a_due_date_is_the_one_that_crossing_off_days_gives(start: date, limit: Limit, calendar: Calendar) -> None:
    assert due_date(start, limit, calendar) == due_by_walking(start, limit, [])


@examples(500)
@given_that(choices=st.data(), start=days, limit=limits)
def test_a_suspended_limit_is_the_one_that_crossing_off_days_gives_in_whatever_order_it_was_recorded(
    choices: st.DataObject, start: date, limit: Limit, calendar: Calendar
) -> None:
    suspended = choices.draw(pauses(start))
    deadline = running(start, limit, calendar)
    for begun, ended in suspended:
        deadline = resume_deadline(deadline, begun, ended, calendar)
    assert deadline.due_on == due_by_walking(start, limit, suspended)
    assert recalculate_deadline(deadline, calendar).due_on == deadline.due_on


@examples(300)
@given_that(start=days, limit=limits, day=st.integers(-60, 120), choices=st.data())
def test_declaring_a_holiday_never_makes_a_date_earlier(
    start: date, limit: Limit, day: int, choices: st.DataObject, calendar: Calendar
) -> None:
    holiday = start + timedelta(days=day)
    with_it = declared(holiday, calendar)
    before, after = running(start, limit, calendar), running(start, limit, with_it)
    assert after.due_on >= before.due_on
    for begun, ended in choices.draw(pauses(start)):
        before, after = resume_deadline(before, begun, ended, calendar), resume_deadline(after, begun, ended, with_it)
    assert after.due_on >= before.due_on


def declared(holiday: date, calendar: Calendar) -> Calendar:
    """Return the calendar near the day with one more day off; a whole one takes long to make hundreds of times."""
    worked = {day: name for day, name in calendar.days_worked.items() if day != holiday}
    first = max(calendar.first, holiday - timedelta(days=200))
    last = min(calendar.last, holiday + timedelta(days=1000))
    return replace(
        calendar,
        first=first,
        last=last,
        days_off={**calendar.days_off, holiday: "declared"},
        days_worked=worked,
    )


@given_that(start=days, limit=limits, offset=st.integers(-10, 500))
def test_a_suspension_of_no_day_changes_nothing(start: date, limit: Limit, offset: int, calendar: Calendar) -> None:
    day = start + timedelta(days=offset)
    deadline = running(start, limit, calendar)
    head = start_clock_with_date(Clock.HEAD, start, start + timedelta(days=limit.amount))
    assert resume_deadline(deadline, day, day, calendar) is deadline
    assert resume_deadline(head, day, day, calendar) is head


@given_that(choices=st.data(), start=days, limit=limits)
def test_a_suspension_never_makes_a_date_earlier(
    choices: st.DataObject, start: date, limit: Limit, calendar: Calendar
) -> None:
    for deadline in (
        running(start, limit, calendar),
        start_clock_with_date(Clock.HEAD, start, start + timedelta(days=limit.amount)),
    ):
        for begun, ended in choices.draw(pauses(start)):
            moved = resume_deadline(deadline, begun, ended, calendar)
            assert moved.due_on >= deadline.due_on
            assert moved.original_due_on == deadline.original_due_on
            deadline = moved


@given_that(choices=st.data(), start=days, length=st.integers(0, 90))
def test_the_order_in_which_suspensions_are_recorded_does_not_matter_to_a_date_that_was_set(
    choices: st.DataObject, start: date, length: int, calendar: Calendar
) -> None:
    suspended = choices.draw(pauses(start))
    one = other = start_clock_with_date(Clock.HEAD, start, start + timedelta(days=length))
    for begun, ended in suspended:
        one = resume_deadline(one, begun, ended, calendar)
    for begun, ended in choices.draw(st.permutations(suspended)):
        other = resume_deadline(other, begun, ended, calendar)
    assert one.due_on == other.due_on


@given_that(day=days, n=st.integers(1, 300))
def test_counting_forwards_and_back_meets_the_same_day(day: date, n: int, calendar: Calendar) -> None:
    reached = calendar.add_working_days(day, n)
    assert calendar.is_working_day(reached)
    assert calendar.working_days_between(day, reached) == n
    assert calendar.add_working_days(reached + ONE_DAY, -1) == reached
    assert calendar.next_working_day(day) == calendar.add_working_days(day - ONE_DAY, 1)
