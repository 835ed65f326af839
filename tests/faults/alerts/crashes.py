"""Ends a process at a crash point that was chosen for it; the history says so before."""

import asyncio
import os
import signal
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.faults.history import History

LASTING = {"on its way": 0.004, "being recorded": 0.003, "any moment": 0.05}
"""Crash points that take time: the worker dies within so many seconds."""


@dataclass(frozen=True)
class PlannedCrash:
    """Says where a process dies: when it comes to the point for the n-th time."""

    point: str
    """One of the crash points, or "" for a process that is to live."""
    nth: int
    seed: int
    """The seed of all that the process draws, such as the moment within a point that takes time."""


class CrashingProcess:
    """Counts how often each crash point is passed, writes the history of its process, and ends that as planned."""

    def __init__(self, crash: PlannedCrash, history: History) -> None:
        self._crash, self._history, self._left = crash, history, crash.nth
        self._random = Random(crash.seed)

    def pass_point(self, point: str) -> None:
        """Die here, or soon, if that is planned."""
        if point != self._crash.point:
            return
        self._left -= 1
        if self._left == 0 and point in LASTING:
            asyncio.get_running_loop().call_later(self._random.uniform(0, LASTING[point]), self.die, point)
        elif self._left == 0:
            self.die(point)

    def die(self, point: str) -> None:
        self._history.add(pid=os.getpid(), died=point)
        os.kill(os.getpid(), signal.SIGKILL)

    def record(self, **line: Any) -> None:
        self._history.add(pid=os.getpid(), **line)
