"""Why a due date is the day it is: rule, source, calendar, and every day from the act to the end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from domain.deadlines.calendar import WEEKLY_REST, Calendar, CalendarRunsOut
from domain.deadlines.counting import due_date, latest_day_before
from domain.deadlines.deadline import Deadline, Suspension
from domain.deadlines.limit import DayKind, Limit
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow

COUNTING = "Bộ luật Dân sự 91/2015/QH13, Điều 145-148"
"""What a limit that rests on no rule is counted by."""

_ONE_DAY = timedelta(days=1)


class Why(StrEnum):
    """Why a day counts or does not."""

    DAY_OF_THE_ACT = "day_of_the_act"
    COUNTED = "counted"
    WORKED_IN_EXCHANGE = "worked_in_exchange"
    WEEKLY_REST = "weekly_rest"
    DAY_OFF = "day_off"
    SUSPENDED = "suspended"
    END_MOVED_HERE = "end_moved_here"  # the days had run out on a rest day or while it stood still


class ExplainedDay(BaseModel, frozen=True):
    """`n` is how many days have been counted with this one; `name` is the calendar's for a special day."""

    day: date
    counted: bool
    n: int
    why: Why
    name: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Explanation:
    """A due date and what it follows from; `due_on` is None where no limit is set.

    `rule` is the row's "id@version", or the limit itself where an officer named one, which nobody verified
    (`verified` is None). Of a date that somebody set there is no rule and nothing to count.
    """

    due_on: date | None
    rule: str | None
    source: str | None
    verified: bool | None
    calendar: str | None
    days: tuple[ExplainedDay, ...]
    started_on: date
    limit: Limit | None = None
    row: PolicyRow | None = None
    advisory_on: date | None = None
    """The last day by a second reading of the law."""
    deadline: Deadline | None = None
    """The clock on record that is explained."""
    anew_on: date | None = None
    """The day by the calendar of now, where it is not the one on record."""
    calendar_now: str = ""
    is_calendar_lost: bool = False
    """The calendar on record is not on file any more; the days are told by that of now."""

    def as_json(self) -> dict[str, Any]:
        return {
            "due_on": self.due_on,
            "rule": self.rule,
            "source": self.source,
            "verified": self.verified,
            "calendar": self.calendar,
            "days": [day.model_dump() for day in self.days],
        }

    @property
    def provisional(self) -> tuple[date, ...]:
        """Days that a notice may still change and that the due date hangs on.

        Of a limit in calendar days only the end does: a rest day on the way counts as any other.
        """
        if self.limit is None:
            return ()
        end_matters = self.limit.unit is DayKind.CALENDAR
        return tuple(d.day for d in self.days if d.provisional and (not end_matters or d.n == self.limit.amount))


def explain_limit(limit: Limit, on: date, calendar: Calendar) -> Explanation:
    """The last day of a limit that an officer names, for an act on the day `on`."""
    return Explanation(
        due_on=due_date(on, limit, calendar),
        rule=str(limit),
        source=COUNTING,
        verified=None,
        calendar=calendar.version,
        days=tuple(days_forward(on, limit, calendar)),
        started_on=on,
        limit=limit,
    )


def explain_rule(law: Law, row: PolicyRow, on: date) -> Explanation:
    """The last day by a rule. Raises CalendarRunsOut when it lies beyond the years on file."""
    days: Iterable[ExplainedDay] = ()
    if row.limit is not None:
        walk = days_back if row.counts_back else days_forward
        days = walk(on, row.limit, law.calendar)
    return Explanation(
        due_on=law.last_day(row, on),
        rule=row.reference,
        source=row.legal_source,
        verified=row.verified,
        calendar=law.calendar.version if row.limit else None,
        days=tuple(days),
        started_on=on,
        limit=row.limit,
        row=row,
        advisory_on=None if row.advisory is None else due_date(on, row.advisory, law.calendar),
    )


