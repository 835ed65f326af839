"""Decides escalations to a higher level. The lateness of the lower level stays."""

from datetime import date
from uuid import uuid5

from domain.commands import EscalatePetition
from domain.deadlines.deadline import days_late
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import PetitionEscalated, PetitionEvent
from domain.petition import Petition
from domain.refusals.endings import EndingRefusal
from domain.rules.petition_rule import open_when
from domain.value import as_said
from domain.vocabulary import ANSWERED_STAGES, EscalationKind, PetitionId, PetitionKind, UnitId

KIND_OF_ESCALATION = {
    EscalationKind.SECOND_COMPLAINT: PetitionKind.COMPLAINT,
    EscalationKind.FURTHER_DENUNCIATION: PetitionKind.DENUNCIATION,
    EscalationKind.COURT: PetitionKind.COMPLAINT,
}
ESCALATIONS_OF_OVERDUE = frozenset({EscalationKind.OVERDUE_TAKEOVER, EscalationKind.RESPONSIBILITY_CHECK})


def _require_way_up(kind: EscalationKind, petition: Petition, on: date) -> None:
    """Raise Refused when the petition cannot go up in this way on the day `on`."""
    wanted = KIND_OF_ESCALATION.get(kind)
    if wanted is not None and petition.kind is None:
        raise Refused(EndingRefusal.WAY_NEEDS_A_KIND, way=kind, wanted=wanted)
    if wanted is not None and petition.kind is not None and petition.kind is not wanted:
        raise Refused(EndingRefusal.WAY_IS_FOR_ANOTHER_KIND, way=kind, wanted=wanted, kind=petition.kind)
    if kind in petition.escalations:
        raise Refused(EndingRefusal.GONE_UP_ALREADY, way=kind)
    is_late = petition.is_past_limit(on)
    if kind in ESCALATIONS_OF_OVERDUE and not is_late:
        raise Refused(EndingRefusal.WAY_NEEDS_OVERDUE, way=kind, on=on)
    if not (is_late or petition.stage in ANSWERED_STAGES):
        raise Refused(EndingRefusal.NEITHER_ANSWERED_NOR_OVERDUE, stage=petition.stage)


def _require_some_way_up(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused when no way up is left. What is not overdue today was not overdue on any day before."""
    if not (petition.is_past_limit(context.today) or petition.stage in ANSWERED_STAGES):
        raise Refused(EndingRefusal.NEITHER_ANSWERED_NOR_OVERDUE, stage=petition.stage)
    if not any(_is_way_up(kind, petition, context.today) for kind in EscalationKind):
        raise Refused(EndingRefusal.NO_WAY_UP_IS_LEFT)


def _is_way_up(kind: EscalationKind, petition: Petition, on: date) -> bool:
    try:
        _require_way_up(kind, petition, on)
    except Refused:
        return False
    return True


@open_when(_require_some_way_up)
def escalate_petition(command: EscalatePetition, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Bring the petition to a higher unit, after its answer or once its limit has passed.

    A takeover and a responsibility check need a petition that is overdue on that day.
    """
    kind, on = command.kind, command.occurred_on
    _require_way_up(kind, petition, on)
    is_late = petition.is_past_limit(on)
    if command.to_unit == petition.status.unit:
        raise Refused(EndingRefusal.ESCALATED_TO_ITSELF)
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
