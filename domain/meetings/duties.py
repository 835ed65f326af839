"""How often heads must meet the people: rules as data, and what they require of which unit in which period.

A required meeting that was not held leaves no trace in the log. What is missing can only be told from what was to be.
"""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.deadlines.error_messages import in_plain_words
from domain.meetings.words import HeadOf, MeetingKind
from domain.units.events import Level
from domain.units.unit import Unit
from domain.vocabulary import UnitId

_ONE_DAY = timedelta(days=1)


class DutyError(ValueError):
    """A file of duties that cannot be applied; the message names the row."""


class Per(StrEnum):
    """Of the calendar: a week begins on Monday."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    def first_day(self, day: date) -> date:
        """Of the period that the day lies in."""
        match self:
            case Per.WEEK:
                return day - timedelta(days=day.weekday())
            case Per.MONTH:
                return day.replace(day=1)
            case Per.YEAR:
                return day.replace(month=1, day=1)

    def after(self, first_day: date) -> date:
        """The first day of the period after the one that begins on `first_day`."""
        match self:
            case Per.WEEK:
                return first_day + timedelta(days=7)
            case Per.MONTH:
                return (first_day + timedelta(days=31)).replace(day=1)
            case Per.YEAR:
                return first_day.replace(year=first_day.year + 1)


class Duty(BaseModel):
    """One rule; `in_force_to` is the last day in force."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, pattern=r"^[a-z0-9-]+$")
    version: int = Field(ge=1)
    kind: MeetingKind
    level: Level
    heads_of: frozenset[HeadOf] = Field(min_length=1)
    times: int = Field(ge=1, le=366)
    per: Per
    delegation: Literal["lawful", "unlawful"]
    in_force_from: date
    in_force_to: date | None = None
    legal_source: str = Field(min_length=1)
    known_from: Literal["text", "scan", "press", "memory"] = "text"
    verified: bool
    note: str = ""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError(f"in_force_to {self.in_force_to} is before in_force_from {self.in_force_from}")
        if self.verified and self.known_from in {"press", "memory"}:
            raise ValueError(f"what is known from {self.known_from} alone is not verified")
        return self

    @property
    def reference(self) -> str:
        return f"{self.id}@{self.version}"

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def binds(self, unit: Unit) -> bool:
        return unit.level is self.level and head_of(unit) in self.heads_of


@dataclass(frozen=True, slots=True)
class Required:
    """What one duty asks of one unit in one period, both days inclusive."""

    unit: UnitId
    duty: str
    kind: MeetingKind
    times: int
    delegation_counts: bool
    first: date
    last: date


@dataclass(frozen=True)
class Duties:
    rows: tuple[Duty, ...]

    def required(self, units: Iterable[Unit], first: date, last: date) -> Iterator[Required]:
        """Of the periods that end from the first to the last day, both inclusive: windows that follow one another
        count each period once.
        """
        every_unit = list(units)
        for duty_id in sorted({row.id for row in self.rows}):
            rows = [row for row in self.rows if row.id == duty_id]
            for row in rows:
                for begins, ends in _periods(row.per, max(first, row.in_force_from), last):
                    if row.is_in_force(ends) and any(one.is_in_force(begins) for one in rows):
                        for unit in every_unit:
                            if row.binds(unit) and _was_in_being(unit, begins, ends):
                                yield Required(
                                    unit=unit.unit,
                                    duty=row.reference,
                                    kind=row.kind,
                                    times=row.times,
                                    delegation_counts=row.delegation == "lawful",
                                    first=begins,
                                    last=ends,
                                )


def head_of(unit: Unit) -> HeadOf:
    """By the branch that the register has for the unit; unknown where it says none."""
    return HeadOf(unit.branch.value)


def parse_duties(text: str, name: str) -> Duties:
    """Read a file of duties (as `domain/policy/heads-duties.toml`); `name` is for the messages. Raises DutyError."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DutyError(f"{name}: this is not TOML: {error}") from error
    if unknown := written.keys() - {"duty"}:
        raise DutyError(f"{name}: {min(unknown)!r} is not a known key; a file holds [[duty]] rows only")
    rows: list[Duty] = []
    for place, row in enumerate(written.get("duty", []), start=1):
        try:
            duty = Duty.model_validate(row)
        except ValidationError as error:
            raise DutyError(f"{name}, row {place}: {in_plain_words(error)}") from error
        for other in rows:
            if other.reference == duty.reference:
                raise DutyError(f"{name}, row {place}: {duty.reference} is there twice")
            if other.id == duty.id and (other.is_in_force(duty.in_force_from) or duty.is_in_force(other.in_force_from)):
                raise DutyError(f"{name}, row {place}: {duty.reference} and {other.reference} are in force together")
        rows.append(duty)
    return Duties(tuple(rows))


def _periods(per: Per, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Those that end between the two days."""
    begins = per.first_day(first)
    while (ends := per.after(begins) - _ONE_DAY) <= last:
        yield begins, ends
        begins = ends + _ONE_DAY


def _was_in_being(unit: Unit, first: date, last: date) -> bool:
    return unit.opened_on <= first and (unit.closed_on is None or last <= unit.closed_on)
