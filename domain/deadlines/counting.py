"""Counts days as the Civil Code does (91/2015/QH13 Arts 145-148).

Every due date is counted here.
"""

from datetime import date, timedelta

from domain.deadlines.calendar import ONE_DAY, Calendar, CalendarRunsOut
from domain.deadlines.limit import DayKind, Limit


def due_date(start: date, limit: Limit, calendar: Calendar) -> date:
    """Return the last day of a limit; the limit ends at 24:00 of that day (Art 148.6).

    `start` is the day of the action that starts the limit. It is not counted (Art 147.2) unless the limit says so. A
    limit in calendar days that ends on a rest day ends on the next working day (Art 148.5). Raise CalendarRunsOut when
    that day lies beyond the years on file.
    """
    return end_of_days(day_before_counting(start, limit), limit.amount, limit.unit, calendar)


def latest_day_before(occasion: date, limit: Limit, calendar: Calendar) -> date:
    """Return the last day on which something can be done early enough before an occasion.

    The day of the occasion is not counted. The last day may be a rest day. It is not moved: the next working day would
    be too late, and no article moves it to an earlier day. Raise CalendarRunsOut for working days beyond the years on
    file.
    """
    if limit.unit is DayKind.WORKING:
        return calendar.add_working_days(occasion, -limit.amount)
    return occasion - timedelta(days=limit.amount)


def day_before_counting(start: date, limit: Limit) -> date:
    """Return the last day that does not count, if the action that starts the limit is on the day `start`."""
    return start - ONE_DAY if limit.counts_start_day else start


def end_of_days(after: date, amount: int, unit: DayKind, calendar: Calendar) -> date:
    """Return the working day on which `amount` days (0 or more) have run out.

    The first of these days is the day after `after`.

    Raise CalendarRunsOut when that day lies beyond the years on file.
    """
    if unit is DayKind.WORKING and amount > 0:
        return calendar.add_working_days(after, amount)
    if after > calendar.last:
        raise CalendarRunsOut(calendar, after.year)
    return calendar.next_working_day(after + timedelta(days=amount))


def days_counted(after: date, until: date, unit: DayKind, calendar: Calendar) -> int:
    """Return how many days of a limit have passed: the days later than `after`, up to and including `until`."""
    if unit is DayKind.WORKING:
        return calendar.working_days_between(after, until)
    return (until - after).days
