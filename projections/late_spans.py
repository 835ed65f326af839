"""Apportions the lateness of a petition: with which unit its date ran out, and which units held it while it was late.

The spans follow from the intervals of the status, as the list of open petitions does, so that all agree on every day.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from domain.deadlines.calendar import ONE_DAY
from domain.vocabulary import OfficerId, UnitId
from projections.standing_intervals import StatusInterval, StatusIntervals


class LateSpan(NamedTuple):
    """Holds the days on which one unit had a petition that was late: from `since_on` until the day before `until_on`.

    `ran_out_with` is the unit that had it on its last day in time; whoever gets it later does not clear that unit.
    `came_from` is the unit that handed it over late, None where it became late with this one. `ends_it` says that the
    petition was settled on the day `until_on`, which is then a day late, too.
    """

    unit: UnitId
    officer: OfficerId | None
    due_on: date
    since_on: date
    until_on: date | None
    ran_out_with: UnitId
    came_from: UnitId | None
    is_first: bool
    ends_it: bool

    @property
    def days_until(self) -> date | None:
        """Return the first day that is no day late with this unit any more."""
        return self.until_on + ONE_DAY if self.until_on is not None and self.ends_it else self.until_on


def late_spans(intervals: StatusIntervals) -> list[LateSpan]:
    """Return the spans in the order of their days. Those that follow one another without a gap are one lateness."""
    spans: list[LateSpan] = []
    for interval, following in _with_following(intervals):
        due_on, until_on = interval.due_on, None if following is None else following.since_on
        if not interval.is_open or interval.is_held or due_on is None:
            continue
        since_on = max(interval.since_on, due_on + ONE_DAY)
        if until_on is not None and since_on >= until_on:
            continue
        before = spans[-1] if spans and spans[-1].until_on == since_on == interval.since_on else None
        held_by = holder_on(intervals, due_on, interval.unit) if before is None else before.unit
        spans.append(
            LateSpan(
                unit=interval.unit,
                officer=interval.officer,
                due_on=due_on,
                since_on=since_on,
                until_on=until_on,
                ran_out_with=held_by if before is None else before.ran_out_with,
                came_from=held_by if held_by != interval.unit else None,
                is_first=before is None,
                ends_it=following is not None and not following.is_open,
            )
        )
    return spans


def holder_on(intervals: StatusIntervals, on: date, otherwise: UnitId) -> UnitId:
    """Return the unit that had the open petition at the end of the day, or `otherwise` where it was not open then."""
    found = next((interval for interval in reversed(intervals) if interval.since_on <= on), None)
    return otherwise if found is None or not found.is_open else found.unit


def _with_following(intervals: StatusIntervals) -> Iterator[tuple[StatusInterval, StatusInterval | None]]:
    """Yield each interval that has a day, with the one after it."""
    with_days = [one for one, following in pairwise(intervals) if one.since_on < following.since_on]
    with_days.append(intervals[-1])
    yield from pairwise(with_days)
    yield intervals[-1], None
