"""Reads calendar files: the national years, and the file that an installation (site) adds to them.

A wrong day in a file would make wrong due dates, so a file with a contradiction is refused, and the error names the
line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from domain.deadlines.calendar import WEEKLY_REST, Calendar, OtherReading, change_days
from domain.deadlines.calendar_tables import (
    CalendarError,
    ChangeTable,
    FileLines,
    LocalFile,
    LocalYearTable,
    NationalFile,
    ReadingTable,
    YearTable,
    parse_calendar_tables,
)

__all__ = ["CalendarError", "calendar_file_version", "parse_calendar", "parse_local_calendar"]

_MOST_DAYS_NAMED = 20


def parse_calendar(text: str, name: str) -> Calendar:
    """Read a calendar file (TOML, as `domain/policy/calendar-vn.toml`); `name` is the file's name for error messages.

    Raise CalendarError for a day that is named twice, a day in another year's table, an ordinary working day named as
    worked in exchange, a year that is missing or occurs twice, an unknown key, a year without source, or another
    reading of a day that is not provisional.
    """
    file, lines = parse_calendar_tables(text, name, NationalFile)
    _require_no_gaps([one.year for one in file.year], name)
    for one in file.year:
        _check_days_of_year(one, lines)
    return _with_readings(_build_calendar(file.version, file.year), file.other_reading, lines)


def parse_local_calendar(text: str, name: str, national: Calendar, *, was_approved: bool = False) -> Calendar:
    """Return the national calendar with the changes of an installation's file.

    `name` is the file's name for error messages.

    A [[year]] replaces that year, or follows the last year. A [[change]] changes single days into days off or working
    days: a day off, a Saturday worked in exchange, a local closure, a day off that was revoked. The version names both
    files, so that a due date says by which days it was counted. An [[other_reading]] says what a notice may still make
    of provisional days; one that a table above settles is dropped. Raise CalendarError as `parse_calendar` does, for a
    change that has no effect, because somebody probably meant another day, and for a [[year]] that drops days of a
    checked year and does not say `replaces = true`. A file that `was_approved` once is not asked that again.
    """
    file, lines = parse_calendar_tables(text, name, LocalFile)
    if not file.year and not file.change:
        raise CalendarError(f"{name}: there is neither a [[year]] nor a [[change]]")
    for one in file.year:
        _check_days_of_year(one, lines)
    if len({one.year for one in file.year}) < len(file.year):
        raise CalendarError(f"{name}: a year is there twice")
    calendar = _with_years(national, file.version, file.year, lines, was_approved=was_approved)
    for change in file.change:
        calendar = _with_change(calendar, change, lines)
    return _with_readings(calendar, file.other_reading, lines)


def calendar_file_version(text: str, name: str) -> str:
    """Return the version that is written in an installation's file. Raise CalendarError for any other text."""
    return parse_calendar_tables(text, name, LocalFile)[0].version


def _with_years(
    national: Calendar, version: str, years: Sequence[LocalYearTable], lines: FileLines, *, was_approved: bool
) -> Calendar:
    """Return the calendar with the years of a file in place of its own, or after the last, and the version of both."""
    replaced = {one.year for one in years}
    on_file = range(national.first.year, national.last.year + 1)
    kept = [year for year in on_file if year not in replaced]
    _require_no_gaps([*kept, *replaced], lines.name)
    version = f"{national.version}+{version}"
    if not years:
        return replace(national, version=version)
    added = _build_calendar(version, years)
    for one in years:
        if one.replaces and one.year not in on_file:
            raise CalendarError(f"{lines.place_of_year(one.year)}: {one.year} is not on file, so nothing is replaced")
        if not one.replaces and not was_approved and one.year in on_file:
            _require_no_dropped_days(one, national, added, lines)
    return Calendar(
        version=version,
        first=date(min([*kept, *replaced]), 1, 1),
        last=date(max([*kept, *replaced]), 12, 31),
        days_off={day: title for day, title in national.days_off.items() if day.year not in replaced}
        | dict(added.days_off),
        days_worked={day: title for day, title in national.days_worked.items() if day.year not in replaced}
        | dict(added.days_worked),
        provisional=frozenset(day for day in national.provisional if day.year not in replaced) | added.provisional,
        unchecked_years=(national.unchecked_years - replaced) | added.unchecked_years,
        sources={**national.sources, **added.sources},
        other_readings=_without_days(
            national.other_readings, {day for day in national.provisional if day.year in replaced}
        ),
    )


def _require_no_dropped_days(year: LocalYearTable, before: Calendar, after: Calendar, lines: FileLines) -> None:
    """Raise CalendarError if the table drops days of a year that was compared with its notice."""
    if year.year in before.unchecked_years:
        return
    named = sorted(day for day in {*before.days_off, *before.days_worked} if day.year == year.year)
    dropped = [day for day in named if before.is_working_day(day) is not after.is_working_day(day)]
    if dropped:
        days = "day" if len(dropped) == 1 else "days"
        shown = ", ".join(map(str, dropped[:_MOST_DAYS_NAMED])) + (", …" if len(dropped) > _MOST_DAYS_NAMED else "")
        raise CalendarError(
            f"{lines.place_of_year(year.year)}: this table takes the place of the whole year {year.year}, which was"
            f" compared with its notice, and drops {len(dropped)} {days} of it: {shown}; write single days under"
            " [[change]], or say replaces = true"
        )


