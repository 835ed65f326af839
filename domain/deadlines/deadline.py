"""Defines a clock with its due date: which day started it, which events moved it, and by which rule and calendar.

Each function returns a new Deadline, and the petition's history records it.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.clock import CLOCK_OF_STAGE, Clock, ClockKey, ClockSubject
from domain.deadlines.counting import day_before_counting, days_counted, due_date, end_of_days
from domain.deadlines.limit import Limit
from domain.deadlines.policy_row import PolicyRow
from domain.errors import Refused
from domain.refusals.clocks import ClockRefusal
from domain.stored_values import NonEmptyStr
from domain.value import UNSET, FactPart, UnsetType, known, replace, said


class Suspension(FactPart):
    """Holds a suspension (tạm đình chỉ).

    The days after `suspended_on`, up to and including `resumed_on`, do not count.
    """

    suspended_on: date
    resumed_on: date


class Deadline(FactPart):
    """Holds the time limit (thời hạn) of one clock.

    A duty is known by `clock` and `subject`, which is its `key`. Every other clock is that of the whole petition and
    has no subject: there is one of each.

    `due_on` is the last day in time, until 24:00 in the authority's zone.

    `original_due_on` is the date with which the clock was started. An extension or a suspension does not change it, so
    one can see that it was missed. `policy` is "id@version" of the rule, which is never edited, so that its legal
    source is looked up there; `calendar` is the version of the calendar by which `due_on` was counted. Neither is said
    of a date that somebody set.

    `decided_due_on` is a date that somebody set, before any suspension moved it; while it is not said, `due_on` follows
    from `limit`. Days suspended up to `movable_from` were known when that date was set, so they do not move it.
    `suspensions` are those that move the present limit or date, in order and without overlap; without any, they are not
    said.
    """

    clock: Clock
    subject: ClockSubject | UnsetType = UNSET
    started_on: date
    due_on: date
    original_due_on: date
    limit: Limit | UnsetType = UNSET
    policy: NonEmptyStr | UnsetType = UNSET
    calendar: NonEmptyStr | UnsetType = UNSET
    decided_due_on: date | UnsetType = UNSET
    movable_from: date | UnsetType = UNSET
    suspensions: tuple[Suspension, ...] | UnsetType = UNSET

    @property
    def key(self) -> ClockKey:
        return ClockKey(self.clock, known(self.subject))


def start_clock(clock: Clock, on: date, policy_row: PolicyRow, calendar: Calendar) -> Deadline:
    """Start a clock by a rule. `on` is the day of the action that starts the limit.

    Raise ValueError for a row without a limit, which a province must fill, or for a row of another clock.
    """
    limit = _limit_for_clock(policy_row, clock)
    due_on = due_date(on, limit, calendar)
    return Deadline(
        clock=clock,
        started_on=on,
        due_on=due_on,
        original_due_on=due_on,
        limit=limit,
        policy=policy_row.reference,
        calendar=calendar.version,
    )


def start_duty(
    clock: Clock, subject: ClockSubject | UnsetType, on: date, policy_row: PolicyRow, calendar: Calendar
) -> Deadline:
    """Start the clock of a duty by a rule, for who or what `subject` names. Raise ValueError as `start_clock`."""
    return replace(start_clock(clock, on, policy_row, calendar), subject=subject)


def start_clock_with_date(clock: Clock, on: date, due_on: date) -> Deadline:
    """Start a clock with a date that somebody set. The date is kept as it is, even on a rest day or in the past."""
    return Deadline(
        clock=clock,
        started_on=on,
        due_on=due_on,
        original_due_on=due_on,
        decided_due_on=due_on,
        movable_from=on,
    )


def extend_due_date(deadline: Deadline, new_due_on: date) -> Deadline:
    """Return the clock with an extended date (gia hạn).

    The date that was decided now applies; limit and policy are kept. Raise Refused for a date that is not after the
    present one.
    """
    if new_due_on <= deadline.due_on:
        raise Refused(ClockRefusal.EXTENDED_TO_EARLIER_DAY, due_on=deadline.due_on, until=new_due_on)
    return set_due_date(deadline, new_due_on)


def set_due_date(deadline: Deadline, new_due_on: date) -> Deadline:
    """Return a running clock with a new date that somebody sets, earlier or later than the present one."""
    # Whoever sets a date knows what was suspended until then: only later days may move it again.
    movable_from = max([_last_immovable_day(deadline), *(past.resumed_on for past in said(deadline.suspensions, ()))])
    return replace(deadline, due_on=new_due_on, decided_due_on=new_due_on, movable_from=movable_from, suspensions=UNSET)


def resume_deadline(deadline: Deadline, suspended_on: date, resumed_on: date, calendar: Calendar) -> Deadline:
    """Return the clock resumed (tiếp tục): its due date moves by the days that were really suspended.

    Law on complaints Art 11a; Law 25/2018 on denunciations Art 34.2. The day of suspension still counts, the day of
    resumption does not. If the clock has a limit, the days used before the suspension are kept and the rest is counted
    from `resumed_on`. A date that somebody set moves by the calendar days between the two days, and then to a working
    day if the calendar includes that year. Days that another suspension covers, or that lie before the start of the
    clock, are not added again. A clock that had expired before `suspended_on` stays late. Raise Refused if `resumed_on`
    is before `suspended_on`.
    """
    if resumed_on < suspended_on:
        raise Refused(ClockRefusal.CLOCK_RESUMED_BEFORE_SUSPENSION, resumed_on=resumed_on, suspended_on=suspended_on)
    if resumed_on == suspended_on or resumed_on <= _last_immovable_day(deadline):
        return deadline
    pause = Suspension(suspended_on=suspended_on, resumed_on=resumed_on)
    before = said(deadline.suspensions, ())
    suspensions = merge_suspensions((*before, pause))
    if suspensions == before:
        return deadline
    moved = replace(deadline, suspensions=suspensions)
    # A new count could move the date of a clock that ran out under an older calendar.
    return moved if suspended_on > deadline.due_on else _count_due_date(moved, calendar)


def recalculate_deadline(
    deadline: Deadline,
    calendar: Calendar,
    *,
    started_on: date | None = None,
    policy_row: PolicyRow | None = None,
) -> Deadline:
    """Count the due date again, with the same suspensions; the caller records the old and the new date.

    The cause is another calendar (a holiday was declared), another first day (the day of receipt was typed wrong, so
    the original date was wrong too), or another rule (complexity found in writing, Decree 124/2020 Art 3a). A date that
    somebody set stays as it is; with another rule, Refused is raised.
    """
    changes: dict[str, Any] = {}
    if started_on is not None:
        changes["started_on"] = started_on
        if deadline.limit is not UNSET:
            changes["original_due_on"] = due_date(started_on, deadline.limit, calendar)
    if policy_row is not None:
        if deadline.decided_due_on is not UNSET:
            raise Refused(ClockRefusal.DECIDED_DATE_IS_NO_COUNT, due_on=deadline.due_on)
        changes["limit"] = _limit_for_clock(policy_row, deadline.clock)
        changes["policy"] = policy_row.reference
    recounted = replace(deadline, **changes)
    return recounted if recounted.decided_due_on is not UNSET else _count_due_date(recounted, calendar)


def recount_from(
    deadline: Deadline,
    calendar: Calendar,
    *,
    started_on: date,
    decided_due_on: date | UnsetType,
    suspensions: tuple[Suspension, ...],
    original_due_on: date | None = None,
) -> Deadline:
    """Return the clock as it would have been recorded with another first day, another date set, other suspensions.

    `original_due_on` is None for a clock that starts: the date then follows from the first day, or is the date set.
    """
    changes: dict[str, Any] = {
        "started_on": started_on,
        "decided_due_on": decided_due_on,
        "suspensions": suspensions or UNSET,
    }
    if deadline.movable_from == deadline.started_on:
        changes["movable_from"] = started_on
    recounted = _count_due_date(replace(deadline, **changes), calendar)
    if original_due_on is not None:
        return replace(recounted, original_due_on=original_due_on)
    if recounted.limit is not UNSET:
        return replace(recounted, original_due_on=due_date(started_on, recounted.limit, calendar))
    return replace(recounted, original_due_on=said(decided_due_on, recounted.due_on))


def days_late(due_on: date, on: date) -> int:
    """Return the calendar days from the last day in time to the day `on`; 0 if the last day has not passed."""
    return max(0, (on - due_on).days)


def _limit_for_clock(policy_row: PolicyRow, clock: Clock) -> Limit:
    """Return the limit of a rule. Raise ValueError if the rule has none or is for another clock."""
    if policy_row.limit is None:
        raise ValueError(f"policy {policy_row.reference} sets no limit, so no clock can run by it")
    if CLOCK_OF_STAGE.get(policy_row.stage) is not clock:
        raise ValueError(f"policy {policy_row.reference} is for {policy_row.stage}, not for {clock}")
    return policy_row.limit


def _last_immovable_day(deadline: Deadline) -> date:
    """Return the last day whose suspension does not move the date."""
    if deadline.movable_from is not UNSET:
        return deadline.movable_from
    return deadline.started_on if deadline.limit is UNSET else day_before_counting(deadline.started_on, deadline.limit)


def _count_due_date(deadline: Deadline, calendar: Calendar) -> Deadline:
    """Return the deadline with its date counted again, from its limit or its decided date, and from its suspensions."""
    if deadline.decided_due_on is not UNSET:
        return _move_decided_date(deadline, deadline.decided_due_on, calendar)
    if deadline.limit is UNSET:
        raise ValueError(f"the {deadline.clock} deadline has neither a limit nor a date that was set")
    limit = deadline.limit
    after, left = day_before_counting(deadline.started_on, limit), limit.amount
    due_on = end_of_days(after, left, limit.unit, calendar)
    for pause in said(deadline.suspensions, ()):
        if pause.suspended_on > due_on:
            break
        if pause.suspended_on > after:
            left = max(0, left - days_counted(after, pause.suspended_on, limit.unit, calendar))
        after = max(after, pause.resumed_on)
        due_on = end_of_days(after, left, limit.unit, calendar)
    return replace(deadline, due_on=due_on, calendar=calendar.version)


def _move_decided_date(deadline: Deadline, decided: date, calendar: Calendar) -> Deadline:
    """Return the deadline with the date that somebody set, moved by the suspensions since then."""
    movable_from = _last_immovable_day(deadline)
    ends_on = due_on = decided
    used_calendar = deadline.calendar
    for pause in said(deadline.suspensions, ()):
        if pause.suspended_on > due_on:
            break
        # From the unrolled date: rolling before adding would give away the rest days once a suspension.
        ends_on += timedelta(days=(pause.resumed_on - max(pause.suspended_on, movable_from)).days)
        try:
            due_on, used_calendar = calendar.next_working_day(ends_on), calendar.version
        except CalendarRunsOut:
            due_on = ends_on
    return replace(deadline, due_on=due_on, calendar=used_calendar)


def merge_suspensions(suspensions: Iterable[Suspension]) -> tuple[Suspension, ...]:
    """Return the suspensions in order. Suspensions that overlap or touch are merged into one.

    So no suspended day counts twice, in whatever order the suspensions were recorded.
    """
    in_order: list[Suspension] = []
    for one in sorted(suspensions, key=lambda suspension: suspension.suspended_on):
        if in_order and one.suspended_on <= in_order[-1].resumed_on:
            last = in_order.pop()
            one = Suspension(suspended_on=last.suspended_on, resumed_on=max(last.resumed_on, one.resumed_on))
        in_order.append(one)
    return tuple(in_order)
