"""Adapts the eventsourcing library to our log; `service.event_store.codec` encodes and decodes the events."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, TypeVar, cast
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    EventStore,
    IntegrityError,
    JSONTranscoder,
    Mapper,
    Notification,
    ProgrammingError,
    StoredEvent,
    Subscription,
)
from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.events import Fact
from domain.topics import CATEGORY_OF_TOPIC
from service.event_store.append import Append, NewEvent
from service.event_store.codec import decode_fact, encode_fact
from service.event_store.committed_events import CommittedEvents
from service.event_store.connection import SHARED_FACTS_POSITION_QUERY
from service.event_store.context import current_context
from service.event_store.continuity import LogContinuity
from service.event_store.damage import decode_rows_apart, decode_whole_rows
from service.event_store.errors import VersionConflict
from service.event_store.group_commit import Committer
from service.event_store.log_mark import LogMark, read_last_mark
from service.event_store.log_rows import SELECT_LOG_ROWS, LogRow, officer_of_words

_T = TypeVar("_T")

UNIT_CATEGORY_NUMBER = 2
"""The number of the category `unit` in every database: the migration gives it, because an index names it."""


@dataclass(frozen=True)
class RecordedEvent(StoredEvent):
    """Holds the library's stored event with the officer, who is not in its state."""

    by: Officer


@dataclass(frozen=True)
class RecordedNotification(Notification):
    """Holds the library's notification with the officer, who is not in its state."""

    by: Officer


