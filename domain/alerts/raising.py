"""Decides which steps of a petition's clocks have fallen due and are not raised yet, and which events record them.

The result follows from the petition, the ladder, the calendar and the day alone: it does not depend on the days on
which a worker looked before. Suspended, answered and withdrawn petitions have no due date, but they may owe duties.
"""

from collections.abc import Collection, Iterator
from datetime import date

from domain.alerts.keys import StepKey
from domain.alerts.ladder import ClockDueDate, DueStep, Ladder, due_step_order
from domain.alerts.step import DUTY_CLOCKS, StepOffset
from domain.alerts.vocabulary import Does, WatchedClock
from domain.deadlines.clock import Clock, ClockKey
from domain.deadlines.limit import DayKind
from domain.deadlines.policy import Law
from domain.deadlines.stages import LegalStage
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import AlertRaised, PetitionEvent
from domain.petition import Petition
from domain.rules import clocks, going_up
from domain.rules.possible_kinds import UNCLASSIFIED_STAGE, possible_limit_of_receipt
from domain.status import Status
from domain.value import as_said
from domain.vocabulary import STAGES_WITH_UNIT, PetitionKind, Stage, UnitId

UNHANDLED_STAGES = frozenset({Stage.RECEIVED, Stage.CLASSIFIED})
"""The stages before the end of handling (xử lý đơn).

It ends when the petition is accepted, assigned, transferred or returned.
"""

_CLOCKS_OF_LATENESS = frozenset({WatchedClock.STEP, WatchedClock.REMINDER})
"""The clocks that are silent once the petition is no longer past its limit."""
LAST_DAY_BY_LAW = frozenset({WatchedClock.HANDLING, WatchedClock.POSSIBLE_KIND})
"""The clocks that no event starts: their last day is counted from the receipt by the rules on file."""

_WATCHED_CLOCKS = {clock: WatchedClock(clock.value) for clock in Clock if clock.value in set(WatchedClock)}


def watched_dates_of(status: Status) -> Iterator[ClockDueDate]:
    """Yield the due dates that the ladder watches.

    For the clocks of LAST_DAY_BY_LAW the date is the day of receipt; `with_last_day` replaces it by the last day.
    """
    for key, duty in status.duties.items():
        yield ClockDueDate(_WATCHED_CLOCKS[key.clock], duty.round, duty.due_on, key.subject)
    if not status.stage.is_open:
        return
    for clock, due_on in status.clocks.items():
        is_held = status.suspended_on is not None and not status.has_run_out(clock, status.suspended_on)
        if not is_held and (watched := _WATCHED_CLOCKS.get(clock)) is not None:
            yield ClockDueDate(watched, status.round, due_on)
    if status.asked_for_on is not None and status.stage in STAGES_WITH_UNIT:
        yield ClockDueDate(WatchedClock.STEP, status.round, status.asked_for_on)
    if status.reminder_proposed_on is not None and status.stage in STAGES_WITH_UNIT:
        yield ClockDueDate(WatchedClock.REMINDER, status.round, status.reminder_proposed_on)
    if status.stage in UNHANDLED_STAGES:
        yield ClockDueDate(WatchedClock.HANDLING, status.round, status.received_on)
    if status.stage is UNCLASSIFIED_STAGE and Clock.FURTHER_REVIEW not in status.clocks:
        yield ClockDueDate(WatchedClock.POSSIBLE_KIND, status.round, status.received_on)


def unit_that_owes(status: Status, due_date: ClockDueDate | StepKey) -> UnitId:
    """Return the unit that owes what the date is for: that of a duty, or the one that has the petition."""
    duty = status.duties.get(_duty_key(due_date)) if due_date.clock in DUTY_CLOCKS else None
    return status.unit if duty is None else duty.unit


def _duty_key(due_date: ClockDueDate | StepKey) -> ClockKey:
    return ClockKey(Clock(due_date.clock), due_date.subject)


def with_last_day(due_date: ClockDueDate, kind: str | None, law: Law) -> ClockDueDate | None:
    """Return a date of LAST_DAY_BY_LAW with the last day by the rules in force on the day of receipt, which it holds.

    Dates of other clocks are returned as they are. None means that no such rule sets a limit.
    """
    if due_date.clock not in LAST_DAY_BY_LAW:
        return due_date
    if due_date.clock is WatchedClock.POSSIBLE_KIND:
        possible = possible_limit_of_receipt(None if kind is None else PetitionKind(kind), due_date.due_on, law)
        return None if possible is None else due_date._replace(due_on=possible.due_on)
    row = law.policies.row_for(kind or "any", LegalStage.HANDLING, due_date.due_on)
    last_day = None if row is None else law.last_day(row, due_date.due_on)
    return None if last_day is None else due_date._replace(due_on=last_day)


def unraised_due_steps(
    status: Status, raised: Collection[StepKey], ladder: Ladder, law: Law, on: date
) -> list[DueStep]:
    """Return the steps that have fallen due by the end of the day `on` and are not in `raised`, sorted by
    their days.
    """
    found: list[DueStep] = []
    for watched in watched_dates_of(status):
        due_date = with_last_day(watched, status.kind, law)
        if due_date is None or (due_date.clock in _CLOCKS_OF_LATENESS and not status.is_past_limit(on)):
            continue
        found += ladder.steps_due(due_date, status.kind, unit_that_owes(status, due_date), on, law.calendar)
    return sorted((step for step in found if step.key not in raised), key=due_step_order)


def decide_due_alerts(petition: Petition, ladder: Ladder, context: DecisionContext) -> list[PetitionEvent]:
    """Return the alerts that are due today, each followed by the events of what its step does in addition."""
    facts: list[PetitionEvent] = []
    done: set[Does] = set()
    law = context.law
    for step in unraised_due_steps(petition.status, petition.alerts, ladder, law, context.today):
        facts.append(_make_alert(step, petition, law))
        if step.row.does not in done and (actions := _carry_out_step(step, petition, context)):
            done.add(step.row.does)
            facts += actions
    return facts


def _make_alert(step: DueStep, petition: Petition, law: Law) -> AlertRaised:
    key, row = step.key, step.row
    deadline = None
    if key.clock in DUTY_CLOCKS:
        deadline = petition.duties.get(_duty_key(key))
    elif key.clock.value in set(Clock):
        deadline = petition.deadlines.get(Clock(key.clock))
    began_on = petition.received_on if deadline is None else deadline.started_on
    return AlertRaised(
        occurred_on=max(step.fell_due_on, began_on),  # the first steps of a short limit lie before its beginning
        clock=key.clock,
        subject=as_said(key.subject),
        due_on=key.due_on,
        step=key.step,
        round=key.round,
        to=row.to,
        by=row.by,
        does=row.does,
        way=as_said(row.way),
        unit=as_said(unit_that_owes(petition.status, key) or petition.received_by_unit),
        rule=row.reference,
        calendar=law.calendar.version,
    )


def _carry_out_step(step: DueStep, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Return the events of the step's own action, decided by the rules that apply to officers.

    If a rule refuses the action, the action is skipped and the alert remains.
    """
    row, today = step.row, context.today
    try:
        if row.does is Does.REMIND and row.asks_for is not None:
            asked_for_on = StepOffset(row.asks_for, DayKind.WORKING).shift(today, context.law.calendar)
            return clocks.propose_reminder(asked_for_on, row.reference, petition, context)
        if row.does is Does.ASK_FOR_CHECK and row.to_unit is not None:
            return going_up.request_responsibility_check(UnitId(row.to_unit), row.reference, petition, context)
    except Refused:
        pass
    return []
