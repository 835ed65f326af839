"""Writes a calendar file from the package `holidays`: `python -m service.config.calendar_seed > calendar-vn.toml`.

The calendar in force is the file in the source tree. The service never runs this module, so that an upgrade of the
package changes no due date; a test compares the two and names the days that differ. Compare the output with the yearly
notice, and raise the version.
"""

import sys
from datetime import date
from importlib.metadata import version

from holidays import country_holidays

from domain.deadlines.calendar_file import parse_calendar

CALENDAR_VERSION = "VN-2026.1"
CALENDAR_YEARS = range(2010, 2028)
CHECKED_YEARS = range(2018, 2027)
"""Years whose days were compared with the notice of that year."""
PROVISIONAL_DAYS = {2026: "[2026-11-24]", 2027: "true"}

SWAPPED_DAYS = {date(2026, 1, 2): date(2026, 1, 10)}
"""Days off, each with the day worked instead, that the package does not know or that were decided too late for it."""
SOURCE_NOTES = {
    2018: "Swap: 31 Dec 2018 worked on Sat 5 Jan 2019.",
    2019: "Swap: 29 Apr worked on Sat 4 May 2019.",
    2024: "Swap: 29 Apr worked on Sat 4 May 2024.",
    2025: "Swap: 2 May worked on Sat 26 Apr 2025.",
    2026: (
        "Swap: 2 Jan worked on Sat 10 Jan 2026 (văn bản 12729/VPCP-KGVX of 25 Dec 2025, not in the package)."
        " Swap: 31 Aug worked on Sat 22 Aug 2026. Provisional: 24 Nov rests on Nghị quyết 80-NQ/TW of the"
        " Politburo only; its enactment in Labour Code Art 112 is not confirmed."
    ),
    2027: "Provisional: computed by formula; no yearly notice was seen.",
}


def render_calendar_file() -> str:
    """Return the text of the calendar file, in the form that `parse_calendar` reads."""
    rests = country_holidays("VN", years=CALENDAR_YEARS, language="vi")
    names = {day: rests[day] for day in rests}
    worked = {day: "Ngày làm việc bù" for day in rests.weekend_workdays if day.year in CALENDAR_YEARS}
    for off, instead in SWAPPED_DAYS.items():
        names[off] = f"Ngày nghỉ (thay cho ngày {instead:%d/%m/%Y})"
        worked[instead] = f"Ngày làm việc bù (thay cho ngày {off:%d/%m/%Y})"

    lines = [
        "# Working days of State bodies in Vietnam. Saturdays and Sundays rest unless under days_worked.",
        "# Seeded by `python -m service.config.calendar_seed`, then kept by hand from the yearly notices; a change",
        "# of any day is a new version, because every due date names the version it was counted by.",
        "# checked = false: as computed by the package, not compared with that year's notice.",
        "# provisional = true, or a list of days: a notice may still change them.",
        "# A site adds to this file by one of its own (docs/how-to/load-next-years-calendar.md).",
        "",
        f'version = "{CALENDAR_VERSION}"',
    ]
    for year in CALENDAR_YEARS:
        seeded = f"Python package holidays {version('holidays')}; Labour Code Arts 111-112."
        lines += [
            "",
            "[[year]]",
            f"year = {year}",
            f'source = "{" ".join([seeded, *filter(None, [SOURCE_NOTES.get(year)])])}"',
            f"checked = {str(year in CHECKED_YEARS).lower()}",
            *([f"provisional = {PROVISIONAL_DAYS[year]}"] if year in PROVISIONAL_DAYS else []),
            "[year.days_off]",
            *(f'{day} = "{names[day]}"' for day in sorted(names) if day.year == year),
        ]
        if exchanged := sorted(day for day in worked if day.year == year):
            lines += ["[year.days_worked]", *(f'{day} = "{worked[day]}"' for day in exchanged)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = render_calendar_file()
    parse_calendar(text, "the seed")
    sys.stdout.write(text)
