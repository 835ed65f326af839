"""What those who wait for an append are told of what the log has taken."""

import asyncio
from collections.abc import Callable, Sequence
from time import perf_counter
from uuid import UUID

from service.event_store.append import Appended, KeyReused, OutcomeUnknown
from service.event_store.batch_queue import AppendQueue, Waiting
from service.event_store.connection import Row, Stored
from service.observability.append_observer import Watch


class Answers:
    """What is not `safe` is in the log, and no commit has vouched for it yet: OutcomeUnknown."""

    def __init__(self, queue: AppendQueue, watch: Watch, on_committed: Callable[[int], None] | None) -> None:
        self._queue = queue
        self._watch = watch
        self._on_committed = on_committed

    def written(self, batch: Sequence[Waiting], row: Row, *, safe: bool) -> None:
        """All of the batch, just now; the queue is told of the streams' heads."""
        position, now = row.first_position, perf_counter()
        numbers = iter((row.numbers,) if isinstance(row.numbers, str) else row.numbers or ())
        for waiting in batch:
            append = waiting.append
            references: dict[UUID, str] = {}
            for event in append.events:
                if event.book is not None:
                    references[event.stream] = next(numbers)
                elif event.reference is not None:
                    references[event.stream] = event.reference
                self._queue.know(event.stream.int, event.version)
            if safe:
                waiting.succeed(Appended(position, row.recorded_at, references))
                self._watch.appended(now - waiting.asked_at)
            else:
                waiting.fail(OutcomeUnknown(append.command_id))
            position += len(append.events)
        self._watch.committed(len(batch), position - row.first_position)
        if safe:
            self._tell(position - 1)

    def stored(self, waiting: Waiting, found: Stored, *, safe: bool, replayed: bool) -> None:
        """Its command is in the log; `replayed` where that is another append's doing."""
        if found.digest != waiting.append.request_digest:
            waiting.fail(KeyReused(waiting.append.command_id))
        elif not safe:
            waiting.fail(OutcomeUnknown(waiting.append.command_id))
        else:
            waiting.succeed(Appended(found.first_position, found.recorded_at, found.references, replayed))
            self._tell(found.last_position)

    def _tell(self, position: int) -> None:
        if self._on_committed is not None:
            # By the loop: what the listener gets wrong is not the append's failure.
            asyncio.get_running_loop().call_soon(self._on_committed, position)
