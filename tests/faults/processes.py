"""Starts processes that are there to be killed, and chooses ports for them."""

import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress

PR_SET_PDEATHSIG = 1

FORKS = multiprocessing.get_context("forkserver")
"""Makes processes from one that has loaded everything: a start takes milliseconds and not seconds."""
FORKS.set_forkserver_preload(
    [
        "service.cli.serving",
        "service.api.server.uvicorn_server",
        "service.imports.importing",
        "tests.faults.alerts.forked_campaign",
    ]
)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def die_with_parent() -> None:
    """Have this process killed when its parent ends, where the system can do that: a killed campaign leaves nobody."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class ForkedProcess:
    """Is a process forked from this one, which may be killed and forked again.

    This process has loaded everything, and has neither a thread that matters nor a loop: a fork takes milliseconds.
    """

    def __init__(self, run: Callable[[], None]) -> None:
        self._run = run
        self.pid = 0
        self.started_at = 0.0
        """Seconds of the monotonic clock."""

    def start(self) -> None:
        sys.stdout.flush()
        self.pid = os.fork()
        self.started_at = time.monotonic()
        if self.pid:
            return
        die_with_parent()
        try:
            self._run()
        except BaseException as error:  # the edge of this process: the parent's own code must not go on in it
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(1)

    def has_ended(self) -> bool:
        """Return whether the process does not run; reap it if it has just ended."""
        if self.pid and os.waitpid(self.pid, os.WNOHANG)[0]:
            self.pid = 0
        return not self.pid

    def kill(self) -> None:
        """Send SIGKILL and wait for the end."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
