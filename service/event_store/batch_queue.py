"""Queues the appends that wait, and selects those that may be written together in one batch."""

import asyncio
from collections import deque
from time import perf_counter
from uuid import UUID

from service.event_store.append import SHARED_FACTS, Append, Appended
from service.event_store.errors import VersionConflict

STREAM_HEADS_REMEMBERED = 100_000
"""Number of streams in each of the two generations of heads (last versions) that the queue remembers."""


class PendingAppend:
    """Holds an append for which a caller waits, and the future that the caller awaits."""

    __slots__ = (
        "append",
        "first_versions",
        "needs_own_batch",
        "repeats_command",
        "result",
        "send_attempts",
        "submitted_at",
    )

    def __init__(self, append: Append, result: asyncio.Future[Appended]) -> None:
        self.append = append
        self.submitted_at = perf_counter()
        self.result = result
        self.first_versions = append.first_versions()
        self.send_attempts = 0
        # Others in its batch were decided without it. Also true once the database refused a batch unforeseen.
        self.needs_own_batch = append.events[0].category in SHARED_FACTS
        self.repeats_command = False  # an earlier append with this command id was in flight

    def fail(self, error: Exception) -> None:
        """Raise `error` in the caller, unless the caller has its result or has stopped waiting."""
        if not self.result.done():
            self.result.set_exception(error)

    def succeed(self, appended: Appended) -> None:
        """Return `appended` to the caller, unless the caller has its result or has stopped waiting."""
        if not self.result.done():
            self.result.set_result(appended)


class AppendQueue:
    """Serves appends in the order of arrival, but delays those that must not share a batch with an earlier one."""

    def __init__(self, max_batch: int) -> None:
        self._max_batch = max_batch
        self._pending: deque[PendingAppend] = deque()
        self._heads: dict[int, int] = {}  # a stream is at this version or a later one
        self._older_heads: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, pending: PendingAppend) -> None:
        """Put an append at the end of the queue."""
        self._pending.append(pending)

    def put_back(self, appends: list[PendingAppend]) -> None:
        """Put appends at the front of the queue, in the order given."""
        self._pending.extendleft(reversed(appends))

    def fail_all(self, error: Exception) -> None:
        """Empty the queue and raise `error` in every caller."""
        while self._pending:
            self._pending.popleft().fail(error)

    def take_batch(self) -> tuple[list[PendingAppend], list[PendingAppend]]:
        """Remove and return the next batch, and the appends whose commands must first be looked up in the log.

        A command must be looked up when the version of its append is stale, or when the command may already be stored.
        No stream and no command occurs twice in a batch, so that only the writes of another process can make the
        database refuse it.
        """
        batch: list[PendingAppend] = []
        needs_lookup: list[PendingAppend] = []
        later: list[PendingAppend] = []
        streams: set[int] = set()
        commands: set[int] = set()
        events = 0
        while self._pending and events < self._max_batch:
            pending = self._pending.popleft()
            append = pending.append
            if pending.result.done():
                continue  # the caller stopped waiting, and nothing was sent
            if pending.repeats_command or self.find_stale_version(pending) is not None:
                needs_lookup.append(pending)
            elif append.command_id.int in commands:
                pending.repeats_command = True
                later.append(pending)
            elif not streams.isdisjoint(pending.first_versions):
                later.append(pending)
            elif batch and (pending.needs_own_batch or events + len(append.events) > self._max_batch):
                later.append(pending)
                break
            else:
                batch.append(pending)
                events += len(append.events)
                commands.add(append.command_id.int)
                streams.update(pending.first_versions)
                if pending.needs_own_batch:
                    break
        self.put_back(later)
        return batch, needs_lookup

    def find_stale_version(self, pending: PendingAppend) -> VersionConflict | None:
        """Return the conflict of an append that the log will certainly refuse; None if no conflict is known."""
        for stream, version in pending.first_versions.items():
            head = self._heads.get(stream) or self._older_heads.get(stream, 0)
            if version <= head:
                return VersionConflict(UUID(int=stream), version - 1, head)
        return None

    def remember_head(self, stream: int, version: int) -> None:
        """Remember the stream's last version (its head).

        It is forgotten when between one and two times STREAM_HEADS_REMEMBERED other streams were remembered after it.
        """
        self._heads[stream] = version
        if len(self._heads) > STREAM_HEADS_REMEMBERED:
            self._older_heads, self._heads = self._heads, {}

    def forget_heads(self) -> None:
        """Forget all heads, because another database server without the latest events may have taken over."""
        self._heads.clear()
        self._older_heads.clear()
