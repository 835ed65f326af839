"""Decides the complexity of a matter, in writing, by the seven criteria, before its limit has run out."""

from domain.commands import DetermineComplexity
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, recalculate_deadline
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import ComplexityDetermined, PetitionEvent
from domain.petition import Petition
from domain.refusals.clocks import ClockRefusal
from domain.rules.clocks import STAGES_TAKEN_UP
from domain.rules.intake_clocks import KINDS_NEEDING_ACCEPTANCE
from domain.rules.limits import limit_row_for
from domain.rules.petition_rule import at_stages, open_when
from domain.value import UNSET, as_said
from domain.vocabulary import Complexity, PetitionKind

_DEGREES_OF_COMPLEXITY = tuple(Complexity)


def _require_kind_with_degrees(petition: Petition, _: DecisionContext) -> None:
    if petition.kind not in KINDS_NEEDING_ACCEPTANCE:
        raise Refused(ClockRefusal.ONLY_SOME_KINDS_ARE_COMPLEX)


def _require_further_degree(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused when the matter has the highest degree of its kind already."""
    highest = Complexity.SPECIALLY_COMPLEX if petition.kind is PetitionKind.DENUNCIATION else Complexity.COMPLEX
    _require_higher_degree(highest, petition)


def _require_higher_degree(complexity: Complexity, petition: Petition) -> None:
    if _DEGREES_OF_COMPLEXITY.index(complexity) <= _DEGREES_OF_COMPLEXITY.index(petition.complexity):
        raise Refused(ClockRefusal.COMPLEX_ALREADY, complexity=petition.complexity)


@open_when(
    _require_kind_with_degrees,
    at_stages(STAGES_TAKEN_UP, ClockRefusal.CANNOT_DETERMINE_COMPLEXITY),
    _require_further_degree,
)
def determine_complexity(
    command: DetermineComplexity, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Determine that a matter is complex. Two criteria make a denunciation specially complex (Decree 31/2019 Art 3).

    A complex complaint has a longer limit from its acceptance on (Law on complaints Arts 28, 37); a complex
    denunciation may be extended. A determination after expiry is recorded and moves no clock.
    """
    if len(set(command.criteria)) != len(command.criteria):
        raise Refused(ClockRefusal.CRITERION_TWICE)
    is_special = petition.kind is PetitionKind.DENUNCIATION and len(command.criteria) > 1
    complexity = Complexity.SPECIALLY_COMPLEX if is_special else Complexity.COMPLEX
    _require_higher_degree(complexity, petition)
    present = petition.deadlines.get(Clock.SETTLEMENT)
    was_expired = present is not None and present.due_on < command.occurred_on
    longer = None if present is None or was_expired else _longer_limit(petition, present, complexity, context)
    return [
        ComplexityDetermined(
            occurred_on=command.occurred_on,
            criteria=command.criteria,
            complexity=complexity,
            document_no=command.document_no,
            was_expired=was_expired,
            deadlines=as_said(() if longer is None else (longer,)),
        )
    ]


def _longer_limit(
    petition: Petition, present: Deadline, complexity: Complexity, context: DecisionContext
) -> Deadline | None:
    """Return the longer limit of a complex complaint. A date set by decision stays; a denunciation gets none."""
    if petition.kind is not PetitionKind.COMPLAINT or present.policy is UNSET or present.decided_due_on is not UNSET:
        return None
    law = context.law
    row = limit_row_for(law, petition.character, Clock.SETTLEMENT, present.started_on, complexity=complexity)
    if row is None or row.limit is None:
        return None
    return recalculate_deadline(present, law.calendar, policy_row=row)
