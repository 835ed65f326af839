"""Keeps the status of a petition over time. All views of open petitions use it, so their sums agree on every day.

An event gives the status from its own day on. So an event that was entered late replaces what earlier entries said of
the days after it.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from domain.deadlines.clock import Clock
from domain.status import Status, succeed_coordinator
from domain.vocabulary import NO_UNIT, OfficerId, Stage, UnitId

NEVER = date.max
"""Due date of a petition without a limit, in the tables and in a cursor: such petitions come last."""


class StatusInterval(NamedTuple):
    """Holds the status of a petition from `since_on` until the day before the next interval begins.

    If `stage` is None, nobody owed an answer, and the other fields are empty. `is_held` says that a suspension holds
    the due date: a petition whose date had passed before it was suspended is late all the same.
    """

    since_on: date
    stage: Stage | None = None
    unit: UnitId = NO_UNIT
    officer: OfficerId | None = None
    coordinating: tuple[UnitId, ...] = ()
    due_on: date | None = None
    clock: Clock | None = None
    is_held: bool = False
    waiting_since: date | None = None  # for the citizen's supplement

    @property
    def is_open(self) -> bool:
        """Return True if an answer was owed in this interval."""
        return self.stage is not None


StatusIntervals = tuple[StatusInterval, ...]
"""Intervals that follow one another without a gap; the first begins on the day of receipt."""


def past_intervals(intervals: StatusIntervals) -> Iterator[tuple[StatusInterval, date]]:
    """Return the open intervals that have ended, each with the first day after it."""
    for interval, following in pairwise(intervals):
        if interval.stage is not None and interval.since_on < following.since_on:
            yield interval, following.since_on


def begin_intervals(status: Status) -> StatusIntervals:
    """Return the intervals of a petition that was just received."""
    return (_interval_since(status, status.received_on),)


def extend_intervals(intervals: StatusIntervals, status: Status, on: date) -> StatusIntervals:
    """Return the intervals after an event of the day `on` has led to this status."""
    if status.received_on != intervals[0].since_on:
        intervals = _move_receipt_day(intervals, status.received_on)
    last = intervals[-1]
    now = _interval_since(status, max(status.settled_on or on, status.received_on))
    if now == last or (now.is_open and now[1:] == last[1:]):
        return intervals
    if not (now.is_open or last.is_open):
        intervals = intervals[:-1]  # the day of the settlement was corrected
    # The interval that began on the day of the settlement is kept: the settlement may be corrected to a later day.
    until_on = now.since_on if now.is_open else now.since_on + timedelta(days=1)
    return (*[interval for interval in intervals if interval.since_on < until_on], now)


def hand_over_intervals(intervals: StatusIntervals, status: Status, on: date) -> StatusIntervals:
    """Return the intervals of an open petition that another unit has from the day `on` on.

    Only the units and the officer change. A reorganisation is often entered after its day, and it does not undo what
    happened to the petition meanwhile.
    """
    return _change_from(
        intervals,
        on,
        lambda interval: interval._replace(
            unit=status.unit,
            officer=interval.officer if interval.unit == status.unit else None,
            coordinating=status.coordinating,
        ),
    )


def hand_over_coordination(intervals: StatusIntervals, from_unit: UnitId, to_unit: UnitId, on: date) -> StatusIntervals:
    """Return the intervals of a petition that `to_unit` coordinates instead of `from_unit` from the day `on` on."""
    return _change_from(
        intervals,
        on,
        lambda interval: interval._replace(
            coordinating=succeed_coordinator(interval.coordinating, interval.unit, from_unit, to_unit)
        ),
    )


def _change_from(
    intervals: StatusIntervals, on: date, change: Callable[[StatusInterval], StatusInterval]
) -> StatusIntervals:
    """Return the intervals with every open one changed from the day `on` on."""
    found: list[StatusInterval] = []
    for interval, until_on in zip(
        intervals, [*(interval.since_on for interval in intervals[1:]), date.max], strict=True
    ):
        if interval.since_on < on:
            found.append(interval)
        if interval.is_open and until_on > on:
            found.append(change(interval)._replace(since_on=max(interval.since_on, on)))
        elif interval.since_on >= on:
            found.append(interval)
    return tuple(found)


def _interval_since(status: Status, since_on: date) -> StatusInterval:
    if status.settled_on is not None:
        return StatusInterval(since_on)
    clock = status.clock
    due_on = None if clock is None else status.clocks[clock]
    return StatusInterval(
        since_on,
        status.stage,
        status.unit,
        status.officer,
        status.coordinating,
        due_on,
        clock,
        status.is_held,
        status.waiting_since,
    )


def _move_receipt_day(intervals: StatusIntervals, on: date) -> StatusIntervals:
    """Return the intervals after the day of receipt was corrected to the day `on`.

    The result begins with the interval of that day, or with the first interval if the day is before all of them.
    """
    past = sum(interval.since_on <= on for interval in intervals[1:])
    return (intervals[past]._replace(since_on=on), *intervals[past + 1 :])
