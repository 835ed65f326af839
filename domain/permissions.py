"""Defines which role may send which command, in one table."""

from collections.abc import Collection, Mapping

from domain import commands as c
from domain.actor import Role
from domain.alerts.commands import RetryMessage
from domain.command import Command
from domain.errors import NotAllowed
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.meetings.commands import (
    AnnounceMeeting,
    CancelMeeting,
    CompleteConclusionTask,
    EnterMinutes,
    HoldMeeting,
    IssueConclusionNotice,
    MoveMeeting,
    PlanMeeting,
    PublishAnswers,
    PublishConclusionNotice,
    RecordMeeting,
)
from domain.refusals.general import GeneralRefusal
from domain.reorganisations.commands import ApproveReorganisation, ProposeReorganisation
from domain.units.commands import (
    CloseUnit,
    EndAbsence,
    LeaveOffice,
    NameDeputy,
    OpenUnit,
    PlaceUnit,
    RenameUnit,
    SucceedUnit,
    TakeOffice,
)

_R = Role

PERMISSIONS: Mapping[type[Command], frozenset[Role]] = {
    c.ReceivePetition: frozenset({_R.RECEIVER, _R.CLASSIFIER, _R.HEAD, _R.OFFICER}),
    c.CancelRegistration: frozenset({_R.RECEIVER, _R.HEAD}),
    c.SplitPetition: frozenset({_R.CLASSIFIER, _R.HEAD}),
    c.ClassifyPetition: frozenset({_R.CLASSIFIER, _R.HEAD}),
    c.AcknowledgeReceipt: frozenset({_R.RECEIVER, _R.CLASSIFIER, _R.HEAD, _R.OFFICER}),
    c.RequestSupplement: frozenset({_R.RECEIVER, _R.CLASSIFIER, _R.HEAD}),
    c.RecordSupplement: frozenset({_R.RECEIVER, _R.CLASSIFIER, _R.OFFICER, _R.HEAD}),
    c.AcceptPetition: frozenset({_R.HEAD}),
    c.RefuseAcceptance: frozenset({_R.HEAD}),
    c.TransferPetition: frozenset({_R.HEAD}),
    c.RecordTransferReply: frozenset({_R.RECEIVER, _R.FOLLOW_UP, _R.HEAD}),
    c.ReturnPetition: frozenset({_R.HEAD}),
    c.GuideCitizen: frozenset({_R.HEAD, _R.RECEIVER}),
    c.FilePetition: frozenset({_R.HEAD}),
    c.MarkDuplicate: frozenset({_R.CLASSIFIER, _R.HEAD}),
    c.UnmarkDuplicate: frozenset({_R.CLASSIFIER, _R.HEAD}),
    c.HandleAsInformation: frozenset({_R.HEAD}),
    c.AssignPetition: frozenset({_R.HEAD}),
    c.ReassignPetition: frozenset({_R.HEAD}),
    c.StartWork: frozenset({_R.OFFICER, _R.HEAD}),
    c.RecordComplaintDialogue: frozenset({_R.HEAD, _R.OFFICER}),
    c.PrepareForMeeting: frozenset({_R.RECEIVER, _R.CLASSIFIER, _R.OFFICER, _R.HEAD}),
    c.AnswerAtMeeting: frozenset({_R.HEAD, _R.OFFICER, _R.RECEIVER}),
    c.AnswerInWriting: frozenset({_R.OFFICER, _R.HEAD}),
    c.NotifyCitizen: frozenset({_R.RECEIVER, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD}),
    c.RecordPromise: frozenset({_R.OFFICER, _R.FOLLOW_UP, _R.HEAD}),
    c.ReportPromise: frozenset({_R.OFFICER, _R.FOLLOW_UP, _R.HEAD}),
    c.RemindUnit: frozenset({_R.FOLLOW_UP, _R.HEAD}),
    c.LodgeSecondComplaint: frozenset({_R.RECEIVER, _R.FOLLOW_UP, _R.HEAD}),
    c.LodgeFurtherDenunciation: frozenset({_R.RECEIVER, _R.FOLLOW_UP, _R.HEAD}),
    c.FileLawsuit: frozenset({_R.RECEIVER, _R.FOLLOW_UP, _R.HEAD}),
    c.TakeOverSettlement: frozenset({_R.RECEIVER, _R.FOLLOW_UP, _R.HEAD}),
    c.OrderResponsibilityCheck: frozenset({_R.RECEIVER, _R.FOLLOW_UP, _R.HEAD}),
    c.SuspendProcessing: frozenset({_R.HEAD}),
    c.ResumeProcessing: frozenset({_R.HEAD}),
    c.TerminateProcessing: frozenset({_R.HEAD}),
    c.SetDeadline: frozenset({_R.HEAD}),
    c.RequestExtension: frozenset({_R.OFFICER, _R.HEAD}),
    c.ExtendDeadline: frozenset({_R.HEAD}),
    c.DetermineComplexity: frozenset({_R.HEAD}),
    c.RequestWithdrawal: frozenset({_R.RECEIVER, _R.OFFICER, _R.HEAD}),
    c.AcceptWithdrawal: frozenset({_R.HEAD}),
    c.OverrideWithdrawal: frozenset({_R.HEAD}),
    c.ClosePetition: frozenset({_R.HEAD, _R.FOLLOW_UP}),
    c.ReopenPetition: frozenset({_R.HEAD}),
    c.ProposeCorrection: frozenset({_R.CORRECTOR}),
    c.ApproveCorrection: frozenset({_R.APPROVER, _R.HEAD}),
    c.AcknowledgeAlert: frozenset({_R.OFFICER, _R.HEAD, _R.FOLLOW_UP, _R.CLASSIFIER, _R.RECEIVER}),
    RecordMeeting: frozenset({_R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP}),
    PlanMeeting: frozenset({_R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP}),
    AnnounceMeeting: frozenset({_R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP}),
    MoveMeeting: frozenset({_R.HEAD}),
    HoldMeeting: frozenset({_R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP}),
    CancelMeeting: frozenset({_R.HEAD}),
    EnterMinutes: frozenset({_R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP}),
    IssueConclusionNotice: frozenset({_R.HEAD}),
    PublishConclusionNotice: frozenset({_R.RECEIVER, _R.HEAD, _R.FOLLOW_UP}),
    PublishAnswers: frozenset({_R.HEAD, _R.OFFICER, _R.RECEIVER}),
    CompleteConclusionTask: frozenset({_R.OFFICER, _R.FOLLOW_UP, _R.HEAD}),
    OpenUnit: frozenset({_R.ADMINISTRATOR, _R.IMPORTER}),  # an import brings the units that its cases name
    ProposeLawChange: frozenset({_R.ADMINISTRATOR, _R.HEAD}),
    ApproveLawChange: frozenset({_R.APPROVER, _R.HEAD}),
    CloseUnit: frozenset({_R.ADMINISTRATOR}),
    RetryMessage: frozenset({_R.ADMINISTRATOR, _R.FOLLOW_UP, _R.HEAD}),
    PlaceUnit: frozenset({_R.ADMINISTRATOR}),
    RenameUnit: frozenset({_R.ADMINISTRATOR}),
    SucceedUnit: frozenset({_R.ADMINISTRATOR}),
    TakeOffice: frozenset({_R.ADMINISTRATOR}),
    LeaveOffice: frozenset({_R.ADMINISTRATOR}),
    NameDeputy: frozenset({_R.ADMINISTRATOR, _R.HEAD}),
    EndAbsence: frozenset({_R.ADMINISTRATOR, _R.HEAD}),
    ProposeReorganisation: frozenset({_R.ADMINISTRATOR, _R.HEAD}),
    ApproveReorganisation: frozenset({_R.APPROVER, _R.HEAD}),
}


def require_permission(command: Command, roles: Collection[Role]) -> None:
    """Raise NotAllowed unless one of the roles may send this command."""
    require_any_permission((type(command),), roles)


def require_any_permission(commands: Collection[type[Command]], roles: Collection[Role]) -> None:
    """Raise NotAllowed unless one of the roles may send one of these commands. Used to preview what they would do."""
    allowed = frozenset[Role]().union(*(PERMISSIONS[command] for command in commands))
    if allowed.isdisjoint(roles):
        raise NotAllowed(GeneralRefusal.NEEDS_ONE_OF_ROLES, roles=tuple(sorted(allowed)))


def require_role(role: Role, roles: Collection[Role]) -> None:
    """Raise NotAllowed without the role. Used for acts that are no single command, such as an import."""
    if role not in roles:
        raise NotAllowed(GeneralRefusal.NEEDS_ROLE, role=role)
