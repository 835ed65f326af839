"""Decides which day it is for alerts: by the database's clock, unless that clock has jumped (leapt).

If the clock jumped ahead, alerts would be raised for every day in between, and nobody could undo them. So a jump of
more than two days stops alerts in all processes until an officer has confirmed the clock. A pause of the service is not
mistaken for a jump: while a process runs, its own steady clock measures the elapsed time; when it starts, the host's
clock is compared. A clock that goes back changes nothing: no day before the latest decided day is decided again.
"""

from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import NamedTuple
from zoneinfo import ZoneInfo

from psycopg_pool import AsyncConnectionPool

MAX_CLOCK_LEAP = timedelta(days=2)
"""The largest difference between two clocks that does not count as a jump."""


class ClockNotTrusted(Exception):
    """Is raised while alerts are stopped.

    The message says when the clock jumped, and which command lets alerts continue.
    """


class ClockReading(NamedTuple):
    """Holds one reading of the database's clock: the instant `at` (UTC), and the day `today`.

    `today` is never before the latest decided day.
    """

    at: datetime
    today: date


class PreviousReading(NamedTuple):
    """Holds the process's last reading: the database's clock, the steady clock in seconds, and the last
    confirmation.
    """

    at: datetime
    steady: float
    confirmed_at: datetime | None


_READ_CLOCK = "SELECT clock_timestamp(), decided_on, stopped_at, confirmed_at FROM kiennghi.alert_clock FOR UPDATE"


def has_clock_leapt(
    now: datetime, confirmed_at: datetime | None, seen: PreviousReading | None, host: datetime, steady: float
) -> bool:
    """Return True if the database's clock differs by more than two days from what is expected.

    While a process runs, only a jump ahead since its last reading (`seen`) counts, measured by the steady clock in
    seconds. At the start, or after a confirmation, a difference in either direction from the host's clock counts,
    unless an officer confirmed the clock within two days of `now`.
    """
    if seen is not None and seen.confirmed_at == confirmed_at:
        return now - seen.at - timedelta(seconds=steady - seen.steady) > MAX_CLOCK_LEAP
    is_confirmed = confirmed_at is not None and abs(now - confirmed_at) <= MAX_CLOCK_LEAP
    return not is_confirmed and abs(now - host) > MAX_CLOCK_LEAP


class TrustedClock:
    """Reads the database's clock, and refuses to give the time after a jump.

    Each process has one, which keeps its last reading.
    """

    def __init__(self, pool: AsyncConnectionPool, zone: ZoneInfo) -> None:
        self._pool = pool
        self._zone = zone
        self._seen: PreviousReading | None = None

    async def now(self) -> ClockReading:
        """Return the present time of the database's clock, and today's date.

        Raise ClockNotTrusted if this process or another one has seen the clock jump, and no officer has confirmed it
        since.
        """
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_READ_CLOCK)
            row = await cursor.fetchone()
            assert row is not None
            at, decided_on, stopped_at, confirmed_at = row
            steady = monotonic()
            if stopped_at is None and has_clock_leapt(at, confirmed_at, self._seen, datetime.now(UTC), steady):
                stopped_at = at
                await connection.execute("UPDATE kiennghi.alert_clock SET stopped_at = %s", [at])
        if stopped_at is not None:
            raise ClockNotTrusted(
                f"the database's clock leapt, and said {stopped_at.astimezone(self._zone):%d/%m/%Y %H:%M}; no alert is"
                " raised until somebody has looked at it and says `kiennghi alerts confirm-clock`"
            )
        self._seen = PreviousReading(at, steady, confirmed_at)
        today = at.astimezone(self._zone).date()
        return ClockReading(at, today if decided_on is None else max(today, decided_on))

    async def mark_decided(self, on: date) -> None:
        """Record that the day `on` is decided, because all its alerts are recorded. No earlier day is decided again."""
        async with self._pool.connection() as connection:
            await connection.execute(
                "UPDATE kiennghi.alert_clock SET decided_on = %(on)s WHERE decided_on IS DISTINCT FROM %(on)s"
                " AND (decided_on IS NULL OR decided_on < %(on)s)",
                {"on": on},
            )


async def confirm_database_clock(pool: AsyncConnectionPool, zone: ZoneInfo, by: str) -> datetime:
    """Confirm that the database's clock is right, and return the confirmed instant.

    Alerts continue from the day of that clock, even if it is earlier than the latest decided day.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT clock_timestamp() FROM kiennghi.alert_clock FOR UPDATE")
        row = await cursor.fetchone()
        assert row is not None
        at: datetime = row[0]
        await connection.execute(
            "UPDATE kiennghi.alert_clock SET stopped_at = NULL, confirmed_at = %(at)s, confirmed_by = %(by)s,"
            " decided_on = least(decided_on, %(on)s)",
            {"at": at, "by": by, "on": at.astimezone(zone).date()},
        )
        return at
