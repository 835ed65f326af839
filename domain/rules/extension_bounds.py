"""Checks how far and how often a limit may be extended, by the rows of the law."""

from datetime import date

from domain.deadlines.deadline import Clock, Deadline
from domain.deadlines.extension import latest_extension
from domain.deadlines.policy import Law
from domain.deadlines.stages import LegalStage
from domain.errors import Refused
from domain.petition import Petition
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
    stage, kind = EXTENSION_STAGE_OF_CLOCK.get(present.clock), petition.kind
    row = None
    if stage is not None and kind is not None:
        remote, complexity = bool(petition.opening.is_remote_area), petition.complexity
        row = law.policies.row_for(kind, stage, on, remote=remote, complexity=complexity)
    if row is None or row.limit is None:
        settles = present.clock is Clock.SETTLEMENT
        unless = " unless it is determined in writing that the matter is complex" if settles else ""
        source = law.policies.legal_source(present.policy) or present.policy
        raise Refused(f"the limit for {present.clock} is not extended{unless} ({source})")
    latest = latest_extension(
        present,
        row,
        law.calendar,
        granted=petition.extensions.get(present.clock, 0),
        suspensions=petition.suspensions,
    )
    if until > latest:
        raise Refused(
            f"an extension by {row.limit} ends on {latest} at the latest, not on {until} ({row.legal_source})"
        )
