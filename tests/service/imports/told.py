"""What a file tells, without a log to tell it to."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.deadlines.policy import Law
from service.imports.cases import CaseRow
from service.imports.mapping import Mapping
from service.imports.spool import spooled


def cases(path: Path, mapping: Mapping, zone: ZoneInfo, law: Law) -> Iterator[CaseRow]:
    """The cases of the file, in the order of their first rows; `zone` unless the mapping states one."""
    with spooled(path, mapping, zone, law) as file:
        yield from file
