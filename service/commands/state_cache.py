"""Caches the states of the petitions used last, and loads the other states from their histories.

The texts of a loaded history are opened, so that a state holds them as they were typed.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, NamedTuple, cast
from uuid import UUID

from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from domain.envelope import EventEnvelope
from domain.events import PETITION_OPENINGS, PetitionEvent
from domain.evolve import evolve, fold
from domain.petition import Petition
from domain.vocabulary import PetitionId
from service.event_store.damage import decode_whole_rows
from service.event_store.log_rows import SELECT_LOG_ROWS, LogRow
from service.security.text_sealing import TextKeys, open_events
from service.security.text_vault import TextVault

STATES_IN_MEMORY = 10_000
"""Number of cached states; above it the state that was used longest ago is removed."""

HISTORIES_A_SELECT = 500
"""Number of histories that one SELECT reads."""


def petition_history(events: list[EventEnvelope[PetitionEvent]]) -> list[EventEnvelope[PetitionEvent]]:
    """Return `events` if they are the history of a petition, and an empty list otherwise."""
    return events if events and isinstance(events[0].fact, PETITION_OPENINGS) else []


class StateCache:
    """Caches states of petitions.

    A cached state may be older than the log; the version check at the append detects that. The keys are the integers of
    the ids, because the hash of a UUID is computed in Python.
    """

    def __init__(self, pool: AsyncConnectionPool, vault: TextVault) -> None:
        self._pool = pool
        self._vault = vault
        self._loader = BatchLoader(pool, vault)
        self._petitions: OrderedDict[int, Petition] = OrderedDict()
        vault.on_forget(self.evict)

    def get(self, petition_id: UUID) -> Petition | None:
        """Return the cached state and mark it as used, or return None."""
        petition = self._petitions.get(petition_id.int)
        if petition is not None:
            self._petitions.move_to_end(petition_id.int)
        return petition

    async def load(self, petition_id: PetitionId) -> Petition | None:
        """Read the state from the log and cache it. Return None when there is no such petition.

        Raise UnopenableText and UnusableTextKey.
        """
        cached = self._petitions
        petition = fold(petition_history(await self.load_history(petition_id)))
        if petition is None:
            self.evict(petition_id)
        elif cached is self._petitions:
            self._store(petition)
        return petition

    async def load_history(self, stream: UUID) -> list[EventEnvelope[Any]]:
        """Return the events of a stream in order, with their texts opened; an empty list when there is no stream.

        Raise UnopenableText and UnusableTextKey.
        """
        rows, keys = await self._loader.load_history(stream)
        return open_events(decode_whole_rows(rows), keys)

    def add(self, events: Iterable[EventEnvelope[Any]]) -> None:
        """Cache the petitions whose openings are among `events`, and apply later events of petitions in the cache."""
        for envelope in events:
            state = self._petitions.get(envelope.originator_id.int)
            if state is not None or isinstance(envelope.fact, PETITION_OPENINGS):
                self._store(evolve(state, envelope))  # what an opening brings along puts nothing right

    def replace(self, before: Petition, after: Petition) -> None:
        """Replace the state `before` by `after`.

        If the cache has another state than `before`, remove the state from the cache.
        """
        if self._petitions.get(before.petition_id.int) is before:
            self._store(after)
        else:
            self.evict(before.petition_id)

    def evict(self, petition_id: UUID | None) -> None:
        """Remove the state of a petition, if it is cached."""
        if petition_id is not None:
            self._petitions.pop(petition_id.int, None)

    def clear(self) -> None:
        """Remove all states, and those too that are being loaded."""
        self._petitions = OrderedDict()

    def _store(self, petition: Petition) -> None:
        self._petitions[petition.petition_id.int] = petition
        self._petitions.move_to_end(petition.petition_id.int)
        if len(self._petitions) > STATES_IN_MEMORY:
            self._petitions.popitem(last=False)


class LoadedHistory(NamedTuple):
    """Holds the log rows of one stream in order, and the keys that open their texts."""

    rows: list[LogRow]
    keys: TextKeys


class BatchLoader:
    """Reads histories in batches: requests that arrive during one SELECT are answered together by the next one.

    So few round trips are enough, even if many petitions are not cached.
    """

    def __init__(self, pool: AsyncConnectionPool, vault: TextVault) -> None:
        self._pool = pool
        self._vault = vault
        self._pending: dict[UUID, asyncio.Future[LoadedHistory]] = {}
        self._task: asyncio.Task[None] | None = None

    async def load_history(self, stream: UUID) -> LoadedHistory:
        """Return the log rows of a stream in order, read after this call, and its keys.

        There are no rows when there is no stream. Raise UnusableTextKey.
        """
        future = self._pending.get(stream)
        if future is None:
            future = self._pending[stream] = asyncio.get_running_loop().create_future()
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await asyncio.shield(future)  # others may wait for the same

    async def _run(self) -> None:
        try:
            while self._pending:
                streams = list(self._pending)[:HISTORIES_A_SELECT]
                batch = {stream: self._pending.pop(stream) for stream in streams}
                try:
                    histories = await self._select_histories(streams)
                except Exception as error:  # every waiting caller gets the error and raises it
                    for future in batch.values():
                        future.set_exception(error)
                else:
                    for stream, future in batch.items():
                        future.set_result(histories[stream])
        finally:
            self._task = None

    async def _select_histories(self, streams: list[UUID]) -> dict[UUID, LoadedHistory]:
        query = f"{SELECT_LOG_ROWS} WHERE log.stream = "
        async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            if len(streams) == 1:  # the plan for ANY would sort the rows of a single stream
                await cursor.execute(f"{query}%s ORDER BY log.version", streams, binary=True)
            else:
                await cursor.execute(f"{query}ANY(%s) ORDER BY log.stream, log.version", [streams], binary=True)
            histories: dict[UUID, list[LogRow]] = {stream: [] for stream in streams}
            for row in cast("list[LogRow]", await cursor.fetchall()):
                histories[row[0]].append(row)
            # After the rows, so that every key of them is there, and fresh: what wrote them may have erased one.
            keys = await self._vault.load_keys(connection, streams, fresh=True)
            return {stream: LoadedHistory(rows, keys[stream]) for stream, rows in histories.items()}
