"""Which limit a rule sets for a kind and a stage, on a given day: the law as rows, and the law as a whole."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from domain.deadlines.calendar import Calendar
from domain.deadlines.deadline import Clock, Deadline, start
from domain.deadlines.limit import Limit
from domain.deadlines.plain_words import in_plain_words

Kind = Literal["complaint", "denunciation", "proposal_or_feedback", "any"]
Region = Literal["normal", "remote", "any"]
Complexity = Literal["normal", "complex", "specially_complex", "any"]

_ROW = re.compile(r"^\s*\[\[\s*policy\s*\]\]")


class PolicyError(ValueError):
    """A policy file that cannot be applied; the message names the row and its line."""


class PolicyRow(BaseModel):
    """One rule. A row that was applied is never edited: a change is a new `version`, from its own day on.

    `limit` is None for a slot: no national rule, to be filled by a province; until then the petition has no
    limit, which is a defect to show. `in_force_to` is the last day in force. `verified` says that the source
    itself was read and left no doubt. `trigger` names the act whose day starts the clock.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, pattern=r"^[a-z0-9-]+$")
    version: int = Field(ge=1)
    kind: Kind
    stage: Clock
    limit: Limit | None = None
    region: Region = "any"
    complexity: Complexity = "any"
    in_force_from: date
    in_force_to: date | None = None
    trigger: str = Field(min_length=1)
    legal_source: str = Field(min_length=1)
    verified: bool
    note: str = ""

    @field_validator("limit", mode="before")
    @classmethod
    def _limit_in_short_form(cls, value: object) -> object:
        return Limit.parse(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError(f"in_force_to {self.in_force_to} is before in_force_from {self.in_force_from}")
        return self

    @property
    def reference(self) -> str:
        """What a deadline keeps of the row it was counted by."""
        return f"{self.id}@{self.version}"

    @property
    def specificity(self) -> int:
        """How many of kind, region and complexity the row names; the row that names more goes first."""
        return sum(condition != "any" for condition in (self.kind, self.region, self.complexity))

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def competes_with(self, other: "PolicyRow") -> bool:
        """Whether some petition on some day would have both rows, and nothing to choose by."""
        return (
            self.stage is other.stage
            and self.specificity == other.specificity
            and all(
                mine == theirs or "any" in (mine, theirs)
                for mine, theirs in (
                    (self.kind, other.kind),
                    (self.region, other.region),
                    (self.complexity, other.complexity),
                )
            )
            and (self.in_force_to is None or other.in_force_from <= self.in_force_to)
            and (other.in_force_to is None or self.in_force_from <= other.in_force_to)
        )


@dataclass(frozen=True)
class Policies:
    """Every rule on file. Raises PolicyError when two of them clash."""

    rows: tuple[PolicyRow, ...]
    _applicable: Mapping[tuple[str, Clock, str, str], tuple[PolicyRow, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for one, other in combinations(self.rows, 2):
            if fault := _clash(one, other):
                raise PolicyError(fault)
        most_specific_first = sorted(self.rows, key=lambda row: -row.specificity)
        applicable = {
            (kind, stage, region, complexity): tuple(
                row
                for row in most_specific_first
                if row.stage is stage
                and row.kind in (kind, "any")
                and row.region in (region, "any")
                and row.complexity in (complexity, "any")
            )
            for kind in get_args(Kind)
            for stage in Clock
            for region in ("normal", "remote")
            for complexity in ("normal", "complex", "specially_complex")
        }
        object.__setattr__(self, "_applicable", applicable)

    def row_for(
        self, kind: str, stage: Clock, on: date, *, remote: bool = False, complexity: str = "normal"
    ) -> PolicyRow | None:
        """The most specific rule in force on the day of the act, or None when there is none.

        Rules bind per stage (Decree 155/2026 Art 22.1): `on` is the day of whatever triggers this stage, not
        the day the petition came in. `kind` "any" is a petition not yet classified. Raises ValueError for a
        word that no row can hold.
        """
        key = (kind, stage, "remote" if remote else "normal", complexity)
        if key not in self._applicable:
            raise ValueError(f"the rules know no such kind, stage or complexity: {key}")
        return next((row for row in self._applicable[key] if row.is_in_force(on)), None)


@dataclass(frozen=True)
class Law:
    """The rules and the calendar that a decision is taken by."""

    policies: Policies
    calendar: Calendar

    def deadline(
        self, kind: str, stage: Clock, on: date, *, remote: bool = False, complexity: str = "normal"
    ) -> Deadline | None:
        """The clock that an act on the day `on` starts; None when no rule sets a limit: not "in time".

        Raises CalendarRunsOut when the limit ends beyond the years on file.
        """
        row = self.policies.row_for(kind, stage, on, remote=remote, complexity=complexity)
        if row is None or row.limit is None:
            return None
        return start(stage, on, row, self.calendar)


def parse_policies(text: str, name: str) -> Policies:
    """Read a policy file (TOML, as `domain/policy/deadlines.toml`); `name` is for the messages.

    Raises PolicyError: an unknown or missing key, no legal source, a limit that is not one, the same id and
    version twice, rows of equal specificity that are in force together.
    """
    try:
        file = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{name}: this is not TOML: {error}") from error
    if unknown := file.keys() - {"policy"}:
        raise PolicyError(f"{name}: {min(unknown)!r} is not a known key; a file holds [[policy]] rows only")
    written = file.get("policy", [])
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if _ROW.match(line)]
    if not isinstance(written, list) or len(lines) != len(written):
        raise PolicyError(f"{name}: write each row as a [[policy]] heading with its keys below it")

    rows = [
        _row(row, f"{name}, row {place} (line {line})")
        for place, (row, line) in enumerate(zip(written, lines, strict=True), start=1)
    ]
    for (one, line), (other, other_line) in combinations(zip(rows, lines, strict=True), 2):
        if fault := _clash(one, other):
            raise PolicyError(f"{name}, lines {line} and {other_line}: {fault}")
    return Policies(tuple(rows))


def _row(written: Mapping[str, object], place: str) -> PolicyRow:
    keys = dict(written)
    counts_start_day = keys.pop("counts_start_day", False)
    try:
        row = PolicyRow.model_validate(keys)
    except ValidationError as error:
        raise PolicyError(f"{place}, {written.get('id', 'without id')}: {in_plain_words(error)}") from error
    if not isinstance(counts_start_day, bool) or (counts_start_day and row.limit is None):
        raise PolicyError(f"{place}, {row.id}: counts_start_day is true or false, beside a limit")
    if row.limit is None or not counts_start_day:
        return row
    return row.model_copy(update={"limit": row.limit.model_copy(update={"counts_start_day": True})})


def _clash(one: PolicyRow, other: PolicyRow) -> str | None:
    if one.reference == other.reference:
        return f"{one.reference} is there twice"
    if not one.competes_with(other):
        return None
    return (
        f"{one.reference} and {other.reference} are in force together for the same {one.stage} and neither is"
        " the more specific; end one the day before the other begins, or name kind, region or complexity"
    )
