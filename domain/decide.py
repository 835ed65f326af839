"""Decides the commands on a petition: one table names the rule and the roles of each command.

`decide` is pure. Besides the petition it reads the `DecisionContext` and nothing else, and it changes nothing.
`why_closed` answers beforehand, without values, what the state of the petition alone forbids.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain import commands as c
from domain.actor import Role
from domain.command import Command, CommandRow, DecidedT
from domain.correcting.doubted import corrected_facts
from domain.decision import Decision
from domain.decision_context import DecisionContext
from domain.doubt_inputs import Known
from domain.doubts import require_confirmed
from domain.errors import Refused, require_not_in_future
from domain.follow_on_events import OPENS_PETITIONS, LinkedEvent, NewStream, linked_events, new_streams
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
    contributions,
    correcting,
    courts,
    duplicates,
    going_up,
    intake,
    mandates,
    performing,
    referral,
    reporting,
    reversing,
    sending,
    urging,
)
from domain.rules.dating_back import require_no_lateness_taken_back
from domain.rules.duties import with_duties
from domain.rules.petition_rule import PetitionRule

_R = Role


def _row(
    command: type[DecidedT], rule: PetitionRule[DecidedT], *roles: Role
) -> tuple[type[Command], CommandRow[PetitionRule[Any]]]:
    """Return the row of a command. The types require that the rule is written for this command."""
    return command, CommandRow(rule, frozenset(roles))


RECEIPT = CommandRow(intake.receive_new_petition, frozenset({_R.RECEIVER, _R.CLASSIFIER, _R.HEAD, _R.OFFICER}))
"""The row of `ReceivePetition`, the one command that opens a petition."""

# All commands on a petition that exists: the rule that decides the command, and the roles that may send it.
PETITION_COMMANDS: Mapping[type[Command], CommandRow[PetitionRule[Any]]] = dict(
    (
        # intake
        _row(c.CancelRegistration, intake.cancel_registration, _R.RECEIVER, _R.HEAD),
        _row(c.SplitPetition, intake.split_petition, _R.CLASSIFIER, _R.HEAD),
        _row(c.ClassifyPetition, intake.classify_petition, _R.CLASSIFIER, _R.HEAD),
        _row(c.AcknowledgeReceipt, intake.acknowledge_receipt, _R.RECEIVER, _R.CLASSIFIER, _R.HEAD, _R.OFFICER),
        _row(c.RequestSupplement, intake.request_supplement, _R.RECEIVER, _R.CLASSIFIER, _R.HEAD),
        _row(c.RecordSupplement, intake.record_supplement, _R.RECEIVER, _R.CLASSIFIER, _R.OFFICER, _R.HEAD),
        _row(c.RecordMandate, mandates.record_mandate, _R.RECEIVER, _R.CLASSIFIER, _R.OFFICER, _R.HEAD),
        _row(c.RecordProxy, mandates.record_proxy, _R.RECEIVER, _R.CLASSIFIER, _R.OFFICER, _R.HEAD),
        _row(c.WithdrawSignatory, mandates.withdraw_signatory, _R.RECEIVER, _R.OFFICER, _R.HEAD),
        _row(c.AcceptPetition, intake.accept_petition, _R.HEAD),
        _row(c.RefuseAcceptance, intake.refuse_acceptance, _R.HEAD),
        # not ours to answer
        _row(c.TransferPetition, referral.transfer_petition, _R.HEAD),
        _row(c.UrgeCompetentUnit, urging.urge_competent_unit, _R.HEAD),
        _row(c.RecordTransferReply, referral.record_transfer_reply, _R.RECEIVER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.ReturnPetition, referral.return_petition, _R.HEAD),
        _row(c.GuideCitizen, referral.guide_citizen, _R.HEAD, _R.RECEIVER),
        _row(c.FilePetition, referral.file_petition, _R.HEAD),
        _row(c.MarkDuplicate, duplicates.mark_duplicate, _R.CLASSIFIER, _R.HEAD),
        _row(c.UnmarkDuplicate, duplicates.unmark_duplicate, _R.CLASSIFIER, _R.HEAD),
        _row(c.HandleAsInformation, referral.handle_as_information, _R.HEAD),
        # who must answer
        _row(c.AssignPetition, assignment.assign_to_unit, _R.HEAD),
        _row(c.ReassignPetition, assignment.reassign_petition, _R.HEAD),
        _row(c.StartWork, assignment.start_work, _R.OFFICER, _R.HEAD),
        _row(c.DeliverContribution, contributions.deliver_contribution, _R.OFFICER, _R.HEAD),
        _row(c.RecordComplaintDialogue, complaint_dialogue.record_complaint_dialogue, _R.HEAD, _R.OFFICER),
        # the answer
        _row(c.PrepareForMeeting, answering.prepare_for_meeting, _R.RECEIVER, _R.CLASSIFIER, _R.OFFICER, _R.HEAD),
        _row(c.AnswerAtMeeting, answering.answer_at_meeting, _R.HEAD, _R.OFFICER, _R.RECEIVER),
        _row(c.AnswerInWriting, answering.answer_in_writing, _R.OFFICER, _R.HEAD),
        _row(c.NotifyCitizen, answering.notify_citizen, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.RecordPromise, answering.record_promise, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.ReportPromise, answering.report_promise, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        # what an act made due
        _row(c.SendPartyHeadNotice, sending.send_party_head_notice, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.ReplyToReferrer, sending.reply_to_referrer, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.SendAcceptanceNotice, sending.send_acceptance_notice, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(
            c.SendSuspensionDecision, sending.send_suspension_decision, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD
        ),
        _row(c.SendDecision, sending.send_decision, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.PublishDecision, sending.publish_decision, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.SendConclusion, sending.send_conclusion, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.PublishConclusion, sending.publish_conclusion, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.ActOnConclusion, reporting.act_on_conclusion, _R.HEAD, _R.OFFICER),
        _row(c.RecordActionResult, reporting.record_action_result, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.ReportAction, reporting.report_action, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.RequestDocuments, reporting.request_documents, _R.OFFICER, _R.HEAD),
        _row(c.SupplyDocuments, reporting.supply_documents, _R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.DemandOverdueReport, reporting.demand_overdue_report, _R.FOLLOW_UP, _R.HEAD),
        _row(c.ReportOverdue, reporting.report_overdue, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.LiftDuty, performing.lift_duty, _R.HEAD),
        # the clocks
        _row(c.RemindUnit, clocks.remind_unit, _R.FOLLOW_UP, _R.HEAD),
        _row(c.SuspendProcessing, clocks.suspend_processing, _R.HEAD),
        _row(c.ResumeProcessing, clocks.resume_processing, _R.HEAD),
        _row(c.SetDeadline, clocks.set_deadline, _R.HEAD),
        _row(c.RequestExtension, clocks.request_extension, _R.OFFICER, _R.HEAD),
        _row(c.ExtendDeadline, clocks.extend_deadline, _R.HEAD),
        _row(c.DetermineComplexity, complexity.determine_complexity, _R.HEAD),
        # up, out and back
        _row(c.LodgeSecondComplaint, going_up.lodge_second_complaint, _R.RECEIVER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.LodgeFurtherDenunciation, going_up.lodge_further_denunciation, _R.RECEIVER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.FileLawsuit, going_up.file_lawsuit, _R.RECEIVER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.RecordCourtRuling, courts.record_court_ruling, _R.RECEIVER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.TakeOverSettlement, going_up.take_over_settlement, _R.RECEIVER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.OrderResponsibilityCheck, going_up.order_responsibility_check, _R.RECEIVER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.RequestWithdrawal, closing.request_withdrawal, _R.RECEIVER, _R.OFFICER, _R.HEAD),
        _row(c.AcceptWithdrawal, closing.accept_withdrawal, _R.HEAD),
        _row(c.OverrideWithdrawal, closing.override_withdrawal, _R.HEAD),
        _row(c.TerminateProcessing, closing.terminate_processing, _R.HEAD),
        _row(c.ClosePetition, closing.close_petition, _R.HEAD, _R.FOLLOW_UP),
        _row(c.ReopenPetition, closing.reopen_in_new_round, _R.HEAD),
        # the record
        _row(c.ProposeCorrection, correcting.propose_correction, _R.CORRECTOR),
        _row(c.ApproveCorrection, correcting.approve_correction, _R.APPROVER, _R.HEAD),
        _row(c.ProposeReversal, reversing.propose_reversal, _R.CORRECTOR, _R.HEAD),
        _row(c.ApproveReversal, reversing.approve_reversal, _R.APPROVER, _R.HEAD),
        # alerts
        _row(
            c.AcknowledgeAlert, alerts.acknowledge_alert, _R.OFFICER, _R.HEAD, _R.FOLLOW_UP, _R.CLASSIFIER, _R.RECEIVER
        ),
    )
)


def decide(command: c.PetitionCommand, petition: Petition | None, context: DecisionContext) -> Decision:
    """Return what the command comes to: its facts in order, and what these cause in other petitions.

    Raise Refused, with the reason in an officer's words, when a rule does not allow the command.
    """
    require_not_in_future(command.occurred_on, context.today)
    if type(command) is c.ReceivePetition:
        _require_unreceived(petition)
        received = with_duties(RECEIPT.rule(command, context), None, context)
        require_confirmed(command, Known(context.units, context.today))
        return Decision(received)
    petition = _require_received(petition)
    if command.occurred_on < petition.received_on:
        raise Refused(GeneralRefusal.BEFORE_RECEIPT, received_on=petition.received_on)
    facts = with_duties(PETITION_COMMANDS[type(command)].rule(command, petition, context), petition, context)
    require_no_lateness_taken_back(command, petition, facts, context)
    corrected = corrected_facts(facts, context.history) if context.history else ()
    require_confirmed(command, Known(context.units, context.today, petition, None, (), corrected))
    opened: list[NewStream] = []
    linked: list[LinkedEvent] = []
    for fact in facts:
        if type(fact) in OPENS_PETITIONS:
            opened += new_streams(petition, fact, command, context)
        if context.other is not None:
            linked += linked_events(petition, fact, context)
    return Decision(facts, [_with_duties_of_opening(stream, context) for stream in opened] if opened else (), linked)


def _with_duties_of_opening(stream: NewStream, context: DecisionContext) -> NewStream:
    of_stream = context._replace(petition_id=stream.petition_id)
    return replace(stream, facts=tuple(with_duties(stream.facts, None, of_stream)))


def why_closed(kind: type[c.PetitionCommand], petition: Petition | None, context: DecisionContext) -> Refused | None:
    """Return the refusal of every command of this kind on the petition now, or None when the petition is open to it.

    `decide` then refuses such a command whatever its values are. Of the context, `today`, `by` and `law` count; a
    meeting and another petition are values. Roles are another question, that of `domain.permissions`.
    """
    try:
        if kind is c.ReceivePetition:
            _require_unreceived(petition)
        else:
            PETITION_COMMANDS[kind].rule.require_open(_require_received(petition), context)
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
