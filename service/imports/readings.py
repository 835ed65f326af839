"""Defines what becomes of the rows of a file: cases, rows that cannot be read, rows that are no data."""

from dataclasses import dataclass

from domain.imported_history import ImportedCase
from service.files.words import Words


@dataclass(frozen=True, slots=True)
class ReadCase:
    """Holds one case that was read from `rows`; `notes` say where the mapping had to choose."""

    rows: tuple[int, ...]
    case: ImportedCase
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.case.key


@dataclass(frozen=True, slots=True)
class UnreadableRows:
    """Holds rows that make no case; `reason` names the row, the column and what is wrong."""

    rows: tuple[int, ...]
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOutRows:
    """Holds a row that is no case, such as a total; `reason` says what it is."""

    rows: tuple[int, ...]
    reason: str
    key: str = ""


CaseReading = ReadCase | UnreadableRows | LeftOutRows


class UnreadableCase(Exception):
    """Is raised when the rows of a case cannot be read; `words` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words