def explain(deadline: Deadline, law: Law) -> Explanation:
    """The due date of a clock on record, day by day as the calendar has them that it was counted by.

    The day on record holds, whatever today's calendar says.
    """
    row = None if deadline.policy is None else law.policies.named(deadline.policy)
    days: tuple[ExplainedDay, ...] = ()
    anew_on: date | None = None
    used = law.calendar if deadline.calendar is None else law.calendar_named(deadline.calendar)
    if deadline.limit is not None and deadline.decided_due_on is None:
        days = now = _counted_days(deadline, deadline.limit, law.calendar)
        if used is not None and used is not law.calendar:
            days = _counted_days(deadline, deadline.limit, used)
        anew_on = now[-1].day if now and now[-1].day != deadline.due_on else None
    return Explanation(
        due_on=deadline.due_on,
        rule=deadline.policy,
        source=deadline.legal_source,
        verified=None if row is None else row.verified,
        calendar=deadline.calendar,
        days=days,
        started_on=deadline.started_on,
        limit=deadline.limit,
        row=row,
        advisory_on=law.advisory_on(deadline),
        deadline=deadline,
        anew_on=anew_on,
        calendar_now=law.calendar.version,
        is_calendar_lost=used is None,
    )


def _counted_days(deadline: Deadline, limit: Limit, calendar: Calendar) -> tuple[ExplainedDay, ...]:
    """None of them where it was counted by a calendar of more years than this one."""
    try:
        return tuple(days_forward(deadline.started_on, limit, calendar, deadline.suspensions))
    except CalendarRunsOut:
        return ()


def days_forward(
    started_on: date, limit: Limit, calendar: Calendar, suspensions: Sequence[Suspension] = ()
) -> Iterator[ExplainedDay]:
    """Each day from the act to the last one in time; the same date that counting gives, found by walking."""
    n = 0
    day = started_on
    if not limit.counts_start_day:
        yield _told(day, calendar, Why.DAY_OF_THE_ACT, n)
        day += _ONE_DAY
    while True:
        is_worked = calendar.is_working_day(day)
        stands_still = any(pause.suspended_on < day <= pause.resumed_on for pause in suspensions)
        had_run_out = n == limit.amount
        if stands_still:
            why = Why.SUSPENDED
        elif had_run_out:
            why = Why.END_MOVED_HERE if is_worked else _rest(day)
        elif is_worked:
            why = Why.WORKED_IN_EXCHANGE if day in calendar.days_worked else Why.COUNTED
        else:
            why = Why.COUNTED if limit.unit is DayKind.CALENDAR else _rest(day)
        if not had_run_out and why in (Why.COUNTED, Why.WORKED_IN_EXCHANGE):
            n += 1
        goes_on = any(pause.suspended_on <= day < pause.resumed_on for pause in suspensions)
        if n == limit.amount and is_worked and not goes_on:
            yield _told(day, calendar, Why.END_MOVED_HERE if stands_still else why, n)
            return
        yield _told(day, calendar, why, n)
        day += _ONE_DAY


def days_back(occasion: date, limit: Limit, calendar: Calendar) -> Iterator[ExplainedDay]:
    """Each day from an occasion back to the last one on which something can be done in time before it."""
    last_day, n = latest_day_before(occasion, limit, calendar), 0
    yield _told(occasion, calendar, Why.DAY_OF_THE_ACT, n)
    for back in range(1, (occasion - last_day).days + 1):
        day = occasion - timedelta(days=back)
        if limit.unit is DayKind.CALENDAR or calendar.is_working_day(day):
            n += 1
            yield _told(day, calendar, Why.WORKED_IN_EXCHANGE if day in calendar.days_worked else Why.COUNTED, n)
        else:
            yield _told(day, calendar, _rest(day), n)


def _rest(day: date) -> Why:
    return Why.WEEKLY_REST if day.weekday() in WEEKLY_REST else Why.DAY_OFF


def _told(day: date, calendar: Calendar, why: Why, n: int) -> ExplainedDay:
    return ExplainedDay(
        day=day,
        counted=why in (Why.COUNTED, Why.WORKED_IN_EXCHANGE),
        n=n,
        why=why,
        name=calendar.name_of(day),
        provisional=calendar.is_provisional(day),
    )
