"""Checks how far and how often a limit may be extended, by the rows of the law."""

from collections.abc import Callable
from datetime import date, timedelta

from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline
from domain.deadlines.extension import latest_extension
from domain.deadlines.limit import Limit
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from domain.deadlines.stages import LegalStage
from domain.errors import Refused
from domain.petition import Petition
from domain.refusals.clocks import ClockRefusal
from domain.value import UNSET

EXTENSION_STAGE_OF_CLOCK = {
    Clock.ACCEPTANCE: LegalStage.ACCEPTANCE_EXTENSION,
    Clock.SETTLEMENT: LegalStage.SETTLEMENT_EXTENSION,
}


def require_extension_within_bound(petition: Petition, present: Deadline, until: date, on: date, law: Law) -> None:
    """Raise Refused for an extension, decided on the day `on`, that the rule in force on that day does not allow.

    `until` is the new last day. A date set by decision has no bound on file.
    """
    if present.policy is UNSET:
        return
    limit, latest, source = _bound_of_extension(petition, present, on, law)
    if until > latest:
        raise Refused(ClockRefusal.EXTENDED_TOO_FAR, limit=limit, latest=latest, until=until, source=source)


def require_room_to_extend(petition: Petition, present: Deadline, today: date, law: Law) -> None:
    """Raise Refused unless some extension of the clock, decided on some day until `today`, is within its bound."""
    if present.policy is UNSET:
        return

    def require_room(on: date) -> None:
        limit, latest, source = _bound_of_extension(petition, present, on, law)
        if latest <= present.due_on:
            raise Refused(
                ClockRefusal.NO_ROOM_TO_EXTEND, limit=limit, latest=latest, due_on=present.due_on, source=source
            )

    require_on_some_day(require_room, petition, today, law)


def require_on_some_day(check: Callable[[date], None], petition: Petition, today: date, law: Law) -> None:
    """Raise the refusal of `today` when `check` refuses every day on which a decision may have been made until then.

    A decision is entered with its own day, and the rule in force on that day counts.
    """
    try:
        check(today)
    except Refused:
        if not any(_passes(check, day) for day in _days_with_other_rules(petition.received_on, today, law)):
            raise


def _passes(check: Callable[[date], None], day: date) -> bool:
    try:
        check(day)
    except Refused:
        return False
    return True


def _days_with_other_rules(first: date, last: date, law: Law) -> list[date]:
    """Return `first`, and each day until `last` from which other rules of extension are in force.

    Between two of these days every day is like the earlier one.
    """
    rows = [row for row in law.policies.every_row if row.stage in EXTENSION_STAGE_OF_CLOCK.values()]
    begins = {row.in_force_from for row in rows}
    ends = {row.in_force_to for row in rows if row.in_force_to is not None and row.in_force_to < last}
    changes = begins | {end + timedelta(days=1) for end in ends}
    return [first, *sorted(day for day in changes if first < day < last)]


def extension_row(petition: Petition, clock: Clock, on: date, law: Law) -> PolicyRow | None:
    """Return the rule that extends a clock of the petition on the day `on`; None if the law has none."""
    stage, kind = EXTENSION_STAGE_OF_CLOCK.get(clock), petition.kind
    if stage is None or kind is None:
        return None
    remote, complexity = bool(petition.opening.is_remote_area), petition.complexity
    return law.policies.row_for(kind, stage, on, remote=remote, complexity=complexity)


def _bound_of_extension(petition: Petition, present: Deadline, on: date, law: Law) -> tuple[Limit, date, str]:
    """Return how long one extension is by the rule in force on the day `on`, the last day it allows, and its source.

    Raise Refused when no rule extends the clock, or all extensions are used.
    """
    row = extension_row(petition, present.clock, on, law)
    if row is None or row.limit is None:
        code = (
            ClockRefusal.EXTENDED_ONLY_IF_COMPLEX
            if present.clock is Clock.SETTLEMENT
            else ClockRefusal.LIMIT_IS_NOT_EXTENDED
        )
        assert present.policy is not UNSET, "a date set by decision has no bound"
        source = law.policies.legal_source(present.policy) or present.policy
        raise Refused(code, clock=present.clock, source=source)
    latest = latest_extension(
        present,
        row,
        law.calendar,
        granted=petition.extensions.get(present.clock, 0),
        suspensions=petition.suspensions,
    )
    return row.limit, latest, row.legal_source
