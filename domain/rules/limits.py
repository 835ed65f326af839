"""Finds the rule of law by which a clock of a petition runs."""

from datetime import date

from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, start_clock
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from domain.deadlines.stages import LegalStage
from domain.petition import Petition
from domain.vocabulary import Complexity, Instance, PetitionKind


def limit_row_for(
    law: Law, petition: Petition, clock: Clock, on: date, *, complexity: Complexity | None = None
) -> PolicyRow | None:
    """Return the rule in force on the day `on` of the act that starts the clock, or None when the law has none.

    `complexity` is the petition's own unless a decision is about to change it. A second complaint has limits of its own
    (Law on complaints Art 37).
    """
    kind = petition.kind or PetitionKind.PROPOSAL_FEEDBACK
    return law.policies.row_for(
        kind,
        _stage_of(clock, is_second=petition.is_at_instance(Instance.SECOND)),
        on,
        remote=bool(petition.opening.is_remote_area) and clock is not Clock.TRIAGE,
        # a complex denunciation has the limit of any other, and may be extended
        complexity=(complexity or petition.complexity) if kind is PetitionKind.COMPLAINT else Complexity.NORMAL,
    )


_STAGES_OF_SECOND_COMPLAINTS = {
    Clock.SETTLEMENT: LegalStage.SECOND_SETTLEMENT,
    Clock.DECISION_SENDING: LegalStage.SECOND_DECISION_SENDING,
}


def _stage_of(clock: Clock, *, is_second: bool) -> Clock | LegalStage:
    """Return the word by which the rules name what the clock is for."""
    if clock is Clock.RESULT_TO_REFERRER:
        return LegalStage.TRANSFER_REPLY
    return _STAGES_OF_SECOND_COMPLAINTS.get(clock, clock) if is_second else clock


def deadline_for(
    law: Law, petition: Petition, clock: Clock, on: date, *, complexity: Complexity | None = None
) -> Deadline | None:
    """Return the clock that an act on the day `on` starts, or None when no rule sets a limit. Raise CalendarRunsOut."""
    row = limit_row_for(law, petition, clock, on, complexity=complexity)
    return None if row is None or row.limit is None else start_clock(clock, on, row, law.calendar)
