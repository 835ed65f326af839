"""Streams raised and acknowledged alerts to web pages as server-sent events, numbered by epoch and position of the log.

The log is read once for all listeners, and a listener's only state is its place. A page that reconnects with the last
place it received misses nothing, however long it was away. If the log was restored meanwhile the position says nothing
any more: the page is told so first, and reads its list anew.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from pydantic_core import to_json

from domain.actor import Credentials, Role
from domain.alerts.keys import step_key_of
from domain.events import AlertAcknowledged, AlertRaised
from domain.meetings.events import TaskAlertAcknowledged, TaskAlertRaised
from domain.meetings.task_keys import task_step_key
from domain.value import said
from domain.vocabulary import NO_UNIT, Category, OfficerId, UnitId
from projections.alerts import Alerts
from service.event_store.codec import decode_fact
from service.projector.progress import ProgressTracker
from service.projector.runner import ProjectionRunner

log = structlog.get_logger("kiennghi.alerts")

STREAM_SECONDS = 600.0
"""Seconds after which a stream ends; the page reconnects, and its token is checked again."""

KEEP_ALIVE_SECONDS = 15.0
"""Seconds of silence after which a stream sends its position, because proxies close silent connections."""

RECENT_EVENTS_KEPT = 1_000
"""The number of latest events that stay in memory for all listeners."""

ALERT_EVENTS_A_READ, POSITIONS_A_READ = 200, 20_000
"""The largest number of events, and of positions of the log, that one statement reads."""

MAX_LISTENERS = 500
"""The largest number of streams that one process serves."""

# A petition that is closed by now is not in the view: its alert goes out with the unit that it was raised for.
_EVENTS_BETWEEN: LiteralString = """
    SELECT l.position, l.stream, t.topic, l.state, a.reference, a.unit, a.officer
    FROM kiennghi.log AS l
    JOIN kiennghi.topics AS t ON t.number = l.topic
    LEFT JOIN LATERAL (
        SELECT reference, unit, officer FROM alerts WHERE petition_id = l.stream LIMIT 1
    ) AS a ON true
    WHERE l.position > %s AND l.position <= %s
        AND t.topic IN ('AlertRaised', 'AlertAcknowledged', 'TaskAlertRaised', 'TaskAlertAcknowledged')
    ORDER BY l.position LIMIT %s
