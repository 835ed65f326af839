"""Reads how often heads must meet the people, and computes the meetings that a unit must hold in a period.

A required meeting that was not held leaves no event in the log. Only the rules can show what is missing.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.deadlines.both_languages import BothLanguages
from domain.deadlines.calendar import ONE_DAY
from domain.deadlines.error_messages import validation_error_text
from domain.meetings.words import HeadOf, MeetingKind
from domain.units.unit import Unit
from domain.vocabulary import UnitId

DutyLevel = Literal["central", "province", "district", "commune", "any"]
"""The words of `Level`, and "any" for each of them."""


class DutyError(ValueError):
    """Is raised for a file of duties that cannot be applied; the message names the row."""


class DutyPeriod(StrEnum):
    """Names a period of the calendar in which a duty is counted; a week begins on Monday."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    def first_day(self, day: date) -> date:
        """Return the first day of the period that contains `day`."""
        match self:
            case DutyPeriod.WEEK:
                return day - timedelta(days=day.weekday())
            case DutyPeriod.MONTH:
                return day.replace(day=1)
            case DutyPeriod.YEAR:
                return day.replace(month=1, day=1)

    def next_first_day(self, first_day: date) -> date:
        """Return the first day of the next week, month or year; `first_day` is the first day of the present one."""
        match self:
            case DutyPeriod.WEEK:
                return first_day + timedelta(days=7)
            case DutyPeriod.MONTH:
                return (first_day + timedelta(days=31)).replace(day=1)
            case DutyPeriod.YEAR:
                return first_day.replace(year=first_day.year + 1)


class HeadsDuty(BaseModel):
    """Holds one rule on how often heads must meet the people. `in_force_to` is the last day in force (inclusive).

    "unknown" among `heads_of` is the head of a unit of which the register does not say the branch. A rule for `level`
    "any" binds units of every level that the register knows. `reference_only` is the reason why no meeting is required
    by the rule; only such a rule may name no kind of meeting, or no number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, pattern=r"^[a-z0-9-]+$")
    version: int = Field(ge=1)
    kind: MeetingKind | None = None
    level: DutyLevel
    heads_of: frozenset[HeadOf | Literal["unknown"]] = Field(min_length=1)
    times: int | None = Field(default=None, ge=1, le=366)
    per: DutyPeriod
    delegation: Literal["lawful", "unlawful"]
    in_force_from: date
    in_force_to: date | None = None
    legal_source: str = Field(min_length=1)
    known_from: Literal["text", "scan", "press", "memory"] = "text"
    verified: bool
    note: str = ""
    reference_only: BothLanguages | None = None

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError(f"in_force_to {self.in_force_to} is before in_force_from {self.in_force_from}")
        if self.verified and self.known_from in {"press", "memory"}:
            raise ValueError(f"what is known from {self.known_from} alone is not verified")
        if self.reference_only is None and (self.kind is None or self.times is None):
            raise ValueError("kind and times may be missing only beside reference_only")
        return self

    @property
    def reference(self) -> str:
        """Return the name of the row: `id@version`."""
        return f"{self.id}@{self.version}"

    def is_in_force(self, on: date) -> bool:
        """Return True if the rule is in force on the day `on`; both ends are inclusive."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def applies_to(self, unit: Unit) -> bool:
        """Return True if the rule binds the head of the unit, by the unit's level and branch."""
        is_of_level = unit.level is not None and self.level in (unit.level, "any")
        return is_of_level and (head_of_unit(unit) or "unknown") in self.heads_of


@dataclass(frozen=True, slots=True)
class RequiredMeetings:
    """Holds what one duty requires of one unit in one period; `first` and `last` are both inclusive."""

    unit: UnitId
    duty: str
    kind: MeetingKind
    times: int
    delegation_counts: bool
    first: date
    last: date


@dataclass(frozen=True)
class Duties:
    """Holds all duties on file."""

    rows: tuple[HeadsDuty, ...]

    def required_meetings(self, units: Iterable[Unit], first: date, last: date) -> Iterator[RequiredMeetings]:
        """Yield the required meetings of all periods that end between `first` and `last`, both inclusive.

        So each period is counted once if the days `first` to `last` of several calls follow one another. A duty binds a
        unit only if the duty was in force, and the unit existed, for the whole period. A rule that is on file for
        reference alone requires nothing.
        """
        every_unit = list(units)
        for duty_id in sorted({row.id for row in self.rows}):
            rows = [row for row in self.rows if row.id == duty_id]
            for row in rows:
                if row.reference_only is not None or row.kind is None or row.times is None:
                    continue
                for period_first, period_last in _periods_ending_within(row.per, max(first, row.in_force_from), last):
                    if row.is_in_force(period_last) and any(version.is_in_force(period_first) for version in rows):
                        for unit in every_unit:
                            if row.applies_to(unit) and _existed_throughout(unit, period_first, period_last):
                                yield RequiredMeetings(
                                    unit=unit.unit,
                                    duty=row.reference,
                                    kind=row.kind,
                                    times=row.times,
                                    delegation_counts=row.delegation == "lawful",
                                    first=period_first,
                                    last=period_last,
                                )


def head_of_unit(unit: Unit) -> HeadOf | None:
    """Return the head of the unit by the branch that the register has for it; None where the register has none."""
    return None if unit.branch is None else HeadOf(unit.branch.value)


def parse_duties(text: str, name: str) -> Duties:
    """Return the duties of a file such as `domain/policy/heads-duties.toml`; `name` is the file's name for error
    messages.

    Raise DutyError for a file that cannot be applied.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DutyError(f"{name}: this is not TOML: {error}") from error
    if unknown := table.keys() - {"duty"}:
        raise DutyError(f"{name}: {min(unknown)!r} is not a known key; a file holds [[duty]] rows only")
    rows: list[HeadsDuty] = []
    for number, row in enumerate(table.get("duty", []), start=1):
        try:
            duty = HeadsDuty.model_validate(row)
        except ValidationError as error:
            raise DutyError(f"{name}, row {number}: {validation_error_text(error)}") from error
        for other in rows:
            if other.reference == duty.reference:
                raise DutyError(f"{name}, row {number}: {duty.reference} is there twice")
            if other.id == duty.id and (other.is_in_force(duty.in_force_from) or duty.is_in_force(other.in_force_from)):
                raise DutyError(f"{name}, row {number}: {duty.reference} and {other.reference} are in force together")
        rows.append(duty)
    return Duties(tuple(rows))


def _periods_ending_within(per: DutyPeriod, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and last day of each period that ends between the two days, both inclusive."""
    begins = per.first_day(first)
    while (ends := per.next_first_day(begins) - ONE_DAY) <= last:
        yield begins, ends
        begins = ends + ONE_DAY


def _existed_throughout(unit: Unit, first: date, last: date) -> bool:
    """Return True if the unit existed from the first to the last day, both inclusive."""
    return unit.opened_on <= first and (unit.closed_on is None or last <= unit.closed_on)
