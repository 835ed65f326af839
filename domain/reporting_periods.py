"""Checks periods, and computes those of reports, which differ from calendar periods (Thông tư 01/2024/TT-TTCP).

A reporting year runs from 15 December of the year before to 14 December.
"""

import re
from datetime import date
from typing import Literal, NamedTuple

from domain.errors import Refused
from domain.refusals.records import RecordRefusal
from domain.refusals.values import RefusalValue

_NAME_PATTERN = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-(?P<part>Q[1-4]|6M|9M))?")
_FIRST_MONTH = {None: 0, "Q1": 0, "6M": 0, "9M": 0, "Q2": 3, "Q3": 6, "Q4": 9}
_LAST_MONTH = {None: 12, "Q1": 3, "6M": 6, "9M": 9, "Q2": 6, "Q3": 9, "Q4": 12}

REPORTING_PERIOD_NAMES = "2026, 2026-Q1 … 2026-Q4, 2026-6M, 2026-9M"


class ReportingWindow(NamedTuple):
    """Holds the first and the last day of a report, both inclusive."""

    first: date
    last: date


class UnusablePeriod(Refused):
    """Is raised for a period that nobody can report on; `part` is what is missing or wrong."""

    def __init__(
        self, part: Literal["from", "to", "on", "period"], code: RecordRefusal, /, **values: RefusalValue
    ) -> None:
        super().__init__(code, **values)
        self.part = part


def require_period(first: date | None, last: date | None, name: str | None = None) -> ReportingWindow:
    """Return the days that were asked for: by the first and the last of them, or by the name of a reporting period.

    Raise UnusablePeriod if a day is missing, if the last comes before the first, or if both ways are used.
    """
    if name is not None:
        if first is not None or last is not None:
            raise UnusablePeriod("period", RecordRefusal.DAYS_AND_PERIOD_ASKED_FOR)
        return parse_reporting_period(name)
    if first is None:
        raise UnusablePeriod("from", RecordRefusal.FIRST_DAY_MISSING)
    if last is None:
        raise UnusablePeriod("to", RecordRefusal.LAST_DAY_MISSING)
    if last < first:
        raise UnusablePeriod("to", RecordRefusal.PERIOD_ENDS_BEFORE_IT_BEGINS)
    return ReportingWindow(first, last)


def day_or_period(on: date | None, first: date | None, last: date | None) -> ReportingWindow | None:
    """Return the period, or None where no period is asked for, but a day or today. Raise UnusablePeriod."""
    if first is None and last is None:
        return None
    if on is not None:
        raise UnusablePeriod("on", RecordRefusal.DAY_AND_PERIOD_ASKED_FOR)
    return require_period(first, last)


def parse_reporting_period(name: str) -> ReportingWindow:
    """Return the period of that name: `2026` a year, `2026-Q1` a quarter, `2026-6M` and `2026-9M` its first months.

    Raise UnusablePeriod for any other name.
    """
    found = _NAME_PATTERN.fullmatch(name.upper())
    if found is None:
        raise UnusablePeriod("period", RecordRefusal.NO_SUCH_PERIOD, name=name[:20], names=REPORTING_PERIOD_NAMES)
    year, part = int(found["year"]), found["part"]
    months = _FIRST_MONTH[part]
    first = date(year, months, 15) if months else date(year - 1, 12, 15)
    return ReportingWindow(first, date(year, _LAST_MONTH[part], 14))
