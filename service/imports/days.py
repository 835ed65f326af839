"""Days and instants as a source writes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from service.files.cells import quoted
from service.imports.mapping import ISO

_HAS_TIME_OF_DAY = ("%H", "%I", "%c", "%X")


@dataclass(frozen=True, slots=True)
class Moment:
    """`on` is the day in the source's zone; `at` the instant in UTC where the source gives one."""

    on: date
    at: datetime | None


def moments(formats: Sequence[str], zone: ZoneInfo) -> Callable[[str], Moment]:
    """A reader that tries the formats in turn; a time of day without an offset is the clock of `zone`.

    Of an hour that the clock shows twice the first is taken. ValueError for what no format reads.
    """

    @lru_cache(maxsize=10_000)  # the days of a case stand in each of its rows
    def read(text: str) -> Moment:
        for form in formats:
            try:
                return _iso(text, zone) if form == ISO else _by_pattern(text, form, zone)
            except (ValueError, OverflowError):
                continue
        wanted = " or ".join("ISO 8601" if form == ISO else form for form in formats)
        raise ValueError(f"{quoted(text)} is not a day written as {wanted}")

    return read


def _iso(text: str, zone: ZoneInfo) -> Moment:
    try:
        return Moment(date.fromisoformat(text), None)
    except ValueError:
        return _instant(datetime.fromisoformat(text), zone)


def _by_pattern(text: str, form: str, zone: ZoneInfo) -> Moment:
    found = datetime.strptime(text, form)
    if any(sign in form for sign in _HAS_TIME_OF_DAY):
        return _instant(found, zone)
    return Moment(found.date(), None)


def _instant(found: datetime, zone: ZoneInfo) -> Moment:
    local = found.replace(tzinfo=zone) if found.tzinfo is None else found.astimezone(zone)
    return Moment(local.date(), local.astimezone(UTC))
