"""Defines the id that identifies a sheet when it comes back, and the keys of its rows."""

import re
import secrets
from typing import NamedTuple, Self
from uuid import UUID

from domain.vocabulary import MeetingId
from service.files.sheet_lines import CellValue

SHEET_FORM_VERSION = 1
"""Version of the form: of its columns and their meaning."""
KEYS_LINE_NUMBER, HEADINGS_LINE_NUMBER, FIRST_ROW_LINE_NUMBER = 1, 2, 3
MOST_SHEET_ROWS = 1_000
"""Petitions that one sheet can hold."""

_SHEET_ID = re.compile(r"kiennghi-sheet/([0-9]{1,4}) ([0-9a-f-]{36}) ([0-9A-F]{10})")
_ROW_KEY = re.compile(r"P([0-9A-F]{10})-[0-9]{3,4}")


class SheetId(NamedTuple):
    """Identifies one sheet of one meeting.

    Each sheet has a random `code` of its own: two sheets of one meeting hold different petitions.
    """

    meeting_id: MeetingId
    code: str
    version: int = SHEET_FORM_VERSION

    @classmethod
    def new(cls, meeting_id: MeetingId) -> Self:
        return cls(meeting_id, secrets.token_hex(5).upper())

    @classmethod
    def parse(cls, cell: CellValue | None) -> Self | None:
        """Parse the first cell of a sheet; return None for any other cell."""
        found = _SHEET_ID.fullmatch(cell) if isinstance(cell, str) else None
        if found is None:
            return None
        try:
            return cls(MeetingId(UUID(found[2])), found[3], int(found[1]))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"kiennghi-sheet/{self.version} {self.meeting_id} {self.code}"

    def row_key(self, number: int) -> str:
        """Return the key of a row, from 1. It begins with a letter, so that no program makes a number of it."""
        return f"P{self.code}-{number:03}"

    def owns(self, row_key: str) -> bool:
        """Return True for a key of this sheet, also for one that somebody continued beyond the prepared rows."""
        found = _ROW_KEY.fullmatch(row_key)
        return found is not None and found[1] == self.code
