"""Writes appends by group commit: those that arrive while one batch is being committed form the next batch.

One batch is one statement and one commit. When the database refuses a batch because of what another process has
written, the batch is sent once more under the lock that all appends take, without the appends that conflict.

Writers that append again as soon as they are answered would all be in the same batch. While the database writes it, no
command is decided; while commands are decided, the database has nothing to write. So from 32 writers on a batch is sent
as soon as half of them have appended again. From then on there are two halves: the database writes the appends of one
half while the commands of the other half are decided. A half costs a second flush to the disk, so fewer writers share
whole batches.
"""

import asyncio
from collections.abc import Callable
from time import perf_counter
from types import TracebackType
from typing import Any, Self

import psycopg
import structlog

from service.event_store.append import Append, Appended
from service.event_store.append_results import AppendResults
from service.event_store.batch_queue import AppendQueue, PendingAppend
from service.event_store.committed_events import CommittedEvents
from service.event_store.conflicts import find_conflicts
from service.event_store.connection import FIRST_RETRY_PAUSE_SECONDS, AppendConnection, ConnectionLost, RolledBack
from service.event_store.continuity import LogContinuity
from service.event_store.errors import AppendFailed, OutcomeUnknown, QueueFull, StorageUnavailable
from service.observability.append_observer import AppendObserver
from service.observability.tracing import span

log = structlog.get_logger("kiennghi.log")

WRITERS_IN_HALVES = 32
"""Number of writers from which on they append in two halves."""

MAX_SEND_ATTEMPTS = 2
"""Times that an append is sent before it fails with StorageUnavailable."""


