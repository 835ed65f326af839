"""The appends that wait, and which of them may be written together."""

import asyncio
from collections import deque
from time import perf_counter
from uuid import UUID

from service.event_store.append import Append, Appended, VersionConflict

KNOWN_STREAMS = 100_000


class Waiting:
    """An append somebody waits for."""

    __slots__ = ("alone", "answer", "append", "asked_at", "first_versions", "same_command", "times_sent")

    def __init__(self, append: Append, answer: asyncio.Future[Appended]) -> None:
        self.append = append
        self.asked_at = perf_counter()
        self.answer = answer
        self.first_versions = append.first_versions()
        self.times_sent = 0
        self.alone = False  # a batch with it was refused for a reason nobody foresaw
        self.same_command = False  # another append of this command id was under way before it

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)

    def succeed(self, appended: Appended) -> None:
        if not self.answer.done():
            self.answer.set_result(appended)


class AppendQueue:
    """First come, first served, but for those that must not be in one batch with an earlier one."""

    def __init__(self, max_batch: int) -> None:
        self._max_batch = max_batch
        self._waiting: deque[Waiting] = deque()
        self._heads: dict[int, int] = {}  # a stream is at this version or further
        self._heads_before: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)

    def put_back(self, waiting: list[Waiting]) -> None:
        """In the order given, before all others."""
        self._waiting.extendleft(reversed(waiting))

    def fail_all(self, error: Exception) -> None:
        while self._waiting:
            self._waiting.popleft().fail(error)

    def take(self) -> tuple[list[Waiting], list[Waiting]]:
        """The next batch, and those to be answered without it: stale, or their command may be stored by now.

        A batch has no stream twice and no command twice, so that what refuses it comes from another process.
        """
        batch: list[Waiting] = []
        doubtful: list[Waiting] = []
        later: list[Waiting] = []
        streams: set[int] = set()
        commands: set[int] = set()
        events = 0
        while self._waiting and events < self._max_batch:
            waiting = self._waiting.popleft()
            append = waiting.append
            if waiting.answer.done():
                continue  # the caller stopped waiting, and nothing was sent
            if waiting.same_command or self.stale(waiting) is not None:
                doubtful.append(waiting)
            elif append.command_id.int in commands:
                waiting.same_command = True
                later.append(waiting)
            elif not streams.isdisjoint(waiting.first_versions):
                later.append(waiting)
            elif batch and (waiting.alone or events + len(append.events) > self._max_batch):
                later.append(waiting)
                break
            else:
                batch.append(waiting)
                events += len(append.events)
                commands.add(append.command_id.int)
                streams.update(waiting.first_versions)
                if waiting.alone:
                    break
        self.put_back(later)
        return batch, doubtful

    def stale(self, waiting: Waiting) -> VersionConflict | None:
        """What is certain to refuse it, as far as the streams' heads are known."""
        for stream, version in waiting.first_versions.items():
            head = self._heads.get(stream) or self._heads_before.get(stream, 0)
            if version <= head:
                return VersionConflict(UUID(int=stream), version - 1, head)
        return None

    def know(self, stream: int, version: int) -> None:
        """Remembers the stream's head, as long as not twice so many others were heard of since."""
        self._heads[stream] = version
        if len(self._heads) > KNOWN_STREAMS:
            self._heads_before, self._heads = self._heads, {}

    def forget(self) -> None:
        """For when another server may have taken over, without the last of what this one had."""
        self._heads.clear()
        self._heads_before.clear()
