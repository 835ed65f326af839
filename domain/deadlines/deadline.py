"""A clock with a due date: what started it, what moved it, and by which rule and calendar."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel

from domain.deadlines.calendar import Calendar, CalendarRunsOut
from domain.deadlines.counting import day_before_counting, days_counted, due_date, end_of
from domain.deadlines.limit import Limit
from domain.deadlines.policy_row import PolicyRow
from domain.deadlines.stages import LegalStage
from domain.errors import Refused


class Clock(StrEnum):
    """What must be done in time. Several run at once; each keeps its own date."""

    TRIAGE = "triage"  # tell the petitioner: taken up, passed on, refused (Law 42/2013 Art 28.1)
    ACCEPTANCE = "acceptance"  # thụ lý
    SETTLEMENT = "settlement"  # giải quyết
    HEAD = "head"  # the date the head set when assigning
    TRANSFER_REPLY = "transfer_reply"  # the receiving body tells the result

    @property
    def is_statutory(self) -> bool:
        """Set by a rule, not by the head."""
        return self is not Clock.HEAD


CLOCK_OF: Mapping[LegalStage, Clock] = {
    **{LegalStage(clock): clock for clock in Clock if clock.is_statutory},
    LegalStage.SECOND_SETTLEMENT: Clock.SETTLEMENT,  # with a limit of its own
}
"""Which clock runs by a rule for the stage; the other stages are no clocks of a petition's file."""


class Suspension(BaseModel, frozen=True):
    """Tạm đình chỉ: the days after `suspended_on`, up to and including `resumed_on`, do not count."""

    suspended_on: date
    resumed_on: date


class Deadline(BaseModel, frozen=True):
    """Thời hạn of one clock; the last day in time is `due_on`, until 24:00 in the authority's zone.

    `original_due_on` is the date the clock was started with, so that no extension or suspension hides that it
    was missed. `policy` is "id@version", `calendar` the version of the calendar that `due_on` was counted by;
    both are None for a date that somebody set.

    `decided_due_on` is a date that somebody set, before any suspension moved it; while it is None, `due_on`
    follows from `limit`. Days suspended up to `movable_from` were known when that date was set: they do not
    move it. `suspensions` are those that count against the present limit or date: in order, without overlap.
    """

    clock: Clock
    started_on: date
    due_on: date
    original_due_on: date
    limit: Limit | None = None
    policy: str | None = None
    legal_source: str | None = None
    calendar: str | None = None
    decided_due_on: date | None = None
    movable_from: date | None = None
    suspensions: tuple[Suspension, ...] = ()


def start(clock: Clock, on: date, policy_row: PolicyRow, calendar: Calendar) -> Deadline:
    """Start a clock by a rule; `on` is the day of the act that triggers it.

    Raises ValueError for a row without a limit (a slot that a province fills) or of another clock.
    """
    limit = _limit_of(policy_row, clock)
    due_on = due_date(on, limit, calendar)
    return Deadline(
        clock=clock,
        started_on=on,
        due_on=due_on,
        original_due_on=due_on,
        limit=limit,
        policy=policy_row.reference,
        legal_source=policy_row.legal_source,
        calendar=calendar.version,
    )


def given(clock: Clock, on: date, due_on: date) -> Deadline:
    """Start a clock with a date that somebody set: taken as it is, even on a rest day or past."""
    return Deadline(
        clock=clock,
        started_on=on,
        due_on=due_on,
        original_due_on=due_on,
        decided_due_on=due_on,
        movable_from=on,
    )


def extended(deadline: Deadline, new_due_on: date) -> Deadline:
    """Gia hạn: the date of the decision rules from now on; limit and policy stay, as what it began with.

    Raises Refused for a date that is not after the present one.
    """
    if new_due_on <= deadline.due_on:
        raise Refused(f"an extension must end after the present due date {deadline.due_on}, not on {new_due_on}")
    return dated(deadline, new_due_on)


def dated(deadline: Deadline, new_due_on: date) -> Deadline:
    """A running clock with the date that somebody sets anew, earlier or later than the present one."""
    # Whoever sets a date knows what was suspended until then: only later days may move it again.
    movable_from = max([_still_before(deadline), *(past.resumed_on for past in deadline.suspensions)])
    return deadline.model_copy(
        update={
            "due_on": new_due_on,
            "decided_due_on": new_due_on,
            "movable_from": movable_from,
            "suspensions": (),
        }
    )


