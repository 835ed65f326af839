"""Decides the dialogue in the settlement of a complaint: the settler meets the parties, and nobody else."""

from domain.commands import RecordComplaintDialogue
from domain.deadlines.stages import LegalStage
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import ComplaintDialogueHeld, PetitionEvent
from domain.petition import Petition
from domain.rules.guards import require_stage
from domain.value import as_said
from domain.vocabulary import STAGES_WITH_UNIT, PetitionKind


def record_complaint_dialogue(
    command: RecordComplaintDialogue, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Record the dialogue. A late invitation is recorded too; the stored days show it (Decree 124/2020 Art 28.1)."""
    if petition.kind is not PetitionKind.COMPLAINT:
        raise Refused("only the settlement of a complaint has such a dialogue; a head meets the people at meetings")
    require_stage(petition, STAGES_WITH_UNIT, "have a dialogue with its parties")
    named = (*command.present, *command.absent_with_reason, *command.absent_without_reason)
    if len(set(named)) != len(named):
        raise Refused("a party was either present or absent, and is named once")
    if command.invited_on is not None and command.invited_on > command.occurred_on:
        raise Refused("the parties cannot have been invited after the dialogue")
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
