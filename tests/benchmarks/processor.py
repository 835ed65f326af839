"""Reads how much of the processor the servers of this machine have used, so that work can be told from waiting."""

import os
import threading
import time
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def postgres_seconds() -> float:
    """Return the seconds of processor, user and system, that PostgreSQL has used so far, ended connections included.

    Other servers of the machine count too: a quiet machine has none.
    """
    return sum(map(_seconds_of, Path("/proc").glob("[0-9]*")))


def process_seconds(process: int) -> float:
    """Return the seconds of processor that a process of PostgreSQL has used so far."""
    return _seconds_of(Path("/proc") / str(process))


def thread_seconds(name: str) -> float:
    """Return the seconds of processor that the thread of this name has used so far."""
    (found,) = [one for one in threading.enumerate() if one.name == name]
    assert found.ident is not None
    return time.clock_gettime(time.pthread_getcpuclockid(found.ident))


def server_seconds(backend: int) -> float:
    """Return the seconds of processor that the server with this backend has used, ended connections included."""
    server = _parent_of(backend)
    return sum(
        _seconds_of(path) for path in Path("/proc").glob("[0-9]*") if server in (int(path.name), _parent_of(path))
    )


def _parent_of(process: int | Path) -> int:
    path = process if isinstance(process, Path) else Path("/proc") / str(process)
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _seconds_of(process: Path) -> float:
    try:
        if (process / "comm").read_text() != "postgres\n":
            return 0
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it has ended
        return 0
    return sum(map(int, fields[11:15])) / _TICKS_A_SECOND  # its own, and of its children that have ended
