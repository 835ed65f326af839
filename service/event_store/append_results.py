"""Gives the callers that wait for an append its result or its error.

A commit is durable once the server has confirmed it; see `AppendConnection.confirm_last_commit`.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from time import perf_counter
from uuid import UUID

from service.event_store.append import Append, Appended
from service.event_store.batch_queue import AppendQueue, PendingAppend
from service.event_store.committed_events import CommittedEvents, events_of
from service.event_store.connection import AppendedBatch, StoredCommand
from service.event_store.errors import KeyReused, OutcomeUnknown
from service.event_store.log_mark import BEGINNING, LogMark, mark_event
from service.observability.append_observer import AppendObserver


class AppendResults:
    """Gives pending appends that are in the log their result.

    An append that is not `durable` fails with OutcomeUnknown. Such an append is visible in the log, but no commit has
    confirmed yet that it is safe.
    """

    def __init__(
        self,
        queue: AppendQueue,
        observer: AppendObserver,
        committed: CommittedEvents,
        on_committed: Callable[[int], None] | None,
    ) -> None:
        self._queue = queue
        self._committed = committed
        self._observer = observer
        self._on_committed = on_committed
        self._last_durable: tuple[Append, datetime, int] | None = None
        self.answered_at = float("-inf")
        """When the last append was answered as durable, in seconds of `perf_counter`."""

    def last_mark(self) -> LogMark:
        """Return the mark of the last event that this process wrote and promised; of the beginning if there is none."""
        if self._last_durable is None:
            return BEGINNING
        append, recorded_at, position = self._last_durable
        event = append.events[-1]
        return mark_event(
            event.stream, event.version, event.topic, event.state, position, recorded_at, append.command_id
        )

    def forget_last(self) -> None:
        """Forget the last event: the log is another one, and this one may be gone on purpose."""
        self._last_durable = None

    def committed(self, batch: Sequence[PendingAppend], written: AppendedBatch, *, durable: bool) -> None:
        """Resolve every append of a batch that was just committed, and tell the queue the heads of its streams."""
        position, now = written.first_position, perf_counter()
        hand_over = self._committed.add if durable and self._committed.has_follower else None
        numbers = iter((written.numbers,) if isinstance(written.numbers, str) else written.numbers or ())
        for pending in batch:
            append = pending.append
            references: dict[UUID, str] = {}
            for event in append.events:
                if event.book is not None:
                    references[event.stream] = next(numbers)
                elif event.reference is not None:
                    references[event.stream] = event.reference
                self._queue.remember_head(event.stream.int, event.version)
            if hand_over is not None:
                hand_over(events_of(append, position, written.recorded_at, references))
            if durable:
                pending.succeed(Appended(position, written.recorded_at, references))
                self._observer.on_append(now - pending.submitted_at)
            else:
                pending.fail(OutcomeUnknown(append.command_id))
            position += len(append.events)
        self._observer.on_commit(len(batch), position - written.first_position)
        if durable:
            self._last_durable = batch[-1].append, written.recorded_at, position - 1
            self.answered_at = now
            self._announce_position(position - 1)

    def found_in_log(self, pending: PendingAppend, command: StoredCommand, *, durable: bool, replayed: bool) -> None:
        """Resolve an append whose command was found in the log; `replayed` if another append has written it."""
        if command.digest != pending.append.request_digest:
            pending.fail(KeyReused(pending.append.command_id))
        elif not durable:
            pending.fail(OutcomeUnknown(pending.append.command_id))
        else:
            pending.succeed(Appended(command.first_position, command.recorded_at, command.references, replayed))
            self._announce_position(command.last_position)

    def _announce_position(self, position: int) -> None:
        if self._on_committed is not None:
            # The loop calls the listener, so that an error of the listener does not fail the append.
            asyncio.get_running_loop().call_soon(self._on_committed, position)
