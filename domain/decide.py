"""Decides the commands on a petition: one table names the rule of each command.

`decide` is pure. Besides the petition it reads the `DecisionContext` and nothing else, and it changes nothing.
`why_closed` answers beforehand, without values, what the state of the petition alone forbids.
"""

from collections.abc import Mapping
from typing import Any

from domain import commands as c
from domain.command import Command
from domain.decision import Decision
from domain.decision_context import DecisionContext
from domain.errors import Refused, require_not_in_future
from domain.follow_on_events import linked_events, new_streams
from domain.petition import Petition
from domain.refusals.general import GeneralRefusal
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
    going_up,
    intake,
    referral,
)
from domain.rules.petition_rule import PetitionRule

# The rules of all commands on a petition that exists. `ReceivePetition`, which opens one, is not among them.
PETITION_RULES: Mapping[type[Command], PetitionRule[Any]] = {
    # intake
    c.CancelRegistration: intake.cancel_registration,
    c.SplitPetition: intake.split_petition,
    c.ClassifyPetition: intake.classify_petition,
    c.AcknowledgeReceipt: intake.acknowledge_receipt,
    c.RequestSupplement: intake.request_supplement,
    c.RecordSupplement: intake.record_supplement,
    c.AcceptPetition: intake.accept_petition,
    c.RefuseAcceptance: intake.refuse_acceptance,
    # not ours to answer
    c.TransferPetition: referral.transfer_petition,
    c.RecordTransferReply: referral.record_transfer_reply,
    c.ReturnPetition: referral.return_petition,
    c.GuideCitizen: referral.guide_citizen,
    c.FilePetition: referral.file_petition,
    c.MarkDuplicate: duplicates.mark_duplicate,
    c.UnmarkDuplicate: duplicates.unmark_duplicate,
    c.HandleAsInformation: referral.handle_as_information,
    # who must answer
    c.AssignPetition: assignment.assign_to_unit,
    c.ReassignPetition: assignment.reassign_petition,
    c.StartWork: assignment.start_work,
    c.RecordComplaintDialogue: complaint_dialogue.record_complaint_dialogue,
    # the answer
    c.PrepareForMeeting: answering.prepare_for_meeting,
    c.AnswerAtMeeting: answering.answer_at_meeting,
    c.AnswerInWriting: answering.answer_in_writing,
    c.NotifyCitizen: answering.notify_citizen,
    c.RecordPromise: answering.record_promise,
    c.ReportPromise: answering.report_promise,
    # the clocks
    c.RemindUnit: clocks.remind_unit,
    c.SuspendProcessing: clocks.suspend_processing,
    c.ResumeProcessing: clocks.resume_processing,
    c.SetDeadline: clocks.set_deadline,
    c.RequestExtension: clocks.request_extension,
    c.ExtendDeadline: clocks.extend_deadline,
    c.DetermineComplexity: complexity.determine_complexity,
    # up, out and back
    c.LodgeSecondComplaint: going_up.lodge_second_complaint,
    c.LodgeFurtherDenunciation: going_up.lodge_further_denunciation,
    c.FileLawsuit: going_up.file_lawsuit,
    c.TakeOverSettlement: going_up.take_over_settlement,
    c.OrderResponsibilityCheck: going_up.order_responsibility_check,
    c.RequestWithdrawal: closing.request_withdrawal,
    c.AcceptWithdrawal: closing.accept_withdrawal,
    c.OverrideWithdrawal: closing.override_withdrawal,
    c.TerminateProcessing: closing.terminate_processing,
    c.ClosePetition: closing.close_petition,
    c.ReopenPetition: closing.reopen_in_new_round,
    # the record
    c.ProposeCorrection: correcting.propose_correction,
    c.ApproveCorrection: correcting.approve_correction,
    # alerts
    c.AcknowledgeAlert: alerts.acknowledge_alert,
}


def decide(command: c.PetitionCommand, petition: Petition | None, context: DecisionContext) -> Decision:
    """Return what the command comes to: its facts in order, and what these cause in other petitions.

    Raise Refused, with the reason in an officer's words, when a rule does not allow the command.
    """
    require_not_in_future(command.occurred_on, context.today)
    if type(command) is c.ReceivePetition:
        _require_unreceived(petition)
        return Decision(intake.receive_new_petition(command, context))
    petition = _require_received(petition)
    if command.occurred_on < petition.received_on:
        raise Refused(GeneralRefusal.BEFORE_RECEIPT, received_on=petition.received_on)
    facts = PETITION_RULES[type(command)](command, petition, context)
    return Decision(
        facts,
        [stream for fact in facts for stream in new_streams(petition, fact, command, context)],
        [linked for fact in facts for linked in linked_events(petition, fact, context)],
    )


def why_closed(kind: type[c.PetitionCommand], petition: Petition | None, context: DecisionContext) -> Refused | None:
    """Return the refusal of every command of this kind on the petition now, or None when the petition is open to it.

    `decide` then refuses such a command whatever its values are. Of the context, `today`, `by` and `law` count; a
    meeting and another petition are values. Roles are another question, that of `domain.permissions`.
    """
    try:
        if kind is c.ReceivePetition:
            _require_unreceived(petition)
        else:
            PETITION_RULES[kind].require_open(_require_received(petition), context)
    except Refused as refusal:
        return refusal
    return None


def _require_unreceived(petition: Petition | None) -> None:
    if petition is not None:
        raise Refused(GeneralRefusal.RECEIVED_ALREADY)


def _require_received(petition: Petition | None) -> Petition:
    if petition is None:
        raise Refused(GeneralRefusal.NO_SUCH_PETITION)
    return petition
