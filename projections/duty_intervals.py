"""Keeps the duties of a petition over time: who owed what by when, on each day.

A duty is owed from the day of the fact that starts it until the day of the fact that fulfils it. When its date or the
unit that owes it changes, a new interval begins on that day.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from domain.deadlines.clock import ClockKey
from domain.status import Duty, Status
from domain.vocabulary import Stage, UnitId


class DutyInterval(NamedTuple):
    """Holds what a unit owed from the day `since_on` until the day before `until_on`, which is None while it is owed.

    `stage` is that of the petition on the first day.
    """

    key: ClockKey
    unit: UnitId
    stage: Stage
    due_on: date
    since_on: date
    until_on: date | None = None


DutyIntervals = tuple[DutyInterval, ...]
"""The intervals of all duties of a petition. Those of one duty follow one another without a gap while it is owed."""


def begin_duty_intervals(status: Status) -> DutyIntervals:
    """Return the intervals of a petition that was just received."""
    return tuple(_begun(key, duty, status.stage, status.received_on) for key, duty in status.duties.items())


def follow_duty_intervals(intervals: DutyIntervals, before: Status, now: Status, on: date) -> DutyIntervals:
    """Return the intervals after an event of the day `on` has led from the one status to the other."""
    on = max(on, now.received_on)
    changed = {key for key in before.duties.keys() | now.duties.keys() if before.duties.get(key) != now.duties.get(key)}
    return (
        *_cut(intervals, changed, on),
        *(_begun(key, duty, now.stage, on) for key, duty in now.duties.items() if key in changed),
    )


def _cut(intervals: DutyIntervals, keys: set[ClockKey], on: date) -> Iterator[DutyInterval]:
    """Yield the intervals with those of the keys ended on the day `on`.

    An event that was entered late replaces what earlier entries said of the days after it.
    """
    for interval in intervals:
        if interval.key not in keys or (interval.until_on is not None and interval.until_on <= on):
            yield interval
        elif interval.since_on < on:
            yield interval._replace(until_on=on)


def _begun(key: ClockKey, duty: Duty, stage: Stage, on: date) -> DutyInterval:
    return DutyInterval(key, duty.unit, stage, duty.due_on, on)
