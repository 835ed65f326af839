"""Defines the results of an import: what became of each case, and the summary of all."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from domain.imported_history import ImportFlag
from domain.printed_text import json_on_one_line
from service.imports.file_profile import FileProfile


class CaseOutcome(StrEnum):
    """Says what became of the rows of a case."""

    IMPORTED = "imported"
    WOULD_IMPORT = "would_import"  # in a dry run
    ALREADY_THERE = "already_there"
    TAKEN_OVER = "taken_over"  # what the source tells more since was added
    WOULD_TAKE_OVER = "would_take_over"  # in a dry run
    CHANGED = "changed"  # the source or the mapping now gives another case; the log keeps the first
    UNREADABLE = "unreadable"
    LEFT_OUT = "left_out"  # a total, the header again, a row that the mapping skips


@dataclass(frozen=True, slots=True)
class CaseResult:
    """Holds one line of the report. `rows` are numbered as in a spreadsheet, or count the events of an XES log."""

    rows: tuple[int, ...]
    key: str
    outcome: CaseOutcome
    reference: str | None = None
    flags: tuple[ImportFlag, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""
    changes: tuple[str, ...] = ()
    """Says what the source tells otherwise than the log, field by field."""

    def as_json_line(self) -> str:
        """Return the result as JSON on one line, without empty values."""
        values = {
            "rows": self.rows,
            "key": self.key,
            "outcome": self.outcome,
            "reference": self.reference,
            "reason": self.reason,
            "flags": [flag.model_dump() for flag in self.flags],
            "notes": self.notes,
            "changes": self.changes,
        }
        said = {name: value for name, value in values.items() if value}
        return json_on_one_line(msgspec.json.encode(said).decode())


@dataclass(slots=True)
class ImportSummary:
    """Counts the outcomes of an import. A case that is flagged or noted is counted under its outcome too."""

    source: str
    dry_run: bool
    profile: FileProfile
    """The ranges of days and the gaps of the cases that were read."""
    rows: int = 0
    outcomes: Counter[CaseOutcome] = field(default_factory=Counter)
    flagged: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    noted: int = 0
    units_opened: list[str] = field(default_factory=list)
    """Codes of the units that this import entered in the register; in a dry run, that it would enter."""
    columns_left_out: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """Holds the remarks on the whole file, in both languages."""

    @property
    def cases(self) -> int:
        """Return the number of cases, whatever their outcome.

        An unreadable row that cannot be matched to any case counts as one case, a row that is no data as none.
        """
        return self.outcomes.total() - self.outcomes[CaseOutcome.LEFT_OUT]

    @property
    def complete(self) -> bool:
        """Return True if the log has every case as the file has it."""
        return not (self.outcomes[CaseOutcome.UNREADABLE] or self.outcomes[CaseOutcome.CHANGED])

    def add(self, result: CaseResult) -> None:
        self.outcomes[result.outcome] += 1
        self.flagged += bool(result.flags)
        self.flags.update(flag.flag for flag in result.flags)
        self.noted += bool(result.notes)
