"""Turns requests away while more are in progress than can be answered in time (load shedding).

A queue that is bounded in number alone makes callers wait as long as the service is slow. Here the bound is a time: the
requests in progress, at the rate at which the last ones were answered, must be done within it. Whoever comes then is
told at once to come again, and those who were let in are answered in the order in which they came.

Reads and changes are counted apart: while nothing can be written, who only reads is not held up.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

ANSWERED_WITHIN_SECONDS = 0.5
"""Time within which all reads in progress, or all changes, should be done. Both together need twice as long, and twice
that while an overload begins, which takes from the rate."""

ALWAYS_LET_IN = 256
"""Number of requests in progress up to which none is turned away: after a quiet time no rate is known."""

RATE_SECONDS = 1.0
"""Time over which answers are counted."""


READS = frozenset({"GET", "HEAD", "OPTIONS"})


class Admission:
    """Counts the requests of one sort in progress, and their latest answers. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._in_progress = 0
        self._answered: deque[float] = deque()

    @property
    def in_progress(self) -> int:
        """Return the number of requests that were let in and neither answered nor waiting for something else."""
        return self._in_progress

    @property
    def is_full(self) -> bool:
        """Return True while whoever comes is turned away."""
        if self._in_progress < ALWAYS_LET_IN:
            return False
        self._forget_old(self._clock())
        return self._in_progress >= len(self._answered) * ANSWERED_WITHIN_SECONDS / RATE_SECONDS

    def lets_in(self) -> bool:
        """Let a request in and return True, or return False: it is turned away. Who was let in must `leave`."""
        if self.is_full:
            return False
        self._in_progress += 1
        return True

    def leave(self) -> None:
        """Count a request as answered. The answer may still be on its way, as that of a stream is for minutes."""
        now = self._clock()
        self._in_progress -= 1
        self._answered.append(now)
        self._forget_old(now)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the request as not in progress while it waits for somebody else, and needs nothing of this process."""
        self._in_progress -= 1
        try:
            yield
        finally:
            self._in_progress += 1

    def _forget_old(self, now: float) -> None:
        answered = self._answered
        while answered and answered[0] <= now - RATE_SECONDS:
            answered.popleft()


class RequestAdmission:
    """Holds the admission of reads and that of changes of one process."""

    def __init__(self) -> None:
        self.reads = Admission()
        self.changes = Admission()

    def of_method(self, method: str) -> Admission:
        """Return the admission of the requests with this HTTP method."""
        return self.reads if method in READS else self.changes
