"""Reads the cases of a file without an event log."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.deadlines.policy import Law
from service.imports.mapping import ImportMapping
from service.imports.readings import CaseReading
from service.imports.spool import spool_file

TODAY = date(2026, 12, 31)


def english(reason: str) -> str:
    """Return the English half of what is said in both languages."""
    return reason.rpartition(" / ")[2]


def read_cases(
    path: Path, mapping: ImportMapping, zone: ZoneInfo, law: Law, today: date = TODAY
) -> Iterator[CaseReading]:
    """Yield the cases of the file in the order of their first rows; `zone` counts where the mapping states none."""
    with spool_file(path, mapping, zone, law, today) as file:
        yield from file
