"""The lines of a CSV file as spreadsheet programs write them: with a mark or without, by comma, semicolon or tab."""

import codecs
import csv
import io
from collections.abc import Iterator

from service.files.cells import UnreadableFile, tidy
from service.sheets.cells import MOST_COLUMNS, MOST_LINES, Cell, Line
from service.sheets.formula_escape import as_typed

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def csv_lines(content: bytes) -> Iterator[Line]:
    """Without the empty ones. Raises UnreadableFile where lines can no longer be told apart."""
    text = _decoded(content)
    if text[:4].lower() == "sep=":  # Excel's own first line
        text = text.partition("\n")[2]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        number += 1
        if number > MOST_LINES:
            raise UnreadableFile(f"the file has more than {MOST_LINES:,} lines; remove the empty ones below the table")
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            if str(error) == "unexpected end of data":
                raise UnreadableFile(f"a quote is opened in line {number} or before and never closed") from None
            yield Line(number, {}, f"this line is not readable as CSV: {error}")
            continue
        if len(cells) > MOST_COLUMNS:
            yield Line(number, {}, f"this line has more than {MOST_COLUMNS} cells")
            continue
        found: dict[int, Cell] = {place: as_typed(text) for place, cell in enumerate(cells) if (text := tidy(cell))}
        if found:
            yield Line(number, found)


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(f"the file is not in {encoding}: save it as “CSV UTF-8”, or as .xlsx") from None


def _delimiter(text: str) -> str:
    """The keys of the first line hold none of the three."""
    first = text.partition("\n")[0]
    return max(";,\t", key=first.count)
