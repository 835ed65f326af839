"""What is raised and acknowledged, told to pages as it happens: server-sent events, by position in the log.

The log is read once for all who listen; of each listener nothing is kept but how far it is. Who comes back with the
position it was told last misses nothing, however long it was away.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from pydantic_core import to_json

from domain.actor import Credentials, Role
from domain.events import AlertAcknowledged, AlertRaised
from domain.vocabulary import OfficerId, UnitId
from projections.alerts import Alerts
from service.event_store.codec import decoded
from service.projector.progress import Progress
from service.projector.runner import Follower

log = structlog.get_logger("kiennghi.alerts")

LASTS = 600.0
"""Seconds after which a stream ends and a page comes back: its token is looked at again."""

KEEPS_ALIVE = 15.0
"""Seconds of silence after which a stream says how far it is: proxies end what is silent."""

KEPT = 1_000
"""The latest alerts, in memory for all who listen."""

AT_ONCE, A_STRETCH = 200, 20_000
"""Alerts, and positions of the log, that one statement looks at."""

MOST_LISTENERS = 500

# An alert of a petition that is closed by now is told with the unit that it was raised for.
_BETWEEN: LiteralString = """
    SELECT l.notification_id, l.originator_id, l.topic, l.state, a.reference, a.unit, a.officer
    FROM kiennghi.log AS l
    LEFT JOIN LATERAL (
        SELECT reference, unit, officer FROM alerts WHERE petition_id = l.originator_id LIMIT 1
    ) AS a ON true
    WHERE l.notification_id > %s AND l.notification_id <= %s AND l.topic IN ('AlertRaised', 'AlertAcknowledged')
    ORDER BY l.notification_id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the stream; `text` is it as it is sent."""

    position: int
    unit: UnitId | None
    officer: OfficerId | None
    text: bytes

    def is_for(self, credentials: Credentials) -> bool:
        """For the officer in charge, or whom somebody acts for, and for the unit; inspectors see all."""
        if Role.INSPECTOR in credentials.roles:
            return True
        return credentials.unit == self.unit or self.officer in (credentials.officer, credentials.acting_for or "")


class Feed:
    """One for each process."""

    def __init__(self, pool: AsyncConnectionPool, readers: Follower) -> None:
        self._pool = pool
        self._readers = readers
        self._recent: deque[Told] = deque()
        self._begin = self._end = 0
        self._reading = asyncio.Lock()
        self._growing: asyncio.Task[None] | None = None
        self.listeners = 0

    @property
    def _progress(self) -> Progress:
        return self._readers.progress[Alerts.name]

    @property
    def position(self) -> int:
        """Up to which there is something to tell."""
        return self._progress.position

    async def stream(
        self, credentials: Credentials, after: int, leaving: asyncio.Event, lasts: float = LASTS
    ) -> AsyncIterator[bytes]:
        """What happens after the position, for so many seconds, or until the service is left or the database away."""
        ends_at = monotonic() + lasts
        self.listeners += 1
        try:
            yield b"retry: 3000\n\n"
            while True:
                try:
                    told, reached = await self._after(after)
                except (psycopg.OperationalError, psycopg.errors.UndefinedTable, PoolTimeout) as error:
                    log.warning("feed_ended", error=type(error).__name__)
                    return
                for one in told:
                    if one.is_for(credentials):
                        yield one.text
                is_at_end, after = reached == after, max(reached, after)
                if not is_at_end:
                    continue
                left = ends_at - monotonic()
                if left <= 0 or leaving.is_set():
                    return
                if not await self._grown(after, leaving, min(left, KEEPS_ALIVE)):
                    yield b"id: %d\n\n" % after
        finally:
            self.listeners -= 1

    async def _after(self, position: int) -> tuple[Sequence[Told], int]:
        """Some of what there is after the position, and up to where that is all."""
        head = self.position
        if not self._end:
            self._begin = self._end = head
        if position < self._begin:
            return await self._read(position, min(self._begin, head))
        if self._end < head:
            async with self._reading:
                if self._end < head:
                    await self._read_on(head)
        if position >= self._end:
            return [], position
        return [one for one in self._recent if one.position > position], self._end

    async def _read_on(self, head: int) -> None:
        told, self._end = await self._read(self._end, head)
        self._recent += told
        while len(self._recent) > KEPT:
            self._begin = self._recent.popleft().position

    async def _read(self, after: int, up_to: int) -> tuple[list[Told], int]:
        up_to = min(up_to, after + A_STRETCH)
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_BETWEEN, [after, up_to, AT_ONCE])
            rows = await cursor.fetchall()
        told = [_told(*row) for row in rows]
        return told, told[-1].position if len(told) == AT_ONCE else max(up_to, after)

    async def _grown(self, position: int, leaving: asyncio.Event, timeout: float) -> bool:
        """Whether there is more than the position, after some time at most. One task waits for all who listen."""
        if self._growing is None or self._growing.done():
            self._growing = asyncio.create_task(self._progress.passed(self.position + 1), name="feed")
        left = asyncio.create_task(leaving.wait())
        try:
            await asyncio.wait({self._growing, left}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            left.cancel()
        return leaving.is_set() or self.position > position


def _told(
    position: int,
    petition_id: UUID,
    topic: str,
    state: bytes,
    reference: str | None,
    unit: str | None,
    officer: str | None,
) -> Told:
    fact, _ = decoded(topic, state)
    assert isinstance(fact, AlertRaised | AlertAcknowledged)
    raised_for = fact.unit if isinstance(fact, AlertRaised) else None
    said: dict[str, Any] = {
        "petition_id": petition_id,
        "reference": reference,
        "unit": unit or raised_for,
        "clock": fact.clock,
        "round": fact.round,
        "due_on": fact.due_on,
        "step": fact.step,
        "occurred_on": fact.occurred_on,
    }
    event = b"alert_raised" if isinstance(fact, AlertRaised) else b"alert_acknowledged"
    return Told(
        position,
        UnitId(unit) if unit else raised_for,
        OfficerId(officer) if officer else None,
        b"id: %d\nevent: %b\ndata: %b\n\n" % (position, event, to_json(said)),
    )
