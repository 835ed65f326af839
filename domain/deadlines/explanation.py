"""Explains a due date: its rule, legal source and calendar, and every day from the start of the limit to its end.

The code goes from day to day, and does not use the counting function whose result it explains.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from domain.deadlines.calendar import ONE_DAY, WEEKLY_REST, Calendar, CalendarRunsOut, OtherReading
from domain.deadlines.counting import due_date, latest_day_before
from domain.deadlines.deadline import Deadline, Suspension
from domain.deadlines.limit import DayKind, Limit
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from domain.value import UNSET, known, said

COUNTING_SOURCE = "các điều 145 đến 148 Bộ luật Dân sự số 91/2015/QH13"
"""Legal source of a limit that an officer named, without a rule."""


class Why(StrEnum):
    """Names the reason why a day counts or does not."""

    DAY_OF_THE_ACT = "day_of_the_act"
    COUNTED = "counted"
    WORKED_IN_EXCHANGE = "worked_in_exchange"
    WEEKLY_REST = "weekly_rest"
    DAY_OFF = "day_off"
    SUSPENDED = "suspended"
    END_MOVED_HERE = "end_moved_here"  # the days had run out on a rest day or under suspension


class ExplainedDay(BaseModel, frozen=True):
    """Holds one day and the reason why it counts or not.

    `n` is the number of days counted so far, this day included. `name` is the calendar's name of a special day.
    """

    day: date
    counted: bool
    n: int
    why: Why
    name: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class OtherDate:
    """Holds the due date by another reading of provisional days."""

    due_on: date
    reading: OtherReading

    def as_json(self) -> dict[str, Any]:
        """Return the date and its reading, with the keys of the API's answer."""
        return {"due_on": self.due_on, "says": self.reading.says.model_dump(), "source": self.reading.source}


@dataclass(frozen=True)
class Explanation:
    """Holds a due date and the facts from which it follows. `due_on` is None if no limit is set.

    `rule` is the row's "id@version". If an officer named a limit, `rule` is this limit, which nobody verified
    (`verified` is None). A date that somebody set has no rule and no counted days.
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
    """Last day by a second reading of the law."""
    other_dates: tuple[OtherDate, ...] = ()
    """Other due dates that provisional days may still give."""
    deadline: Deadline | None = None
    """Clock on record that is explained."""
    recalculated_due_on: date | None = None
    """Due date by the present calendar, if it differs from the recorded due date."""
    present_calendar: str = ""
    """Version of the present calendar."""
    is_calendar_lost: bool = False
    """True if the recorded calendar is not on file any more. The days are then those of the present calendar."""

    def as_json(self) -> dict[str, Any]:
        """Return the explanation with the keys of the API's answer."""
        return {
            "due_on": self.due_on,
            "rule": self.rule,
            "source": self.source,
            "verified": self.verified,
            "calendar": self.calendar,
            "days": [day.model_dump() for day in self.days],
            "other_dates": [one.as_json() for one in self.other_dates],
        }

    @property
    def provisional(self) -> tuple[date, ...]:
        """Return the days that a notice may still change and on which the due date depends.

        A limit in calendar days depends only on its last day, because rest days before it count like other days.
        """
        if self.limit is None:
            return ()
        end_matters = self.limit.unit is DayKind.CALENDAR
        return tuple(d.day for d in self.days if d.provisional and (not end_matters or d.n == self.limit.amount))


def explain_limit(limit: Limit, on: date, calendar: Calendar) -> Explanation:
    """Explain the last day of a limit that an officer names. `on` is the day of the action that starts the limit.

    Raise CalendarRunsOut when it lies beyond the years on file.
    """
    due_on = due_date(on, limit, calendar)
    return Explanation(
        due_on=due_on,
        rule=str(limit),
        source=COUNTING_SOURCE,
        verified=None,
        calendar=calendar.version,
        days=tuple(explain_days_forward(on, limit, calendar)),
        started_on=on,
        limit=limit,
        other_dates=_other_dates(calendar, due_on, lambda other: due_date(on, limit, other)),
    )


def explain_rule(law: Law, row: PolicyRow, on: date) -> Explanation:
    """Explain the last day by a rule. `on` is the day of the action or occasion from which the rule counts.

    Raise CalendarRunsOut when it lies beyond the years on file.
    """
    days: Iterable[ExplainedDay] = ()
    if row.limit is not None:
        walk = explain_days_back if row.counts_back else explain_days_forward
        days = walk(on, row.limit, law.calendar)
    due_on = law.last_day(row, on)
    return Explanation(
        due_on=due_on,
        rule=row.reference,
        source=row.legal_source,
        verified=row.verified,
        calendar=law.calendar.version if row.limit else None,
        days=tuple(days),
        started_on=on,
        limit=row.limit,
        row=row,
        advisory_on=None if row.advisory is None else due_date(on, row.advisory, law.calendar),
        other_dates=_other_dates(law.calendar, due_on, lambda other: replace(law, calendar=other).last_day(row, on)),
    )


