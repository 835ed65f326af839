"""What the readers of files hand on: rows of cells, and what of a file cannot be read."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_NORMALISED = 20_000  # characters; putting a long run of combining marks in order takes quadratic time


class UnreadableFile(Exception):
    """The file as a whole cannot be trusted to say what it said; nothing of it is taken. Names the place."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells that the mapping names, in its order; absent is empty.

    `number` counts as a spreadsheet does, the header being row 1; in XES it is the running number of the event.
    """

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no row of the table."""

    number: int
    reason: str


def tidy(cell: str) -> str:
    """Trimmed and in NFC, so that a composed and a decomposed word are one key."""
    if cell.isascii() or len(cell) > LONGEST_NORMALISED:
        return cell.strip()
    return unicodedata.normalize("NFC", cell).strip()


def tidy_all(cells: Sequence[str]) -> list[str]:
    """As `tidy`, of a whole row; most need no more than the blanks taken off."""
    if "".join(cells).isascii():
        return list(map(str.strip, cells))
    return [tidy(cell) for cell in cells]


def quoted(cell: str) -> str:
    """A cell in a complaint: short, and without characters that a terminal would obey."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cell[:60])
    return f"“{shown}{'…' if len(cell) > 60 else ''}”"
