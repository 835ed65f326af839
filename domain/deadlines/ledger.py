"""The clock ledger: every clock that a petition ever had, what moved it, and in whose hands it ran.

A pure fold over a petition's facts. Which clocks run after a fact is told by `domain.status_transitions` alone, so that
ledger and views cannot disagree; the ledger keeps what a standing forgets.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain import status_transitions
from domain.deadlines.clock_run import (
    ClockRun,
    Holder,
    Holding,
    Move,
    OfficeClock,
    awaiting,
    brought_back,
    entered,
    moved,
    settlement_corrected,
    started,
    stopped,
)
from domain.deadlines.deadline import Clock, Deadline
from domain.envelope import EventEnvelope
from domain.events import (
    PetitionEvent,
    PetitionReassigned,
    PetitionReceived,
    PetitionTransferred,
    PetitionUnmarkedDuplicate,
    ReminderIssued,
    ResponsibilitySucceeded,
    TransferReplyReceived,
)
from domain.status import Standing
from domain.vocabulary import UnitId


@dataclass(frozen=True, slots=True)
class Ledger:
    """`clocks` in the order of their start. `settled_by` is the place in the history of the fact that settled it."""

    clocks: tuple[ClockRun, ...]
    holdings: tuple[Holding, ...]
    standing: Standing
    settled_by: int | None = None

    @property
    def running(self) -> tuple[ClockRun, ...]:
        return tuple(run for run in self.clocks if run.is_running)

    @property
    def due_on(self) -> date | None:
        """The earliest date of the running clocks, those inside the office and those without a limit left out."""
        return min((run.due_on for run in self.running if _is_the_petitions(run) and run.due_on), default=None)

    @property
    def holder(self) -> Holder:
        return self.holdings[-1].holder


def ledger_of(history: Iterable[EventEnvelope[PetitionEvent]]) -> Ledger:
    """The ledger after a petition's whole history. Raises ValueError when it does not begin with a receipt."""
    ledger: Ledger | None = None
    for recorded in history:
        ledger = _opened(recorded) if ledger is None else _followed(ledger, recorded)
    if ledger is None:
        raise ValueError("a ledger needs a history")
    return ledger


def _opened(recorded: EventEnvelope[PetitionEvent]) -> Ledger:
    receipt = recorded.fact
    if not isinstance(receipt, PetitionReceived):
        raise ValueError(f"the history of {recorded.originator_id} begins with {type(receipt).__name__}")
    holder = Holder(status_transitions.received_by(receipt, recorded.by))
    deadlines = {deadline.clock: deadline for deadline in receipt.deadlines}
    return Ledger(
        clocks=tuple(started(deadline, recorded, holder, 1) for deadline in deadlines.values()),
        holdings=(Holding(None, holder),),
        standing=status_transitions.received(receipt),
    )


def _followed(ledger: Ledger, recorded: EventEnvelope[PetitionEvent]) -> Ledger:
    """Each running clock is first moved, then stopped or handed over; those that the fact starts come last."""
    fact, before = recorded.fact, ledger.standing
    now = status_transitions.after(before, fact)
    holdings = _held(ledger.holdings, before, now, fact.occurred_on)
    holder = holdings[-1].holder
    deadlines: dict[Clock | OfficeClock, Deadline] = {
        deadline.clock: deadline for deadline in fact.deadlines if not _is_awaited(deadline, fact)
    }
    settled_now = before.settled_on is None and now.settled_on is not None
    stops_on = now.settled_on if settled_now and now.settled_on is not None else fact.occurred_on
    runs = []
    for run in ledger.clocks:
        if not run.is_running and _comes_back(ledger, run, fact) and run.clock in deadlines:
            runs.append(brought_back(run, recorded, holder, deadlines.pop(run.clock)))
            continue
        if not run.is_running:
            runs.append(_as_settled(ledger, run, now, recorded))
            continue
        if not _is_the_petitions(run):
            runs.append(_inside_or_outside(run, now, recorded, stops_on))
            continue
        run = moved(run, recorded, ledger.holder, deadlines.pop(run.clock, None))
        if run.clock not in now.clocks:
            run = stopped(run, recorded, ledger.holder, stops_on)
        elif holder != ledger.holder:
            run = entered(run, Move.TRANSFER, recorded, holder)
        runs.append(run)
    for deadline in deadlines.values():
        # A date that is set while the petition is suspended stands still from the first.
        run = replace(started(deadline, recorded, holder, now.round), suspended_on=before.suspended_on)
        runs.append(run if deadline.clock in now.clocks else stopped(run, recorded, holder, stops_on))
    runs += _of_the_fact_itself(recorded, now)
    return Ledger(tuple(runs), holdings, now, recorded.originator_version if settled_now else ledger.settled_by)


