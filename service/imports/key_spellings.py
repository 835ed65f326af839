"""Finds keys that a spreadsheet program may have changed: zeros eaten, a fraction added, a number shortened."""

import re

from service.files.cells import quote_cell
from service.files.words import Words

_NUMBER = re.compile(r"0*([0-9]+?)([.,]0+)?")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
MOST_KEYS_NAMED = 10


class KeySpellings:
    """Collects the keys of a file; only those that are numbers can have lost a zero."""

    def __init__(self) -> None:
        self._first_of_number: dict[str, str] = {}
        self._alike: dict[str, set[str]] = {}
        self._scientific: set[str] = set()

    def look_at(self, key: str) -> None:
        """Take one more key."""
        if _SCIENTIFIC.fullmatch(key):
            self._scientific.add(key)
        elif found := _NUMBER.fullmatch(key):
            first = self._first_of_number.setdefault(found[1], key)
            if first != key:
                self._alike.setdefault(found[1], {first}).add(key)

    def remarks(self) -> list[Words]:
        """Return the keys that may be one key, and those of which digits are lost."""
        found = [
            Words(
                f"khóa {names} chỉ khác số 0: có phải một vụ việc?", f"keys {names} differ in zeros: are they one case?"
            )
            for keys in list(self._alike.values())[:MOST_KEYS_NAMED]
            for names in (", ".join(map(quote_cell, sorted(keys))),)
        ]
        if self._scientific:
            names = ", ".join(map(quote_cell, sorted(self._scientific)[:MOST_KEYS_NAMED]))
            found.append(
                Words(
                    f"khóa {names} là số viết gọn: bảng tính đã làm mất chữ số",
                    f"keys {names} are in scientific notation: the spreadsheet program lost digits",
                )
            )
        return found

    def notes_on(self, key: str) -> list[str]:
        """Return what is to be said of one key."""
        number = _NUMBER.fullmatch(key)
        if key in self._scientific:
            return [str(Words("khóa là số viết gọn", "the key is in scientific notation"))]
        if number and number[1] in self._alike:
            others = ", ".join(map(quote_cell, sorted(self._alike[number[1]] - {key})))
            return [str(Words(f"khóa chỉ khác {others} ở số 0", f"the key differs from {others} in zeros alone"))]
        return []
