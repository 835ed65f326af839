"""A sheet that came back: its mark, and what each of its rows says. Nothing of a row is in any message."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from service.files.cells import UnreadableFile
from service.sheets.cells import Line, letters
from service.sheets.columns import BY_KEY, COLUMNS, Column
from service.sheets.csv_lines import csv_lines
from service.sheets.sheet_id import MOST_ROWS, VERSION, Mark
from service.sheets.workbook import worksheets
from service.sheets.xlsx_guard import is_package

MOST_BYTES = 5_000_000
"""Of a file that is not bounded by what brought it."""
_NO_SHEET = (
    "this is no sheet of a meeting: fill in one that `kiennghi sheet new` made, and leave its first line as it is"
)


@dataclass(frozen=True, slots=True)
class FilledRow:
    """`said` by the key of the column, without what is empty. `reason` says why the row cannot be taken."""

    number: int
    key: str
    said: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FilledSheet:
    mark: Mark
    rows: Sequence[FilledRow]
    """Those that say something, in order."""


def read_sheet(content: bytes) -> FilledSheet:
    """UnreadableFile for what is no sheet of ours, or cannot be trusted to say what was written into it."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(f"the file has more than {MOST_BYTES:,} bytes, which no filled sheet has")
    for lines in worksheets(content) if is_package(content) else [csv_lines(content)]:
        found = iter(lines)
        first = next(found, None)
        mark = None if first is None else Mark.of(first.cells.get(0))
        if first is not None and mark is not None:
            return FilledSheet(mark, _told_apart(_rows(mark, _columns(mark, first), first.number, found)))
    raise UnreadableFile(_NO_SHEET)


def read_file(path: Path) -> FilledSheet:
    """As `read_sheet`; UnreadableFile also for a file that cannot be opened."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror or error}") from None
    if path.suffix.lower() in {".xlsm", ".xltm", ".xlsb", ".xlam"}:
        raise UnreadableFile(f"{path.name}: a file that may bring macros is not opened: save it as .xlsx")
    return read_sheet(content)


def _columns(mark: Mark, line: Line) -> Mapping[int, Column]:
    """By their places; they may have been moved."""
    if mark.version != VERSION:
        raise UnreadableFile("this sheet is of another version: make a new one and copy the cells over")
    columns = {place: BY_KEY.get(key) for place, key in line.cells.items() if place and isinstance(key, str)}
    strange = sorted({place for place in line.cells if place and columns.get(place) is None})
    complaints = [f"column {letters(place)} is none of this sheet" for place in strange]
    found = Counter(column.key for column in columns.values() if column is not None)
    complaints += [f"the column “{one.heading['vi']}” is missing" for one in COLUMNS if not found[one.key]]
    complaints += [f"the column “{one.heading['vi']}” is there twice" for one in COLUMNS if found[one.key] > 1]
    if complaints:
        raise UnreadableFile(f"the columns are not those of the sheet: {'; '.join(complaints)}")
    return {place: column for place, column in columns.items() if column is not None}


def _rows(mark: Mark, columns: Mapping[int, Column], keys: int, lines: Iterable[Line]) -> Iterator[FilledRow]:
    rows = 0
    for line in lines:
        key = line.cells.get(0)
        is_ours = isinstance(key, str) and mark.owns(key)
        if line.number == keys + 1 and not is_ours:
            continue  # the headings
        if not line.fault and not any(line.cells.keys() - {0}):
            continue  # prepared and not used
        rows += 1
        if rows > MOST_ROWS:
            raise UnreadableFile(f"more than {MOST_ROWS:,} rows are filled in: a sheet takes no more")
        yield _row(line, key if is_ours and isinstance(key, str) else "", columns)


def _row(line: Line, key: str, columns: Mapping[int, Column]) -> FilledRow:
    if line.fault:
        return FilledRow(line.number, key, reason=line.fault)
    if not key:
        reason = "the first cell holds no key of this sheet: use one of its prepared rows"
        return FilledRow(line.number, "", reason=reason)
    said: dict[str, object] = {}
    complaints = []
    for place, cell in sorted(line.cells.items()):
        if place == 0:
            continue
        column = columns.get(place)
        if column is None:
            complaints.append(f"column {letters(place)} is none of this sheet")
            continue
        try:
            said[column.key] = column.read(cell)
        except ValueError as error:
            complaints.append(f"“{column.heading['vi']}” {error}")
    return FilledRow(line.number, key, MappingProxyType(said), "; ".join(complaints))


def _told_apart(rows: Iterable[FilledRow]) -> list[FilledRow]:
    """A key that stands twice says of neither row that it is the one it was prepared for."""
    found = list(rows)
    places: dict[str, list[str]] = {}
    for row in found:
        places.setdefault(row.key, []).append(str(row.number))
    twice = {key: ", ".join(numbers) for key, numbers in places.items() if key and len(numbers) > 1}
    return [
        replace(row, reason=f"rows {twice[row.key]} have the same key: use each prepared row once")
        if row.key in twice
        else row
        for row in found
    ]