def _with_change(calendar: Calendar, change: ChangeTable, lines: FileLines) -> Calendar:
    """Return the calendar with the single days of a [[change]] in it, which are then no longer provisional."""
    named = {*change.days_off, *change.days_worked, *change.confirms}
    sources = dict(calendar.sources)
    for day in (*change.days_off, *change.days_worked, *change.confirms):
        if not calendar.covers(day):
            place = lines.place_of(day)
            raise CalendarError(f"{place}: {day} is in no year on file ({calendar.first} to {calendar.last})")
        sources[day.year] = " ".join(filter(None, (sources.get(day.year), f"{day:%d/%m}: {change.source}")))
    _require_effect(calendar, change, lines)
    off, worked = change_days(calendar, change.days_off, change.days_worked)
    return replace(
        calendar,
        days_off=off,
        days_worked=worked,
        provisional=calendar.provisional - named,
        sources=sources,
        other_readings=_without_days(calendar.other_readings, named),
    )


def _with_readings(calendar: Calendar, tables: Sequence[ReadingTable], lines: FileLines) -> Calendar:
    """Return the calendar with the other readings of a file, which may concern provisional days alone."""
    found = []
    for number, table in enumerate(tables):
        days = (*table.days_off, *table.days_worked)
        if not days:
            raise CalendarError(f"{lines.name}: an [[other_reading]] names no day")
        for day in days:
            if not calendar.is_provisional(day):
                raise CalendarError(
                    f"{lines.place_of(day, number)}: {day} is not provisional, so there is no other reading of it"
                )
        _require_effect(calendar, table, lines, number)
        found.append(OtherReading(table.says, table.source, table.days_off, table.days_worked))
    return replace(calendar, other_readings=(*calendar.other_readings, *found))


def _require_effect(
    calendar: Calendar, table: ChangeTable | ReadingTable, lines: FileLines, reading: int | None = None
) -> None:
    """Raise CalendarError for a day of a table that the calendar has already as the table would make it."""
    for day in table.days_off:
        if not calendar.is_working_day(day):
            raise CalendarError(f"{lines.place_of(day, reading)}: {day} is a day off already")
    for day in table.days_worked:
        if calendar.is_working_day(day):
            raise CalendarError(f"{lines.place_of(day, reading)}: {day} is worked already")


def _without_days(readings: Iterable[OtherReading], settled: set[date]) -> tuple[OtherReading, ...]:
    """Return the readings without the days that are settled; a reading of which no day is left is dropped."""
    left = [
        replace(
            one,
            days_off={day: title for day, title in one.days_off.items() if day not in settled},
            days_worked={day: title for day, title in one.days_worked.items() if day not in settled},
        )
        for one in readings
    ]
    return tuple(one for one in left if one.days_off or one.days_worked)


def _require_no_gaps(years: Iterable[int], name: str) -> None:
    """Raise CalendarError if a year occurs twice, or is missing between two others."""
    for year, following in pairwise(sorted(years)):
        if following == year:
            raise CalendarError(f"{name}: the year {year} is there twice")
        if following > year + 1:
            raise CalendarError(f"{name}: the year {year + 1} is missing between {year} and {following}")


def _check_days_of_year(year: YearTable, lines: FileLines) -> None:
    """Raise CalendarError if the table of a year contradicts itself.

    The table may not name a day of another year. A day worked in exchange must be a weekly rest day.
    """
    for day in (*year.days_off, *year.days_worked, *year.provisional_days()):
        if day.year != year.year:
            raise CalendarError(f"{lines.place_of(day)}: {day} is in the table of {year.year}")
    for day in year.days_worked:
        if day.weekday() not in WEEKLY_REST:
            raise CalendarError(
                f"{lines.place_of(day)}: {day} is a {day:%A}, which is worked anyway;"
                " only a weekly rest day can be worked in exchange"
            )


def _build_calendar(version: str, years: Iterable[YearTable]) -> Calendar:
    """Build the calendar of the years: at least one. Years that are missing between them have no days of their own."""
    years = sorted(years, key=lambda one: one.year)
    return Calendar(
        version=version,
        first=date(years[0].year, 1, 1),
        last=date(years[-1].year, 12, 31),
        days_off={day: title for one in years for day, title in one.days_off.items()},
        days_worked={day: title for one in years for day, title in one.days_worked.items()},
        provisional=frozenset(day for one in years for day in one.provisional_days()),
        unchecked_years=frozenset(one.year for one in years if not one.checked),
        sources={one.year: one.source for one in years},
    )
