"""The engine: the eventsourcing library over our log. How an event becomes bytes is in `service.event_store.codec`."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
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

from domain.envelope import EventEnvelope
from domain.events import Fact
from service.event_store.codec import decoded, encoded
from service.event_store.group_commit import Append, Committer, NewEvent, VersionConflict

T = TypeVar("T")


Row = tuple[UUID, int, str, bytes, int, datetime, UUID, str | None]
"""Of the log, in the order of `COLUMNS`, as psycopg gives it: an object of each would cost more than to decode it."""

COLUMNS: LiteralString = (
    "originator_id, originator_version, topic, state, notification_id, recorded_at, command_id, reference"
)


class RecordedMapper(Mapper[UUID]):
    """`EventEnvelope` to bytes and back, as the library asks for it."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        recorded = cast("EventEnvelope[Fact]", domain_event)
        return StoredEvent(
            originator_id=recorded.originator_id,
            originator_version=recorded.originator_version,
            topic=type(recorded.fact).__name__,
            state=encoded(recorded.fact, recorded.by),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        fact, by = decoded(stored_event.topic, stored_event.state)
        return EventEnvelope(cast("UUID", stored_event.originator_id), stored_event.originator_version, fact, by)


def events_in(rows: Iterable[Row]) -> list[EventEnvelope[Any]]:
    """The events that rows of the log hold."""
    return [
        EventEnvelope(of, version, *decoded(topic, state), recorded_at, position, reference, command_id)
        for of, version, topic, state, position, recorded_at, command_id, reference in rows
    ]


class LogRecorder(ApplicationRecorder):
    """The library's recorder over the group committer; its blocking calls are for threads beside the event loop."""

    def __init__(self, pool: AsyncConnectionPool, committer: Committer, loop: asyncio.AbstractEventLoop) -> None:
        self._pool = pool
        self._committer = committer
        self._loop = loop

    async def _rows(self, condition: LiteralString, parameters: Sequence[object]) -> list[Row]:
        async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            query = f"SELECT {COLUMNS} FROM kiennghi.log WHERE {condition}"  # noqa: S608 - literals of this module
            await cursor.execute(query, parameters, binary=True)
            return cast("list[Row]", await cursor.fetchall())

    async def history(self, originator_id: UUID, *, gt: int | None = None, lte: int | None = None) -> list[Row]:
        """The events of one aggregate in order; `gt` exclusive, `lte` inclusive."""
        return await self._rows(
            "originator_id = %s AND originator_version > %s AND originator_version <= %s ORDER BY originator_version",
            [originator_id, gt or 0, lte or 2**62],
        )

    async def page(self, after: int, limit: int, stop: int | None = None, topics: Sequence[str] = ()) -> list[Row]:
        """The events of the whole log after a position up to `stop` inclusive, in order; no topics mean all."""
        return await self._rows(
            "notification_id > %s AND notification_id <= %s AND (%s OR topic = ANY(%s))"
            " ORDER BY notification_id LIMIT %s",
            [after, stop or 2**62, not topics, list(topics), limit],
        )

    async def of_units(self, after: int) -> list[Row]:
        """What happened to all units after a position, in the order of the log.

        An index of its own finds the units; from there the way is their ids, whatever else may happen to a unit.
        """
        return await self._rows(
            "originator_id = ANY(ARRAY("
            "SELECT originator_id FROM kiennghi.log WHERE topic IN ('UnitOpened', 'UnitClosed')))"
            " AND notification_id > %s ORDER BY notification_id",
            [after],
        )

    async def last_position(self) -> int:
        """Of the log: 0 when it is empty. Positions have no holes, so it is the number of events too."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute("SELECT position FROM kiennghi.log_head")
            row = await cursor.fetchone()
            return 0 if row is None else int(row[0])

    # -- the library's blocking interface

    def _wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        command_id: UUID | None = None,
        request_digest: bytes = b"",
        **_kwargs: Any,
    ) -> Sequence[int] | None:
        events = tuple(_new_event(stored) for stored in stored_events)
        if not events:
            return []
        append = Append(command_id=command_id or uuid4(), events=events, request_digest=request_digest)
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
        rows = self._wait(self.history(UUID(str(originator_id)), gt=gt, lte=lte))
        ordered = rows[::-1] if desc else rows
        return [StoredEvent(of, version, topic, state) for of, version, topic, state, *_ in ordered[:limit]]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = (start or 0) - (1 if inclusive_of_start and start else 0)
        return [
            Notification(of, version, topic, state, position)
            for of, version, topic, state, position, *_ in self._wait(self.page(after, limit, stop, topics))
        ]

    def max_notification_id(self) -> int | None:
        return self._wait(self.last_position()) or None

    def subscribe(
        self,
        gt: int | None = None,  # noqa: ARG002 - the library's signature
        topics: Sequence[str] = (),  # noqa: ARG002
    ) -> Subscription[ApplicationRecorder]:
        raise ProgrammingError("views follow the log in batches: see service.projector.runner")


def _new_event(stored: StoredEvent) -> NewEvent:
    return NewEvent(
        stream=cast("UUID", stored.originator_id),
        version=stored.originator_version,
        topic=stored.topic,
        state=stored.state,
    )


class Histories(Application[UUID]):
    """The library's application over our log: `save` and `repository` work as the library says.

    Service code awaits `history` and the committer instead; both go through the same mapper.
    """

    name = "kiennghi"

    def __init__(self, recorder: LogRecorder) -> None:
        self._recorder = recorder
        super().__init__(env={"PERSISTENCE_MODULE": "eventsourcing.popo"})  # the factory makes none of our parts

    def construct_mapper(self) -> Mapper[UUID]:
        return RecordedMapper()

    def construct_recorder(self) -> ApplicationRecorder:
        return self._recorder

    def construct_event_store(self) -> EventStore[UUID]:
        return EventStore(self.mapper, self._recorder)

    async def history(self, originator_id: UUID, *, lte: int | None = None) -> list[EventEnvelope[Any]]:
        """The events of one aggregate; an empty list when there is none."""
        return events_in(await self._recorder.history(originator_id, lte=lte))

    async def of_units(self, after: int = 0) -> list[EventEnvelope[Any]]:
        """What happened to all units after a position of the log, in its order."""
        return events_in(await self._recorder.of_units(after))

    async def page(self, after: int, limit: int) -> list[EventEnvelope[Any]]:
        """The next events of the log after a position."""
        return events_in(await self.rows(after, limit))

    async def rows(self, after: int, limit: int) -> list[Row]:
        """As `page`, for who decodes them elsewhere or in part, by `events_in`."""
        return await self._recorder.page(after, limit)

    async def last_position(self) -> int:
        return await self._recorder.last_position()
