"""Reads the lines of a CSV file as spreadsheet programs write them.

The file may begin with a byte order mark; its cells are separated by commas, semicolons or tabs.
"""

import codecs
import csv
import io
from collections.abc import Iterator

from service.files.cells import UnreadableFile, tidy_cell
from service.sheets.cells import MOST_SHEET_COLUMNS, MOST_SHEET_LINES, CellValue, SheetLine
from service.sheets.formula_escape import unescape_formula

_ENCODING_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_csv_lines(content: bytes) -> Iterator[SheetLine]:
    """Yield the lines that are not empty.

    Raise UnreadableFile if the text cannot be decoded, if a quote is opened and never closed, or if there are too many
    lines.
    """
    text = _decode_csv(content)
    if text[:4].lower() == "sep=":  # Excel's own first line
        text = text.partition("\n")[2]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=_guess_delimiter(text), strict=True)
    number = 0
    while True:
        number += 1
        if number > MOST_SHEET_LINES:
            raise UnreadableFile(
                f"the file has more than {MOST_SHEET_LINES:,} lines; remove the empty ones below the table"
            )
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            if str(error) == "unexpected end of data":
                raise UnreadableFile(f"a quote is opened in line {number} or before and never closed") from None
            yield SheetLine(number, {}, f"this line is not readable as CSV: {error}")
            continue
        if len(cells) > MOST_SHEET_COLUMNS:
            yield SheetLine(number, {}, f"this line has more than {MOST_SHEET_COLUMNS} cells")
            continue
        found: dict[int, CellValue] = {
            index: unescape_formula(text) for index, cell in enumerate(cells) if (text := tidy_cell(cell))
        }
        if found:
            yield SheetLine(number, found)


def _decode_csv(content: bytes) -> str:
    encoding = next((name for mark, name in _ENCODING_MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(f"the file is not in {encoding}: save it as “CSV UTF-8”, or as .xlsx") from None


def _guess_delimiter(text: str) -> str:
    """Return the separator that is most frequent in the first line; the keys of columns there contain none of them."""
    first = text.partition("\n")[0]
    return max(";,\t", key=first.count)
