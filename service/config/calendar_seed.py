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
PROVISIONAL_DAYS = {
    2026: "[2026-11-21, 2026-11-22, 2026-11-23, 2026-11-25, 2026-11-26, 2026-11-27, 2026-11-28]",
    2027: "true",
}

SWAPPED_DAYS = {date(2026, 1, 2): date(2026, 1, 10)}
"""Days off, each with the day worked instead, that the package does not know or that were decided too late for it."""
SOURCE_NOTES = {
    2018: "Swap: 31 Dec 2018 worked on Sat 5 Jan 2019.",
    2019: "Swap: 29 Apr worked on Sat 4 May 2019.",
    2024: "Swap: 29 Apr worked on Sat 4 May 2024.",
    2025: "Swap: 2 May worked on Sat 26 Apr 2025.",
    2026: (
        "Swap: 2 Jan worked on Sat 10 Jan 2026 (văn bản 12729/VPCP-KGVX of 25 Dec 2025, not in the package)."
        " Swap: 31 Aug worked on Sat 22 Aug 2026. 24 Nov is a paid day off each year by Nghị quyết số 28/2026/QH16, in"
        " force from 1 Jul 2026, as public files cite it; the text was not opened. Whether it is made up for on a rest"
        " day (next on Sat 24 Nov 2029) is open. Provisional: 21 to 28 Nov but for the 24th, see other_reading."
    ),
    2027: (
        "Provisional: computed by formula; no yearly notice was seen. Of Tết there were two options, see other_reading."
    ),
}
OTHER_READINGS = """
[[other_reading]]
says = { vi = "đề xuất nghỉ thứ Hai 23/11/2026, làm bù thứ Bảy 28/11/2026; lịch đang dùng không hoán đổi", en = "proposal: Monday 23 Nov 2026 off, Saturday 28 Nov worked; on file: no swap" }
source = "Proposal of the Government's page as of 6 Sep 2026, cited in a public file; what became of it was not found."
[other_reading.days_off]
2026-11-23 = "Ngày nghỉ hoán đổi (đề xuất)"
[other_reading.days_worked]
2026-11-28 = "Ngày làm việc bù (đề xuất)"

[[other_reading]]
says = { vi = "phương án nghỉ tết Nguyên đán từ 05/02/2027 đến 14/02/2027; lịch đang dùng: từ 04/02/2027 đến 10/02/2027", en = "option: Tết from 5 to 14 Feb 2027; on file: from 4 to 10 Feb" }
source = "Second of two options as of 22 Sep 2026 (the first, 4 to 10 Feb, is on file); a Saturday worked for 12 Feb was not named."
[other_reading.days_off]
2027-02-11 = "Nghỉ tết Nguyên đán (phương án hai)"
2027-02-12 = "Nghỉ tết Nguyên đán (phương án hai)"
[other_reading.days_worked]
2027-02-04 = "Ngày làm việc (phương án hai)"
"""  # noqa: E501 - a table of TOML stands on one line
"""Names the other readings of the provisional days, which a notice may still confirm."""


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
        "# provisional = true, or a list of days: a notice may change them; other_reading, at the end: into what.",
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
    return "\n".join(lines) + "\n" + OTHER_READINGS


if __name__ == "__main__":
    text = render_calendar_file()
    parse_calendar(text, "the seed")
    sys.stdout.write(text)
