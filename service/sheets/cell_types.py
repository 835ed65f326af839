"""Reads the values of cells as people and programs write them.

Each function raises UnusableValue with words that continue the heading of the column, and never quotes the cell.
"""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from domain.stored_words.table import word_in
from domain.strict_types import read_written_day, read_written_number
from domain.text import fold_diacritics
from domain.vocabulary import PetitionKind
from service.files.sheet_lines import CellValue, UnusableCell
from service.files.words import UnusableValue

_DAY_FIRST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
YES_WORD, NO_WORD = "có", "không"


def read_text_cell(cell: CellValue) -> str:
    """Return the text. A day is refused: the program made it of a text, and nobody knows which."""
    match cell:
        case UnusableCell():
            raise UnusableValue(*cell.value)
        case date():
            raise UnusableValue(
                "đã bị bảng tính đổi thành ngày; định dạng ô là văn bản rồi gõ lại",
                "was made a day by the spreadsheet program; format the cell as text and type it again",
            )
        case str():
            return cell


def read_day_cell(cell: CellValue) -> date:
    """Return the day of a day cell, or of a text such as 06/07/2026 (day first) or 2026-07-06."""
    if isinstance(cell, date):
        return cell
    typed = read_text_cell(cell)
    if found := _DAY_FIRST.fullmatch(typed):
        day, _, month, year = found.groups()
        typed = f"{year}-{int(month):02}-{int(day):02}"
    try:
        return read_written_day(typed)
    except ValueError:
        raise UnusableValue("không phải ngày viết theo dd/mm/yyyy", "is not a day written as dd/mm/yyyy") from None


def read_count_cell(cell: CellValue) -> int:
    """Return a whole number of one to nine digits."""
    typed = read_text_cell(cell)
    try:
        return read_written_number(typed)
    except ValueError:
        raise UnusableValue("không phải số nguyên", "is not a whole number") from None


def read_yes_or_no_cell(cell: CellValue) -> bool:
    """Return True for “có” and False for “không”, with or without marks, and for the words of `_ANSWERS_BY_WORD`."""
    found = _ANSWERS_BY_WORD.get(fold_diacritics(read_text_cell(cell)))
    if found is None:
        raise UnusableValue(f"không phải “{YES_WORD}” hay “{NO_WORD}”", f"is neither “{YES_WORD}” nor “{NO_WORD}”")
    return found


def read_kind_cell(cell: CellValue) -> PetitionKind:
    """Return the kind by its Vietnamese or English label, with or without marks, or by its stored word."""
    found = KINDS_BY_WORD.get(fold_diacritics(read_text_cell(cell)))
    if found is None:
        kinds = "; ".join(word_in(one, "vi") for one in PetitionKind)
        raise UnusableValue(f"không phải là một trong: {kinds}", f"is none of: {kinds}")
    return found


def read_unit_codes_cell(cell: CellValue) -> tuple[str, ...]:
    """Return the codes of units that commas, semicolons or line breaks separate."""
    return tuple(unit for one in re.split("[,;\n]", read_text_cell(cell)) if (unit := one.strip()))


_ANSWERS_BY_WORD = {fold_diacritics(YES_WORD): True, "yes": True, "x": True, "1": True, "true": True}
_ANSWERS_BY_WORD |= {fold_diacritics(NO_WORD): False, "no": False, "0": False, "false": False}
KINDS_BY_WORD: Mapping[str, PetitionKind] = MappingProxyType(
    {fold_diacritics(word): one for one in PetitionKind for word in (one.value, word_in(one, "vi"), word_in(one, "en"))}
)
