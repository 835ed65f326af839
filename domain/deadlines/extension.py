"""Limits how far a clock may be extended: the rule's limit and its extensions are counted as one period from the start.

A rest day at the end of the first limit must not lengthen the extension.
"""

from collections.abc import Sequence
from datetime import date

from domain.deadlines.calendar import Calendar
from domain.deadlines.counting import due_date
from domain.deadlines.deadline import Deadline, Suspension, merge_suspensions, recalculate_deadline
from domain.deadlines.policy_row import PolicyRow
from domain.errors import Refused
from domain.refusals.clocks import ClockRefusal
from domain.value import UNSET, as_said, replace, said


def latest_extension(
    deadline: Deadline,
    rule: PolicyRow | None,
    calendar: Calendar,
    *,
    granted: int = 0,
    suspensions: Sequence[Suspension] = (),
) -> date:
    """Return the last day to which the clock may be extended once more, after `granted` extensions.

    `rule` is the row of the extension that fits kind and complexity, None when the law has none. `suspensions` are all
    suspensions since the clock started, because a deadline with a decided date no longer has the earlier ones. The days
    are counted as one period, so that a rest day at the end of the first limit adds nothing: for a denunciation 30 + 30
    + 30 = 90 (Law 25/2018 Art 30). Each extension is also limited by its own length. Raise Refused if no extension is
    allowed, if all are used, or if the rule counts other days than the clock.
    """
    if rule is None or rule.limit is None or rule.times is None or deadline.limit is UNSET:
        raise Refused(ClockRefusal.NO_RULE_EXTENDS, clock=deadline.clock)
    if rule.limit.unit is not deadline.limit.unit:  # a clock of the kind that the petition had before
        raise Refused(ClockRefusal.NO_RULE_EXTENDS, clock=deadline.clock)
    if granted >= rule.times:
        if rule.times == 1:
            raise Refused(ClockRefusal.EXTENDED_ONCE_ALREADY, source=rule.legal_source)
        raise Refused(ClockRefusal.EXTENDED_OFTEN_ENOUGH, times=rule.times, source=rule.legal_source)
    amount = deadline.limit.amount + rule.limit.amount * (granted + 1)
    as_one_run = recalculate_deadline(
        replace(
            deadline,
            limit=replace(deadline.limit, amount=amount),
            decided_due_on=UNSET,
            movable_from=UNSET,
            suspensions=as_said(merge_suspensions((*suspensions, *said(deadline.suspensions, ())))),
        ),
        calendar,
    ).due_on
    return min(as_one_run, due_date(deadline.due_on, rule.limit, calendar))
