"""Reads the days and instants of a source.

Each source has formats and a time zone of its own.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.strict_types import read_written_day
from service.files.cells import quote_cell
from service.files.words import UnusableValue
from service.imports.mapping import EXCEL_FORMAT, ISO_FORMAT

_TIME_OF_DAY_DIRECTIVES = ("%H", "%I", "%c", "%X")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_NUMBER = re.compile(r"([0-9]{1,7})([.,][0-9]+)?")
_LENGTH_OF_A_DAY = 10


@dataclass(frozen=True, slots=True)
class Moment:
    """Holds the day `on` in the source's zone, and the instant `at` in UTC where the source gives one."""

    on: date
    at: datetime | None


def moment_reader(formats: Sequence[str], zone: ZoneInfo) -> Callable[[str], Moment]:
    """Return a function that reads a text by the first format that fits.

    A time of day without an offset is taken as local time in `zone`; where the clock shows an hour twice, as the first
    of the two. The function raises UnusableValue for a text that no format reads.
    """

    @lru_cache(maxsize=10_000)  # each row of a case repeats the days of the case
    def read(text: str) -> Moment:
        for form in formats:
            try:
                return _read_moment(text, form, zone)
            except (ValueError, OverflowError):
                continue
        wanted = " or ".join("ISO 8601" if form == ISO_FORMAT else form for form in formats)
        raise UnusableValue(
            f"{quote_cell(text)} không phải ngày viết theo {wanted.replace(' or ', ' hoặc ')}",
            f"{quote_cell(text)} is not a day written as {wanted}",
        )

    return read


def _read_moment(text: str, form: str, zone: ZoneInfo) -> Moment:
    if form == ISO_FORMAT:
        return _read_iso_moment(text, zone)
    if form == EXCEL_FORMAT:
        return Moment(_read_excel_day(text), None)
    return _read_pattern_moment(text, form, zone)


def _read_iso_moment(text: str, zone: ZoneInfo) -> Moment:
    """Read a day of ten characters, or an instant that begins with one; ISO 8601 has forms that nobody means."""
    day = read_written_day(text[:_LENGTH_OF_A_DAY])
    if len(text) == _LENGTH_OF_A_DAY:
        return Moment(day, None)
    return _moment_of_instant(datetime.fromisoformat(text), zone)


def _read_excel_day(text: str) -> date:
    found = _EXCEL_NUMBER.fullmatch(text)
    if found is None:
        raise ValueError("not the number of a day")
    return _EXCEL_EPOCH + timedelta(days=int(found[1]))


def _read_pattern_moment(text: str, form: str, zone: ZoneInfo) -> Moment:
    if any(letter.isdigit() and not letter.isascii() for letter in text):
        raise ValueError("digits of another script")
    found = datetime.strptime(text, form)
    if any(sign in form for sign in _TIME_OF_DAY_DIRECTIVES):
        return _moment_of_instant(found, zone)
    return Moment(found.date(), None)


def _moment_of_instant(found: datetime, zone: ZoneInfo) -> Moment:
    local = found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)
    return Moment(local.date(), local.astimezone(UTC))
