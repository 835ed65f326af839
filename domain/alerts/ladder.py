"""The ladder: which steps a date has, when each of them falls due, and when people are at work."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.alerts.keys import StepKey
from domain.alerts.step import LIMITS, Offset, Step
from domain.alerts.vocabulary import AlertChannel, WatchedClock
from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.text import Code
from domain.vocabulary import OfficerId, UnitId


class LadderError(ValueError):
    """A ladder file that cannot be applied; the message names the row and its line."""


class Hours(BaseModel):
    """When a unit, or any that has no row of its own, reads its messages; `closed_on` are days beside the calendar's.

    Times of day in the authority's zone: from `begins` on, before `ends`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Code | None = None
    begins: time
    ends: time
    closed_on: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.begins.tzinfo is not None or self.ends.tzinfo is not None or self.ends <= self.begins:
            raise ValueError("begins and ends are times of one day, such as 07:30:00 and 17:00:00, in this order")
        return self


class Operator(BaseModel):
    """Who keeps the service running, and by which ways they hear of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    officers: tuple[Code, ...] = Field(min_length=1, max_length=20)
    by: tuple[AlertChannel, ...] = Field(default=(AlertChannel.EMAIL,), min_length=1)

    @property
    def officer_ids(self) -> tuple[OfficerId, ...]:
        return tuple(OfficerId(officer) for officer in self.officers)


class Segment(NamedTuple):
    """One date of one clock: when the date moves, another segment begins."""

    clock: WatchedClock
    round: int
    due_on: date

    def key(self, step: str) -> StepKey:
        return StepKey(self.clock, self.round, self.due_on, step)


class DueStep(NamedTuple):
    """A rung that has fallen due, and on which day."""

    fell_due_on: date
    segment: Segment
    row: Step

    @property
    def key(self) -> StepKey:
        return self.segment.key(self.row.rung)


_Conditions = tuple[WatchedClock, str | None, str]


@dataclass(frozen=True)
class Ladder:
    """Every step on file: `rows` of the nation, `local` ones of the site. Raises LadderError when two clash."""

    rows: tuple[Step, ...]
    local: tuple[Step, ...] = ()
    hours: tuple[Hours, ...] = (Hours(begins=time(7, 30), ends=time(17)),)
    operator: Operator | None = None
    _rungs: dict[_Conditions, tuple[tuple[Step, ...], ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _by_reference: dict[str, Step] = field(init=False, repr=False, compare=False)
    _units_named: frozenset[str] = field(init=False, repr=False, compare=False)
    _hours_of: dict[str | None, Hours] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if fault := next(clashes(self.rows), None) or next(clashes(self.local), None):
            raise LadderError(fault[2])
        if taken := {row.reference for row in self.rows} & {row.reference for row in self.local}:
            raise LadderError(f"{min(taken)} is the name of a national step; a step of the site has an id of its own")
        if None not in {hours.unit for hours in self.hours}:
            raise LadderError("the hours of units that have none of their own are missing")
        object.__setattr__(self, "_by_reference", {row.reference: row for row in (*self.local, *self.rows)})
        object.__setattr__(self, "_units_named", frozenset(row.unit for row in (*self.local, *self.rows)) - {"any"})
        object.__setattr__(self, "_hours_of", {hours.unit: hours for hours in self.hours})

    def with_local(self, local: Iterable[Step], hours: Iterable[Hours], operator: Operator | None) -> "Ladder":
        return replace(self, local=tuple(local), hours=(*self.hours, *hours), operator=operator)

    # -- steps

    def rungs(self, clock: WatchedClock, kind: str | None, unit: str) -> tuple[tuple[Step, ...], ...]:
        """For each rung the rows that may hold for it, the first one in force on the day of its own step does."""
        named = (clock, kind, unit if unit in self._units_named else "")
        found = self._rungs.get(named)
        if found is None:
            # Sorting keeps the order of equals: of two that name as many conditions the site's goes first.
            rows = sorted((*self.local, *self.rows), key=lambda row: -row.specificity)
            of_rung: dict[str, list[Step]] = {}
            for row in rows:
                if row.is_for(clock, kind, unit):
                    of_rung.setdefault(row.rung, []).append(row)
            found = self._rungs[named] = tuple(map(tuple, of_rung.values()))
        return found

    def named(self, reference: str) -> Step | None:
        """The row that an alert names, in force or not."""
        return self._by_reference.get(reference)

    def reach(self, clock: WatchedClock, on: date) -> tuple[date, date] | None:
        """No date of the clock outside these two can have a step that is due on the day and was in force then.

        Generous by the rest days that may lie between; None where no row is for the clock.
        """
        rows = [
            row for row in (*self.local, *self.rows) if row.clock is clock or (row.clock == "any" and clock in LIMITS)
        ]
        if not rows:
            return None
        first = min(row.in_force_from - _slack(row.at) for row in rows)
        return first, max(on + _slack(row.at) for row in rows)

    def due(
        self,
        segment: Segment,
        kind: str | None,
        unit: str,
        on: date,
        calendar: Calendar,
    ) -> list[DueStep]:
        """The steps of the segment that have fallen due by the end of the day, raised or not, in their order."""
        found = []
        for rows in self.rungs(segment.clock, kind, unit):
            for row in rows:
                day = row.at.day(segment.due_on, calendar)
                if row.is_in_force(day):
                    if day <= on and not row.off:
                        found.append(DueStep(day, segment, row))
                    break
        return sorted(found, key=in_order)

    # -- hours

    def hours_of(self, unit: UnitId) -> Hours:
        return self._hours_of.get(unit) or self._hours_of[None]

    def is_at_work(self, unit: UnitId, on: date, at: datetime, calendar: Calendar) -> bool:
        """Whether the unit works on the day and at the time of day of `at`, in the authority's zone."""
        hours = self.hours_of(unit)
        try:
            works = calendar.is_working_day(on)
        except CalendarRunsOut:
            works = on.weekday() < 5  # the operator hears that the year is not on file; the others are not forgotten
        return works and on not in hours.closed_on and hours.begins <= at.time() < hours.ends


def _slack(offset: Offset) -> timedelta:
    """Working days lie among rest days: the longest of holidays are nine days, of a week two."""
    return timedelta(days=2 * abs(offset.days) + 15)


def in_order(step: DueStep) -> tuple[date, int, str, str]:
    return step.fell_due_on, step.row.at.days, step.segment.clock, step.row.rung


def clashes(rows: Iterable[Step]) -> Iterator[tuple[Step, Step, str]]:
    """Pairs of rows that cannot both be on file, each with the reason."""
    named: dict[str, Step] = {}
    of_rung: dict[str, list[Step]] = {}
    for row in rows:
        if row.reference in named:
            yield named[row.reference], row, f"{row.reference} is there twice"
            continue
        named[row.reference] = row
        of_rung.setdefault(row.rung, []).append(row)
    for of_one in of_rung.values():
        for one, other in combinations(of_one, 2):
            if one.competes_with(other):
                reason = (
                    f"{one.reference} and {other.reference} are in force together for the same step {one.rung} and"
                    " neither is the more specific; end one before the other begins, or name unit, kind or clock"
                )
                yield one, other, reason
