"""Petitions as they stand: those used last from memory, the others from their histories."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from psycopg.rows import tuple_row
from psycopg_pool import AsyncConnectionPool

from domain.envelope import EventEnvelope
from domain.events import PetitionEvent, PetitionReceived
from domain.evolve import evolve, fold
from domain.petition import Petition
from domain.vocabulary import PetitionId
from service.event_store.recorder import COLUMNS, Row, events_in

IN_MEMORY = 10_000
AT_ONCE = 500
"""Histories in one SELECT."""


def petition_history(events: list[EventEnvelope[PetitionEvent]]) -> list[EventEnvelope[PetitionEvent]]:
    """Empty when it is the history of something else."""
    return events if events and isinstance(events[0].fact, PetitionReceived) else []


class Petitions:
    """What is remembered may be older than the log: the version check at the append keeps it honest.

    Kept by the integers of their ids: a UUID hashes in Python.
    """

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._loading = Loading(pool)
        self._known: OrderedDict[int, Petition] = OrderedDict()

    def known(self, petition_id: UUID) -> Petition | None:
        petition = self._known.get(petition_id.int)
        if petition is not None:
            self._known.move_to_end(petition_id.int)
        return petition

    async def read(self, petition_id: PetitionId) -> Petition | None:
        """As the log has it, whoever wrote last; remembered from now on."""
        petition = fold(petition_history(events_in(await self._loading.history(petition_id))))
        if petition is None:
            self.forget(petition_id)
        else:
            self._keep(petition)
        return petition

    def begin(self, events: Iterable[EventEnvelope[Any]]) -> None:
        """Remember the petitions whose receipts are among what was recorded."""
        for recorded in events:
            before = self._known.get(recorded.originator_id.int)
            if before is not None or isinstance(recorded.fact, PetitionReceived):
                self._keep(evolve(before, recorded))

    def move(self, before: Petition, after: Petition) -> None:
        """Remember the one instead of the other, unless something else is known by now."""
        if self._known.get(before.petition_id.int, before) is before:
            self._keep(after)
        else:
            self.forget(before.petition_id)

    def forget(self, petition_id: UUID | None) -> None:
        if petition_id is not None:
            self._known.pop(petition_id.int, None)

    def _keep(self, petition: Petition) -> None:
        self._known[petition.petition_id.int] = petition
        self._known.move_to_end(petition.petition_id.int)
        if len(self._known) > IN_MEMORY:
            self._known.popitem(last=False)


class Loading:
    """What is asked for while one SELECT is under way is the next one: many cold petitions cost few round trips."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._wanted: dict[UUID, asyncio.Future[list[Row]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def history(self, stream: UUID) -> list[Row]:
        """Its rows of the log in order, read after they were asked for; none when there is no such history."""
        answer = self._wanted.get(stream)
        if answer is None:
            answer = self._wanted[stream] = asyncio.get_running_loop().create_future()
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await asyncio.shield(answer)  # others may wait for the same

    async def _run(self) -> None:
        try:
            while self._wanted:
                streams = list(self._wanted)[:AT_ONCE]
                taken = {stream: self._wanted.pop(stream) for stream in streams}
                try:
                    histories = await self._read(streams)
                except Exception as error:  # it is told to all who asked, and they raise it
                    for answer in taken.values():
                        answer.set_exception(error)
                else:
                    for stream, answer in taken.items():
                        answer.set_result(histories[stream])
        finally:
            self._task = None

    async def _read(self, streams: list[UUID]) -> dict[UUID, list[Row]]:
        query = f"SELECT {COLUMNS} FROM kiennghi.log WHERE originator_id = "  # noqa: S608 - literals of this program
        async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
            if len(streams) == 1:  # the plan for any number of them costs a lone one a sort
                await cursor.execute(f"{query}%s ORDER BY originator_version", streams, binary=True)
            else:
                await cursor.execute(
                    f"{query}ANY(%s) ORDER BY originator_id, originator_version", [streams], binary=True
                )
            histories: dict[UUID, list[Row]] = {stream: [] for stream in streams}
            for row in cast("list[Row]", await cursor.fetchall()):
                histories[row[0]].append(row)
            return histories
