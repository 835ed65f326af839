"""Seeds a calendar file from the package `holidays`: `python -m service.config.calendar_seed > calendar-vn.toml`.

The file in the tree is the calendar. The service never runs this, so that an upgrade of the package moves no due
date; a test compares the two and names the days that differ. Compare what it writes with the yearly notice, and raise
the version.
"""

import sys
from datetime import date
from importlib.metadata import version

from holidays import country_holidays

from domain.deadlines.calendar_file import parse_calendar

VERSION = "VN-2026.1"
YEARS = range(2010, 2028)
CHECKED = range(2018, 2027)
PROVISIONAL = {2026: "[2026-11-24]", 2027: "true"}

# Decided too late for the package, or left out of it.
SWAPPED = {date(2026, 1, 2): date(2026, 1, 10)}
SOURCES = {
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


def calendar_file() -> str:
    """The text of the calendar file, in the form that `parse_calendar` reads."""
    rests = country_holidays("VN", years=YEARS, language="vi")
    names = {day: rests[day] for day in rests}
    worked = {day: "Ngày làm việc bù" for day in rests.weekend_workdays if day.year in YEARS}
    for off, instead in SWAPPED.items():
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
        f'version = "{VERSION}"',
    ]
    for year in YEARS:
        seeded = f"Python package holidays {version('holidays')}; Labour Code Arts 111-112."
        lines += [
            "",
            "[[year]]",
            f"year = {year}",
            f'source = "{" ".join([seeded, *filter(None, [SOURCES.get(year)])])}"',
            f"checked = {str(year in CHECKED).lower()}",
            *([f"provisional = {PROVISIONAL[year]}"] if year in PROVISIONAL else []),
            "[year.days_off]",
            *(f'{day} = "{names[day]}"' for day in sorted(names) if day.year == year),
        ]
        if exchanged := sorted(day for day in worked if day.year == year):
            lines += ["[year.days_worked]", *(f'{day} = "{worked[day]}"' for day in exchanged)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = calendar_file()
    parse_calendar(text, "the seed")
    sys.stdout.write(text)
