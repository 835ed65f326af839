"""Follows the clocks of a petition's duties in its ledger: each run has the unit that owes the duty as its holder.

`domain.duties` says which duties there are after an event; the runs keep what it did to each of them.
"""

from collections.abc import Iterable

from domain.deadlines.clock import Clock, ClockKey
from domain.deadlines.clock_run import ClockRun, Holder, Move, add_segment, start_run, stop_run
from domain.deadlines.deadline import Deadline
from domain.duties import starts_again
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent, RecordCorrected
from domain.status import Duty, Status
from domain.value import replace, said


def is_duty_run(run: ClockRun) -> bool:
    """Return True for the run of a duty."""
    return isinstance(run.clock, Clock) and run.clock.is_duty


def move_duty_run(run: ClockRun, after: Status, envelope: EventEnvelope[PetitionEvent], owner: Holder) -> ClockRun:
    """Return the run of a duty after the event: as it was, counted again, handed over, or stopped.

    `owner` is who has the petition after the event. A suspension of the petition moves no duty.
    """
    assert isinstance(run.clock, Clock)
    if not run.is_running:
        return run
    fact, key = envelope.fact, ClockKey(run.clock, run.subject)
    deadline = _deadlines_by_key(fact).get(key)
    if deadline is not None and not starts_again(fact):
        run = add_segment(run, Move.RECALCULATE, envelope, run.segments[-1].holder, deadline)
        if isinstance(fact, RecordCorrected):
            run = replace(run, original_due_on=deadline.original_due_on)
        deadline = None
    duty = after.duties.get(key)
    if duty is None or deadline is not None:
        return stop_run(run, envelope, run.segments[-1].holder, fact.occurred_on)
    holder = _holder_of(duty, after, owner)
    if holder == run.holder:
        return run
    return replace(add_segment(run, Move.TRANSFER, envelope, holder), holder=holder)


def start_duty_runs(
    before: Status, after: Status, envelope: EventEnvelope[PetitionEvent], owner: Holder
) -> Iterable[ClockRun]:
    """Yield the runs of the duties that the event starts.

    A duty that the same event fulfils, such as a transfer that nobody had said to be due, is stopped at once.
    """
    fact = envelope.fact
    for key, deadline in _deadlines_by_key(fact).items():
        if key in before.duties and not starts_again(fact):
            continue
        duty = after.duties.get(key)
        holder = owner if duty is None else _holder_of(duty, after, owner)
        run = replace(start_run(deadline, envelope, holder, after.round), subject=key.subject, holder=holder)
        yield run if duty is not None else stop_run(run, envelope, holder, fact.occurred_on)


def _deadlines_by_key(fact: PetitionEvent) -> dict[ClockKey, Deadline]:
    return {deadline.key: deadline for deadline in said(fact.deadlines, ()) if deadline.clock.is_duty}


def _holder_of(duty: Duty, after: Status, owner: Holder) -> Holder:
    """Return who owes the duty. A unit that has the petition has it with its officer."""
    return owner if duty.unit == after.unit else Holder(unit=duty.unit)
