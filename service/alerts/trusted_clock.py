"""Which day it is for alerts: by the database's clock, unless that has leapt.

A clock that leaps ahead would warn of everything that lies between, and nobody could take it back. So a leap of more
than two days stops alerting, in all processes, until somebody has confirmed the clock. A stop of the service is no
leap: while a process runs, its own steady clock says how much time has gone by; when it starts, the host's clock says.
A clock that goes back changes nothing: no day is decided on before the latest one that was.
"""

from datetime import UTC, date, datetime, timedelta
from time import monotonic
from typing import NamedTuple
from zoneinfo import ZoneInfo

from psycopg_pool import AsyncConnectionPool

MOST_LEAP = timedelta(days=2)


class ClockNotTrusted(Exception):
    """Alerting has stopped: the message says since when, and which command goes on."""


class Now(NamedTuple):
    """`at` is the database's clock; `today` never lies before the latest day that was decided on."""

    at: datetime
    today: date


class Seen(NamedTuple):
    """The database's clock as it was when the process looked last, and its own steady clock then, in seconds."""

    at: datetime
    steady: float
    confirmed_at: datetime | None


_LOOK = "SELECT clock_timestamp(), decided_on, stopped_at, confirmed_at FROM kiennghi.alert_clock FOR UPDATE"


def leapt(now: datetime, confirmed_at: datetime | None, seen: Seen | None, host: datetime, steady: float) -> bool:
    """Whether more than two days are missing or too many: since `seen`, or against the host's clock at the start."""
    if seen is not None and seen.confirmed_at == confirmed_at:
        return now - seen.at - timedelta(seconds=steady - seen.steady) > MOST_LEAP
    is_confirmed = confirmed_at is not None and abs(now - confirmed_at) <= MOST_LEAP
    return not is_confirmed and abs(now - host) > MOST_LEAP


class Clock:
    """One for each process; it remembers what it saw last."""

    def __init__(self, pool: AsyncConnectionPool, zone: ZoneInfo) -> None:
        self._pool = pool
        self._zone = zone
        self._seen: Seen | None = None

    async def now(self) -> Now:
        """Raises ClockNotTrusted once the clock has leapt, here or in another process, until it is confirmed."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_LOOK)
            row = await cursor.fetchone()
            assert row is not None
            at, decided_on, stopped_at, confirmed_at = row
            steady = monotonic()
            if stopped_at is None and leapt(at, confirmed_at, self._seen, datetime.now(UTC), steady):
                stopped_at = at
                await connection.execute("UPDATE kiennghi.alert_clock SET stopped_at = %s", [at])
        if stopped_at is not None:
            raise ClockNotTrusted(
                f"the database's clock leapt, and said {stopped_at.astimezone(self._zone):%d/%m/%Y %H:%M}; no alert is"
                " raised until somebody has looked at it and says `kiennghi alerts confirm-clock`"
            )
        self._seen = Seen(at, steady, confirmed_at)
        today = at.astimezone(self._zone).date()
        return Now(at, today if decided_on is None else max(today, decided_on))

    async def decided(self, on: date) -> None:
        """All that was due on the day is recorded: no earlier day comes again."""
        async with self._pool.connection() as connection:
            await connection.execute(
                "UPDATE kiennghi.alert_clock SET decided_on = %(on)s WHERE decided_on IS DISTINCT FROM %(on)s"
                " AND (decided_on IS NULL OR decided_on < %(on)s)",
                {"on": on},
            )


async def confirm_clock(pool: AsyncConnectionPool, zone: ZoneInfo, by: str) -> datetime:
    """The database's clock is right: alerting goes on from the day that it says, even from an earlier one than before.

    The instant that was confirmed.
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
