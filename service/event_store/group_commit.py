"""Group commit: the appends that arrive while one batch is being committed are the next batch.

One statement and one commit a batch. When the database refuses it, for what another process wrote, the batch
goes once more under the lock that all appends take, with its losers left out.

Writers that ask again as soon as they are answered are written in two halves: while the database writes one, what the
other asks for is decided. Else the database would wait for the deciding, and the deciding for the database.
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import psycopg
import structlog

from service.event_store.append import (
    Append,
    Appended,
    AppendFailed,
    Identity,
    KeyReused,
    NewEvent,
    OutcomeUnknown,
    QueueFull,
    ReferenceTaken,
    StorageUnavailable,
    VersionConflict,
)
from service.event_store.append_results import Answers
from service.event_store.batch_queue import AppendQueue, Waiting
from service.event_store.conflicts import losers
from service.event_store.connection import FIRST_PAUSE, AppendConnection, ConnectionLost, RolledBack
from service.observability.append_observer import Watch
from service.observability.tracing import span

__all__ = [
    "Append",
    "AppendFailed",
    "Appended",
    "Committer",
    "Identity",
    "KeyReused",
    "NewEvent",
    "OutcomeUnknown",
    "QueueFull",
    "ReferenceTaken",
    "StorageUnavailable",
    "VersionConflict",
]

log = structlog.get_logger("kiennghi.log")

TIMES_SENT = 2


class Committer:
    """Writes appends from one task over one connection; `async with` opens it, and drains it at the end.

    `max_batch` counts events; one append with more goes alone. Beyond `max_waiting` appends, QueueFull.
    `on_committed` is called in the event loop with the last position of each batch that is safely written.
    `notify` tells followers in other processes on the channel `kiennghi_log`, with that position.
    After `reconnect_for` seconds without a connection, those that wait are told StorageUnavailable.
    `watch` is told of what is counted.
    """

    def __init__(
        self,
        dsn: str,
        *,
        max_batch: int = 512,
        max_waiting: int = 10_000,
        on_committed: Callable[[int], None] | None = None,
        notify: bool = True,
        reconnect_for: float = 10.0,
        watch: Watch | None = None,
    ) -> None:
        self._watch = watch or Watch()
        self._max_waiting = max_waiting
        self._notify = notify
        self._reconnect_for = reconnect_for
        self._connection = AppendConnection(dsn)
        self._queue = AppendQueue(max_batch)
        self._answers = Answers(self._queue, self._watch, on_committed)
        self._in_hand: list[Waiting] = []
        self._doubtful: list[Waiting] = []
        self._sent: asyncio.Future[tuple[Any, ...]] | None = None
        self._half = 0
        self._wake = asyncio.Event()
        self._leaving = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if failure := await self._reconnect():
            raise failure
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run(), name="committer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving = True
        self._wake.set()
        try:
            if self._task is not None:
                await self._task
        finally:
            await self._connection.close()

    @property
    def waiting(self) -> int:
        """Appends that are not yet sent."""
        return len(self._queue)

    async def append(self, append: Append) -> Appended:
        """Returns once the append is durable.

        VersionConflict, ReferenceTaken, KeyReused, QueueFull, StorageUnavailable: this call wrote nothing.
        OutcomeUnknown, and a caller that stops waiting: it may have; ask again with the same command id.
        ValueError: it could never be written. psycopg.Error: the database refuses it for what is in it.
        """
        return await self.submit(append)

    def submit(self, append: Append) -> asyncio.Future[Appended]:
        """As `append`, for who has something to do in the meantime; QueueFull and ValueError come at once."""
        if self._leaving or self._task is None or self._task.done():
            raise RuntimeError("the committer is not running")
        if len(self._queue) >= self._max_waiting:
            raise QueueFull(f"{len(self._queue)} appends are waiting")
        waiting = Waiting(append, self._loop.create_future())
        self._queue.add(waiting)
        if 0 < self._half <= len(self._queue):
            self._send()
        elif not self._wake.is_set():
            self._wake.set()
        return waiting.answer

    async def _run(self) -> None:
        try:
            while await self._something_waits():
                if not self._connection.is_open and (failure := await self._reconnect()):
                    self._queue.fail_all(failure)
                    continue
                if not self._taken:
                    self._send()
                if self._sent is not None:
                    await self._write(self._in_hand, self._sent)
                    self._sent = None
                if self._doubtful:
                    await self._look_up(self._doubtful)
                    self._doubtful = []
                answered = len(self._in_hand)
                self._in_hand = []
                await self._let_half_ask_again(answered)
        finally:
            for waiting in self._in_hand + self._doubtful:
                waiting.fail(OutcomeUnknown(waiting.append.command_id))
            self._queue.fail_all(StorageUnavailable("the committer has stopped"))

    async def _something_waits(self) -> bool:
        while not self._queue and not self._taken:
            if self._leaving:
                return False
            self._wake.clear()
            await self._wake.wait()
        return True

    @property
    def _taken(self) -> bool:
        """Whether there is something in hand: `submit` has sent it, or is not sure that it may be."""
        return self._sent is not None or bool(self._doubtful)

    async def _let_half_ask_again(self, answered: int) -> None:
        """Those just answered may append again; `submit` sends when half of all who are about have done so."""
        half = (answered + len(self._queue) + 1) // 2
        if len(self._queue) < half and self._connection.is_open:
            self._half = half
            await asyncio.sleep(0)
            self._half = 0

    def _send(self) -> None:
        self._half = 0
        self._in_hand, self._doubtful = self._queue.take()
        for waiting in self._in_hand:
            waiting.times_sent += 1
        if self._in_hand:
            self._sent = self._connection.send([w.append for w in self._in_hand], notify=self._notify)

    async def _write(self, batch: list[Waiting], sent: asyncio.Future[tuple[Any, ...]]) -> None:
        try:
            try:
                with span("append", {"kiennghi.appends": len(batch)}):
                    row = await self._connection.answer(sent)
                self._answers.written(batch, row, safe=await self._connection.confirmed())
            except psycopg.Error:
                await self._write_winners(batch)
        except RolledBack as error:
            self._send_again(batch, error)
        except ConnectionLost as error:
            await self._recover(batch, error)

    async def _write_winners(self, batch: list[Waiting]) -> None:
        """Under the lock, so that what is looked at stays so: leaves out the losers and writes the others."""
        row = None
        try:
            async with self._connection.held():
                stored = await self._connection.stored([w.append.command_id for w in batch])
                refusals = await losers(
                    self._connection, self._queue, [w for w in batch if w.append.command_id not in stored]
                )
                winners = [w for w in batch if w.append.command_id not in stored and w not in refusals]
                if winners:
                    row = await self._connection.append([w.append for w in winners], notify=self._notify)
        except psycopg.Error as error:
            # Something in one of them that no check foresees must not fail the others.
            if len(batch) == 1:
                batch[0].fail(error)
            else:
                for waiting in batch:
                    waiting.alone = True
                    waiting.times_sent -= 1
                self._queue.put_back(batch)
            return
        safe = await self._connection.confirmed()
        if row is not None:
            self._answers.written(winners, row, safe=safe)
        for waiting, refusal in refusals.items():
            waiting.fail(refusal)
        for waiting in batch:
            if found := stored.get(waiting.append.command_id):
                self._answers.stored(waiting, found, safe=safe, replayed=True)

    async def _look_up(self, doubtful: list[Waiting]) -> None:
        """Answers those whose command is stored, refuses the stale ones, and queues what remains."""
        try:
            stored = await self._connection.stored([w.append.command_id for w in doubtful])
            safe = not stored or await self._connection.everything_confirmed()
        except (ConnectionLost, RolledBack) as error:
            for waiting in doubtful:
                waiting.times_sent += 1
            self._send_again(doubtful, error)
            return
        remaining = []
        for waiting in doubtful:
            if found := stored.get(waiting.append.command_id):
                self._answers.stored(waiting, found, safe=safe, replayed=True)
            elif (conflict := self._queue.stale(waiting)) is not None:
                waiting.fail(conflict)
            else:
                waiting.same_command = False
                remaining.append(waiting)
        self._queue.put_back(remaining)

    async def _recover(self, batch: list[Waiting], cause: Exception) -> None:
        """After a lost connection: finds by command id what was committed, and sends the others once more."""
        log.warning("append_connection_lost", appends=len(batch), error=type(cause.__cause__ or cause).__name__)
        give_up_at = asyncio.get_running_loop().time() + self._reconnect_for
        while asyncio.get_running_loop().time() < give_up_at:
            if failure := await self._reconnect():
                self._queue.fail_all(failure)
                break
            try:
                stored = await self._connection.stored([w.append.command_id for w in batch])
                safe = not stored or await self._connection.everything_confirmed()
            except (ConnectionLost, RolledBack, psycopg.Error) as error:
                log.warning("outcome_not_found_yet", error=type(error).__name__)
                await asyncio.sleep(FIRST_PAUSE)
                continue
            for waiting in batch:
                if found := stored.get(waiting.append.command_id):
                    self._answers.stored(waiting, found, safe=safe, replayed=not found.is_of(waiting.append))
            self._send_again([w for w in batch if w.append.command_id not in stored], cause)
            return
        for waiting in batch:
            waiting.fail(OutcomeUnknown(waiting.append.command_id))

    def _send_again(self, batch: list[Waiting], cause: Exception) -> None:
        """Queues those of the batch, none of which was written, that were not sent too often."""
        self._queue.put_back([waiting for waiting in batch if waiting.times_sent < TIMES_SENT])
        self._watch.sent_again(len(batch))
        for waiting in batch:
            if waiting.times_sent >= TIMES_SENT:
                waiting.fail(StorageUnavailable(str(cause)))

    async def _reconnect(self) -> StorageUnavailable | None:
        """None once there is a connection; after `reconnect_for` seconds without one, why there is none."""
        self._queue.forget()
        return await self._connection.reopen(self._reconnect_for)
