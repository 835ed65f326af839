"""Decides the dialogue in the settlement of a complaint: the settler meets the parties, and nobody else."""

from domain.commands import RecordComplaintDialogue
from domain.deadlines.stages import LegalStage
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import ComplaintDialogueHeld, PetitionEvent
from domain.petition import Petition
from domain.refusals.assignment import AssignmentRefusal
from domain.rules.petition_rule import at_stages, open_when
from domain.value import as_said
from domain.vocabulary import STAGES_WITH_UNIT, PetitionKind


def _require_complaint(petition: Petition, _: DecisionContext) -> None:
    if petition.kind is not PetitionKind.COMPLAINT:
        raise Refused(AssignmentRefusal.ONLY_COMPLAINT_HAS_DIALOGUE)


@open_when(_require_complaint, at_stages(STAGES_WITH_UNIT, AssignmentRefusal.CANNOT_HOLD_COMPLAINT_DIALOGUE))
def record_complaint_dialogue(
    command: RecordComplaintDialogue, _: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Record the dialogue. A late invitation is recorded too; the stored days show it (Decree 124/2020 Art 28.1)."""
    named = (*command.present, *command.absent_with_reason, *command.absent_without_reason)
    if len(set(named)) != len(named):
        raise Refused(AssignmentRefusal.PARTY_NAMED_TWICE)
    if command.invited_on is not None and command.invited_on > command.occurred_on:
        raise Refused(AssignmentRefusal.INVITED_AFTER_DIALOGUE)
    law = context.law
    row = law.policies.row_for(PetitionKind.COMPLAINT, LegalStage.DIALOGUE_INVITATION, command.occurred_on)
    return [
        ComplaintDialogueHeld(
            occurred_on=command.occurred_on,
            minutes_no=command.minutes_no,
            present=command.present,
            absent_with_reason=as_said(command.absent_with_reason),
            absent_without_reason=as_said(command.absent_without_reason),
            invited_on=as_said(command.invited_on),
            invite_by=as_said(None if row is None else law.last_day(row, command.occurred_on)),
        )
    ]
