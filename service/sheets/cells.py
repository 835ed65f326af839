"""What the readers of both formats hand on: the cells of a line, by column."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

MOST_LINES = 10_000
"""Lines that are looked at, empty ones too. A table that goes on and on is refused, not waited for."""
MOST_COLUMNS = 200


class Odd(Enum):
    """A cell that says nothing: nobody may rely on what a program made of it."""

    FORMULA = "holds a formula; type the text or number itself"
    ERROR = "holds an error of the spreadsheet program"


Cell = str | date | Odd


@dataclass(frozen=True, slots=True)
class Line:
    """`number` as the spreadsheet program shows it; `cells` by the place of their column from 0, without empty ones.

    `fault` says why the line is no line of a table.
    """

    number: int
    cells: Mapping[int, Cell]
    fault: str = ""


def letters(place: int) -> str:
    """The column as the program names it: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
