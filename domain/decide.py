"""Which command is allowed when, and which rule answers: the table of contents of `domain.rules`.

`decide` is pure: what it may look at besides the petition comes in `DecisionContext`. It returns the facts
that the command brings about, or raises `Refused` with the reason in an officer's words. It never changes
anything.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain import commands as c
from domain.command import Command
from domain.decision_context import DecisionContext
from domain.errors import Refused, not_in_future
from domain.events import PetitionEvent
from domain.petition import Petition
from domain.rules import (
    alerts,
    answering,
    assignment,
    clocks,
    closing,
    complaint_dialogue,
    complexity,
    correcting,
    duplicates,
    escalation,
    intake,
    referral,
)

# Of what is asked of a petition; the receipt that opens one comes before them all.
RULES: Mapping[type[Command], Callable[[Any, Petition, DecisionContext], list[PetitionEvent]]] = {
    # intake
    c.CancelRegistration: intake.cancel,
    c.SplitPetition: intake.split,
    c.ClassifyPetition: intake.classify,
    c.AcknowledgeReceipt: intake.acknowledge,
    c.RequestSupplement: intake.ask_for_more,
    c.RecordSupplement: intake.enter_supplement,
    c.AcceptPetition: intake.accept,
    c.RefuseAcceptance: intake.refuse,
    # not ours to answer
    c.TransferPetition: referral.transfer,
    c.RecordTransferReply: referral.enter_reply,
    c.ReturnPetition: referral.give_back,
    c.GuideCitizen: referral.guide,
    c.FilePetition: referral.file,
    c.MarkDuplicate: duplicates.mark,
    c.UnmarkDuplicate: duplicates.unmark,
    c.HandleAsInformation: referral.handle_as_information,
    # who must answer
    c.AssignPetition: assignment.assign,
    c.ReassignPetition: assignment.reassign,
    c.StartWork: assignment.start,
    c.RecordComplaintDialogue: complaint_dialogue.enter,
    # the answer
    c.PrepareForMeeting: answering.prepare,
    c.AnswerAtMeeting: answering.at_meeting,
    c.AnswerInWriting: answering.in_writing,
    c.NotifyCitizen: answering.notify,
    c.TrackImplementation: answering.track,
    # the clocks
    c.RemindUnit: clocks.remind,
    c.SuspendProcessing: clocks.suspend,
    c.ResumeProcessing: clocks.resume,
    c.SetDeadline: clocks.set_date,
    c.RequestExtension: clocks.ask_for_time,
    c.ExtendDeadline: clocks.extend,
    c.DetermineComplexity: complexity.determine,
    # up, out and back
    c.EscalatePetition: escalation.escalate,
    c.RequestWithdrawal: closing.ask_to_withdraw,
    c.AcceptWithdrawal: closing.agree_to_withdrawal,
    c.OverrideWithdrawal: closing.override_withdrawal,
    c.TerminateProcessing: closing.terminate,
    c.ClosePetition: closing.close,
    c.ReopenPetition: closing.reopen,
    # the record
    c.ProposeCorrection: correcting.propose,
    c.ApproveCorrection: correcting.approve,
    # alerts
    c.AcknowledgeAlert: alerts.acknowledge,
}


def decide(
    command: c.PetitionCommand, petition: Petition | None, circumstances: DecisionContext
) -> list[PetitionEvent]:
    """The facts that follow from the command, in order; `Refused` when a rule does not allow it."""
    not_in_future(command.occurred_on, circumstances.today)
    if type(command) is c.ReceivePetition:
        if petition is not None:
            raise Refused("this petition is received already")
        return intake.receive(command, circumstances)
    if petition is None:
        raise Refused("there is no such petition")
    if command.occurred_on < petition.received_on:
        raise Refused(f"the petition was received on {petition.received_on}; nothing can have happened to it before")
    return RULES[type(command)](command, petition, circumstances)
