"""Defines the ladder (thang cảnh báo): the alert steps before and after a due date, their days, and the units' hours.

The ladder is data, so that an installation (site) can add steps without a change of the program.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.alerts.keys import StepKey
from domain.alerts.step import LadderStep, StepOffset
from domain.alerts.vocabulary import AlertChannel, WatchedClock
from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.clock import ClockSubject
from domain.labels import BilingualText
from domain.text import Code
from domain.vocabulary import OfficerId, UnitId


class LadderError(ValueError):
    """Is raised for a ladder file that cannot be applied; the message names the row and its line."""


class WorkingHours(BaseModel):
    """Holds the hours in which a unit reads its messages.

    If `unit` is None, they apply to every unit without a row of its own. `begins` (inclusive) and `ends` (exclusive)
    are times of day in the authority's zone. `closed_on` are days off in addition to those of the calendar.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Code | None = None
    begins: time
    ends: time
    closed_on: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if self.begins.tzinfo is not None or self.ends.tzinfo is not None or self.ends <= self.begins:
            raise ValueError("begins and ends are times of one day, such as 07:30:00 and 17:00:00, in this order")
        return self


class OperatorContact(BaseModel):
    """Names the officers who run the service, and the channels that reach them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    officers: tuple[Code, ...] = Field(min_length=1, max_length=20)
    by: tuple[AlertChannel, ...] = Field(default=(AlertChannel.EMAIL,), min_length=1)

    @property
    def officer_ids(self) -> tuple[OfficerId, ...]:
        return tuple(OfficerId(officer) for officer in self.officers)


class ClockDueDate(NamedTuple):
    """Identifies one due date of one clock. If the date moves, the new date has steps of its own."""

    clock: WatchedClock
    round: int
    due_on: date
    subject: ClockSubject | None = None

    def key(self, step: str) -> StepKey:
        """Return the key of a step of this date."""
        return StepKey(self.clock, self.round, self.due_on, step, self.subject)


class DueStep(NamedTuple):
    """Holds a step that has fallen due, with the day on which it fell due."""

    fell_due_on: date
    due_date: ClockDueDate
    row: LadderStep

    @property
    def key(self) -> StepKey:
        return self.due_date.key(self.row.rung)


_StepConditions = tuple[WatchedClock, str | None, str]


@dataclass(frozen=True)
class Ladder:
    """Holds every step on file: `rows` are national, `local` are the installation's.

    Raises LadderError if two rows clash.
    """

    rows: tuple[LadderStep, ...]
    local: tuple[LadderStep, ...] = ()
    hours: tuple[WorkingHours, ...] = (WorkingHours(begins=time(7, 30), ends=time(17)),)
    operator: OperatorContact | None = None
    _rows_by_rung_cache: dict[_StepConditions, tuple[tuple[LadderStep, ...], ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _by_reference: dict[str, LadderStep] = field(init=False, repr=False, compare=False)
    _units_named: frozenset[str] = field(init=False, repr=False, compare=False)
    _hours_of: dict[str | None, WorkingHours] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if fault := next(find_step_clashes(self.rows), None) or next(find_step_clashes(self.local), None):
            raise LadderError(fault[2])
        if taken := {row.reference for row in self.rows} & {row.reference for row in self.local}:
            raise LadderError(f"{min(taken)} is the name of a national step; a step of the site has an id of its own")
        if None not in {hours.unit for hours in self.hours}:
            raise LadderError("the hours of units that have none of their own are missing")
        object.__setattr__(self, "_by_reference", {row.reference: row for row in (*self.local, *self.rows)})
        object.__setattr__(self, "_units_named", frozenset(row.unit for row in (*self.local, *self.rows)) - {"any"})
        object.__setattr__(self, "_hours_of", {hours.unit: hours for hours in self.hours})

    def with_local(
        self, local: Iterable[LadderStep], hours: Iterable[WorkingHours], operator: OperatorContact | None
    ) -> "Ladder":
        """Return this ladder with the rows, hours and operator of an installation's file."""
        return replace(self, local=tuple(local), hours=(*self.hours, *hours), operator=operator)

    # -- steps

    def rows_by_rung(self, clock: WatchedClock, kind: str | None, unit: str) -> tuple[tuple[LadderStep, ...], ...]:
        """Return for each rung (named step) the rows that may apply.

        The first row that is in force on the day of its step applies.
        """
        conditions = (clock, kind, unit if unit in self._units_named else "")
        found = self._rows_by_rung_cache.get(conditions)
        if found is None:
            # The sort is stable: of two rows with as many conditions, the installation's row comes first.
            rows = sorted((*self.local, *self.rows), key=lambda row: -row.specificity)
            by_rung: dict[str, list[LadderStep]] = {}
            for row in rows:
                if row.applies_to(clock, kind, unit):
                    by_rung.setdefault(row.rung, []).append(row)
            found = self._rows_by_rung_cache[conditions] = tuple(map(tuple, by_rung.values()))
        return found

    def row_with_reference(self, reference: str) -> LadderStep | None:
        """Return the row that an alert names, even if it is not in force; None if there is no such row."""
        return self._by_reference.get(reference)

    def words_of_steps(self) -> dict[str, BilingualText]:
        """Return what each step says, by the name of its rung and by the reference of its row."""
        rows = (*self.rows, *self.local)
        return {name: {"vi": row.says.vi, "en": row.says.en} for row in rows for name in (row.rung, row.reference)}

    def due_date_range(self, clock: WatchedClock, on: date) -> tuple[date, date] | None:
        """Return the first and last due date of the clock, both inclusive, that can have a step which is due on the day
        `on`.

        The range allows for all rest days that may lie in between. Return None if no row is for the clock.
        """
        rows = [row for row in (*self.local, *self.rows) if clock in row.clocks]
        if not rows:
            return None
        first = min(row.in_force_from - _largest_shift(row.at) for row in rows)
        return first, max(on + _largest_shift(row.at) for row in rows)

    def steps_due(
        self,
        due_date: ClockDueDate,
        kind: str | None,
        unit: str,
        on: date,
        calendar: Calendar,
    ) -> list[DueStep]:
        """Return the steps of the due date that have fallen due by the end of the day `on`, in their order.

        Steps whose alert was raised already are included.
        """
        found = []
        for rows in self.rows_by_rung(due_date.clock, kind, unit):
            for row in rows:
                day = row.at.shift(due_date.due_on, calendar)
                if row.is_in_force(day):
                    if day <= on and not row.off:
                        found.append(DueStep(day, due_date, row))
                    break
        return sorted(found, key=due_step_order)

    # -- hours

    def hours_of(self, unit: UnitId) -> WorkingHours:
        """Return the working hours of the unit."""
        return self._hours_of.get(unit) or self._hours_of[None]

    def is_at_work(self, unit: UnitId, on: date, at: datetime, calendar: Calendar) -> bool:
        """Return True if the unit works on the day `on` and at the time of day of `at`, in the authority's zone."""
        hours = self.hours_of(unit)
        try:
            works = calendar.is_working_day(on)
        except CalendarRunsOut:
            # The operator learns that the year is not on file; officers still get their alerts.
            works = on.weekday() < 5
        return works and on not in hours.closed_on and hours.begins <= at.time() < hours.ends


