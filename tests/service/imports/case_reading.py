"""Reads the cases of a file without an event log."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.deadlines.policy import Law
from service.imports.cases import CaseReading
from service.imports.mapping import ImportMapping
from service.imports.spool import spool_file


def read_cases(path: Path, mapping: ImportMapping, zone: ZoneInfo, law: Law) -> Iterator[CaseReading]:
    """Yield the cases of the file in the order of their first rows; `zone` counts where the mapping states none."""
    with spool_file(path, mapping, zone, law) as file:
        yield from file
