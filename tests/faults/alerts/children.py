"""Processes forked from one that has loaded everything, and has neither a thread nor a loop."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

PR_SET_PDEATHSIG = 1


def _dies_with_its_parent() -> None:
    """Where the system can see to it: nobody is left behind when a campaign is killed itself."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Child:
    """A process forked from this one, which may be killed and forked again."""

    def __init__(self, begin: Callable[[], None]) -> None:
        self._begin = begin
        self.pid = 0
        self.since = 0.0

    def start(self) -> None:
        sys.stdout.flush()
        self.pid = os.fork()
        self.since = time.monotonic()
        if self.pid:
            return
        _dies_with_its_parent()
        try:
            self._begin()
        except BaseException as error:  # the edge of this process: the parent's own code must not go on in it
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(1)

    def has_ended(self) -> bool:
        if self.pid and os.waitpid(self.pid, os.WNOHANG)[0]:
            self.pid = 0
        return not self.pid

    def kill(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
