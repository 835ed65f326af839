"""How far a limit may be extended, and how often: as the rows of the law say."""

from datetime import date

from domain.deadlines.calendar import Calendar
from domain.deadlines.counting import day_before_counting, end_of
from domain.deadlines.deadline import Clock, Deadline, recalculated
from domain.deadlines.limit import DayKind, Limit
from domain.deadlines.policy import Law
from domain.deadlines.stages import LegalStage
from domain.petition import Petition
from domain.refused import Refused

EXTENSION_OF = {
    Clock.ACCEPTANCE: LegalStage.ACCEPTANCE_EXTENSION,
    Clock.SETTLEMENT: LegalStage.SETTLEMENT_EXTENSION,
}
_IN_WORDS = {DayKind.WORKING: "working days", DayKind.CALENDAR: "days"}


def require_within_bound(petition: Petition, present: Deadline, until: date, on: date, law: Law) -> None:
    """Refused for an extension, decided on the day `on`, that the rule in force that day does not allow.

    A date that somebody set has no bound on file.
    """
    if present.policy is None:
        return
    stage, kind = EXTENSION_OF.get(present.clock), petition.kind
    row = None
    if stage is not None and kind is not None:
        remote, complexity = petition.receipt.is_remote_area, petition.complexity
        row = law.policies.row_for(kind, stage, on, remote=remote, complexity=complexity)
    if row is None or row.limit is None or row.times is None:
        first = " unless it is determined in writing that the matter is complex" if stage and not row else ""
        how = first if present.clock is Clock.SETTLEMENT else ""
        raise Refused(f"the limit for {present.clock} is not extended{how} ({present.legal_source})")
    granted = petition.extensions.get(present.clock, 0)
    if granted >= row.times:
        times = "once" if row.times == 1 else f"{row.times} times"
        raise Refused(f"this limit is extended {times} at most, and was ({row.legal_source})")
    latest = _latest(present, row.limit, granted + 1, law.calendar)
    if until > latest:
        most = f"{row.limit.amount} {_IN_WORDS[row.limit.unit]}"
        raise Refused(f"an extension by at most {most} ends by {latest}, not on {until} ({row.legal_source})")


def _latest(present: Deadline, more: Limit, nth: int, calendar: Calendar) -> date:
    """Counted as one run from the start, so that a rest day at the end of the first limit lengthens nothing."""
    latest = end_of(present.due_on, more.amount, more.unit, calendar)
    if present.limit is None or present.limit.unit is not more.unit:
        return latest
    total = present.limit.model_copy(update={"amount": present.limit.amount + nth * more.amount})
    if present.decided_due_on is None:
        return min(latest, recalculated(present.model_copy(update={"limit": total}), calendar).due_on)
    begins = day_before_counting(present.started_on, total)
    if present.suspensions or present.movable_from != begins:
        return latest  # the days suspended before the last decision are part of its date, and of no count
    return min(latest, end_of(begins, total.amount, total.unit, calendar))
