"""Defines what the readers of table files return: rows of cells, rows that are unusable, and files that are."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MAX_NORMALISED_CHARACTERS = 20_000  # sorting a long run of combining marks takes quadratic time


class UnreadableFile(Exception):
    """Is raised when a whole file is unreliable, so that nothing of it is used; the message names the place."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """Holds the cells that the mapping names, in its order; an absent cell is an empty string.

    `number` is counted as in a spreadsheet, where the header is row 1; in XES it is the sequence number of the event.
    """

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """Holds the number of a row that does not fit the table, and the reason."""

    number: int
    reason: str


def tidy_cell(cell: str) -> str:
    """Return the cell trimmed and in NFC, so that a composed and a decomposed word are the same key."""
    if cell.isascii() or len(cell) > MAX_NORMALISED_CHARACTERS:
        return cell.strip()
    return unicodedata.normalize("NFC", cell).strip()


def tidy_cells(cells: Sequence[str]) -> list[str]:
    """Return a whole row treated by `tidy_cell`; most rows are ASCII and only need to be trimmed."""
    if "".join(cells).isascii():
        return list(map(str.strip, cells))
    return [tidy_cell(cell) for cell in cells]


def quote_cell(cell: str) -> str:
    """Return a cell in quotation marks for a message: shortened, and without control characters for a terminal."""
    printable = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cell[:60])
    return f"“{printable}{'…' if len(cell) > 60 else ''}”"
