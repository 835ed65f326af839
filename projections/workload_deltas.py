"""The bookkeeping of `unit_workload`: from which day on a petition changes which figure of which unit, and by how much.

An open petition says of all days to come that its unit has one open, overdue from the day after its due date; a spell
that is over takes back from its end on what it said. So every figure of every day is kept without a nightly job.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import LiteralString

from domain.deadlines.deadline import days_late
from domain.vocabulary import Stage, UnitId
from projections.calendar_buckets import starts
from projections.case_state import Case
from projections.projection import Count, Row, Sums
from projections.standing_intervals import Spell

FIGURES: tuple[LiteralString, ...] = (
    *("letters", "received", "answered_at_meeting", "answered_in_writing", "answered_late", "settled_otherwise"),
    *("escalated", "escalated_late", "reassigned_in", "reassigned_out", "reopened"),
    *("open", "overdue", "due_today", "suspended", "no_limit_set", "coordinating"),
)
A_DAY = timedelta(days=1)


def _years_months_and_days(key: tuple[date, UnitId]) -> Iterator[Row]:
    on, unit = key
    for grain, start in starts(on):
        yield grain, start, unit


UNIT_WORKLOAD = Sums("unit_workload", ("grain", "starts_on", "unit"), FIGURES, spread=_years_months_and_days)


def counts(case: Case) -> list[Count]:
    """Each from its day on."""
    found: list[Count] = []
    received = case.standing.received_on, case.first_unit
    if case.is_letter:
        found.append((UNIT_WORKLOAD, received, "letters", 1))
    if case.is_case:
        found.append((UNIT_WORKLOAD, received, "received", 1))
    for answer in case.answers:
        answered = answer.on, answer.unit
        found.append((UNIT_WORKLOAD, answered, answer.figure, 1))
        if answer.was_due_on is not None and days_late(answer.was_due_on, answer.on):
            found.append((UNIT_WORKLOAD, answered, "answered_late", 1))
    for happening in case.happenings:
        found.append((UNIT_WORKLOAD, (happening.on, happening.unit), happening.figure, 1))
    until: date | None = None
    for spell in reversed(case.spells):
        if spell.stage is not None:
            for unit, figure, start, end in _lasted(spell, until):
                if end is None:
                    found.append((UNIT_WORKLOAD, (start, unit), figure, 1))
                elif start < end:
                    found.append((UNIT_WORKLOAD, (start, unit), figure, 1))
                    found.append((UNIT_WORKLOAD, (end, unit), figure, -1))
        until = spell.since_on
    return found


def _lasted(spell: Spell, until: date | None) -> Iterator[tuple[UnitId, LiteralString, date, date | None]]:
    """Which figure of which unit was higher from which day on and until which; without an end for all days to come."""
    start, due_on = spell.since_on, spell.due_on
    yield spell.unit, "open", start, until
    for unit in spell.coordinating:
        yield unit, "coordinating", start, until
    if spell.stage is Stage.SUSPENDED:
        yield spell.unit, "suspended", start, until
    elif due_on is None:
        yield spell.unit, "no_limit_set", start, until
    else:
        after_due = due_on + A_DAY
        yield spell.unit, "due_today", max(start, due_on), after_due if until is None else min(until, after_due)
        yield spell.unit, "overdue", max(start, after_due), until
