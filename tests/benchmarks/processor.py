"""Reads how much of the processor the servers of this machine have used, so that work can be told from waiting."""

import os
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def postgres_seconds() -> float:
    """Return the seconds of processor, user and system, that PostgreSQL has used so far, ended connections included.

    Other servers of the machine count too: a quiet machine has none.
    """
    return sum(map(_seconds_of, Path("/proc").glob("[0-9]*")))


def _seconds_of(process: Path) -> float:
    try:
        if (process / "comm").read_text() != "postgres\n":
            return 0
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it has ended
        return 0
    return sum(map(int, fields[11:15])) / _TICKS_A_SECOND  # its own, and of its children that have ended
