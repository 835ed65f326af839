"""Whether the calendar of working days reaches as far as deadlines are counted."""

from datetime import date

from domain.deadlines.policy import Law
from service.config.law_files import shortcomings
from service.doctor.finding import Finding, Verdict


def examine_calendar(law: Law, today: date) -> Finding:
    calendar = law.calendar
    told = f"{calendar.version}, from {calendar.first} to {calendar.last}"
    if not calendar.covers(today):
        return Finding("calendar", f"{told}: today is not in it, no deadline can be counted", Verdict.WRONG)
    if beware := shortcomings(law, today):
        return Finding("calendar", "; ".join(beware), Verdict.BEWARE)
    return Finding("calendar", told)