def explain_deadline(deadline: Deadline, law: Law) -> Explanation:
    """Explain the due date of a recorded clock, day by day, with the calendar by which the date was counted.

    The recorded due date applies, even if today's calendar gives another one.
    """
    row = None if deadline.policy is UNSET else law.policies.find_row(deadline.policy)
    days: tuple[ExplainedDay, ...] = ()
    anew_on: date | None = None
    other_dates: tuple[OtherDate, ...] = ()
    used = law.calendar if deadline.calendar is UNSET else law.find_calendar(deadline.calendar)
    if deadline.limit is not UNSET and deadline.decided_due_on is UNSET:
        days = now = _counted_days(deadline, deadline.limit, law.calendar)
        if used is not None and used is not law.calendar:
            days = _counted_days(deadline, deadline.limit, used)
        anew_on = now[-1].day if now and now[-1].day != deadline.due_on else None
        limit = deadline.limit
        other_dates = _other_dates(
            law.calendar, now[-1].day if now else None, lambda other: _last_counted_day(deadline, limit, other)
        )
    return Explanation(
        due_on=deadline.due_on,
        rule=known(deadline.policy),
        source=law.policies.legal_source(deadline.policy),
        verified=None if row is None else row.verified,
        calendar=known(deadline.calendar),
        days=days,
        started_on=deadline.started_on,
        limit=known(deadline.limit),
        row=row,
        advisory_on=law.advisory_on(deadline),
        other_dates=other_dates,
        deadline=deadline,
        recalculated_due_on=anew_on,
        present_calendar=law.calendar.version,
        is_calendar_lost=used is None,
    )


def _counted_days(deadline: Deadline, limit: Limit, calendar: Calendar) -> tuple[ExplainedDay, ...]:
    """Return the days of a recorded clock, or no days if the calendar ends before them."""
    try:
        return tuple(explain_days_forward(deadline.started_on, limit, calendar, said(deadline.suspensions, ())))
    except CalendarRunsOut:
        return ()


def _last_counted_day(deadline: Deadline, limit: Limit, calendar: Calendar) -> date | None:
    """Return the last day of a recorded clock by the calendar; None if the calendar ends before it."""
    days = _counted_days(deadline, limit, calendar)
    return days[-1].day if days else None


def _other_dates(
    calendar: Calendar, due_on: date | None, count: Callable[[Calendar], date | None]
) -> tuple[OtherDate, ...]:
    """Return the dates that `count` gives by the other readings of the calendar, if they differ from `due_on`."""
    found = []
    for reading in calendar.other_readings:
        try:
            other = count(calendar.read_otherwise(reading))
        except CalendarRunsOut:
            continue
        if other is not None and other != due_on:
            found.append(OtherDate(other, reading))
    return tuple(found)


def explain_days_forward(
    started_on: date, limit: Limit, calendar: Calendar, suspensions: Sequence[Suspension] = ()
) -> Iterator[ExplainedDay]:
    """Yield each day from the start of the limit to the last day in time. Counting gives the same last day.

    Raise CalendarRunsOut when it lies beyond the years on file.
    """
    n = 0
    day = started_on
    if not limit.counts_start_day:
        yield _explained_day(day, calendar, Why.DAY_OF_THE_ACT, n)
        day += ONE_DAY
    while True:
        is_worked = calendar.is_working_day(day)
        stands_still = any(pause.suspended_on < day <= pause.resumed_on for pause in suspensions)
        had_run_out = n == limit.amount
        if stands_still:
            why = Why.SUSPENDED
        elif had_run_out:
            why = Why.END_MOVED_HERE if is_worked else _rest_reason(day)
        elif is_worked:
            why = Why.WORKED_IN_EXCHANGE if day in calendar.days_worked else Why.COUNTED
        else:
            why = Why.COUNTED if limit.unit is DayKind.CALENDAR else _rest_reason(day)
        if not had_run_out and why in (Why.COUNTED, Why.WORKED_IN_EXCHANGE):
            n += 1
        goes_on = any(pause.suspended_on <= day < pause.resumed_on for pause in suspensions)
        if n == limit.amount and is_worked and not goes_on:
            yield _explained_day(day, calendar, Why.END_MOVED_HERE if stands_still else why, n)
            return
        yield _explained_day(day, calendar, why, n)
        day += ONE_DAY


def explain_days_back(occasion: date, limit: Limit, calendar: Calendar) -> Iterator[ExplainedDay]:
    """Yield each day from an occasion back to the last day on which something can be done early enough before it."""
    last_day, n = latest_day_before(occasion, limit, calendar), 0
    yield _explained_day(occasion, calendar, Why.DAY_OF_THE_ACT, n)
    for back in range(1, (occasion - last_day).days + 1):
        day = occasion - timedelta(days=back)
        if limit.unit is DayKind.CALENDAR or calendar.is_working_day(day):
            n += 1
            yield _explained_day(
                day, calendar, Why.WORKED_IN_EXCHANGE if day in calendar.days_worked else Why.COUNTED, n
            )
        else:
            yield _explained_day(day, calendar, _rest_reason(day), n)


def _rest_reason(day: date) -> Why:
    """Return the reason why a day is no working day: the weekly rest or a day off."""
    return Why.WEEKLY_REST if day.weekday() in WEEKLY_REST else Why.DAY_OFF


def _explained_day(day: date, calendar: Calendar, why: Why, n: int) -> ExplainedDay:
    """Return the day with its reason, and with its name and provisional state in the calendar."""
    return ExplainedDay(
        day=day,
        counted=why in (Why.COUNTED, Why.WORKED_IN_EXCHANGE),
        n=n,
        why=why,
        name=calendar.name_of(day),
        provisional=calendar.is_provisional(day),
    )
