"""Whether a matter is complex: determined in writing by the seven criteria, before its limit has run out."""

from domain.commands import DetermineComplexity
from domain.deadlines.deadline import Clock, Deadline, recalculated
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import ComplexityDetermined, PetitionEvent
from domain.petition import Petition
from domain.rules.clocks import TAKEN_UP
from domain.rules.guards import only_from
from domain.rules.intake import NEEDS_ACCEPTANCE
from domain.rules.limits import rule_for
from domain.vocabulary import Complexity, PetitionKind

_DEGREES = tuple(Complexity)


def determine(command: DetermineComplexity, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """One criterion makes a matter complex; of a denunciation two make it specially so (Decree 31/2019 Art 3).

    A complex complaint has a longer limit from its acceptance on (Law on complaints Arts 28, 37), a complex
    denunciation may be extended. Determined after expiry it is recorded all the same, and moves nothing.
    """
    if petition.kind not in NEEDS_ACCEPTANCE:
        raise Refused("only a complaint or a denunciation is determined to be complex")
    only_from(petition, TAKEN_UP, "be determined to be complex")
    if len(set(command.criteria)) != len(command.criteria):
        raise Refused("a criterion is named twice")
    is_special = petition.kind is PetitionKind.DENUNCIATION and len(command.criteria) > 1
    complexity = Complexity.SPECIALLY_COMPLEX if is_special else Complexity.COMPLEX
    if _DEGREES.index(complexity) <= _DEGREES.index(petition.complexity):
        raise Refused(f"the petition is determined to be {petition.complexity.replace('_', ' ')} already")
    present = petition.deadlines.get(Clock.SETTLEMENT)
    was_expired = present is not None and present.due_on < command.occurred_on
    longer = None if present is None or was_expired else _longer_limit(petition, present, complexity, circumstances)
    return [
        ComplexityDetermined(
            occurred_on=command.occurred_on,
            criteria=command.criteria,
            complexity=complexity,
            document_no=command.document_no,
            was_expired=was_expired,
            deadlines=() if longer is None else (longer,),
        )
    ]


def _longer_limit(
    petition: Petition, present: Deadline, complexity: Complexity, circumstances: DecisionContext
) -> Deadline | None:
    """A date that somebody set stays; a denunciation is given time by its extension alone."""
    if petition.kind is not PetitionKind.COMPLAINT or present.policy is None or present.decided_due_on is not None:
        return None
    law = circumstances.law
    row = rule_for(law, petition, Clock.SETTLEMENT, present.started_on, complexity=complexity)
    if row is None or row.limit is None:
        return None
    return recalculated(present, law.calendar, policy_row=row)
