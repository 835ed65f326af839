"""Computes the counter deltas of `unit_workload`: the figures of units that a petition changes, each from a day on.

An open petition adds one to the open petitions of its unit for all future days, and one to the overdue petitions from
the day after its due date. When an interval ends, the same amounts are subtracted from that day on. So the figures of
every day are stored, and no nightly job is needed.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import LiteralString

from domain.deadlines.calendar import ONE_DAY
from domain.vocabulary import UnitId
from projections.calendar_buckets import bucket_starts
from projections.case_state import CaseState
from projections.counted_lines import EACH_DAY_FIGURES, FLOW_FIGURES, SPAN_FIGURES, CountedLine, heir_of
from projections.duty_intervals import DutyInterval
from projections.projection import CounterDelta, CounterTable, TableRow
from projections.standing_intervals import StatusInterval

STATE_FIGURES: tuple[LiteralString, ...] = (
    *("overdue", "due_today", "suspended", "no_limit_set", "duties", "duties_overdue"),
    *SPAN_FIGURES,
)
"""Figures that count how it stands at the end of a day."""

OFFSET_DAY = date(2000, 1, 1)
"""The day from which `late_offset` counts, so that its numbers stay small."""

# `came_in` and `went_out` count every petition that begins and ceases to be open with a unit: so the table balances.
# The days late up to a day D are `late_now` times the days from OFFSET_DAY to the end of D, less `late_offset`.
WORKLOAD_FIGURES = (*FLOW_FIGURES, "came_in", "went_out", *STATE_FIGURES, "late_now", "late_offset")

_Change = tuple[UnitId, LiteralString, date, int, date]
"""Unit, figure, day and amount, and the day since which it was counted: what is taken off goes to the same heir."""


def _fan_out_to_all_grains(key: tuple[date, UnitId, UnitId]) -> Iterator[TableRow]:
    """Return the keys (grain, starts_on, unit, heir) of the year, the month and the day."""
    on, unit, heir = key
    for grain, start_on in bucket_starts(on):
        yield grain, start_on, unit, heir


UNIT_WORKLOAD_COUNTERS = CounterTable(
    "unit_workload", ("grain", "starts_on", "unit", "heir"), WORKLOAD_FIGURES, fan_out=_fan_out_to_all_grains
)


def workload_counter_deltas(case: CaseState, lines: Iterable[CountedLine]) -> Iterator[CounterDelta]:
    """Yield the deltas of one petition with these lines; each counts from the day in its key on."""
    for unit, figure, on, amount, since_on in _changes(case, lines):
        heir = heir_of(case, unit, since_on) if case.takeovers or not unit else unit
        yield UNIT_WORKLOAD_COUNTERS, (on, unit, heir), figure, amount


def _changes(case: CaseState, lines: Iterable[CountedLine]) -> Iterator[_Change]:
    for line in lines:
        for figure in line.figures:
            if figure in EACH_DAY_FIGURES:
                yield from _days_of_line(line)
            else:
                until_on = line.until_on if figure in SPAN_FIGURES else None
                yield from _counted_from_to(line.unit, figure, line.on, until_on)
            if figure == "open":
                yield line.unit, "came_in", line.on, 1, line.on
                if line.until_on is not None:
                    yield line.unit, "went_out", line.until_on, 1, line.on
    following: tuple[StatusInterval | None, ...] = (*case.intervals[1:], None)
    for interval, after in zip(case.intervals, following, strict=True):
        if interval.is_open:
            for figure, start_on, end_on in _interval_figures(interval, None if after is None else after.since_on):
                yield from _counted_from_to(interval.unit, figure, start_on, end_on)
    for duty in case.duties:
        yield from _duty_changes(duty)


def _days_of_line(line: CountedLine) -> Iterator[_Change]:
    """Yield by what the days from that of the line until its end are added up to any day."""
    for on, sign in ((line.on, 1), (line.until_on, -1)):
        if on is not None:
            yield line.unit, "late_now", on, sign, line.on
            yield line.unit, "late_offset", on, sign * (on - OFFSET_DAY).days, line.on


def _duty_changes(duty: DutyInterval) -> Iterator[_Change]:
    """Yield what a duty adds to the figures of the unit that owes it, and takes away when it is fulfilled."""
    yield from _counted_from_to(duty.unit, "duties", duty.since_on, duty.until_on)
    yield from _counted_from_to(duty.unit, "duties_overdue", max(duty.since_on, duty.due_on + ONE_DAY), duty.until_on)


def _counted_from_to(unit: UnitId, figure: LiteralString, start_on: date, end_on: date | None) -> Iterator[_Change]:
    """Yield that a figure counts one from the first day until the day before `end_on`, which may be None."""
    if end_on is None or start_on < end_on:
        yield unit, figure, start_on, 1, start_on
        if end_on is not None:
            yield unit, figure, end_on, -1, start_on


def _interval_figures(
    interval: StatusInterval, until_on: date | None
) -> Iterator[tuple[LiteralString, date, date | None]]:
    """Yield the figure of the due state of an open interval: its first day and its end, exclusive, None for no end."""
    start_on, due_on = interval.since_on, interval.due_on
    if interval.is_held:
        yield "suspended", start_on, until_on
    elif due_on is None:
        yield "no_limit_set", start_on, until_on
    else:
        after_due = due_on + ONE_DAY
        yield "due_today", max(start_on, due_on), after_due if until_on is None else min(until_on, after_due)
        yield "overdue", max(start_on, after_due), until_on
