"""What a cell says: each reader takes what people and programs write, or raises ValueError in plain words."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from domain.text import folded
from domain.vocabulary import PetitionKind
from projections.labels.events import VALUES
from service.sheets.cells import Cell, Odd

YES, NO = "có", "không"


def text(cell: Cell) -> str:
    match cell:
        case Odd():
            raise ValueError(cell.value)
        case date():
            raise ValueError("was made a day by the spreadsheet program; format the cell as text and type it again")
        case str():
            return cell


def day(cell: Cell) -> date:
    """A cell with a day, or dd/mm/yyyy, or 2026-07-06."""
    if isinstance(cell, date):
        return cell
    typed = text(cell)
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(typed, form).date()
        except ValueError:
            continue
    raise ValueError("is not a day written as dd/mm/yyyy")


def count(cell: Cell) -> int:
    typed = text(cell)
    if not re.fullmatch("[0-9]{1,9}", typed):
        raise ValueError("is not a whole number")
    return int(typed)


def yes_or_no(cell: Cell) -> bool:
    found = _YES_NO.get(folded(text(cell)))
    if found is None:
        raise ValueError(f"is neither “{YES}” nor “{NO}”")
    return found


def kind(cell: Cell) -> PetitionKind:
    found = KINDS.get(folded(text(cell)))
    if found is None:
        raise ValueError(f"is none of: {'; '.join(VALUES[one]['vi'] for one in PetitionKind)}")
    return found


def units(cell: Cell) -> tuple[str, ...]:
    return tuple(unit for one in re.split("[,;\n]", text(cell)) if (unit := one.strip()))


_YES_NO = {folded(YES): True, "yes": True, "x": True, "1": True, "true": True}
_YES_NO |= {folded(NO): False, "no": False, "0": False, "false": False}
KINDS: Mapping[str, PetitionKind] = MappingProxyType(
    {folded(word): one for one in PetitionKind for word in (one.value, VALUES[one]["vi"], VALUES[one]["en"])}
)