class Committer:
    """Writes appends from one task over one connection.

    `async with` opens it, and its end writes the appends that still wait. `max_batch` counts events; an append with
    more events forms a batch of its own. Beyond `max_waiting` appends, QueueFull is raised. `on_committed` is called in
    the event loop with the last position of each durable batch. `notify` sends that position to other processes on the
    channel `kiennghi_log`. After `reconnect_for` seconds without a connection, waiting appends fail with
    StorageUnavailable. `observer` receives reports of appends. `continuity` is told what was written; while the log is
    not the one that was seen, appends fail with LogRolledBack. `committed` has the events of the latest appends.
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
        observer: AppendObserver | None = None,
        continuity: LogContinuity | None = None,
    ) -> None:
        self._observer = observer or AppendObserver()
        self.continuity = continuity or LogContinuity()
        self._max_waiting = max_waiting
        self._notify = notify
        self._reconnect_for = reconnect_for
        self._connection = AppendConnection(dsn, self.continuity.check)
        self._queue = AppendQueue(max_batch)
        self.committed = CommittedEvents()
        self._results = AppendResults(self._queue, self._observer, self.committed, on_committed)
        self.continuity.ask(self._results.last_mark)
        self.continuity.on_change(self._results.forget_last)
        self.continuity.on_change(self.committed.clear)
        self._in_flight: list[PendingAppend] = []
        self._needs_lookup: list[PendingAppend] = []
        self._sent: asyncio.Future[tuple[Any, ...]] | None = None
        self._next_half_size = 0
        self._wake = asyncio.Event()
        self._is_closing = False
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        failure = await self._reconnect()
        if isinstance(failure, StorageUnavailable):
            raise failure
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run(), name="committer")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_closing = True
        self._wake.set()
        try:
            if self._task is not None:
                await self._task
        finally:
            await self._connection.close()

    @property
    def waiting(self) -> int:
        """Return the number of appends that are not yet sent."""
        return len(self._queue)

    @property
    def idle_seconds(self) -> float:
        """Return how long ago the last append of this process was answered as durable."""
        return perf_counter() - self._results.answered_at

    async def append(self, append: Append) -> Appended:
        """Write the append and return once it is durable.

        If OutcomeUnknown is raised, or if the caller stops waiting, the append may be written: send it again with the
        same command id. If another AppendFailed is raised, this call wrote nothing. Raise ValueError if the append can
        never be written, and psycopg.Error if the database refuses its content.
        """
        return await self.submit(append)

    def submit(self, append: Append) -> asyncio.Future[Appended]:
        """Queue the append and return a future of the result of `append`. QueueFull and ValueError are raised at once.

        Raise RuntimeError if the committer is not running.
        """
        if self._is_closing or self._task is None or self._task.done():
            raise RuntimeError("the committer is not running")
        if self.continuity.refusal is not None:
            raise self.continuity.refusal
        if len(self._queue) >= self._max_waiting:
            raise QueueFull(f"{len(self._queue)} appends are waiting")
        pending = PendingAppend(append, self._loop.create_future())
        self._queue.add(pending)
        if 0 < self._next_half_size <= len(self._queue):
            self._send()
        elif not self._wake.is_set():
            self._wake.set()
        return pending.result

    async def _run(self) -> None:
        try:
            while await self._wait_for_appends():
                if not self._connection.is_open and (failure := await self._reconnect()):
                    self._queue.fail_all(failure)
                    continue
                if not self._has_taken_batch:
                    self._send()
                if self._sent is not None:
                    await self._write(self._in_flight, self._sent)
                    self._sent = None
                if self._needs_lookup:
                    await self._look_up(self._needs_lookup)
                    self._needs_lookup = []
                answered = len(self._in_flight)
                self._in_flight = []
                await self._yield_for_next_half(answered)
        finally:
            for pending in self._in_flight + self._needs_lookup:
                pending.fail(OutcomeUnknown(pending.append.command_id))
            self._queue.fail_all(StorageUnavailable("the committer has stopped"))

    async def _wait_for_appends(self) -> bool:
        while not self._queue and not self._has_taken_batch:
            if self._is_closing:
                return False
            self._wake.clear()
            await self._wake.wait()
        return True

    @property
    def _has_taken_batch(self) -> bool:
        """Return True if `submit` has already taken a batch, which is sent or whose commands must be looked up."""
        return self._sent is not None or bool(self._needs_lookup)

    async def _yield_for_next_half(self, answered: int) -> None:
        """Let the writers that were just answered append again; of many, `submit` sends a batch when half have done so.

        "All" means the writers that were just answered and those that already wait. The module's docstring explains the
        two halves.
        """
        writers = answered + len(self._queue)
        half = (writers + 1) // 2
        if len(self._queue) < half and self._connection.is_open:
            self._next_half_size = half if writers >= WRITERS_IN_HALVES else 0
            await asyncio.sleep(0)
            self._next_half_size = 0

    def _send(self) -> None:
        self._next_half_size = 0
        self._in_flight, self._needs_lookup = self._queue.take_batch()
        for pending in self._in_flight:
            pending.send_attempts += 1
        if self._in_flight:
            self._sent = self._connection.send([pending.append for pending in self._in_flight], notify=self._notify)

    async def _write(self, batch: list[PendingAppend], sent: asyncio.Future[tuple[Any, ...]]) -> None:
        try:
            try:
                with span("append", {"kiennghi.appends": len(batch)}):
                    written = await self._connection.receive(sent)
                self._results.committed(batch, written, durable=await self._connection.confirm_last_commit())
            except psycopg.Error:
                await self._write_without_conflicts(batch)
        except RolledBack as error:
            self._resend(batch, error)
        except ConnectionLost as error:
            await self._recover(batch, error)

    async def _write_without_conflicts(self, batch: list[PendingAppend]) -> None:
        """Write the appends of a refused batch that do not conflict, and fail those that do.

        While the lock of the log is held, nothing that was read can change before the rest of the batch is written.
        """
        written = None
        try:
            async with self._connection.hold_log():
                stored = await self._connection.stored_commands([pending.append.command_id for pending in batch])
                refusals = await find_conflicts(
                    self._connection,
                    self._queue,
                    [pending for pending in batch if pending.append.command_id not in stored],
                )
                accepted = [
                    pending for pending in batch if pending.append.command_id not in stored and pending not in refusals
                ]
                if accepted:
                    written = await self._connection.append(
                        [pending.append for pending in accepted], notify=self._notify
                    )
        except psycopg.Error as error:
            # The cause is something in one append that no check foresaw; it must not fail the others.
            if len(batch) == 1:
                batch[0].fail(error)
            else:
                for pending in batch:
                    pending.needs_own_batch = True
                    pending.send_attempts -= 1
                self._queue.put_back(batch)
            return
        durable = await self._connection.confirm_last_commit()
        if written is not None:
            self._results.committed(accepted, written, durable=durable)
        for pending, refusal in refusals.items():
            pending.fail(refusal)
        for pending in batch:
            if found := stored.get(pending.append.command_id):
                self._results.found_in_log(pending, found, durable=durable, replayed=True)

    async def _look_up(self, needs_lookup: list[PendingAppend]) -> None:
        """Resolve the appends whose command is stored, fail the stale ones, and put back the others."""
        try:
            stored = await self._connection.stored_commands([pending.append.command_id for pending in needs_lookup])
            durable = not stored or await self._connection.confirm_whole_log()
        except (ConnectionLost, RolledBack) as error:
            for pending in needs_lookup:
                pending.send_attempts += 1
            self._resend(needs_lookup, error)
            return
        remaining = []
        for pending in needs_lookup:
            if found := stored.get(pending.append.command_id):
                self._results.found_in_log(pending, found, durable=durable, replayed=True)
            elif (conflict := self._queue.find_stale_version(pending)) is not None:
                pending.fail(conflict)
            else:
                pending.repeats_command = False
                remaining.append(pending)
        self._queue.put_back(remaining)

    async def _recover(self, batch: list[PendingAppend], cause: Exception) -> None:
        """Find out by command id, after a lost connection, what was committed, and send the others once more."""
        log.warning("append_connection_lost", appends=len(batch), error=type(cause.__cause__ or cause).__name__)
        give_up_at = asyncio.get_running_loop().time() + self._reconnect_for
        while asyncio.get_running_loop().time() < give_up_at:
            if failure := await self._reconnect():
                self._queue.fail_all(failure)
                break
            try:
                stored = await self._connection.stored_commands([pending.append.command_id for pending in batch])
                durable = not stored or await self._connection.confirm_whole_log()
            except (ConnectionLost, RolledBack, psycopg.Error) as error:
                log.warning("outcome_not_found_yet", error=type(error).__name__)
                await asyncio.sleep(FIRST_RETRY_PAUSE_SECONDS)
                continue
            for pending in batch:
                if found := stored.get(pending.append.command_id):
                    self._results.found_in_log(
                        pending, found, durable=durable, replayed=not found.was_written_by(pending.append)
                    )
            self._resend([pending for pending in batch if pending.append.command_id not in stored], cause)
            return
        for pending in batch:
            pending.fail(OutcomeUnknown(pending.append.command_id))

    def _resend(self, batch: list[PendingAppend], cause: Exception) -> None:
        """Put back the appends of an unwritten batch, and fail those that were sent MAX_SEND_ATTEMPTS times."""
        self._queue.put_back([pending for pending in batch if pending.send_attempts < MAX_SEND_ATTEMPTS])
        self._observer.on_resend(len(batch))
        for pending in batch:
            if pending.send_attempts >= MAX_SEND_ATTEMPTS:
                pending.fail(StorageUnavailable(str(cause)))

    async def _reconnect(self) -> AppendFailed | None:
        """Connect and return None. If there is no connection after `reconnect_for` seconds, return the reason.

        The reason is LogRolledBack if there is one and the log is not the one that was seen.
        """
        self._queue.forget_heads()
        return await self._connection.reopen(self._reconnect_for) or self.continuity.refusal
