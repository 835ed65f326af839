"""Lists what differs between two laws, day by day and rule by rule.

Two officers look at it before they agree on a change.
"""

from dataclasses import dataclass
from datetime import date

from domain.deadlines.calendar import Calendar
from domain.deadlines.policy import Policies


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """Holds one day that becomes a working day or a day off. The names are those of the two calendars."""

    day: date
    is_off: bool
    name: str
    former_name: str


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """Holds one rule that comes on file, ends, or of which something else is said, as it is afterwards."""

    rule: str
    is_new: bool
    in_force_from: date
    in_force_to: date | None
    limit: str | None


def days_that_differ(before: Calendar, after: Calendar) -> tuple[date, ...]:
    """Return the days that both calendars hold and only one of them works on, in order."""
    named = {*before.days_off, *before.days_worked, *after.days_off, *after.days_worked}
    return tuple(
        sorted(
            day
            for day in named
            if before.covers(day) and after.covers(day) and before.is_working_day(day) is not after.is_working_day(day)
        )
    )


def changed_days(before: Calendar, after: Calendar) -> tuple[ChangedDay, ...]:
    """Return what becomes of each day that differs."""
    return tuple(
        ChangedDay(day, not after.is_working_day(day), after.name_of(day), before.name_of(day))
        for day in days_that_differ(before, after)
    )


def changed_rules(before: Policies, after: Policies) -> tuple[ChangedRule, ...]:
    """Return each rule that is new or otherwise than before, in the order of the second law."""
    former = {row.reference: row for row in before.every_row}
    return tuple(
        ChangedRule(
            rule=row.reference,
            is_new=row.reference not in former,
            in_force_from=row.in_force_from,
            in_force_to=row.in_force_to,
            limit=None if row.limit is None else str(row.limit),
        )
        for row in after.every_row
        if former.get(row.reference) != row
    )
