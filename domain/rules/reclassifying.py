"""Counts the clocks of a petition anew when its classification changes.

Each clock runs by the rule of the new kind, from the day that started it, and keeps all that lawfully moved it: the
days under suspension, and a date that was decided. So the same facts end on the same date in whatever order they are
entered, and a change of kind that is taken back leaves the date that there was.
"""

from datetime import date

from domain.deadlines.deadline import Clock, Deadline, recalculate_deadline, resume_deadline
from domain.deadlines.policy import Law
from domain.petition import Petition
from domain.rules.intake_clocks import KINDS_NEEDING_ACCEPTANCE, intake_clocks
from domain.rules.limits import deadline_for, limit_row_for
from domain.status_transitions import INTAKE_CLOCKS
from domain.value import UNSET, replace
from domain.vocabulary import Instance, PetitionKind, Stage

STAGES_OF_INTAKE = frozenset({Stage.RECEIVED, Stage.CLASSIFIED})


def reclassified_deadlines(
    petition: Petition, kind: PetitionKind, instance: Instance | None, on: date, law: Law
) -> tuple[Deadline, ...]:
    """Return the clocks that a classification on the day `on` starts or counts anew.

    A clock that has run out stays as it is: another kind does not undo lateness. `instance` is None where the
    classification does not speak of it.
    """
    after = replace(
        petition,
        status=replace(petition.status, kind=kind),
        instance=petition.instance if instance is None else instance,
    )
    is_same = (after.kind, after.instance) == (petition.kind, petition.instance)
    if petition.stage in STAGES_OF_INTAKE:
        clocks = intake_clocks(after.kind, after.instance)
        first_day = _first_day_of_intake(petition)
    else:
        clocks = (Clock.SETTLEMENT,) if kind in KINDS_NEEDING_ACCEPTANCE else ()
        first_day = petition.taken_up_on or petition.received_on
    found = []
    for clock in clocks:
        running = petition.deadlines.get(clock)
        if running is not None and (is_same or _stays_late(petition, clock, kind, on)):
            continue
        deadline = _deadline_as(after, clock, first_day, law)
        if deadline is not None and deadline != running:
            found.append(deadline)
    return tuple(found)


def _stays_late(petition: Petition, clock: Clock, kind: PetitionKind, on: date) -> bool:
    """Return True for a clock that ran out, unless only the classification that is now taken back made it late."""
    return petition.status.has_run_out(clock, on) and clock not in petition.set_aside.get(kind, {})


def _first_day_of_intake(petition: Petition) -> date:
    """Return the day from which the limits of intake run: of the receipt, or of the reply to a declined transfer."""
    running = (deadline for clock, deadline in petition.deadlines.items() if clock in INTAKE_CLOCKS)
    return min((deadline.started_on for deadline in running), default=petition.received_on)


def _deadline_as(after: Petition, clock: Clock, first_day: date, law: Law) -> Deadline | None:
    """Return the clock as it runs by the new classification; None where the law sets no limit."""
    running, before = after.deadlines.get(clock), _deadline_before(after, clock)
    deadline = before
    if before is None:
        deadline = deadline_for(law, after, clock, first_day)
    elif before.decided_due_on is UNSET:
        started_on = first_day if clock in INTAKE_CLOCKS else before.started_on
        row = limit_row_for(law, after, clock, started_on)
        if row is None or row.limit is None:
            return None
        if before is not running or row.reference != before.policy:
            deadline = recalculate_deadline(before, law.calendar, started_on=started_on, policy_row=row)
    for pause in after.suspensions:
        if deadline is not None:
            deadline = resume_deadline(deadline, pause.suspended_on, pause.resumed_on, law.calendar)
    return deadline


def _deadline_before(after: Petition, clock: Clock) -> Deadline | None:
    """Return what the clock ran by until now: a decided date, else its date as this kind before, else its last one."""
    running = after.deadlines.get(clock)
    if running is not None and running.decided_due_on is not UNSET:
        return running
    of_kinds = [clocks[clock] for clocks in after.set_aside.values() if clock in clocks]
    return after.set_aside.get(after.kind, {}).get(clock) or running or next(iter(of_kinds), None)
