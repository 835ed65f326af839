"""Follows one clock of a petition from its start to its stop, with each event that changed it.

The ledger consists of such runs; this module says what an event does to one run.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.deadlines.clock import Clock, ClockSubject
from domain.deadlines.counting import day_before_counting
from domain.deadlines.deadline import Deadline, days_late
from domain.envelope import EventEnvelope
from domain.events import (
    DeadlineExtended,
    PetitionClassified,
    PetitionEvent,
    ProcessingResumed,
    ProcessingSuspended,
    RecordCorrected,
)
from domain.value import UNSET, Value, known, replace, said
from domain.vocabulary import NO_UNIT, OfficerId, UnitId


class OfficeClock(StrEnum):
    """Names a clock inside the office, in addition to those of `Clock`. Its date is never the petition's due date."""

    STEP = "step"  # the day by which a unit that was urged must act


class Move(StrEnum):
    """Names what an event did to a clock; each segment of the ledger has one."""

    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    RECALCULATE = "recalculate"
    TRANSFER = "transfer"  # into other hands
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Holder:
    """Names who must act.

    Until a unit is assigned, this is the unit that received the petition; `unit` is empty if it is unknown.
    """

    unit: UnitId = NO_UNIT
    officer: OfficerId | None = None


class Holding(Value):
    """Names the holder from the day after `since_on`.

    If `since_on` is None, the holder had the petition from the beginning.

    The day of a change still counts for the former holder.
    """

    since_on: date | None
    holder: Holder


class Pause(Value):
    """Holds a suspension: the days after `suspended_on`, up to and including `resumed_on`, do not count."""

    suspended_on: date
    resumed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Records what an event did to a clock. `due_before` and `due_after` are None where no limit is set.

    `version` is the number of the event in the petition's history; `position` is its number in the log, if that is
    known. `policy` ("id@version") and `calendar` are those that apply after the event. `decided_until` is the date
    that an extension granted; an extension that was decided after the limit expired does not move the due date.
    """

    move: Move
    occurred_on: date
    version: int
    position: int | None
    event: str
    holder: Holder
    due_before: date | None
    due_after: date | None
    policy: str | None = None
    calendar: str | None = None
    document_no: str = ""
    decided_until: date | None = None


class ClockRun(Value):
    """Holds one clock from its start to its stop. If the petition is reopened, the next round has a run of its own.

    `subject` is that of a duty. `holder` is set only if it differs from the petition's holder, or if somebody owes a
    duty. `original_due_on` is the due date with which the
    clock started; only a corrected day of receipt changes it. `deadline` is that of the last event that set the date;
    it is None for a clock inside the office and for a wait without a limit.
    """

    clock: Clock | OfficeClock
    subject: ClockSubject | None = None
    round: int
    started_on: date
    due_on: date | None
    original_due_on: date | None
    deadline: Deadline | None
    segments: tuple[Segment, ...]
    pauses: tuple[Pause, ...] = ()
    suspended_on: date | None = None
    stopped_on: date | None = None
    holder: Holder | None = None

    @property
    def is_running(self) -> bool:
        """Return True until the clock is stopped."""
        return self.stopped_on is None

    @property
    def course(self) -> tuple[Segment, ...]:
        """Return the segments that set or moved the date, the start first."""
        return tuple(one for one in self.segments if one.move is Move.START or one.due_after != one.due_before)

    @property
    def stopped_by(self) -> str | None:
        """Return the class name of the event that stopped the clock, not of a later correction of that day."""
        return next((one.event for one in self.segments if one.move is Move.STOP), None)

    @property
    def late_since_before_start(self) -> date | None:
        """Return the first day of lateness of a clock that became known when it had run out; None for any other.

        A letter that is found to be a denunciation after the limit of a denunciation has such a clock.
        """
        first = self.segments[0]
        if first.due_after is None or first.occurred_on <= first.due_after:
            return None
        return first.due_after + timedelta(days=1)

    @property
    def uncounted_until(self) -> date:
        """Return the last day before the first day that counts."""
        limit = UNSET if self.deadline is None else self.deadline.limit
        return self.started_on if limit is UNSET else day_before_counting(self.started_on, limit)

    def due_as_of(self, on: date) -> date | None:
        """Return the due date as seen on the day `on`; None if the clock has no limit.

        If a suspension still lasts on that day, its days so far are added to the due date.
        """
        if self.due_on is None or self.suspended_on is None or self.due_on < self.suspended_on:
            return self.due_on
        return self.due_on + max(on - self.suspended_on, timedelta())

    def days_late(self, on: date) -> int | None:
        """Return the calendar days after the last day in time; None if the clock has no limit.

        The days are counted until the clock stopped, or until the day `on` if it still runs.
        """
        until = on if self.stopped_on is None else self.stopped_on
        due_on = self.due_as_of(until)
        return None if due_on is None else days_late(due_on, until)


def start_run(deadline: Deadline, envelope: EventEnvelope[PetitionEvent], holder: Holder, round_: int) -> ClockRun:
    """Return the run of a clock that the event of the envelope starts with a deadline."""
    run = ClockRun(
        clock=deadline.clock,
        round=round_,
        started_on=deadline.started_on,
        due_on=None,
        original_due_on=deadline.original_due_on,
        deadline=deadline,
        segments=(),
        # A deadline may be set long after the act that started it: the suspensions until then are over.
        pauses=tuple(
            Pause(suspended_on=one.suspended_on, resumed_on=one.resumed_on) for one in said(deadline.suspensions, ())
        ),
    )
    return add_segment(run, Move.START, envelope, holder, deadline)


def start_wait(
    clock: Clock | OfficeClock, envelope: EventEnvelope[PetitionEvent], holder: Holder, round_: int, due_on: date | None
) -> ClockRun:
    """Return the run of a clock that has a holder of its own and no `Deadline`.

    Such a clock is a step inside the office, or a wait for another body's reply.
    """
    run = ClockRun(
        clock=clock,
        round=round_,
        started_on=envelope.fact.occurred_on,
        due_on=due_on,
        original_due_on=due_on,
        deadline=None,
        segments=(),
        holder=holder,
    )
    started = add_segment(run, Move.START, envelope, holder)
    return replace(started, segments=(dataclasses.replace(started.segments[0], due_before=None),))


def move_run(
    run: ClockRun, envelope: EventEnvelope[PetitionEvent], holder: Holder, deadline: Deadline | None
) -> ClockRun:
    """Return the run after an event that may suspend, resume, extend or recalculate it.

    `deadline` is the one that the event brings for this clock, if any.
    """
    match fact := envelope.fact:
        case ProcessingSuspended():
            return replace(add_segment(run, Move.SUSPEND, envelope, holder, deadline), suspended_on=fact.occurred_on)
        case ProcessingResumed():
            resumed = add_segment(run, Move.RESUME, envelope, holder, deadline)
            pause = Pause(suspended_on=fact.suspended_on, resumed_on=fact.occurred_on)
            return replace(resumed, suspended_on=None, pauses=(*run.pauses, pause))
        case DeadlineExtended() if fact.clock is run.clock:
            return add_segment(run, Move.EXTEND, envelope, holder, deadline, decided_until=fact.until)
        case _ if deadline is None:
            return run
        case RecordCorrected():
            corrected = add_segment(run, Move.RECALCULATE, envelope, holder, deadline)
            return replace(corrected, original_due_on=deadline.original_due_on)
        case PetitionClassified() if _changes_nothing(run, deadline):
            return run
        case _:
            return add_segment(run, Move.RECALCULATE, envelope, holder, deadline)


def _changes_nothing(run: ClockRun, deadline: Deadline) -> bool:
    """Return True if the run has the deadline's due date, rule and calendar already."""
    last = run.segments[-1]
    rule = (known(deadline.policy), known(deadline.calendar))
    return run.due_on == deadline.due_on and (last.policy, last.calendar) == rule