def _as_settled(ledger: Ledger, run: ClockRun, now: Standing, recorded: EventEnvelope[PetitionEvent]) -> ClockRun:
    """A correction of the day of settlement is one of the day on which the clocks stopped that ran until then."""
    before_on, settled_on = ledger.standing.settled_on, now.settled_on
    if before_on is None or settled_on is None or before_on == settled_on or not _stopped_by_settlement(ledger, run):
        return run
    return settlement_corrected(run, recorded, settled_on)


def _comes_back(ledger: Ledger, run: ClockRun, fact: PetitionEvent) -> bool:
    """A link to a first letter that is undone stopped no clock after all."""
    if not isinstance(fact, PetitionUnmarkedDuplicate) or run.clock in ledger.standing.clocks:
        return False
    return _stopped_by_settlement(ledger, run)


def _stopped_by_settlement(ledger: Ledger, run: ClockRun) -> bool:
    return any(one.move is Move.STOP and one.version == ledger.settled_by for one in run.segments)


def _held(holdings: tuple[Holding, ...], before: Standing, now: Standing, on: date) -> tuple[Holding, ...]:
    """A change that was entered late goes back: what was told of the days after it gives way, as in the views."""
    if (before.unit, before.officer) == (now.unit, now.officer):
        return holdings
    kept = tuple(one for one in holdings if one.since_on is None or one.since_on < on)
    return (*kept, Holding(on, Holder(now.unit, now.officer)))


def _is_the_petitions(run: ClockRun) -> bool:
    """Whether it runs for us and towards the citizen: not a step inside, not another body's reply."""
    return run.holder is None


def _is_awaited(deadline: Deadline, fact: PetitionEvent) -> bool:
    """What the receiving body owes us does not stop with our own clocks."""
    return deadline.clock is Clock.TRANSFER_REPLY and isinstance(fact, PetitionTransferred)


def _of_the_fact_itself(recorded: EventEnvelope[PetitionEvent], now: Standing) -> list[ClockRun]:
    """What is awaited of somebody else: a unit that was urged, a body that the petition was sent to."""
    match fact := recorded.fact:
        case ReminderIssued():
            asked = Holder(fact.to_unit)
            return [awaiting(OfficeClock.STEP, recorded, asked, now.round, due_on=fact.asked_for_on)]
        case PetitionTransferred():
            deadline = next((d for d in fact.deadlines if _is_awaited(d, fact)), None)
            body = Holder(UnitId(fact.to_body))
            if deadline is not None:
                return [replace(started(deadline, recorded, body, now.round), holder=body)]
            return [awaiting(Clock.TRANSFER_REPLY, recorded, body, now.round, due_on=None)]
        case _:
            return []


def _inside_or_outside(
    run: ClockRun, now: Standing, recorded: EventEnvelope[PetitionEvent], stops_on: date
) -> ClockRun:
    """A step ends when a unit is urged again, or it loses the petition, or that is settled; a wait with the reply."""
    fact = recorded.fact
    assert run.holder is not None
    if run.clock is Clock.TRANSFER_REPLY:
        ends = isinstance(fact, TransferReplyReceived)
    else:
        ends = now.settled_on is not None or isinstance(
            fact, ReminderIssued | PetitionReassigned | ResponsibilitySucceeded
        )
    if ends:
        return stopped(run, recorded, run.holder, stops_on)
    return moved(run, recorded, run.holder, None)
