"""Computes the counter deltas of `unit_workload`: the figures of units that a petition changes, each from a day on.

An open petition adds one to the open petitions of its unit for all future days, and one to the overdue petitions from
the day after its due date. When an interval ends, the same amounts are subtracted from that day on. So the figures of
every day are stored, and no nightly job is needed.
"""

from collections.abc import Iterator
from datetime import date
from typing import LiteralString

from domain.deadlines.calendar import ONE_DAY
from domain.deadlines.deadline import days_late
from domain.vocabulary import Stage, UnitId
from projections.calendar_buckets import bucket_starts
from projections.case_state import CaseState
from projections.duty_intervals import DutyInterval
from projections.projection import CounterDelta, CounterTable, TableRow
from projections.standing_intervals import StatusInterval

WORKLOAD_FIGURES: tuple[LiteralString, ...] = (
    *("letters", "received", "answered_at_meeting", "answered_in_writing", "answered_late", "settled_otherwise"),
    *("went_up", "went_up_late", "reassigned_in", "reassigned_out", "reopened"),
    *("open", "overdue", "due_today", "suspended", "no_limit_set", "coordinating"),
    *("duties", "duties_overdue"),
)


def _fan_out_to_all_grains(key: tuple[date, UnitId]) -> Iterator[TableRow]:
    """Return the keys (grain, starts_on, unit) of the year, the month and the day."""
    on, unit = key
    for grain, start_on in bucket_starts(on):
        yield grain, start_on, unit


UNIT_WORKLOAD_COUNTERS = CounterTable(
    "unit_workload", ("grain", "starts_on", "unit"), WORKLOAD_FIGURES, fan_out=_fan_out_to_all_grains
)


def workload_counter_deltas(case: CaseState) -> list[CounterDelta]:
    """Return the deltas of one petition; each counts from the day in its key on."""
    deltas: list[CounterDelta] = []
    received = case.status.received_on, case.first_unit
    if case.is_letter:
        deltas.append((UNIT_WORKLOAD_COUNTERS, received, "letters", 1))
    if case.is_case:
        deltas.append((UNIT_WORKLOAD_COUNTERS, received, "received", 1))
    for answer in case.answers:
        answered = answer.on, answer.unit
        deltas.append((UNIT_WORKLOAD_COUNTERS, answered, answer.figure, 1))
        if answer.was_due_on is not None and days_late(answer.was_due_on, answer.on):
            deltas.append((UNIT_WORKLOAD_COUNTERS, answered, "answered_late", 1))
    for event in case.counted_events:
        deltas.append((UNIT_WORKLOAD_COUNTERS, (event.on, event.unit), event.figure, 1))
    until_on: date | None = None
    for interval in reversed(case.intervals):
        if interval.stage is not None:
            for unit, figure, start_on, end_on in _interval_figures(interval, until_on):
                if end_on is None:
                    deltas.append((UNIT_WORKLOAD_COUNTERS, (start_on, unit), figure, 1))
                elif start_on < end_on:
                    deltas.append((UNIT_WORKLOAD_COUNTERS, (start_on, unit), figure, 1))
                    deltas.append((UNIT_WORKLOAD_COUNTERS, (end_on, unit), figure, -1))
        until_on = interval.since_on
    for duty in case.duties:
        deltas += _duty_deltas(duty)
    return deltas


def _duty_deltas(duty: DutyInterval) -> Iterator[CounterDelta]:
    """Yield what a duty adds to the figures of the unit that owes it, and takes away when it is fulfilled."""
    figures: tuple[tuple[LiteralString, date], ...] = (
        ("duties", duty.since_on),
        ("duties_overdue", max(duty.since_on, duty.due_on + ONE_DAY)),
    )
    for figure, start_on in figures:
        if duty.until_on is None or start_on < duty.until_on:
            yield UNIT_WORKLOAD_COUNTERS, (start_on, duty.unit), figure, 1
            if duty.until_on is not None:
                yield UNIT_WORKLOAD_COUNTERS, (duty.until_on, duty.unit), figure, -1


def _interval_figures(
    interval: StatusInterval, until_on: date | None
) -> Iterator[tuple[UnitId, LiteralString, date, date | None]]:
    """Return unit, figure, first day and end (exclusive; None for no end) of each figure that an interval counts in."""
    start_on, due_on = interval.since_on, interval.due_on
    yield interval.unit, "open", start_on, until_on
    for unit in interval.coordinating:
        yield unit, "coordinating", start_on, until_on
    if interval.stage is Stage.SUSPENDED:
        yield interval.unit, "suspended", start_on, until_on
    elif due_on is None:
        yield interval.unit, "no_limit_set", start_on, until_on
    else:
        after_due = due_on + ONE_DAY
        yield (
            interval.unit,
            "due_today",
            max(start_on, due_on),
            after_due if until_on is None else min(until_on, after_due),
        )
        yield interval.unit, "overdue", max(start_on, after_due), until_on