def _largest_shift(offset: StepOffset) -> timedelta:
    """Return an upper bound, in calendar days, of the distance that the offset can span.

    The bound allows for rest days between working days: the longest holidays last nine days, a weekend two.
    """
    return timedelta(days=2 * abs(offset.days) + 15)


def due_step_order(step: DueStep) -> tuple[date, int, str, str, str]:
    """Return the sort key of a step: its day, then its days from the date, its clock and subject, and its rung."""
    subject = step.due_date.subject
    return (
        step.fell_due_on,
        step.row.at.days,
        step.due_date.clock,
        "" if subject is None else subject.text,
        step.row.rung,
    )


def find_step_clashes(rows: Iterable[LadderStep]) -> Iterator[tuple[LadderStep, LadderStep, str]]:
    """Yield the pairs of rows that cannot both be on file, each with the reason."""
    by_reference: dict[str, LadderStep] = {}
    by_rung: dict[str, list[LadderStep]] = {}
    for row in rows:
        if row.reference in by_reference:
            yield by_reference[row.reference], row, f"{row.reference} is there twice"
            continue
        by_reference[row.reference] = row
        by_rung.setdefault(row.rung, []).append(row)
    for rows_of_rung in by_rung.values():
        for one, other in combinations(rows_of_rung, 2):
            if one.competes_with(other):
                reason = (
                    f"{one.reference} and {other.reference} are in force together for the same step {one.rung} and"
                    " neither is the more specific; end one before the other begins, or name unit, kind or clock"
                )
                yield one, other, reason
