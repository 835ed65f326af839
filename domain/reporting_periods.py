"""Computes the periods of reports, which differ from calendar periods (Thông tư 01/2024/TT-TTCP).

A reporting year runs from 15 December of the year before to 14 December.
"""

import re
from datetime import date
from typing import NamedTuple

from domain.errors import Refused

_NAME_PATTERN = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-(?P<part>Q[1-4]|6M|9M))?")
_FIRST_MONTH = {None: 0, "Q1": 0, "6M": 0, "9M": 0, "Q2": 3, "Q3": 6, "Q4": 9}
_LAST_MONTH = {None: 12, "Q1": 3, "6M": 6, "9M": 9, "Q2": 6, "Q3": 9, "Q4": 12}

REPORTING_PERIOD_NAMES = "2026, 2026-Q1 to 2026-Q4, 2026-6M, 2026-9M"


class ReportingWindow(NamedTuple):
    """Holds the first and the last day of a report, both inclusive."""

    first: date
    last: date


def parse_reporting_period(name: str) -> ReportingWindow:
    """Return the period of that name: `2026` a year, `2026-Q1` a quarter, `2026-6M` and `2026-9M` its first months.

    Raise Refused for any other name.
    """
    found = _NAME_PATTERN.fullmatch(name.upper())
    if found is None:
        raise Refused(f"“{name[:20]}” is no reporting period: {REPORTING_PERIOD_NAMES}")
    year, part = int(found["year"]), found["part"]
    months = _FIRST_MONTH[part]
    first = date(year, months, 15) if months else date(year - 1, 12, 15)
    return ReportingWindow(first, date(year, _LAST_MONTH[part], 14))
