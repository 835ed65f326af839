"""Reads a filled sheet: its id, and the values of each row. No message quotes a cell of a row."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from service.files.cells import UnreadableFile
from service.files.sheet_lines import SheetLine, column_letters
from service.files.words import UnusableValue, Words, join_words
from service.files.xlsx_guard import is_workbook_file
from service.sheets.columns import SHEET_COLUMN_BY_KEY, SHEET_COLUMNS, SheetColumn
from service.sheets.csv_lines import read_csv_lines
from service.sheets.sheet_id import MOST_SHEET_ROWS, SHEET_FORM_VERSION, SheetId

MOST_SHEET_BYTES = 5_000_000
"""Bytes of a file; a larger one is refused, also where no transport has limited its size."""
_NOT_A_SHEET = (
    "this is no sheet of a meeting: fill in one that `kiennghi sheet new` made, and leave its first line as it is"
)


@dataclass(frozen=True, slots=True)
class FilledRow:
    """Holds the values of one row by the key of the column, without empty cells.

    `number` is the one that the spreadsheet program shows. `reason` says why the row cannot be accepted.
    """

    number: int
    key: str
    cell_values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """Holds the rows of a sheet that somebody filled in."""

    sheet_id: SheetId
    rows: Sequence[FilledRow]
    """The rows that have a value, in the order of the file."""


def read_sheet(content: bytes) -> FilledSheet:
    """Read a filled sheet, XLSX or CSV.

    Raise UnreadableFile for a file that no template of ours made, or that cannot be trusted to hold what was typed.
    """
    if len(content) > MOST_SHEET_BYTES:
        raise UnreadableFile(f"the file has more than {MOST_SHEET_BYTES:,} bytes, which no filled sheet has")
    for lines in _read_tables(content):
        remaining = iter(lines)
        first = next(remaining, None)
        sheet_id = None if first is None else SheetId.parse(first.cells.get(0))
        if first is not None and sheet_id is not None:
            columns = _match_columns(sheet_id, first)
            rows = _read_filled_rows(sheet_id, columns, first.number, remaining)
            return FilledSheet(sheet_id, _refuse_repeated_keys(rows))
    raise UnreadableFile(_NOT_A_SHEET)


def _read_tables(content: bytes) -> Iterator[Iterable[SheetLine]]:
    if not is_workbook_file(content):
        yield read_csv_lines(content)
        return
    from service.files.workbook import read_worksheets  # here: openpyxl takes long to load

    yield from read_worksheets(content)


def read_sheet_file(path: Path) -> FilledSheet:
    """Read a filled sheet from a file, as `read_sheet` does. Raise UnreadableFile also when it cannot be opened."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_SHEET_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror or error}") from None
    if path.suffix.lower() in {".xlsm", ".xltm", ".xlsb", ".xlam"}:
        raise UnreadableFile(f"{path.name}: a file that may bring macros is not opened: save it as .xlsx")
    return read_sheet(content)


def _match_columns(sheet_id: SheetId, line: SheetLine) -> Mapping[int, SheetColumn]:
    """Return the columns by their index: people may have moved them.

    Raise UnreadableFile for another version of the form, and for a column that is missing, repeated or unknown.
    """
    if sheet_id.version != SHEET_FORM_VERSION:
        raise UnreadableFile("this sheet is of another version: make a new one and copy the cells over")
    columns = {
        index: SHEET_COLUMN_BY_KEY.get(key) for index, key in line.cells.items() if index and isinstance(key, str)
    }
    unknown = sorted({index for index in line.cells if index and columns.get(index) is None})
    complaints = [f"column {column_letters(index)} is none of this sheet" for index in unknown]
    found = Counter(column.key for column in columns.values() if column is not None)
    complaints += [f"the column “{one.heading['vi']}” is missing" for one in SHEET_COLUMNS if not found[one.key]]
    complaints += [f"the column “{one.heading['vi']}” is there twice" for one in SHEET_COLUMNS if found[one.key] > 1]
    if complaints:
        raise UnreadableFile(f"the columns are not those of the sheet: {'; '.join(complaints)}")
    return {index: column for index, column in columns.items() if column is not None}


def _read_filled_rows(
    sheet_id: SheetId, columns: Mapping[int, SheetColumn], keys_line: int, lines: Iterable[SheetLine]
) -> Iterator[FilledRow]:
    row_count = 0
    for line in lines:
        key = line.cells.get(0)
        is_ours = isinstance(key, str) and sheet_id.owns(key)
        if line.number == keys_line + 1 and not is_ours:
            continue  # the headings
        if not line.fault and not any(line.cells.keys() - {0}):
            continue  # prepared and not used
        row_count += 1
        if row_count > MOST_SHEET_ROWS:
            raise UnreadableFile(f"more than {MOST_SHEET_ROWS:,} rows are filled in: a sheet takes no more")
        yield _read_filled_row(line, key if is_ours and isinstance(key, str) else "", columns)


def _read_filled_row(line: SheetLine, key: str, columns: Mapping[int, SheetColumn]) -> FilledRow:
    if line.fault:
        return FilledRow(line.number, key, reason=line.fault)
    if not key:
        reason = "the first cell holds no key of this sheet: use one of its prepared rows"
        return FilledRow(line.number, "", reason=reason)
    values: dict[str, object] = {}
    complaints: list[Words] = []
    for index, cell in sorted(line.cells.items()):
        if index == 0:
            continue
        column = columns.get(index)
        if column is None:
            letters = column_letters(index)
            complaints.append(Words(f"cột {letters} không có trong phiếu", f"column {letters} is none of this sheet"))
            continue
        try:
            values[column.key] = column.read(cell)
        except UnusableValue as error:
            heading = f"“{column.heading['vi']}”"
            complaints.append(Words(f"{heading} {error.words.vi}", f"{heading} {error.words.en}"))
    reason = str(join_words(complaints)) if complaints else ""
    return FilledRow(line.number, key, MappingProxyType(values), reason)


def _refuse_repeated_keys(rows: Iterable[FilledRow]) -> list[FilledRow]:
    """Refuse all rows that share a key: none of them can be taken for the row that the key was prepared for."""
    all_rows = list(rows)
    numbers_by_key: dict[str, list[str]] = {}
    for row in all_rows:
        numbers_by_key.setdefault(row.key, []).append(str(row.number))
    twice = {key: ", ".join(numbers) for key, numbers in numbers_by_key.items() if key and len(numbers) > 1}
    return [
        replace(row, reason=f"rows {twice[row.key]} have the same key: use each prepared row once")
        if row.key in twice
        else row
        for row in all_rows
    ]