def stop_run(run: ClockRun, envelope: EventEnvelope[PetitionEvent], holder: Holder, on: date) -> ClockRun:
    """Return the run stopped on the day `on`.

    If the run is suspended, the suspension ends on that day and its days move the due date.
    """
    due_on = run.due_as_of(on)
    pauses = run.pauses
    if run.suspended_on is not None:
        pauses = (*pauses, Pause(suspended_on=run.suspended_on, resumed_on=on))
    ended = add_segment(run, Move.STOP, envelope, holder)
    last = dataclasses.replace(ended.segments[-1], occurred_on=on, due_after=due_on)
    return replace(
        ended,
        segments=(*run.segments, last),
        due_on=due_on,
        pauses=pauses,
        suspended_on=None,
        stopped_on=on,
    )


def resume_stopped_run(
    run: ClockRun, envelope: EventEnvelope[PetitionEvent], holder: Holder, deadline: Deadline
) -> ClockRun:
    """Return the run as if it had never stopped, because the event that stopped it was undone."""
    return add_segment(replace(run, stopped_on=None), Move.RESUME, envelope, holder, deadline)


def correct_settlement_day(run: ClockRun, envelope: EventEnvelope[PetitionEvent], settled_on: date) -> ClockRun:
    """Return the run stopped on another day, because the settlement that stopped it was recorded with a wrong day."""
    again = add_segment(run, Move.STOP, envelope, run.segments[-1].holder)
    last = dataclasses.replace(again.segments[-1], occurred_on=settled_on)
    return replace(again, segments=(*run.segments, last), stopped_on=settled_on)


def add_segment(
    run: ClockRun,
    move: Move,
    envelope: EventEnvelope[PetitionEvent],
    holder: Holder,
    deadline: Deadline | None = None,
    *,
    decided_until: date | None = None,
) -> ClockRun:
    """Return the run with one more segment, and with the date of the deadline if the event brings one."""
    fact, last = envelope.fact, run.segments[-1] if run.segments else None
    if deadline is not None:
        policy, calendar = known(deadline.policy), known(deadline.calendar)
    else:
        policy, calendar = (None, None) if last is None else (last.policy, last.calendar)
    segment = Segment(
        move=move,
        occurred_on=fact.occurred_on,
        version=envelope.originator_version,
        position=envelope.position,
        event=type(fact).__name__,
        holder=holder,
        due_before=run.due_on,
        due_after=run.due_on if deadline is None else deadline.due_on,
        policy=policy,
        calendar=calendar,
        document_no=_document_number(fact),
        decided_until=decided_until,
    )
    run = replace(run, segments=(*run.segments, segment))
    if deadline is None:
        return run
    return replace(run, started_on=deadline.started_on, due_on=deadline.due_on, deadline=deadline)


def _document_number(fact: PetitionEvent) -> str:
    """Return the number of the decision, notice or other document that the event names; empty if it names none."""
    named = (getattr(fact, name, "") for name in ("decision_no", "notice_no", "instrument", "document_no"))
    return next(filter(None, named), "")
