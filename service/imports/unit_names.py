"""Gives one unit one name: the register's, a reviewed alias's, or the first spelling in the file.

Spellings are one if they differ only in blanks, in characters that nobody sees and in case. Where they differ in
accents, in the place of a tone or in punctuation only a person can tell: these are named, and stay apart.
"""

from collections.abc import Iterable, Mapping

from domain.text import fold_diacritics
from service.files.cells import quote_cell, squeeze_blanks
from service.files.words import Words


def _matching_key(name: str) -> str:
    return squeeze_blanks(name).casefold()


def _near_key(name: str) -> str:
    return "".join(filter(str.isalnum, fold_diacritics(name)))


class UnitNames:
    """Tells the unit that a cell means, and remembers which names are nearly alike."""

    def __init__(self, aliases: Mapping[str, str], registered: Iterable[str]) -> None:
        self._registered = frozenset(registered)
        self._by_key = {_matching_key(unit): unit for unit in sorted(self._registered)}
        self._aliases = {_matching_key(alias): unit for alias, unit in aliases.items()}
        self._known: dict[str, str] = {}
        self._merged: dict[str, set[str]] = {}

    def unit_of(self, cell: str) -> str:
        """Return the unit that the cell means; an empty cell means none."""
        unit = self._known.get(cell)
        if unit is None:
            unit = self._known[cell] = self._decide(cell)
        return unit

    def _decide(self, cell: str) -> str:
        name = squeeze_blanks(cell)
        if not name:
            return ""
        if (alias := self._aliases.get(_matching_key(name))) is not None:
            return alias
        if name in self._registered:
            return name
        unit = self._by_key.setdefault(_matching_key(name), name)
        if unit != name:
            self._merged.setdefault(unit, set()).add(name)
        return unit

    def remarks(self) -> list[Words]:
        """Return which spellings were taken as one, and which units of the file or the register are nearly alike."""
        found = []
        for unit, spellings in sorted(self._merged.items()):
            others = ", ".join(map(quote_cell, sorted(spellings)))
            found.append(Words(f"{others} được hiểu là {quote_cell(unit)}", f"{others} is taken as {quote_cell(unit)}"))
        seen = {unit for unit in self._known.values() if unit}
        near: dict[str, set[str]] = {}
        for unit in seen | self._registered:
            near.setdefault(_near_key(unit), set()).add(unit)
        for units in near.values():
            if len(units) > 1 and units & seen:
                names = ", ".join(map(quote_cell, sorted(units)))
                found.append(
                    Words(
                        f"tên đơn vị gần giống nhau: {names}; nếu là một, ghi trong [units] của mapping",
                        f"units nearly alike: {names}; if they are one, say so in [units] of the mapping",
                    )
                )
        return found
