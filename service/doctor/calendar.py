"""Examines if the calendar of working days reaches as far as deadlines are counted."""

from datetime import date

from domain.deadlines.policy import Law
from service.config.law_files import calendar_shortcomings
from service.doctor.finding import Finding, Verdict


def examine_calendar(law: Law, today: date) -> Finding:
    """Return WRONG if `today` is not in the calendar, and BEWARE if the longest time limit may exceed it."""
    calendar = law.calendar
    coverage = f"{calendar.version}, from {calendar.first} to {calendar.last}"
    if not calendar.covers(today):
        return Finding("calendar", f"{coverage}: today is not in it, no deadline can be counted", Verdict.WRONG)
    if warnings := calendar_shortcomings(law, today):
        return Finding("calendar", "; ".join(warnings), Verdict.BEWARE)
    return Finding("calendar", coverage)
