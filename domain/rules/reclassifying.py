"""Counts the clocks of a petition anew when its classification changes.

Each clock runs by the rule of the new kind, from the day that started it, and keeps all that lawfully moved it: the
days under suspension, and a date that was decided. So the same facts end on the same date in whatever order they are
entered, and a change of kind that is taken back leaves the date that there was.
"""

from datetime import date

from domain.character import Character
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, recalculate_deadline, resume_deadline, start_clock
from domain.deadlines.policy import Law
from domain.petition import Petition
from domain.rules.intake_clocks import KINDS_NEEDING_ACCEPTANCE, intake_clocks
from domain.rules.limits import limit_row_for
from domain.status_moves import INTAKE_CLOCKS
from domain.value import UNSET
from domain.vocabulary import INTAKE_STAGES, Instance, PetitionKind


def reclassified_deadlines(
    petition: Petition, kind: PetitionKind, instance: Instance | None, on: date, law: Law
) -> tuple[Deadline, ...]:
    """Return the clocks that a classification on the day `on` starts or counts anew.

    A clock that has run out stays as it is: another kind does not undo lateness. `instance` is None where the
    classification does not speak of it.
    """
    after = petition.character_as(kind, petition.instance if instance is None else instance)
    is_same = (kind, after.instance) == (petition.kind, petition.instance)
    is_at_intake = petition.stage in INTAKE_STAGES
    clocks = intake_clocks(kind, after.instance) if is_at_intake else _SETTLEMENT_ALONE
    first_day = _first_day_of_intake(petition) if is_at_intake else _first_day_of_settlement(petition, kind)
    if first_day is None:
        return ()
    found = []
    for clock in clocks:
        running = petition.deadlines.get(clock)
        if running is not None and (is_same or _stays_late(petition, clock, kind, on)):
            continue
        deadline = _deadline_as(after, petition, clock, first_day, law)
        if deadline is not None and deadline != running:
            found.append(deadline)
    return tuple(found)


_SETTLEMENT_ALONE = (Clock.SETTLEMENT,)


def _stays_late(petition: Petition, clock: Clock, kind: PetitionKind, on: date) -> bool:
    """Return True for a clock that ran out, unless only the classification that is now taken back made it late."""
    return petition.status.has_run_out(clock, on) and clock not in petition.set_aside.get(kind, {})


def _first_day_of_intake(petition: Petition) -> date:
    """Return the day from which the limits of intake run: of the receipt, or of the reply to a declined transfer."""
    first_day: date | None = None
    for clock, deadline in petition.deadlines.items():
        if clock in INTAKE_CLOCKS and (first_day is None or deadline.started_on < first_day):
            first_day = deadline.started_on
    return petition.received_on if first_day is None else first_day


def _first_day_of_settlement(petition: Petition, kind: PetitionKind) -> date | None:
    """Return the day from which the settlement counts as that kind: of what was not accepted, a proposal's counts from
    the assignment and that of the other kinds from the receipt.
    """
    first_day = petition.received_on if kind in KINDS_NEEDING_ACCEPTANCE else petition.assigned_on
    return petition.taken_up_on or first_day


def _deadline_as(after: Character, petition: Petition, clock: Clock, first_day: date, law: Law) -> Deadline | None:
    """Return the clock as it runs by the new classification; None where the law sets no limit."""
    running = petition.deadlines.get(clock)
    kind, before = _deadline_before(petition, after.kind, clock)
    starts_alike = (kind in KINDS_NEEDING_ACCEPTANCE) == (after.kind in KINDS_NEEDING_ACCEPTANCE)
    keeps_start = starts_alike and (before is running or clock not in INTAKE_CLOCKS)
    started_on = before.started_on if before is not None and keeps_start else first_day
    row = limit_row_for(law, after, clock, started_on)
    if row is None or row.limit is None:
        return None
    if before is not None and before.decided_due_on is not UNSET:
        deadline = before
    elif before is None or before.started_on != started_on:
        deadline = start_clock(clock, started_on, row, law.calendar)
    elif before is running and before.policy == row.reference:
        deadline = before
    else:
        deadline = recalculate_deadline(before, law.calendar, policy_row=row)
    for pause in petition.suspensions:
        deadline = resume_deadline(deadline, pause.suspended_on, pause.resumed_on, law.calendar)
    return deadline


def _deadline_before(
    petition: Petition, kind_after: PetitionKind | None, clock: Clock
) -> tuple[PetitionKind | None, Deadline | None]:
    """Return what the clock ran by until now, and as which kind.

    That is a date that was decided, else its date when the petition was of the new kind before, else its last one.
    """
    running, kind_before = petition.deadlines.get(clock), petition.kind
    if not petition.set_aside or (running is not None and running.decided_due_on is not UNSET):
        return kind_before, running
    of_kinds = {kind: clocks[clock] for kind, clocks in petition.set_aside.items() if clock in clocks}
    if running is not None:
        of_kinds[kind_before] = running
    kind = next((kind for kind in (kind_after, kind_before, *of_kinds) if kind in of_kinds), kind_before)
    return kind, of_kinds.get(kind)
