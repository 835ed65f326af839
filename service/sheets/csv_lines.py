"""Reads the lines of a CSV file as spreadsheet programs write them.

The file may begin with a byte order mark; its cells are separated by commas, semicolons or tabs.
"""

import io
from collections.abc import Iterator

from service.files.cells import UnreadableFile, tidy_cell
from service.files.csv_table import CsvTable
from service.files.formula_escape import unescape_formula
from service.files.sheet_lines import MOST_SHEET_COLUMNS, MOST_SHEET_LINES, CellValue, SheetLine
from service.files.text_files import decode_text


def read_csv_lines(content: bytes) -> Iterator[SheetLine]:
    """Yield the lines that are not empty.

    Raise UnreadableFile if the text cannot be decoded, if a quote is opened and never closed, or if there are too many
    lines.
    """
    text = decode_text(content, "save it as “CSV UTF-8”, or as .xlsx")
    if text[:4].lower() == "sep=":  # Excel's own first line
        text = text.partition("\n")[2]
    for row in CsvTable(io.StringIO(text, newline=""), _guess_delimiter(text)):
        if row.number > MOST_SHEET_LINES:
            raise UnreadableFile(
                f"the file has more than {MOST_SHEET_LINES:,} lines; remove the empty ones below the table"
            )
        if row.fault:
            yield SheetLine(row.number, {}, f"this line is {row.fault}")
        elif len(row.cells) > MOST_SHEET_COLUMNS:
            yield SheetLine(row.number, {}, f"this line has more than {MOST_SHEET_COLUMNS} cells")
        else:
            found: dict[int, CellValue] = {
                index: unescape_formula(text) for index, cell in enumerate(row.cells) if (text := tidy_cell(cell))
            }
            if found:
                yield SheetLine(row.number, found)


def _guess_delimiter(text: str) -> str:
    """Return the separator that is most frequent in the first line; the keys of columns there contain none of them."""
    first = text.partition("\n")[0]
    return max(";,\t", key=first.count)