def resumed(deadline: Deadline, suspended_on: date, resumed_on: date, calendar: Calendar) -> Deadline:
    """Tiếp tục: move the due date by what was really suspended.

    Law on complaints Art 11a; Law 25/2018 on denunciations Art 34.2. The day of suspension still counts, the
    day of resumption does not. Of a limit, the days used before are kept and the rest counted from
    `resumed_on`; a date that somebody set moves by the calendar days between the two, to a working day where
    the calendar reaches. Days that another suspension covers, or before the clock started, are not given
    again. A clock that had run out before `suspended_on` stays late. Raises Refused when resumed before
    suspended.
    """
    if resumed_on < suspended_on:
        raise Refused(f"resumed on {resumed_on}, before it was suspended on {suspended_on}")
    if resumed_on == suspended_on or resumed_on <= _still_before(deadline):
        return deadline
    pause = Suspension(suspended_on=suspended_on, resumed_on=resumed_on)
    suspensions = joined((*deadline.suspensions, pause))
    if suspensions == deadline.suspensions:
        return deadline
    moved = deadline.model_copy(update={"suspensions": suspensions})
    # Counting anew could move the date of a clock that ran out under an older calendar.
    return moved if suspended_on > deadline.due_on else _counted(moved, calendar)


def recalculated(
    deadline: Deadline,
    calendar: Calendar,
    *,
    started_on: date | None = None,
    policy_row: PolicyRow | None = None,
) -> Deadline:
    """Count again, with the same suspensions; the caller records the old and the new date.

    By another calendar (a holiday was declared), from another day (that of receipt was typed wrong: then the
    original date was wrong too), or by another rule (complexity found in writing, Decree 124/2020 Art 3a).
    A date that somebody set stays as it is, and by another rule it is Refused.
    """
    changes: dict[str, object] = {}
    if started_on is not None:
        changes["started_on"] = started_on
        if deadline.limit is not None:
            changes["original_due_on"] = due_date(started_on, deadline.limit, calendar)
    if policy_row is not None:
        if deadline.decided_due_on is not None:
            raise Refused(f"the due date {deadline.due_on} was set by a decision and is no count")
        changes["limit"] = _limit_of(policy_row, deadline.clock)
        changes["policy"] = policy_row.reference
        changes["legal_source"] = policy_row.legal_source
    anew = deadline.model_copy(update=changes)
    return anew if anew.decided_due_on is not None else _counted(anew, calendar)


def days_late(due_on: date, on: date) -> int:
    """Calendar days past the last day in time, on the day `on`; 0 when it is not past."""
    return max(0, (on - due_on).days)


def _limit_of(policy_row: PolicyRow, clock: Clock) -> Limit:
    if policy_row.limit is None:
        raise ValueError(f"policy {policy_row.reference} sets no limit, so no clock can run by it")
    if CLOCK_OF.get(policy_row.stage) is not clock:
        raise ValueError(f"policy {policy_row.reference} is for {policy_row.stage}, not for {clock}")
    return policy_row.limit


def _still_before(deadline: Deadline) -> date:
    """The last day on which it makes no difference whether the clock stands still."""
    if deadline.movable_from is not None:
        return deadline.movable_from
    return deadline.started_on if deadline.limit is None else day_before_counting(deadline.started_on, deadline.limit)


def _counted(deadline: Deadline, calendar: Calendar) -> Deadline:
    if deadline.decided_due_on is not None:
        return _decided_and_suspended(deadline, deadline.decided_due_on, calendar)
    if deadline.limit is None:
        raise ValueError(f"the {deadline.clock} deadline has neither a limit nor a date that was set")
    limit = deadline.limit
    after, left = day_before_counting(deadline.started_on, limit), limit.amount
    due_on = end_of(after, left, limit.unit, calendar)
    for pause in deadline.suspensions:
        if pause.suspended_on > due_on:
            break
        if pause.suspended_on > after:
            left = max(0, left - days_counted(after, pause.suspended_on, limit.unit, calendar))
        after = max(after, pause.resumed_on)
        due_on = end_of(after, left, limit.unit, calendar)
    return deadline.model_copy(update={"due_on": due_on, "calendar": calendar.version})


def _decided_and_suspended(deadline: Deadline, decided: date, calendar: Calendar) -> Deadline:
    movable_from = _still_before(deadline)
    ends_on = due_on = decided
    used_calendar = deadline.calendar
    for pause in deadline.suspensions:
        if pause.suspended_on > due_on:
            break
        # From the unrolled date: rolling before adding would give away the rest days once a suspension.
        ends_on += timedelta(days=(pause.resumed_on - max(pause.suspended_on, movable_from)).days)
        try:
            due_on, used_calendar = calendar.next_working_day(ends_on), calendar.version
        except CalendarRunsOut:
            due_on = ends_on
    return deadline.model_copy(update={"due_on": due_on, "calendar": used_calendar})


def joined(suspensions: Iterable[Suspension]) -> tuple[Suspension, ...]:
    """In order, those that overlap or touch made one: whatever order they came in, no day is given twice."""
    in_order: list[Suspension] = []
    for one in sorted(suspensions, key=lambda suspension: suspension.suspended_on):
        if in_order and one.suspended_on <= in_order[-1].resumed_on:
            last = in_order.pop()
            one = Suspension(suspended_on=last.suspended_on, resumed_on=max(last.resumed_on, one.resumed_on))
        in_order.append(one)
    return tuple(in_order)
