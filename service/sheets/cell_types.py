"""Reads the values of cells as people and programs write them.

Each function raises ValueError with plain words that continue the heading of the column, and never quotes the cell.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from domain.stored_words.table import word_in
from domain.text import fold_diacritics
from domain.vocabulary import PetitionKind
from service.sheets.cells import CellValue, UnusableCell

YES_WORD, NO_WORD = "có", "không"


def read_text_cell(cell: CellValue) -> str:
    """Return the text. A day is refused: the program made it of a text, and nobody knows which."""
    match cell:
        case UnusableCell():
            raise ValueError(cell.value)
        case date():
            raise ValueError("was made a day by the spreadsheet program; format the cell as text and type it again")
        case str():
            return cell


def read_day_cell(cell: CellValue) -> date:
    """Return the day of a day cell, or of a text such as 06/07/2026 (day first) or 2026-07-06."""
    if isinstance(cell, date):
        return cell
    typed = read_text_cell(cell)
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(typed, form).date()
        except ValueError:
            continue
    raise ValueError("is not a day written as dd/mm/yyyy")


def read_count_cell(cell: CellValue) -> int:
    """Return a whole number of one to nine digits."""
    typed = read_text_cell(cell)
    if not re.fullmatch("[0-9]{1,9}", typed):
        raise ValueError("is not a whole number")
    return int(typed)


def read_yes_or_no_cell(cell: CellValue) -> bool:
    """Return True for “có” and False for “không”, with or without marks, and for the words of `_ANSWERS_BY_WORD`."""
    found = _ANSWERS_BY_WORD.get(fold_diacritics(read_text_cell(cell)))
    if found is None:
        raise ValueError(f"is neither “{YES_WORD}” nor “{NO_WORD}”")
    return found


def read_kind_cell(cell: CellValue) -> PetitionKind:
    """Return the kind by its Vietnamese or English label, with or without marks, or by its stored word."""
    found = KINDS_BY_WORD.get(fold_diacritics(read_text_cell(cell)))
    if found is None:
        raise ValueError(f"is none of: {'; '.join(word_in(one, 'vi') for one in PetitionKind)}")
    return found


def read_unit_codes_cell(cell: CellValue) -> tuple[str, ...]:
    """Return the codes of units that commas, semicolons or line breaks separate."""
    return tuple(unit for one in re.split("[,;\n]", read_text_cell(cell)) if (unit := one.strip()))


_ANSWERS_BY_WORD = {fold_diacritics(YES_WORD): True, "yes": True, "x": True, "1": True, "true": True}
_ANSWERS_BY_WORD |= {fold_diacritics(NO_WORD): False, "no": False, "0": False, "false": False}
KINDS_BY_WORD: Mapping[str, PetitionKind] = MappingProxyType(
    {fold_diacritics(word): one for one in PetitionKind for word in (one.value, word_in(one, "vi"), word_in(one, "en"))}
)
