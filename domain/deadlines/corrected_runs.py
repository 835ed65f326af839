"""Joins the clocks as they ran by the wrong record with the clocks of the right one, so that both dates are seen."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator

from domain.deadlines.clock_run import ClockRun, Move, Segment, add_segment
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent
from domain.value import known, replace


def corrected_runs(
    former: Iterable[ClockRun], right: Iterable[ClockRun], envelope: EventEnvelope[PetitionEvent]
) -> tuple[ClockRun, ...]:
    """Return the clocks after the event of the envelope put the record right.

    Each clock of the right record keeps the course that it had by the wrong one, with one more segment where it differs
    now. A clock that only a reversed ending had started is gone.
    """
    left: defaultdict[object, list[ClockRun]] = defaultdict(list)
    for run in former:
        left[run.clock, run.subject, run.round].append(run)
    return tuple(_joined(left, run, envelope) for run in right)


def _joined(
    left: defaultdict[object, list[ClockRun]], right: ClockRun, envelope: EventEnvelope[PetitionEvent]
) -> ClockRun:
    of_this_clock = left[right.clock, right.subject, right.round]
    if not of_this_clock:
        return right
    former = of_this_clock.pop(0)
    return replace(right, segments=(*former.segments, *_segments(former, right, envelope)))


def _segments(former: ClockRun, right: ClockRun, envelope: EventEnvelope[PetitionEvent]) -> Iterator[Segment]:
    """Yield the segment that says what the correction did to the clock, if it did anything."""
    if (former.due_on, former.stopped_on) == (right.due_on, right.stopped_on):
        return
    if former.stopped_on == right.stopped_on:
        move, on = Move.RECALCULATE, envelope.fact.occurred_on
    elif right.stopped_on is None:
        move, on = Move.RESUME, envelope.fact.occurred_on
    else:
        move, on = Move.STOP, right.stopped_on
    segment = add_segment(former, move, envelope, right.segments[-1].holder).segments[-1]
    deadline = right.deadline
    yield dataclasses.replace(
        segment,
        occurred_on=on,
        due_after=right.due_on,
        policy=segment.policy if deadline is None else known(deadline.policy),
        calendar=segment.calendar if deadline is None else known(deadline.calendar),
    )
