"""Defines what the readers of table files return: rows of cells, rows that are unusable, and files that are."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
"""Characters without width: nobody sees them, and two words that differ by one of them look the same."""
MAX_NORMALISED_CHARACTERS = 20_000  # sorting a long run of combining marks takes quadratic time


class UnreadableFile(Exception):
    """Is raised when a whole file is unreliable, so that nothing of it is used; the message names the place."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """Holds the cells that the mapping names, in its order; an absent cell is an empty string.

    `number` is counted as in a spreadsheet, where the header is row 1; in XES it is the sequence number of the event,
    and `trace` that of its trace.
    """

    number: int
    cells: list[str]
    trace: int = 0


@dataclass(frozen=True, slots=True)
class BadRow:
    """Holds the number of a row that does not fit the table, and the reason."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """Holds the number of a row that is no data, such as a total, and what it is."""

    number: int
    reason: str


FileRow = CellRow | BadRow | LeftOutRow


def tidy_cell(cell: str) -> str:
    """Return the cell trimmed, in NFC and without characters that nobody sees: equal to the eye is equal."""
    if cell.isascii() or len(cell) > MAX_NORMALISED_CHARACTERS:
        return cell.strip()
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", cell).replace("\u00a0", " ")).strip()


def tidy_cells(cells: Sequence[str]) -> list[str]:
    """Return a whole row treated by `tidy_cell`; most rows are ASCII and only need to be trimmed."""
    if "".join(cells).isascii():
        return list(map(str.strip, cells))
    return [tidy_cell(cell) for cell in cells]


def squeeze_blanks(cell: str) -> str:
    """Return the cell with one blank where it has several or a line end: names are compared so."""
    return " ".join(cell.split())


def heading_of(cell: str) -> str:
    """Return the name of a column as it is compared: tidy, on one line, with single blanks."""
    return squeeze_blanks(tidy_cell(cell))


def quote_cell(cell: str) -> str:
    """Return a cell in quotation marks for a message: shortened, and without control characters for a terminal."""
    printable = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cell[:60])
    return f"“{printable}{'…' if len(cell) > 60 else ''}”"
