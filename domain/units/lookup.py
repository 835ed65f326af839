"""Finds the unit that a reader means by its code or its name, and names the nearest ones where there is none."""

from collections import defaultdict
from difflib import get_close_matches

from domain.errors import Refused
from domain.refusals.units import UnitRefusal
from domain.text import fold_diacritics
from domain.units.unit import UnitRegister
from domain.vocabulary import NO_UNIT, NO_UNIT_WORD, UnitId

NEAREST = 3
"""Number of units that are offered where none is found."""


def find_unit_of_question(register: UnitRegister, wanted: str | None) -> UnitId | None:
    """Return the unit that a question is about: None for a question about all, and NO_UNIT for its word.

    Raise Refused for a unit that is not in the register: the empty list of it would be a false zero.
    """
    if wanted is None:
        return None
    return NO_UNIT if wanted == NO_UNIT_WORD else find_unit(register, wanted)


def find_unit(register: UnitRegister, wanted: str) -> UnitId:
    """Return the unit with this code, or with this name where one unit alone has it, former names included.

    Capitals and diacritics do not count. Raise Refused with the nearest units, or with all that share the
    name.
    """
    if UnitId(wanted) in register.by_id:
        return UnitId(wanted)
    units_by_name = _units_by_name(register)
    name = _folded(wanted)
    found = units_by_name.get(name, [])
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(UnitRefusal.SEVERAL_UNITS_SO_NAMED, unit=wanted, units=_shown(register, found))
    near = get_close_matches(name, units_by_name, n=NEAREST, cutoff=0.6)
    nearest = list(dict.fromkeys(unit for one in near for unit in units_by_name[one]))
    if not nearest:
        raise Refused(UnitRefusal.NO_SUCH_UNIT, unit=wanted)
    raise Refused(UnitRefusal.NO_UNIT_BUT_NEAR_ONES, unit=wanted, units=_shown(register, nearest[:NEAREST]))


def _units_by_name(register: UnitRegister) -> dict[str, list[UnitId]]:
    """Return the units by each of their names, of which the code is one, in lower case without diacritics."""
    found: defaultdict[str, list[UnitId]] = defaultdict(list)
    for code, unit in sorted(register.by_id.items()):
        for name in dict.fromkeys(map(_folded, (code, unit.name, *(renaming.value for renaming in unit.renamings)))):
            found[name].append(code)
    return found


def _folded(text: str) -> str:
    return " ".join(fold_diacritics(text).split())


def _shown(register: UnitRegister, units: list[UnitId]) -> tuple[str, ...]:
    return tuple(f"{unit} ({register.by_id[unit].name})" for unit in units)
