"""Reads the law as data, from the files of the project and of the site."""

from dataclasses import replace
from datetime import date, timedelta
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files

from domain.deadlines.calendar import Calendar
from domain.deadlines.calendar_file import calendar_file_version, parse_calendar, parse_local_calendar
from domain.deadlines.calendar_versions import CalendarVersions
from domain.deadlines.policy import Law, Policies
from domain.deadlines.policy_file import parse_local_policies, parse_policies
from service.config.settings import SETTINGS_PREFIX, Settings, UnusableSettings
from service.config.site_files import parse_site_file, read_shipped_file

NATIONAL_CALENDAR = "calendar-vn.toml"
"""File of the present calendar; earlier versions stay in the same folder, each as calendar-vn-VERSION.toml."""


@cache
def national_law() -> Law:
    """Return the policies and the calendar that the project ships, and the calendars that it shipped before."""
    names = [file.name for file in files("domain.policy").iterdir()]
    calendars = {
        name: parse_calendar(read_shipped_file(name), name) for name in names if fnmatch(name, "calendar-vn*.toml")
    }
    return Law(
        policies=parse_policies(read_shipped_file("deadlines.toml"), "deadlines.toml"),
        calendar=calendars[NATIONAL_CALENDAR],
        versions=CalendarVersions({calendar.version: calendar for calendar in calendars.values()}),
    )


def law_of(settings: Settings) -> Law:
    """Return the national law with what the site's own files add; UnusableSettings names file and line of a fault."""
    law = national_law()
    if settings.policy_file is not None:
        law = replace(law, policies=parse_site_file(settings.policy_file, "POLICY_FILE", parse_site_policies))
    if settings.older_calendars is not None:
        if not settings.older_calendars.is_dir():
            raise UnusableSettings(f"{SETTINGS_PREFIX}OLDER_CALENDARS: {settings.older_calendars} is no folder")
        for path in sorted(settings.older_calendars.glob("*.toml")):
            law = replace(
                law, versions=law.versions.with_file(*parse_site_file(path, "OLDER_CALENDARS", _parse_version))
            )
    if settings.calendar_file is not None:
        version_and_text = parse_site_file(settings.calendar_file, "CALENDAR_FILE", _parse_version)
        calendar = parse_site_file(settings.calendar_file, "CALENDAR_FILE", parse_site_calendar)
        law = replace(law, calendar=calendar, versions=law.versions.with_file(*version_and_text))
    return law


def parse_site_policies(text: str, name: str) -> Policies:
    """Return the national policies with those that a site's file adds; `name` is the file's name for errors."""
    return parse_local_policies(text, name, national_law().policies)


def parse_site_calendar(text: str, name: str) -> Calendar:
    """Return the national calendar with the days that a site's file adds; `name` is the file's name for errors."""
    return parse_local_calendar(text, name, national_law().calendar)


def _parse_version(text: str, name: str) -> tuple[str, str]:
    return calendar_file_version(text, name), text


def longest_limit_days(law: Law, today: date) -> int:
    """Return the longest limit in days of all rules in force on `today`; 0 if none sets a limit."""
    rows = law.policies.every_row
    return max((row.limit.amount for row in rows if row.limit is not None and row.is_in_force(today)), default=0)


def calendar_shortcomings(law: Law, today: date) -> list[str]:
    """Return a message for each gap in the calendar that must be filled soon.

    The longest limit that starts on `today` must end on a day that the calendar knows.
    """
    calendar = law.calendar
    longest = longest_limit_days(law, today)
    messages = []
    if today + timedelta(days=longest) > calendar.last:
        messages.append(
            f"the working-day calendar {calendar.version} ends on {calendar.last:%d/%m/%Y}: a limit of {longest} days"
            f" that starts today cannot be counted; put {calendar.last.year + 1} on file"
        )
    awaited = sorted(day for day in calendar.provisional if today <= day <= today + timedelta(days=longest))
    if awaited:
        days = "1 day" if len(awaited) == 1 else f"{len(awaited)} days"
        messages.append(
            f"the working-day calendar {calendar.version} is provisional from {awaited[0]:%d/%m/%Y} on, {days} within"
            f" {longest}: a notice may still change that, and due dates with it"
        )
    return messages
