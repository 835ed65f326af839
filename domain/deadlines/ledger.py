"""Folds a petition's history into the clock ledger: all its clocks, the events that moved them, and their holders.

Only `domain.status_transitions` says which clocks run after an event, so that ledger and views cannot disagree. The
ledger keeps the past of the clocks, which the status does not have.
"""

from collections.abc import Iterable
from datetime import date

from domain import status_transitions
from domain.correcting.history import REWRITES_HISTORY, corrected_history
from domain.deadlines.clock import Clock
from domain.deadlines.clock_run import (
    ClockRun,
    Holder,
    Holding,
    Move,
    OfficeClock,
    add_segment,
    correct_settlement_day,
    move_run,
    resume_stopped_run,
    start_run,
    start_wait,
    stop_run,
)
from domain.deadlines.corrected_runs import corrected_runs
from domain.deadlines.deadline import Deadline
from domain.deadlines.duty_runs import is_duty_run, move_duty_run, start_duty_runs
from domain.envelope import EventEnvelope
from domain.events import (
    PETITION_OPENINGS,
    CompetentUnitUrged,
    PetitionEvent,
    PetitionReassigned,
    PetitionTransferred,
    PetitionUnmarkedDuplicate,
    ReminderIssued,
    ResponsibilitySucceeded,
    TransferReplyReceived,
)
from domain.status import Status
from domain.supplements import CitizenWait
from domain.value import Value, replace, said
from domain.vocabulary import UnitId


class Ledger(Value):
    """Holds the clocks of a petition in the order of their start, and its holders over time, in order.

    `settled_by` is the number, in the petition's history, of the event that settled the petition.
    """

    clocks: tuple[ClockRun, ...]
    holdings: tuple[Holding, ...]
    status: Status
    settled_by: int | None = None

    @property
    def running(self) -> tuple[ClockRun, ...]:
        """Return the clocks that are not stopped."""
        return tuple(run for run in self.clocks if run.is_running)

    @property
    def due_on(self) -> date | None:
        """Return the earliest due date of the running clocks, but duties and those inside the office."""
        return min((run.due_on for run in self.running if _runs_for_petition(run) and run.due_on), default=None)

    @property
    def holder(self) -> Holder:
        """Return the unit and officer that have the petition now."""
        return self.holdings[-1].holder

    def holder_on(self, on: date) -> Holder:
        """Return the unit and officer that had the petition on the day `on`."""
        return next(one.holder for one in reversed(self.holdings) if one.since_on is None or one.since_on < on)

    def waits_during(self, run: ClockRun) -> tuple[CitizenWait, ...]:
        """Return the times in which the citizen was waited for while the clock ran. They do not move it."""
        return tuple(
            wait
            for wait in self.status.citizen_waits
            if (run.stopped_on is None or wait.since_on <= run.stopped_on)
            and (wait.until_on is None or wait.until_on >= run.started_on)
        )


def fold_ledger(history: Iterable[EventEnvelope[PetitionEvent]]) -> Ledger:
    """Return the ledger after a petition's whole history. Raise ValueError when it does not begin with an opening.

    A clock whose date was put right has both dates: it ran by the former one until the correction, and is counted by
    the present one.
    """
    ledger: Ledger | None = None
    before: list[EventEnvelope[PetitionEvent]] = []
    for envelope in history:
        before.append(envelope)
        if ledger is not None and type(envelope.fact) in REWRITES_HISTORY:
            right = _fold_right(corrected_history(before))
            ledger = replace(right, clocks=corrected_runs(ledger.clocks, right.clocks, envelope))
        else:
            ledger = _open_ledger(envelope) if ledger is None else _evolve_ledger(ledger, envelope)
    if ledger is None:
        raise ValueError("a ledger needs a history")
    return ledger


def _fold_right(history: Iterable[EventEnvelope[PetitionEvent]]) -> Ledger:
    """Return the ledger of a right history, which shows nothing of what was wrong."""
    opening, *later = history
    ledger = _open_ledger(opening)
    for envelope in later:
        ledger = _evolve_ledger(ledger, envelope)
    return ledger


def _open_ledger(envelope: EventEnvelope[PetitionEvent]) -> Ledger:
    """Return the ledger after the opening. Raise ValueError for another event."""
    opening = envelope.fact
    if not isinstance(opening, PETITION_OPENINGS):
        raise ValueError(f"the history of {envelope.originator_id} begins with {type(opening).__name__}")
    holder = Holder(unit=status_transitions.receiving_unit(opening, envelope.by))
    status = status_transitions.initial_status(opening)
    deadlines = {deadline.clock: deadline for deadline in said(opening.deadlines, ()) if not deadline.clock.is_duty}
    return Ledger(
        clocks=(
            *(start_run(deadline, envelope, holder, 1) for deadline in deadlines.values()),
            *start_duty_runs(replace(status, duties={}), status, envelope, holder),
        ),
        holdings=(Holding(since_on=None, holder=holder),),
        status=status,
    )