"""


class StreamPlace(NamedTuple):
    """Holds how far a page has read: the position, and the epoch of the log in which it meant that event."""

    epoch: int
    position: int

    @classmethod
    def parse(cls, text: str) -> "StreamPlace":
        """Return the place that `text` says, as the id of an event does. Raise ValueError if it says none."""
        epoch, position = text.split(".")
        return cls(int(epoch), int(position))

    @property
    def line(self) -> bytes:
        """Return the line of a stream that says the place."""
        return b"id: %d.%d\n" % self


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """Holds one event of the stream; `frame` is its text as it is sent, in UTF-8, without its id."""

    position: int
    unit: UnitId | None
    officer: OfficerId | None
    frame: bytes

    def is_visible_to(self, credentials: Credentials) -> bool:
        """Return True if the officer may see the event.

        These are the responsible officer, the officer who acts for this one, the officers of the unit, and every
        inspector.
        """
        if Role.INSPECTOR in credentials.roles:
            return True
        return credentials.unit == self.unit or self.officer in (credentials.officer, credentials.acting_for or "")


class AlertFeed:
    """Reads alert events for all listeners of a process; each process has one feed."""

    def __init__(self, pool: AsyncConnectionPool, runner: ProjectionRunner) -> None:
        self._pool = pool
        self._runner = runner
        self._recent: deque[StreamEvent] = deque()
        self._recent_after = self._recent_up_to = 0
        self._reading = asyncio.Lock()
        self._growth_task: asyncio.Task[None] | None = None
        self.listeners = 0
        self._log_changes = 0  # how often the log turned out to be another one
        runner.continuity.on_change(self._forget)

    def _forget(self) -> None:
        """Forget what was read of a log that is no more; its streams end, and their pages read the list anew."""
        self._recent.clear()
        self._recent_after = self._recent_up_to = 0
        self._log_changes += 1

    @property
    def _progress(self) -> ProgressTracker:
        return self._runner.progress[Alerts.name]

    @property
    def place(self) -> StreamPlace:
        """Return the place up to which events can be streamed."""
        return StreamPlace(self._runner.continuity.epoch, self.position)

    @property
    def position(self) -> int:
        """Return the position of the log up to which events can be streamed."""
        return self._progress.position

    async def stream(
        self,
        credentials: Credentials,
        since: StreamPlace | None,
        leaving: asyncio.Event,
        lasts: float = STREAM_SECONDS,
    ) -> AsyncIterator[bytes]:
        """Yield the events after the place `since`, or from now on, in the text form of server-sent events.

        After a place of another epoch a first event `log_restored` says that what was told since is not known, and the
        stream goes on from now. The stream ends after `lasts` seconds, when the service shuts down (`leaving`), when
        the database is unavailable, or when the log turns out to be another one.
        """
        ends_at, log_changes, now = monotonic() + lasts, self._log_changes, self.place
        epoch, after = now if since is None or since.epoch != now.epoch else since
        self.listeners += 1
        try:
            yield b"retry: 3000\n\n"
            if since is not None and since.epoch != epoch:
                yield b'%bevent: log_restored\ndata: {"epoch":%d}\n\n' % (now.line, epoch)
            while True:
                try:
                    events, reached = await self._events_after(after)
                except (psycopg.OperationalError, psycopg.errors.UndefinedTable, PoolTimeout) as error:
                    log.warning("feed_ended", error=type(error).__name__)
                    return
                if log_changes != self._log_changes:
                    return
                for event in events:
                    if event.is_visible_to(credentials):
                        yield StreamPlace(epoch, event.position).line + event.frame
                is_at_end, after = reached == after, max(reached, after)
                if not is_at_end:
                    continue
                remaining = ends_at - monotonic()
                if remaining <= 0 or leaving.is_set():
                    return
                if not await self._wait_for_more(after, leaving, min(remaining, KEEP_ALIVE_SECONDS)):
                    yield StreamPlace(epoch, after).line + b"\n"
        finally:
            self.listeners -= 1

    async def _events_after(self, position: int) -> tuple[Sequence[StreamEvent], int]:
        """Return the next events after the position, and the position up to which no event is missing."""
        head = self.position
        if not self._recent_up_to:
            self._recent_after = self._recent_up_to = head
        if position < self._recent_after:
            return await self._read_events(position, min(self._recent_after, head))
        if self._recent_up_to < head:
            async with self._reading:
                if self._recent_up_to < head:
                    await self._extend_recent(head)
        if position >= self._recent_up_to:
            return [], position
        return [event for event in self._recent if event.position > position], self._recent_up_to

    async def _extend_recent(self, head: int) -> None:
        """Read the events up to `head` into memory, and drop the oldest ones beyond the limit."""
        log_changes = self._log_changes
        events, up_to = await self._read_events(self._recent_up_to, head)
        if log_changes != self._log_changes:
            return
        self._recent_up_to = up_to
        self._recent += events
        while len(self._recent) > RECENT_EVENTS_KEPT:
            self._recent_after = self._recent.popleft().position

    async def _read_events(self, after: int, up_to: int) -> tuple[list[StreamEvent], int]:
        """Return the events from `after` (exclusive) to `up_to` (inclusive), and the position up to which none is
        missing.
        """
        up_to = min(up_to, after + POSITIONS_A_READ)
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_EVENTS_BETWEEN, [after, up_to, ALERT_EVENTS_A_READ])
            rows = await cursor.fetchall()
        events = [_make_stream_event(*row) for row in rows]
        return events, events[-1].position if len(events) == ALERT_EVENTS_A_READ else max(up_to, after)

    async def _wait_for_more(self, position: int, leaving: asyncio.Event, timeout: float) -> bool:
        """Return True if the log has grown beyond the position, or the service shuts down, within `timeout` seconds.

        One task waits for all listeners.
        """
        if self._growth_task is None or self._growth_task.done():
            self._growth_task = asyncio.create_task(self._progress.wait_until_passed(self.position + 1), name="feed")
        shutdown = asyncio.create_task(leaving.wait())
        try:
            await asyncio.wait({self._growth_task, shutdown}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            shutdown.cancel()
        return leaving.is_set() or self.position > position


def _make_stream_event(
    position: int,
    petition_id: UUID,
    topic: str,
    state: bytes,
    reference: str | None,
    unit: str | None,
    officer: str | None,
) -> StreamEvent:
    """Return the event of one row; the parameters are the columns of the statement in their order."""
    fact = decode_fact(topic, state)
    assert isinstance(fact, AlertRaised | AlertAcknowledged | TaskAlertRaised | TaskAlertAcknowledged)
    is_of_task = isinstance(fact, TaskAlertRaised | TaskAlertAcknowledged)
    key = task_step_key(fact) if isinstance(fact, TaskAlertRaised | TaskAlertAcknowledged) else step_key_of(fact)
    is_raised = isinstance(fact, AlertRaised | TaskAlertRaised)
    raised_for = said(fact.unit, NO_UNIT) if isinstance(fact, AlertRaised | TaskAlertRaised) else None
    fields: dict[str, Any] = {
        "petition_id": petition_id,
        "category": Category.MEETING if is_of_task else Category.PETITION,
        "reference": reference,
        "unit": unit or raised_for,
        "clock": key.clock,
        "subject": None if key.subject is None else key.subject.text,
        "round": key.round,
        "due_on": key.due_on,
        "step": key.step,
        "occurred_on": fact.occurred_on,
    }
    event = b"alert_raised" if is_raised else b"alert_acknowledged"
    return StreamEvent(
        position,
        UnitId(unit) if unit else raised_for,
        OfficerId(officer) if officer else None,
        b"event: %b\ndata: %b\n\n" % (event, to_json(fields)),
    )
