"""One clock of a petition, from its start to its stop: what each fact did to it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from domain.deadlines.counting import day_before_counting
from domain.deadlines.deadline import Clock, Deadline, days_late
from domain.envelope import EventEnvelope
from domain.events import (
    DeadlineExtended,
    PetitionClassified,
    PetitionEvent,
    ProcessingResumed,
    ProcessingSuspended,
    RecordCorrected,
)
from domain.vocabulary import NO_UNIT, OfficerId, UnitId


class OfficeClock(StrEnum):
    """A date inside the office, beside the clocks of `Clock`: it is never the petition's due date."""

    STEP = "step"  # the day by which a unit that was urged must act


class Move(StrEnum):
    """What a fact did to a clock: the segments of the ledger."""

    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    RECALCULATE = "recalculate"
    TRANSFER = "transfer"  # into other hands
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who must act. Until a unit is assigned, the unit that received the petition; no unit where nobody knows."""

    unit: UnitId = NO_UNIT
    officer: OfficerId | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """From the day after `since_on`: the day of a change is still the former holder's. None is from the beginning."""

    since_on: date | None
    holder: Holder


@dataclass(frozen=True, slots=True)
class Pause:
    """The days after `suspended_on`, up to and including `resumed_on`, do not count."""

    suspended_on: date
    resumed_on: date


