"""How far a limit may be extended: the rule's own bound, counted as one run from the act."""

from collections.abc import Sequence
from datetime import date

from domain.deadlines.calendar import Calendar
from domain.deadlines.counting import due_date
from domain.deadlines.deadline import Deadline, Suspension, joined, recalculated
from domain.deadlines.policy_row import PolicyRow
from domain.errors import Refused


def latest_extension(
    deadline: Deadline,
    rule: PolicyRow | None,
    calendar: Calendar,
    *,
    granted: int = 0,
    suspensions: Sequence[Suspension] = (),
) -> date:
    """The last day to which the clock may be extended once more, after `granted` extensions.

    `rule` is the row of the extension that fits kind and complexity, None when the law has none; `suspensions` are
    all since the clock started, because a date set by decision no longer holds those before it. The days are counted
    as one run, so that a rest day at the end of the first limit lengthens nothing: of a denunciation 30 + 30 + 30 =
    90 (Law 25/2018 Art 30). Each extension is bounded by its own length too. Raises Refused when there is none (left).
    """
    if rule is None or rule.limit is None or rule.times is None or deadline.limit is None:
        raise Refused(f"no rule allows to extend the {deadline.clock} limit of this petition")
    if rule.limit.unit is not deadline.limit.unit:
        raise ValueError(f"{rule.reference} extends in other days than {deadline.policy} is counted in")
    if granted >= rule.times:
        often = "once" if rule.times == 1 else f"{rule.times} times"
        raise Refused(f"this limit may be extended {often} ({rule.legal_source}), and was already")
    whole = deadline.limit.amount + rule.limit.amount * (granted + 1)
    as_one_run = recalculated(
        deadline.model_copy(
            update={
                "limit": deadline.limit.model_copy(update={"amount": whole}),
                "decided_due_on": None,
                "movable_from": None,
                "suspensions": joined((*suspensions, *deadline.suspensions)),
            }
        ),
        calendar,
    ).due_on
    return min(as_one_run, due_date(deadline.due_on, rule.limit, calendar))
