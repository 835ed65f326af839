"""Reads the days and instants of a source.

Each source has formats and a time zone of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from service.files.cells import quote_cell
from service.imports.mapping import ISO_FORMAT

_TIME_OF_DAY_DIRECTIVES = ("%H", "%I", "%c", "%X")


@dataclass(frozen=True, slots=True)
class Moment:
    """Holds the day `on` in the source's zone, and the instant `at` in UTC where the source gives one."""

    on: date
    at: datetime | None


def moment_reader(formats: Sequence[str], zone: ZoneInfo) -> Callable[[str], Moment]:
    """Return a function that reads a text by the first format that fits.

    A time of day without an offset is taken as local time in `zone`; where the clock shows an hour twice, as the first
    of the two. The function raises ValueError for a text that no format reads.
    """

    @lru_cache(maxsize=10_000)  # each row of a case repeats the days of the case
    def read(text: str) -> Moment:
        for form in formats:
            try:
                return _read_iso_moment(text, zone) if form == ISO_FORMAT else _read_pattern_moment(text, form, zone)
            except (ValueError, OverflowError):
                continue
        wanted = " or ".join("ISO 8601" if form == ISO_FORMAT else form for form in formats)
        raise ValueError(f"{quote_cell(text)} is not a day written as {wanted}")

    return read


def _read_iso_moment(text: str, zone: ZoneInfo) -> Moment:
    try:
        return Moment(date.fromisoformat(text), None)
    except ValueError:
        return _moment_of_instant(datetime.fromisoformat(text), zone)


def _read_pattern_moment(text: str, form: str, zone: ZoneInfo) -> Moment:
    found = datetime.strptime(text, form)
    if any(sign in form for sign in _TIME_OF_DAY_DIRECTIVES):
        return _moment_of_instant(found, zone)
    return Moment(found.date(), None)


def _moment_of_instant(found: datetime, zone: ZoneInfo) -> Moment:
    local = found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)
    return Moment(local.date(), local.astimezone(UTC))
