"""The engine: the eventsourcing library over our log, and the only place where an event becomes bytes.

Stored form: `{"by": {...}, "fact": {...}}` as JSON under the name of the fact's class, defaults left out, and
`"v": n` where the class has grown past its first form. Nothing of Python's layout is in the log.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, LiteralString, TypeVar, cast, get_args
from uuid import UUID, uuid4

import msgspec
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
from psycopg.rows import class_row
from psycopg_pool import AsyncConnectionPool

from domain.actor import Officer
from domain.events import Fact, PetitionEvent
from domain.meetings.events import MeetingEvent
from domain.recorded import Recorded
from domain.units.events import UnitEvent
from service.committer import Append, Committer, NewEvent, VersionConflict

T = TypeVar("T")


class UnknownTopic(ValueError):
    """The log holds an event, or a form of it, that this version of the program does not know."""


class _Stored(msgspec.Struct):
    """The stored form, its parts not yet read."""

    by: msgspec.Raw
    fact: msgspec.Raw
    v: int = 1


FACTS: dict[str, type[Fact]] = {
    fact.__name__: fact for fact in (*get_args(PetitionEvent), *get_args(UnitEvent), MeetingEvent)
}
_stored = msgspec.json.Decoder(_Stored)


@dataclass(frozen=True)
class LogEntry(StoredEvent):
    """A row of the log: what the library stores, and what the database gives."""

    notification_id: int
    recorded_at: datetime
    command_id: UUID
    reference: str | None


COLUMNS: LiteralString = (
    "originator_id, originator_version, topic, state, notification_id, recorded_at, command_id, reference"
)


@lru_cache(maxsize=4096)
def _officer_json(by: Officer) -> str:
    return by.model_dump_json(exclude_defaults=True)


class RecordedMapper(Mapper[UUID]):
    """`Recorded` to bytes and back; older forms are lifted by the library's `upcast_vN_vM` convention."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        recorded = cast("Recorded[Fact]", domain_event)
        fact = recorded.fact
        grown = f'"v":{fact.class_version},' if fact.class_version > 1 else ""
        state = f'{{{grown}"by":{_officer_json(recorded.by)},"fact":{fact.model_dump_json(exclude_defaults=True)}}}'
        return StoredEvent(
            originator_id=recorded.originator_id,
            originator_version=recorded.originator_version,
            topic=type(fact).__name__,
            state=state.encode(),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        kind = FACTS.get(stored_event.topic)
        if kind is None:
            raise UnknownTopic(f"the log holds {stored_event.topic!r}, which this version does not know")
        stored = _stored.decode(stored_event.state)
        fact, by = _fact(kind, stored), _officer(bytes(stored.by))
        of, version = cast("UUID", stored_event.originator_id), stored_event.originator_version
        if not isinstance(stored_event, LogEntry):
            return Recorded(of, version, fact, by)
        return Recorded(
            originator_id=of,
            originator_version=version,
            fact=fact,
            by=by,
            recorded_at=stored_event.recorded_at,
            position=stored_event.notification_id,
            reference=stored_event.reference,
            command_id=stored_event.command_id,
        )


@lru_cache(maxsize=4096)
def _officer(state: bytes) -> Officer:
    return Officer.model_validate_json(state)


def _fact(kind: type[Fact], stored: _Stored) -> Fact:
    if stored.v == kind.class_version:
        return kind.model_validate_json(bytes(stored.fact))
    if stored.v > kind.class_version:
        raise UnknownTopic(
            f"the log holds {kind.__name__!r} in form {stored.v}; this version knows {kind.class_version}"
        )
    state = msgspec.json.decode(stored.fact)
    for version in range(stored.v, kind.class_version):
        getattr(kind, f"upcast_v{version}_v{version + 1}")(state)
    return kind.model_validate_json(msgspec.json.encode(state))


class LogRecorder(ApplicationRecorder):
    """The library's recorder over the group committer; its blocking calls are for threads beside the event loop."""

    def __init__(self, pool: AsyncConnectionPool, committer: Committer, loop: asyncio.AbstractEventLoop) -> None:
        self._pool = pool
        self._committer = committer
        self._loop = loop

    async def _entries(self, condition: LiteralString, parameters: Sequence[object]) -> list[LogEntry]:
        async with self._pool.connection() as connection, connection.cursor(row_factory=class_row(LogEntry)) as cursor:
            query = f"SELECT {COLUMNS} FROM kiennghi.log WHERE {condition}"  # noqa: S608 - literals of this module
            await cursor.execute(query, parameters, binary=True)
            return await cursor.fetchall()

    async def history(self, originator_id: UUID, *, gt: int | None = None, lte: int | None = None) -> list[LogEntry]:
        """The events of one aggregate in order; `gt` exclusive, `lte` inclusive."""
        return await self._entries(
            "originator_id = %s AND originator_version > %s AND originator_version <= %s ORDER BY originator_version",
            [originator_id, gt or 0, lte or 2**62],
        )

    async def page(self, after: int, limit: int, stop: int | None = None, topics: Sequence[str] = ()) -> list[LogEntry]:
        """The events of the whole log after a position up to `stop` inclusive, in order; no topics mean all."""
        return await self._entries(
            "notification_id > %s AND notification_id <= %s AND (%s OR topic = ANY(%s))"
            " ORDER BY notification_id LIMIT %s",
            [after, stop or 2**62, not topics, list(topics), limit],
        )

    async def of_units(self) -> list[LogEntry]:
        """The histories of all units, in the order of the log; an index of its own finds them."""
        return await self._entries("topic IN ('UnitOpened', 'UnitClosed') ORDER BY notification_id", [])

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
        entries = self._wait(self.history(UUID(str(originator_id)), gt=gt, lte=lte))
        ordered = entries[::-1] if desc else entries
        return ordered if limit is None else ordered[:limit]

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
            Notification(e.originator_id, e.originator_version, e.topic, e.state, e.notification_id)
            for e in self._wait(self.page(after, limit, stop, topics))
        ]

    def max_notification_id(self) -> int | None:
        return self._wait(self.last_position()) or None

    def subscribe(
        self,
        gt: int | None = None,  # noqa: ARG002 - the library's signature
        topics: Sequence[str] = (),  # noqa: ARG002
    ) -> Subscription[ApplicationRecorder]:
        raise ProgrammingError("views follow the log in batches: see service.following")


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

    def _events(self, entries: Sequence[LogEntry]) -> list[Recorded[Any]]:
        return [cast("Recorded[Any]", self.mapper.to_domain_event(entry)) for entry in entries]

    async def history(self, originator_id: UUID, *, lte: int | None = None) -> list[Recorded[Any]]:
        """The events of one aggregate; an empty list when there is none."""
        return self._events(await self._recorder.history(originator_id, lte=lte))

    async def of_units(self) -> list[Recorded[Any]]:
        return self._events(await self._recorder.of_units())

    async def page(self, after: int, limit: int) -> list[Recorded[Any]]:
        """The next events of the log after a position."""
        return self._events(await self._recorder.page(after, limit))

    async def last_position(self) -> int:
        return await self._recorder.last_position()
