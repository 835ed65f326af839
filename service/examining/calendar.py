"""Whether the calendar of working days reaches as far as deadlines are counted."""

from datetime import date, timedelta

from domain.deadlines.calendar import Calendar
from service.examining.finding import Finding, Verdict

AHEAD = timedelta(days=180)
"""Longer than any limit of the policies, with an extension: a count that needs a year not on file is refused."""


def examine_calendar(calendar: Calendar, today: date) -> Finding:
    told = f"{calendar.version}, from {calendar.first} to {calendar.last}"
    if not calendar.covers(today):
        return Finding("calendar", f"{told}: today is not in it, no deadline can be counted", Verdict.WRONG)
    if not calendar.covers(today + AHEAD):
        return Finding("calendar", f"{told}: ends too soon, put the next year on file", Verdict.BEWARE)
    if calendar.is_provisional(today + AHEAD):
        told += f"; from {calendar.provisional_from} on it awaits the yearly notice"
        return Finding("calendar", told, Verdict.BEWARE if calendar.is_provisional(today) else Verdict.WELL)
    return Finding("calendar", told)
