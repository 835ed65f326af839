"""Finds the rule of law by which a clock of a petition runs."""

from collections.abc import Mapping
from datetime import date

from domain.character import Character
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, start_clock
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from domain.deadlines.stages import LegalStage
from domain.petition import Petition
from domain.vocabulary import Complexity, Instance, PetitionKind


def limit_row_for(
    law: Law, character: Character, clock: Clock, on: date, *, complexity: Complexity | None = None
) -> PolicyRow | None:
    """Return the rule in force on the day `on` of the act that starts the clock, or None when the law has none.

    `complexity` is the petition's own unless a decision is about to change it. A second complaint has limits of its own
    (Law on complaints Art 37).
    """
    kind, instance = character.kind or _UNCLASSIFIED, character.instance
    stages = _STAGES if instance is None else _STAGES_AT_INSTANCE.get((kind, instance), _STAGES)
    return law.policies.row_for(
        kind,
        stages.get(clock, clock),
        on,
        remote=character.is_remote_area and clock is not _TRIAGE,
        # a complex denunciation has the limit of any other, and may be extended
        complexity=(complexity or character.complexity) if kind is _COMPLAINT else _NORMAL,
    )


# words of enumerations are slow to name
_UNCLASSIFIED, _COMPLAINT = PetitionKind.PROPOSAL_FEEDBACK, PetitionKind.COMPLAINT
_NORMAL, _TRIAGE = Complexity.NORMAL, Clock.TRIAGE
_STAGES: Mapping[Clock, LegalStage] = {Clock.RESULT_TO_REFERRER: LegalStage.TRANSFER_REPLY}
"""The words by which the rules name what a clock is for, where they have another word than the clock."""

_STAGES_AT_INSTANCE: Mapping[tuple[PetitionKind, Instance | None], Mapping[Clock, LegalStage]] = {
    (PetitionKind.COMPLAINT, Instance.SECOND): {
        **_STAGES,
        Clock.SETTLEMENT: LegalStage.SECOND_SETTLEMENT,
        Clock.DECISION_SENDING: LegalStage.SECOND_DECISION_SENDING,
    }
}
"""The same for the instances that have limits of their own."""


def deadline_for(
    law: Law, petition: Petition, clock: Clock, on: date, *, complexity: Complexity | None = None
) -> Deadline | None:
    """Return the clock that an act on the day `on` starts, or None when no rule sets a limit. Raise CalendarRunsOut."""
    row = limit_row_for(law, petition.character, clock, on, complexity=complexity)
    return None if row is None or row.limit is None else start_clock(clock, on, row, law.calendar)
