"""Decides escalations to a higher level. The lateness of the lower level stays."""

from uuid import uuid5

from domain.commands import EscalatePetition
from domain.deadlines.deadline import days_late
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import PetitionEscalated, PetitionEvent
from domain.petition import Petition
from domain.value import as_said
from domain.vocabulary import ANSWERED_STAGES, EscalationKind, PetitionId, PetitionKind, UnitId

KIND_OF_ESCALATION = {
    EscalationKind.SECOND_COMPLAINT: PetitionKind.COMPLAINT,
    EscalationKind.FURTHER_DENUNCIATION: PetitionKind.DENUNCIATION,
    EscalationKind.COURT: PetitionKind.COMPLAINT,
}
ESCALATIONS_OF_OVERDUE = frozenset({EscalationKind.OVERDUE_TAKEOVER, EscalationKind.RESPONSIBILITY_CHECK})


def escalate_petition(command: EscalatePetition, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Bring the petition to a higher unit, after its answer or once its limit has passed.

    A takeover and a responsibility check need a petition that is overdue on that day.
    """
    kind, on = command.kind, command.occurred_on
    wanted = KIND_OF_ESCALATION.get(kind)
    if wanted is not None and petition.kind is not wanted:
        present = petition.kind or "petition of no kind yet"
        raise Refused(f"{kind.replace('_', ' ')} is for a {wanted}, and this is a {present}")
    if kind in petition.escalations:
        raise Refused(f"this petition has gone up by {kind.replace('_', ' ')} already")
    is_late = petition.is_past_limit(on)
    if kind in ESCALATIONS_OF_OVERDUE and not is_late:
        raise Refused(f"{kind.replace('_', ' ')} needs a petition that is overdue on {on}")
    if not (is_late or petition.stage in ANSWERED_STAGES):
        raise Refused(f"a petition that is {petition.stage.in_words} and not overdue cannot be escalated")
    if command.to_unit == petition.status.unit:
        raise Refused("a petition escalates to another unit than the one that has it")
    context.units.require(UnitId(command.to_unit), context.today)
    round_name = f"escalation/{kind}/{petition.status.round}"
    due_on = petition.status.due_on if is_late else petition.status.due_when_settled
    settled_on = petition.status.settled_on or on
    return [
        PetitionEscalated(
            occurred_on=on,
            kind=kind,
            to_unit=UnitId(command.to_unit),
            reason=command.reason,
            document_no=as_said(command.document_no),
            days_late=0 if due_on is None else days_late(due_on, settled_on),
            continued_as=(
                as_said(PetitionId(uuid5(petition.petition_id, round_name)) if kind.opens_a_stage_above else None)
            ),
        )
    ]
