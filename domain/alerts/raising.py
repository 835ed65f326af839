"""Which steps of a petition's clocks have fallen due and are not raised yet, and what is recorded when they are.

What is due follows from where the petition stands, from the ladder and the calendar, and from the day: on which days
somebody looked does not matter. Suspended, answered and withdrawn petitions have no date that could fall due.
"""

from collections.abc import Collection, Iterator
from datetime import date

from domain.alerts.keys import StepKey
from domain.alerts.ladder import DueStep, Ladder, Segment, in_order
from domain.alerts.step import Offset
from domain.alerts.vocabulary import Does, WatchedClock
from domain.commands import EscalatePetition, RemindUnit
from domain.deadlines.deadline import Clock
from domain.deadlines.limit import DayKind
from domain.deadlines.policy import Law
from domain.deadlines.stages import LegalStage
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import AlertRaised, PetitionEvent
from domain.petition import Petition
from domain.rules import clocks, escalation
from domain.status import Standing
from domain.vocabulary import WITH_ITS_UNIT, Stage

NOT_HANDLED = frozenset({Stage.RECEIVED, Stage.CLASSIFIED})
"""Xử lý đơn is over once the petition is taken up, assigned, passed on or given back."""

_WATCHED = {clock: WatchedClock(clock.value) for clock in Clock if clock.value in set(WatchedClock)}


def watched(standing: Standing) -> Iterator[Segment]:
    """The dates that the ladder looks at; that of HANDLING is the day of receipt: see `dated`."""
    if not standing.stage.is_open or standing.is_suspended:
        return
    for clock, due_on in standing.clocks.items():
        if (known := _WATCHED.get(clock)) is not None:
            yield Segment(known, standing.round, due_on)
    if standing.asked_for_on is not None and standing.stage in WITH_ITS_UNIT:
        yield Segment(WatchedClock.STEP, standing.round, standing.asked_for_on)
    if standing.stage in NOT_HANDLED:
        yield Segment(WatchedClock.HANDLING, standing.round, standing.received_on)


def dated(segment: Segment, kind: str | None, law: Law) -> Segment | None:
    """With the day by which a letter must be handled, by the rule of the day of its receipt; None without one."""
    if segment.clock is not WatchedClock.HANDLING:
        return segment
    row = law.policies.row_for(kind or "any", LegalStage.HANDLING, segment.due_on)
    last_day = None if row is None else law.last_day(row, segment.due_on)
    return None if last_day is None else segment._replace(due_on=last_day)


def due_steps(standing: Standing, raised: Collection[StepKey], ladder: Ladder, law: Law, on: date) -> list[DueStep]:
    """Those that have fallen due by the end of the day and are not among the raised, in the order of their days."""
    found: list[DueStep] = []
    for counted in watched(standing):
        segment = dated(counted, standing.kind, law)
        if segment is None or (segment.clock is WatchedClock.STEP and not standing.is_past_limit(on)):
            continue
        found += ladder.due(segment, standing.kind, standing.unit, on, law.calendar)
    return sorted((step for step in found if step.key not in raised), key=in_order)


def raise_due(petition: Petition, ladder: Ladder, circumstances: DecisionContext) -> list[PetitionEvent]:
    """The alerts that are due today, each followed by what its step does beyond telling."""
    facts: list[PetitionEvent] = []
    done: set[Does] = set()
    law = circumstances.law
    for step in due_steps(petition.standing, petition.alerts, ladder, law, circumstances.today):
        facts.append(_alert(step, petition, law))
        if step.row.does not in done and (more := _done(step, petition, circumstances)):
            done.add(step.row.does)
            facts += more
    return facts


def _alert(step: DueStep, petition: Petition, law: Law) -> AlertRaised:
    key, row = step.key, step.row
    deadline = petition.deadlines.get(Clock(key.clock)) if key.clock.value in set(Clock) else None
    began_on = petition.received_on if deadline is None else deadline.started_on
    return AlertRaised(
        occurred_on=max(step.fell_due_on, began_on),  # of a short limit the first steps lie before its beginning
        clock=key.clock,
        due_on=key.due_on,
        step=key.step,
        round=key.round,
        to=row.to,
        by=row.by,
        does=row.does,
        escalation=row.escalation,
        unit=petition.standing.unit or petition.received_by_unit,
        rule=row.reference,
        calendar=law.calendar.version,
    )


def _done(step: DueStep, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """By the rules that hold for officers; what they refuse is not done, and the alert stands all the same."""
    row, today = step.row, circumstances.today
    try:
        if row.does is Does.REMIND and row.asks_for is not None and not _is_urged(petition.standing, today):
            asked_for_on = Offset(row.asks_for, DayKind.WORKING).day(today, circumstances.law.calendar)
            number = f"{petition.reference or petition.petition_id}/ĐĐ-{petition.reminders + 1}"
            return clocks.remind(
                RemindUnit(occurred_on=today, document_no=number, asked_for_on=asked_for_on), petition, circumstances
            )
        if row.does is Does.ESCALATE and row.escalation is not None and row.to_unit is not None:
            return escalation.escalate(
                EscalatePetition(
                    occurred_on=today,
                    kind=row.escalation,
                    to_unit=row.to_unit,
                    reason=f"{row.says.vi} ({row.reference})",
                ),
                petition,
                circumstances,
            )
    except Refused:
        pass
    return []


def _is_urged(standing: Standing, on: date) -> bool:
    """A reminder is under way; its unit has until the day that it asks for."""
    return standing.asked_for_on is not None and on <= standing.asked_for_on