@dataclass(frozen=True, slots=True)
class Segment:
    """What a fact did to a clock. `due_before` and `due_after` are None where no limit is set.

    `version` is the fact's place in the petition's history, `position` that in the log where it is known.
    `policy`, `legal_source` and `calendar` are those that hold from here on. `decided_until` is what an extension
    granted: one that was decided after expiry moves nothing.
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
    legal_source: str | None = None
    calendar: str | None = None
    document_no: str = ""
    decided_until: date | None = None


@dataclass(frozen=True, slots=True)
class ClockRun:
    """One clock from its start to its stop; a later round runs anew. `holder` only where it is not the petition's.

    `original_due_on` is the date that it was started with; only a corrected day of receipt changes it. `deadline` is
    what the last fact that set the date said of it; None for a date inside the office and for a wait without a limit.
    """

    clock: Clock | OfficeClock
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
        return self.stopped_on is None

    @property
    def course(self) -> tuple[Segment, ...]:
        """The segments that set or moved the date, the start first."""
        return tuple(one for one in self.segments if one.move is Move.START or one.due_after != one.due_before)

    @property
    def stopped_by(self) -> str | None:
        """The event that stopped it; a correction of that day did not."""
        return next((one.event for one in self.segments if one.move is Move.STOP), None)

    @property
    def uncounted_until(self) -> date:
        """The last day before the first that counts."""
        limit = None if self.deadline is None else self.deadline.limit
        return self.started_on if limit is None else day_before_counting(self.started_on, limit)

    def due_as_of(self, on: date) -> date | None:
        """The due date with the days under a suspension that still lasts: they do not count either."""
        if self.due_on is None or self.suspended_on is None or self.due_on < self.suspended_on:
            return self.due_on
        return self.due_on + max(on - self.suspended_on, timedelta())

    def days_late(self, on: date) -> int | None:
        """Calendar days past the last day in time, when it stopped or else on the day `on`; None without a limit."""
        until = on if self.stopped_on is None else self.stopped_on
        due_on = self.due_as_of(until)
        return None if due_on is None else days_late(due_on, until)


def started(deadline: Deadline, recorded: EventEnvelope[PetitionEvent], holder: Holder, round_: int) -> ClockRun:
    run = ClockRun(
        clock=deadline.clock,
        round=round_,
        started_on=deadline.started_on,
        due_on=None,
        original_due_on=deadline.original_due_on,
        deadline=deadline,
        segments=(),
        # one that is set long after the act that started it: what was suspended until then is over
        pauses=tuple(Pause(one.suspended_on, one.resumed_on) for one in deadline.suspensions),
    )
    return entered(run, Move.START, recorded, holder, deadline)


def awaiting(
    clock: Clock | OfficeClock, recorded: EventEnvelope[PetitionEvent], holder: Holder, round_: int, due_on: date | None
) -> ClockRun:
    run = ClockRun(
        clock=clock,
        round=round_,
        started_on=recorded.fact.occurred_on,
        due_on=due_on,
        original_due_on=due_on,
        deadline=None,
        segments=(),
        holder=holder,
    )
    begun = entered(run, Move.START, recorded, holder)
    return replace(begun, segments=(replace(begun.segments[0], due_before=None),))


def moved(run: ClockRun, recorded: EventEnvelope[PetitionEvent], holder: Holder, deadline: Deadline | None) -> ClockRun:
    match fact := recorded.fact:
        case ProcessingSuspended():
            return replace(entered(run, Move.SUSPEND, recorded, holder), suspended_on=fact.occurred_on)
        case ProcessingResumed():
            resumed = entered(run, Move.RESUME, recorded, holder, deadline)
            pause = Pause(fact.suspended_on, fact.occurred_on)
            return replace(resumed, suspended_on=None, pauses=(*run.pauses, pause))
        case DeadlineExtended() if fact.clock is run.clock:
            return entered(run, Move.EXTEND, recorded, holder, deadline, decided_until=fact.until)
        case _ if deadline is None:
            return run
        case RecordCorrected():
            corrected = entered(run, Move.RECALCULATE, recorded, holder, deadline)
            return replace(corrected, original_due_on=deadline.original_due_on)
        case PetitionClassified() if _says_the_same(run, deadline):
            return run
        case _:
            return entered(run, Move.RECALCULATE, recorded, holder, deadline)


def _says_the_same(run: ClockRun, deadline: Deadline) -> bool:
    last = run.segments[-1]
    return (run.due_on, last.policy, last.calendar) == (deadline.due_on, deadline.policy, deadline.calendar)


def stopped(run: ClockRun, recorded: EventEnvelope[PetitionEvent], holder: Holder, on: date) -> ClockRun:
    due_on = run.due_as_of(on)
    pauses = run.pauses if run.suspended_on is None else (*run.pauses, Pause(run.suspended_on, on))
    ended = entered(run, Move.STOP, recorded, holder)
    last = replace(ended.segments[-1], occurred_on=on, due_after=due_on)
    return replace(
        ended,
        segments=(*run.segments, last),
        due_on=due_on,
        pauses=pauses,
        suspended_on=None,
        stopped_on=on,
    )


def brought_back(run: ClockRun, recorded: EventEnvelope[PetitionEvent], holder: Holder, deadline: Deadline) -> ClockRun:
    """What had stopped it is undone: it goes on as if it had never stood still."""
    return entered(replace(run, stopped_on=None), Move.RESUME, recorded, holder, deadline)


def settlement_corrected(run: ClockRun, recorded: EventEnvelope[PetitionEvent], settled_on: date) -> ClockRun:
    """The settlement that stopped it was on another day than was recorded."""
    again = entered(run, Move.STOP, recorded, run.segments[-1].holder)
    last = replace(again.segments[-1], occurred_on=settled_on)
    return replace(again, segments=(*run.segments, last), stopped_on=settled_on)


def entered(
    run: ClockRun,
    move: Move,
    recorded: EventEnvelope[PetitionEvent],
    holder: Holder,
    deadline: Deadline | None = None,
    *,
    decided_until: date | None = None,
) -> ClockRun:
    """The clock with one more segment, moved to the deadline where the fact brings one."""
    fact, last = recorded.fact, run.segments[-1] if run.segments else None
    rule = deadline or last
    segment = Segment(
        move=move,
        occurred_on=fact.occurred_on,
        version=recorded.originator_version,
        position=recorded.position,
        event=type(fact).__name__,
        holder=holder,
        due_before=run.due_on,
        due_after=run.due_on if deadline is None else deadline.due_on,
        policy=None if rule is None else rule.policy,
        legal_source=None if rule is None else rule.legal_source,
        calendar=None if rule is None else rule.calendar,
        document_no=_document_of(fact),
        decided_until=decided_until,
    )
    run = replace(run, segments=(*run.segments, segment))
    if deadline is None:
        return run
    return replace(run, started_on=deadline.started_on, due_on=deadline.due_on, deadline=deadline)


def _document_of(fact: PetitionEvent) -> str:
    """The decision, notice or instrument by which it was done, where the fact names one."""
    named = (getattr(fact, name, "") for name in ("decision_no", "notice_no", "instrument", "document_no"))
    return next(filter(None, named), "")
