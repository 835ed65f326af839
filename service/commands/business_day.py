"""Computes the present day in the authority's time zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class BusinessDay:
    """Returns the present day in `zone` when it is called.

    Every command needs the day, so the first and last instant of a day (UTC) are computed once a day.
    """

    def __init__(self, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._clock = clock
        self._zone = zone
        self._day = (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), date.min)

    def __call__(self) -> date:
        now = self._clock()
        begins_at, ends_at, today = self._day
        if not begins_at <= now < ends_at:
            today = now.astimezone(self._zone).date()
            self._day = self._beginning_of(today), self._beginning_of(today + timedelta(days=1)), today
        return today

    def _beginning_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone).astimezone(UTC)
