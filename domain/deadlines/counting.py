"""Counting days as the Civil Code does (91/2015/QH13 Arts 145-148)."""

from datetime import date, timedelta

from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.limit import DayKind, Limit

_ONE_DAY = timedelta(days=1)


def due_date(start: date, limit: Limit, calendar: Calendar) -> date:
    """The last day of a limit; it ends at 24:00 of that day (Art 148.6).

    The day of the act is not counted (Art 147.2) unless the limit says so. A limit in calendar days that ends
    on a rest day ends on the next working day (Art 148.5). Raises CalendarRunsOut when that day lies beyond
    the years on file.
    """
    return end_of(day_before_counting(start, limit), limit.amount, limit.unit, calendar)


def latest_day_before(occasion: date, limit: Limit, calendar: Calendar) -> date:
    """The last day on which something is done at least so long before an occasion, whose day is not counted.

    It may be a rest day and is not rolled: the next working day would be too late, and no article moves it back.
    """
    if limit.unit is DayKind.WORKING:
        return calendar.add_working_days(occasion, -limit.amount)
    return occasion - timedelta(days=limit.amount)


def day_before_counting(start: date, limit: Limit) -> date:
    """The last day that does not count."""
    return start - _ONE_DAY if limit.counts_start_day else start


def end_of(after: date, amount: int, unit: DayKind, calendar: Calendar) -> date:
    """The working day on which `amount` days (0 or more) have run out; the first is the day after `after`."""
    if unit is DayKind.WORKING and amount > 0:
        return calendar.add_working_days(after, amount)
    if after > calendar.last:
        raise CalendarRunsOut(calendar, after.year)
    return calendar.next_working_day(after + timedelta(days=amount))


def days_counted(after: date, until: date, unit: DayKind, calendar: Calendar) -> int:
    """How many days of a limit have gone by: those later than `after`, up to and including `until`."""
    if unit is DayKind.WORKING:
        return calendar.working_days_between(after, until)
    return (until - after).days