class EnvelopeMapper(Mapper[UUID]):
    """Converts an `EventEnvelope` to a stored event and back, in the form that the library expects."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: Any) -> RecordedEvent:
        """Return the library's stored event of an `EventEnvelope`."""
        envelope = cast("EventEnvelope[Fact]", domain_event)
        return RecordedEvent(
            originator_id=envelope.originator_id,
            originator_version=envelope.originator_version,
            topic=type(envelope.fact).__name__,
            state=encode_fact(envelope.fact),
            by=envelope.by,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """Return the `EventEnvelope` of a stored event, without what only the log knows, such as its position."""
        stored = cast("RecordedEvent", stored_event)
        fact = decode_fact(stored.topic, stored.state)
        return EventEnvelope(cast("UUID", stored.originator_id), stored.originator_version, fact, stored.by)


class LogRecorder(ApplicationRecorder):
    """Implements the library's recorder on the committer.

    Its blocking methods are for threads without the event loop.
    """

    def __init__(self, pool: AsyncConnectionPool, committer: Committer, loop: asyncio.AbstractEventLoop) -> None:
        self._pool = pool
        self._committer = committer
        self._loop = loop
        self.continuity = committer.continuity
        self.committed = committer.committed

    async def _rows(self, condition: LiteralString, parameters: Sequence[object]) -> list[LogRow]:
        async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            query = f"{SELECT_LOG_ROWS} WHERE {condition}"
            await cursor.execute(query, parameters, binary=True)
            return cast("list[LogRow]", await cursor.fetchall())

    async def history(self, originator_id: UUID, *, gt: int | None = None, lte: int | None = None) -> list[LogRow]:
        """Return the rows of one stream in order of version, above `gt` (exclusive) and up to `lte` (inclusive)."""
        return await self._rows(
            "log.stream = %s AND log.version > %s AND log.version <= %s ORDER BY log.version",
            [originator_id, gt or 0, lte or 2**31 - 1],
        )

    async def page(self, after: int, limit: int, stop: int | None = None, topics: Sequence[str] = ()) -> list[LogRow]:
        """Return the rows of the log after a position and up to `stop` (inclusive), in order; no topics means all."""
        return await self._rows(
            "log.position > %s AND log.position <= %s"
            " AND (%s OR log.topic = ANY(ARRAY(SELECT t.number FROM kiennghi.topics AS t WHERE t.topic = ANY(%s))))"
            " ORDER BY log.position LIMIT %s",
            [after, stop or 2**62, not topics, list(topics), limit],
        )

    async def unit_events(self, after: int) -> list[LogRow]:
        """Return the rows of all units after a position, in the order of the log."""
        return await self._rows(
            # A literal, so that the index of units serves any plan.
            f"log.category = {UNIT_CATEGORY_NUMBER} AND log.position > %s ORDER BY log.position",
            [after],
        )

    async def last_position(self) -> int:
        """Return the last position of the log, 0 when it is empty. It has no gaps, so this is also the event count."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute("SELECT position FROM kiennghi.log_head")
            row = await cursor.fetchone()
            return 0 if row is None else int(row[0])

    async def shared_facts_position(self) -> int:
        """Return the position of the last change of law or unit, 0 when there is none."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SHARED_FACTS_POSITION_QUERY)
            row = await cursor.fetchone()
            return 0 if row is None else int(row[0])

    async def last_mark(self) -> LogMark:
        """Return the mark of the last event of the log."""
        async with self._pool.connection() as connection:
            return await read_last_mark(connection)

    # -- the library's blocking interface

    def _wait(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        command_id: UUID | None = None,
        request_digest: bytes = b"",
        context: bytes | None = None,
        **_kwargs: Any,
    ) -> Sequence[int] | None:
        """Append the events as one command and return their positions. Raise IntegrityError for a version conflict."""
        events = tuple(_new_event(stored) for stored in stored_events)
        if not events:
            return []
        append = Append(
            command_id=command_id or uuid4(),
            events=events,
            request_digest=request_digest,
            context=current_context() if context is None else context,
        )
        try:
            appended = self._wait(self._committer.append(append))
        except VersionConflict as conflict:
            raise IntegrityError(str(conflict)) from conflict  # what a caller of the library expects
        return range(appended.first_position, appended.first_position + len(events))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Return stored events of one stream, above `gt` (exclusive) and up to `lte` (inclusive)."""
        rows = self._wait(self.history(UUID(str(originator_id)), gt=gt, lte=lte))
        ordered = rows[::-1] if desc else rows
        return [
            RecordedEvent(stream, version, topic, state, officer_of_words(by))
            for stream, version, topic, state, _, _, _, _, by in ordered[:limit]
        ]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Return notifications of the log from position `start` on, up to `stop` (inclusive)."""
        after = (start or 0) - (1 if inclusive_of_start and start else 0)
        return [
            RecordedNotification(stream, version, topic, state, position, officer_of_words(by))
            for stream, version, topic, state, position, _, _, _, by in self._wait(
                self.page(after, limit, stop, topics)
            )
        ]

    def max_notification_id(self) -> int | None:
        """Return the last position of the log, None when it is empty."""
        return self._wait(self.last_position()) or None

    def subscribe(
        self,
        gt: int | None = None,  # noqa: ARG002 - the library's signature
        topics: Sequence[str] = (),  # noqa: ARG002
    ) -> Subscription[ApplicationRecorder]:
        """Raise ProgrammingError, because subscriptions are not supported: the views read the log in batches."""
        raise ProgrammingError("views follow the log in batches: see service.projector.runner")


def _new_event(stored: StoredEvent) -> NewEvent:
    return NewEvent(
        stream=cast("UUID", stored.originator_id),
        version=stored.originator_version,
        category=CATEGORY_OF_TOPIC[stored.topic],
        topic=stored.topic,
        state=stored.state,
        by=cast("RecordedEvent", stored).by,
    )


class Histories(Application[UUID]):
    """Provides the library's application on our log: `save` and `repository` work as the library documents.

    The code of the service awaits `history` and the committer instead; both use the same codec.
    """

    name = "kiennghi"

    def __init__(self, recorder: LogRecorder) -> None:
        self._recorder = recorder
        super().__init__(
            env={"PERSISTENCE_MODULE": "eventsourcing.popo"}
        )  # the library's factory makes none of our parts

    def construct_mapper(self) -> Mapper[UUID]:
        """Return the mapper that the library uses."""
        return EnvelopeMapper()

    def construct_recorder(self) -> ApplicationRecorder:
        """Return the recorder that the library uses."""
        return self._recorder

    def construct_event_store(self) -> EventStore[UUID]:
        """Return the event store that the library uses."""
        return EventStore(self.mapper, self._recorder)

    @property
    def continuity(self) -> LogContinuity:
        """Return the watch that this process keeps on the log."""
        return self._recorder.continuity

    @property
    def committed(self) -> CommittedEvents:
        """Return the events that this process appended last: who follows the log need not read them."""
        return self._recorder.committed

    async def history(self, originator_id: UUID, *, lte: int | None = None) -> list[EventEnvelope[Any]]:
        """Return the events of one stream up to version `lte` (inclusive); an empty list if there is no such stream."""
        return decode_whole_rows(await self._recorder.history(originator_id, lte=lte))

    async def unit_events(self, after: int = 0) -> list[EventEnvelope[Any]]:
        """Return the events of all units after a position of the log, in its order.

        One that cannot be read has an UnreadableEvent in place of its fact.
        """
        return decode_rows_apart(await self._recorder.unit_events(after))

    async def page(self, after: int, limit: int) -> list[EventEnvelope[Any]]:
        """Return the next events of the log after a position, at most `limit`."""
        return decode_whole_rows(await self.rows(after, limit))

    async def rows(self, after: int, limit: int) -> list[LogRow]:
        """Return the rows of `page`, not decoded.

        Callers that need only some of the events, or decode them elsewhere, use `decode_whole_rows`.
        """
        return await self._recorder.page(after, limit)

    async def last_position(self) -> int:
        """Return the last position of the log, 0 when it is empty."""
        return await self._recorder.last_position()

    async def shared_facts_position(self) -> int:
        """Return the position of the last change of law or unit, 0 when there is none."""
        return await self._recorder.shared_facts_position()

    async def last_mark(self) -> LogMark:
        """Return the mark of the last event of the log."""
        return await self._recorder.last_mark()
