"""The law as data, read from the files of the project and of the site."""

from dataclasses import replace
from datetime import date, timedelta
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files

from domain.deadlines.calendar import Calendar
from domain.deadlines.calendar_file import parse_calendar, parse_local_calendar, version_of
from domain.deadlines.calendar_versions import CalendarVersions
from domain.deadlines.policy import Law, Policies
from domain.deadlines.policy_file import parse_local_policies, parse_policies
from service.config.settings import PREFIX, Settings, UnusableSettings
from service.config.site_files import of_site, shipped

CALENDAR = "calendar-vn.toml"
"""The present one; earlier versions stay beside it, each as calendar-vn-VERSION.toml."""


@cache
def national_law() -> Law:
    """The policies and the calendar that the project ships, and the calendars that it shipped before."""
    names = [file.name for file in files("domain.policy").iterdir()]
    calendars = {name: parse_calendar(shipped(name), name) for name in names if fnmatch(name, "calendar-vn*.toml")}
    return Law(
        policies=parse_policies(shipped("deadlines.toml"), "deadlines.toml"),
        calendar=calendars[CALENDAR],
        versions=CalendarVersions({calendar.version: calendar for calendar in calendars.values()}),
    )


def law_of(settings: Settings) -> Law:
    """The national law with what the site's own files add; UnusableSettings names file and line at fault."""
    law = national_law()
    if settings.policy_file is not None:
        law = replace(law, policies=of_site(settings.policy_file, "POLICY_FILE", local_policies))
    if settings.older_calendars is not None:
        if not settings.older_calendars.is_dir():
            raise UnusableSettings(f"{PREFIX}OLDER_CALENDARS: {settings.older_calendars} is no folder")
        for path in sorted(settings.older_calendars.glob("*.toml")):
            law = replace(law, versions=law.versions.with_file(*of_site(path, "OLDER_CALENDARS", _version_and_text)))
    if settings.calendar_file is not None:
        version_and_text = of_site(settings.calendar_file, "CALENDAR_FILE", _version_and_text)
        calendar = of_site(settings.calendar_file, "CALENDAR_FILE", local_calendar)
        law = replace(law, calendar=calendar, versions=law.versions.with_file(*version_and_text))
    return law


def local_policies(text: str, name: str) -> Policies:
    return parse_local_policies(text, name, national_law().policies)


def local_calendar(text: str, name: str) -> Calendar:
    return parse_local_calendar(text, name, national_law().calendar)


def _version_and_text(text: str, name: str) -> tuple[str, str]:
    return version_of(text, name), text


def longest_limit(law: Law, today: date) -> int:
    """In days, of every rule that is in force today; 0 if none sets a limit."""
    rows = law.policies.every_row
    return max((row.limit.amount for row in rows if row.limit is not None and row.is_in_force(today)), default=0)


def shortcomings(law: Law, today: date) -> list[str]:
    """What must be put on file before long: the longest limit that starts today must end on a known day."""
    calendar = law.calendar
    longest = longest_limit(law, today)
    found = []
    if today + timedelta(days=longest) > calendar.last:
        found.append(
            f"the working-day calendar {calendar.version} ends on {calendar.last:%d/%m/%Y}: a limit of {longest} days"
            f" that starts today cannot be counted; put {calendar.last.year + 1} on file"
        )
    awaited = sorted(day for day in calendar.provisional if today <= day <= today + timedelta(days=longest))
    if awaited:
        days = "1 day" if len(awaited) == 1 else f"{len(awaited)} days"
        found.append(
            f"the working-day calendar {calendar.version} is provisional from {awaited[0]:%d/%m/%Y} on, {days} within"
            f" {longest}: a notice may still change that, and due dates with it"
        )
    return found
