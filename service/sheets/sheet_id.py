"""The mark by which a sheet is known again, and the keys of its rows."""

import re
import secrets
from typing import NamedTuple, Self
from uuid import UUID

from domain.vocabulary import MeetingId
from service.sheets.cells import Cell

VERSION = 1
"""Of the form: its columns and what they mean."""
KEYS_LINE, HEADINGS_LINE, FIRST_LINE = 1, 2, 3
MOST_ROWS = 1_000
"""Petitions of one sheet."""

_MARK = re.compile(r"kiennghi-sheet/([0-9]{1,4}) ([0-9a-f-]{36}) ([0-9A-F]{10})")
_ROW_KEY = re.compile(r"P([0-9A-F]{10})-[0-9]{3,4}")


class Mark(NamedTuple):
    """Two sheets of one meeting have different `sheet` ids: what was written into them is not the same."""

    meeting_id: MeetingId
    sheet: str
    version: int = VERSION

    @classmethod
    def new(cls, meeting_id: MeetingId) -> Self:
        return cls(meeting_id, secrets.token_hex(5).upper())

    @classmethod
    def of(cls, cell: Cell | None) -> Self | None:
        """As it stands in the first cell; None for any other."""
        found = _MARK.fullmatch(cell) if isinstance(cell, str) else None
        if found is None:
            return None
        try:
            return cls(MeetingId(UUID(found[2])), found[3], int(found[1]))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"kiennghi-sheet/{self.version} {self.meeting_id} {self.sheet}"

    def row_key(self, number: int) -> str:
        """Begins with a letter, so that no program makes a number of it."""
        return f"P{self.sheet}-{number:03}"

    def owns(self, row_key: str) -> bool:
        """Also a key that somebody continued beyond the prepared ones."""
        found = _ROW_KEY.fullmatch(row_key)
        return found is not None and found[1] == self.sheet