def _evolve_ledger(ledger: Ledger, envelope: EventEnvelope[PetitionEvent]) -> Ledger:
    """Return the ledger after one more event.

    Each running clock is first moved, then stopped or handed over; the clocks that the event starts come last.
    """
    fact, before = envelope.fact, ledger.status
    after = status_transitions.transition(before, fact, envelope.originator_version)
    holdings = _holdings_after(ledger.holdings, before, after, fact.occurred_on)
    holder = holdings[-1].holder
    deadlines: dict[Clock | OfficeClock, Deadline] = {
        deadline.clock: deadline
        for deadline in said(fact.deadlines, ())
        if not deadline.clock.is_duty and not _is_awaited_reply(deadline, fact)
    }
    settled_now = before.settled_on is None and after.settled_on is not None
    stops_on = after.settled_on if settled_now and after.settled_on is not None else fact.occurred_on
    runs = []
    for run in ledger.clocks:
        if is_duty_run(run):
            runs.append(move_duty_run(run, after, envelope, holder))
            continue
        if not run.is_running and _is_resumed_by(ledger, run, fact) and run.clock in deadlines:
            runs.append(resume_stopped_run(run, envelope, holder, deadlines.pop(run.clock)))
            continue
        if not run.is_running:
            runs.append(_correct_stopped_run(ledger, run, after, envelope))
            continue
        if not _runs_for_petition(run):
            runs.append(_move_wait(run, after, envelope, stops_on))
            continue
        run = move_run(run, envelope, ledger.holder, deadlines.pop(run.clock, None))
        if run.clock not in after.clocks:
            run = stop_run(run, envelope, ledger.holder, stops_on)
        elif holder != ledger.holder:
            run = add_segment(run, Move.TRANSFER, envelope, holder)
        runs.append(run)
    for deadline in deadlines.values():
        # A date that is set while the petition is suspended is suspended from the start.
        run = replace(start_run(deadline, envelope, holder, after.round), suspended_on=before.suspended_on)
        runs.append(run if deadline.clock in after.clocks else stop_run(run, envelope, holder, stops_on))
    runs += _start_waits(envelope, after)
    runs += start_duty_runs(before, after, envelope, holder)
    return Ledger(
        clocks=tuple(runs),
        holdings=holdings,
        status=after,
        settled_by=envelope.originator_version if settled_now else ledger.settled_by,
    )


def _correct_stopped_run(
    ledger: Ledger, run: ClockRun, now: Status, envelope: EventEnvelope[PetitionEvent]
) -> ClockRun:
    """Return a stopped run.

    If the event corrects the day of the settlement that stopped the run, the run ends on the new day.
    """
    before_on, settled_on = ledger.status.settled_on, now.settled_on
    if before_on is None or settled_on is None or before_on == settled_on or not _stopped_by_settlement(ledger, run):
        return run
    return correct_settlement_day(run, envelope, settled_on)


def _is_resumed_by(ledger: Ledger, run: ClockRun, fact: PetitionEvent) -> bool:
    """Return True if the event undoes the link to a first letter that had stopped the clock."""
    if not isinstance(fact, PetitionUnmarkedDuplicate) or run.clock in ledger.status.clocks:
        return False
    return _stopped_by_settlement(ledger, run)


def _stopped_by_settlement(ledger: Ledger, run: ClockRun) -> bool:
    """Return True if the event that settled the petition stopped the clock."""
    return any(one.move is Move.STOP and one.version == ledger.settled_by for one in run.segments)


def _holdings_after(holdings: tuple[Holding, ...], before: Status, now: Status, on: date) -> tuple[Holding, ...]:
    """Return the holders over time, after an event of the day `on`.

    A change of holder that was entered late applies from its own day on: it replaces all holders from that day on, as
    in the views.
    """
    if (before.unit, before.officer) == (now.unit, now.officer):
        return holdings
    kept = tuple(one for one in holdings if one.since_on is None or one.since_on < on)
    return (*kept, Holding(since_on=on, holder=Holder(unit=now.unit, officer=now.officer)))


def _runs_for_petition(run: ClockRun) -> bool:
    """Return True for a clock towards the citizen, False for a step inside the office or another body's reply."""
    return run.holder is None


def _is_awaited_reply(deadline: Deadline, fact: PetitionEvent) -> bool:
    """Return True if the deadline is for the reply of the body that receives a transfer.

    It does not stop with our own clocks.
    """
    return deadline.clock is Clock.TRANSFER_REPLY and isinstance(fact, PetitionTransferred)


def _start_waits(envelope: EventEnvelope[PetitionEvent], now: Status) -> list[ClockRun]:
    """Return the clocks that the event starts for somebody else's duty.

    A unit that was urged (đôn đốc) must act by a day. A body that the petition was transferred to must reply, and so
    must the competent lower body that was urged to settle it.
    """
    match fact := envelope.fact:
        case ReminderIssued():
            urged = Holder(unit=fact.to_unit)
            return [start_wait(OfficeClock.STEP, envelope, urged, now.round, due_on=fact.asked_for_on)]
        case CompetentUnitUrged():
            below = Holder(unit=UnitId(said(fact.to_unit, UnitId("")) or said(fact.to_body, "")))
            return [start_wait(Clock.TRANSFER_REPLY, envelope, below, now.round, due_on=fact.reply_by)]
        case PetitionTransferred():
            deadline = next((d for d in said(fact.deadlines, ()) if _is_awaited_reply(d, fact)), None)
            body = Holder(unit=UnitId(fact.to_body))
            if deadline is not None:
                return [replace(start_run(deadline, envelope, body, now.round), holder=body)]
            return [start_wait(Clock.TRANSFER_REPLY, envelope, body, now.round, due_on=None)]
        case _:
            return []


def _move_wait(run: ClockRun, now: Status, envelope: EventEnvelope[PetitionEvent], stops_on: date) -> ClockRun:
    """Return the run of a step or of a wait after the event.

    A step ends when a unit is urged again, when it loses the petition, or when the petition is settled; a wait ends
    with the reply.
    """
    fact = envelope.fact
    assert run.holder is not None
    if run.clock is Clock.TRANSFER_REPLY:
        ends = isinstance(fact, TransferReplyReceived)
    else:
        ends = now.settled_on is not None or isinstance(
            fact, ReminderIssued | PetitionReassigned | ResponsibilitySucceeded
        )
    if ends:
        return stop_run(run, envelope, run.holder, stops_on)
    return move_run(run, envelope, run.holder, None)
