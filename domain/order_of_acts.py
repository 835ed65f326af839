"""Says on which earlier acts each act on a petition rests: it did not happen before them.

The table names, of each command, the events whose latest day bounds its own. Three more bounds are no rows of it:
nothing happens before the receipt, nothing in the future, and what is owed is not fulfilled before it was owed
(`domain.rules.performing`). Imported histories keep whatever days they have; the figures call such endings unproven.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from domain import commands as c
from domain import events as e
from domain.command import Command
from domain.labels import BilingualText
from domain.labels import bilingual_text as _


class ActDay(NamedTuple):
    """Holds the day of an act, and its place in the history, by which the day may be corrected."""

    version: int
    on: date


ACTS_RESTED_ON: Mapping[type[e.Fact], BilingualText] = {
    e.MatterOpened: _("đơn được tách ra", "the letter was split"),
    e.PetitionClassified: _("đơn được phân loại", "the petition was classified"),
    e.MandateRecorded: _("văn bản cử người đại diện được ghi nhận", "the mandate was recorded"),
    e.SignatoryWithdrew: _("một người ký đơn rút đơn", "one of the signatories withdrew"),
    e.PetitionAccepted: _("đơn được thụ lý", "the petition was accepted"),
    e.PetitionAssigned: _("đơn được phân công", "the petition was assigned"),
    e.PetitionReassigned: _("đơn được giao lại", "the petition was reassigned"),
    e.WorkStarted: _("đơn vị bắt đầu giải quyết", "the unit started work"),
    e.ProcessingSuspended: _("việc giải quyết tạm đình chỉ", "the petition was suspended"),
    e.ProcessingResumed: _("việc giải quyết được tiếp tục", "the petition was resumed"),
    e.DeadlineSet: _("thời hạn được ấn định", "the due date was set"),
    e.ExtensionRequested: _("gia hạn được đề nghị", "the extension was asked for"),
    e.ComplexityDetermined: _("vụ việc được xác định là phức tạp", "the matter was determined to be complex"),
    e.WithdrawalRequested: _("công dân rút đơn", "the citizen withdrew"),
    e.PetitionTransferred: _("đơn được chuyển", "the petition was transferred"),
    e.CompetentUnitUrged: _("cơ quan cấp dưới được đôn đốc", "the lower body was urged"),
    e.TransferReplyReceived: _("cơ quan nhận chuyển trả lời", "the other body replied"),
    e.PetitionMarkedDuplicate: _("đơn được xác định là đơn trùng", "the petition was linked as a duplicate"),
    e.PetitionUnmarkedDuplicate: _("việc xác định đơn trùng được bỏ", "the link to the first letter was undone"),
    e.AnsweredAtMeeting: _("đơn được trả lời tại hội nghị", "the petition was answered at a meeting"),
    e.AnsweredInWriting: _("đơn được trả lời bằng văn bản", "the petition was answered in writing"),
    e.CitizenNotified: _("công dân được báo kết quả", "the citizen was told"),
    e.PetitionClosed: _("hồ sơ được kết thúc", "the petition was closed"),
    e.PetitionReopened: _("đơn được mở lại", "the petition was reopened"),
    e.LawsuitFiled: _("vụ kiện được khởi kiện", "the lawsuit was filed"),
    e.ReversalProposed: _("việc hủy kết thúc được đề nghị", "the reversal was proposed"),
    e.CorrectionProposed: _("đính chính được đề nghị", "the correction was proposed"),
}
"""Every event that another act may rest on, with the words of a refusal. The state keeps the latest day of each."""

ALERT_RAISED: BilingualText = _("cảnh báo được phát", "the alert was raised")

_OPENED = (e.MatterOpened,)
"""A matter of a letter begins with the split. Every other petition begins with its receipt."""
_BEGUN = (*_OPENED, e.TransferReplyReceived, e.PetitionUnmarkedDuplicate, e.PetitionReopened)
"""What began a round of handling: acts that move the clocks of a round lie in it."""
_MOVES = (
    *_BEGUN,
    *(e.PetitionClassified, e.PetitionAccepted, e.PetitionAssigned, e.PetitionReassigned),
    *(e.WorkStarted, e.ProcessingSuspended, e.ProcessingResumed),
)
"""What moves a petition to a stage or a unit. Moves and endings happen in the order in which they are entered."""
_ANSWERS = (e.AnsweredAtMeeting, e.AnsweredInWriting)

Acts = tuple[type[e.Fact], ...]

RESTS_ON: Mapping[type[Command], Acts] = {
    # moves and endings
    **dict.fromkeys(
        (
            *(c.CancelRegistration, c.SplitPetition, c.RefuseAcceptance, c.TransferPetition, c.UrgeCompetentUnit),
            *(c.ReturnPetition, c.GuideCitizen, c.FilePetition, c.MarkDuplicate, c.HandleAsInformation),
            *(c.AssignPetition, c.ReassignPetition, c.StartWork, c.AnswerInWriting),
            *(c.SuspendProcessing, c.ResumeProcessing, c.TakeOverSettlement, c.TerminateProcessing),
        ),
        _MOVES,
    ),
    # what is answered on the spot may be classified when it is written down
    c.AnswerAtMeeting: tuple(act for act in _MOVES if act is not e.PetitionClassified),
    c.AcceptPetition: (*_MOVES, e.MandateRecorded, e.SignatoryWithdrew),
    c.AcceptWithdrawal: (*_MOVES, e.WithdrawalRequested),
    c.UnmarkDuplicate: (*_OPENED, e.PetitionMarkedDuplicate),
    c.RecordTransferReply: (*_OPENED, e.PetitionTransferred, e.CompetentUnitUrged),
    c.ClosePetition: (*_BEGUN, *_ANSWERS, e.CitizenNotified),
    c.ReopenPetition: (*_BEGUN, *_ANSWERS, e.PetitionClosed, e.LawsuitFiled),
    # what moves clocks
    c.ClassifyPetition: (*_BEGUN, e.PetitionClassified),
    c.SetDeadline: (*_BEGUN, e.PetitionClassified, e.PetitionAccepted, e.PetitionAssigned),
    c.RequestExtension: (
        *(*_BEGUN, e.PetitionClassified, e.PetitionAccepted, e.PetitionAssigned),
        *(e.DeadlineSet, e.ComplexityDetermined),
    ),
    c.ExtendDeadline: (*_BEGUN, e.ExtensionRequested),
    c.DetermineComplexity: (*_BEGUN, e.PetitionClassified, e.PetitionAccepted, e.ProcessingResumed),
    # what is done at a stage, and may be entered after the petition has moved on
    c.RemindUnit: (*_BEGUN, e.PetitionAssigned, e.PetitionReassigned),
    c.DeliverContribution: (*_OPENED, e.PetitionAssigned),
    c.RecordComplaintDialogue: (*_OPENED, e.PetitionClassified, e.PetitionAssigned),
    c.RequestDocuments: (*_OPENED, e.PetitionClassified, e.PetitionAccepted),
    c.NotifyCitizen: (*_OPENED, *_ANSWERS, e.CompetentUnitUrged, e.TransferReplyReceived),
    c.RecordPromise: (*_OPENED, *_ANSWERS),
    c.RecordActionResult: (*_OPENED, *_ANSWERS),
    c.OverrideWithdrawal: (*_OPENED, e.PetitionClassified, e.WithdrawalRequested),
    c.RecordCourtRuling: (*_OPENED, e.LawsuitFiled),
    c.ApproveCorrection: (e.CorrectionProposed,),
    c.ApproveReversal: (e.ReversalProposed,),
    # what a petition is open to from its beginning, or what comes from outside on its own day
    **dict.fromkeys(
        (
            *(c.AcknowledgeReceipt, c.RequestSupplement, c.RecordSupplement),
            *(c.RecordMandate, c.RecordProxy, c.WithdrawSignatory, c.RequestWithdrawal, c.PrepareForMeeting),
            *(c.LodgeSecondComplaint, c.LodgeFurtherDenunciation, c.FileLawsuit, c.OrderResponsibilityCheck),
        ),
        _OPENED,
    ),
    # what has the bound of what it names: a duty, a promise, an alert, an event
    **dict.fromkeys(
        (
            *(c.SendPartyHeadNotice, c.ReplyToReferrer, c.SendAcceptanceNotice, c.SendSuspensionDecision),
            *(c.SendDecision, c.PublishDecision, c.SendConclusion, c.PublishConclusion),
            *(c.ActOnConclusion, c.ReportAction, c.SupplyDocuments, c.DemandOverdueReport, c.ReportOverdue),
            *(c.LiftDuty, c.ReportPromise, c.AcknowledgeAlert, c.ProposeCorrection, c.ProposeReversal),
        ),
        (),
    ),
}
"""The acts on which each command rests. Each command on a petition that exists has one row."""
