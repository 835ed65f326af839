"""Defines all commands on a petition. The same models are the HTTP request bodies."""

from domain.commands.answers import (
    AnswerAtMeeting,
    AnswerInWriting,
    NotifyCitizen,
    PrepareForMeeting,
    RecordPromise,
    ReportPromise,
)
from domain.commands.assignment import (
    AssignPetition,
    ContributionAskedFor,
    ReassignPetition,
    RecordComplaintDialogue,
    StartWork,
)
from domain.commands.clocks import (
    DetermineComplexity,
    ExtendDeadline,
    RemindUnit,
    RequestExtension,
    ResumeProcessing,
    SetDeadline,
    SuspendProcessing,
)
from domain.commands.endings import (
    AcceptWithdrawal,
    ClosePetition,
    OverrideWithdrawal,
    ReopenPetition,
    RequestWithdrawal,
    TerminateProcessing,
)
from domain.commands.fields import Book, CalendarDay, UnitCodes
from domain.commands.going_up import (
    FileLawsuit,
    LodgeFurtherDenunciation,
    LodgeSecondComplaint,
    OrderResponsibilityCheck,
    TakeOverSettlement,
)
from domain.commands.intake import (
    AcceptPetition,
    AcknowledgeReceipt,
    CancelRegistration,
    ClassifyPetition,
    MatterOfLetter,
    ReceivePetition,
    RecordSupplement,
    RefuseAcceptance,
    RequestSupplement,
    SplitPetition,
)
from domain.commands.records import (
    AcknowledgeAlert,
    ApproveCorrection,
    ProposeCorrection,
)
from domain.commands.referral import (
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    MarkDuplicate,
    RecordTransferReply,
    ReturnPetition,
    TransferPetition,
    UnmarkDuplicate,
)

__all__ = [
    "AcceptPetition",
    "AcceptWithdrawal",
    "AcknowledgeAlert",
    "AcknowledgeReceipt",
    "AnswerAtMeeting",
    "AnswerInWriting",
    "ApproveCorrection",
    "AssignPetition",
    "Book",
    "CalendarDay",
    "CancelRegistration",
    "ClassifyPetition",
    "ClosePetition",
    "ContributionAskedFor",
    "DetermineComplexity",
    "ExtendDeadline",
    "FileLawsuit",
    "FilePetition",
    "GuideCitizen",
    "HandleAsInformation",
    "LodgeFurtherDenunciation",
    "LodgeSecondComplaint",
    "MarkDuplicate",
    "MatterOfLetter",
    "NotifyCitizen",
    "OrderResponsibilityCheck",
    "OverrideWithdrawal",
    "PetitionCommand",
    "PrepareForMeeting",
    "ProposeCorrection",
    "ReassignPetition",
    "ReceivePetition",
    "RecordComplaintDialogue",
    "RecordPromise",
    "RecordSupplement",
    "RecordTransferReply",
    "RefuseAcceptance",
    "RemindUnit",
    "ReopenPetition",
    "ReportPromise",
    "RequestExtension",
    "RequestSupplement",
    "RequestWithdrawal",
    "ResumeProcessing",
    "ReturnPetition",
    "SetDeadline",
    "SplitPetition",
    "StartWork",
    "SuspendProcessing",
    "TakeOverSettlement",
    "TerminateProcessing",
    "TransferPetition",
    "UnitCodes",
    "UnmarkDuplicate",
]

PetitionCommand = (
    ReceivePetition
    | CancelRegistration
    | SplitPetition
    | ClassifyPetition
    | AcknowledgeReceipt
    | RequestSupplement
    | RecordSupplement
    | AcceptPetition
    | RefuseAcceptance
    | TransferPetition
    | RecordTransferReply
    | ReturnPetition
    | GuideCitizen
    | FilePetition
    | MarkDuplicate
    | UnmarkDuplicate
    | HandleAsInformation
    | AssignPetition
    | ReassignPetition
    | StartWork
    | RecordComplaintDialogue
    | PrepareForMeeting
    | AnswerAtMeeting
    | AnswerInWriting
    | NotifyCitizen
    | RecordPromise
    | ReportPromise
    | RemindUnit
    | LodgeSecondComplaint
    | LodgeFurtherDenunciation
    | FileLawsuit
    | TakeOverSettlement
    | OrderResponsibilityCheck
    | SuspendProcessing
    | ResumeProcessing
    | TerminateProcessing
    | SetDeadline
    | RequestExtension
    | ExtendDeadline
    | DetermineComplexity
    | RequestWithdrawal
    | AcceptWithdrawal
    | OverrideWithdrawal
    | ClosePetition
    | ReopenPetition
    | ProposeCorrection
    | ApproveCorrection
    | AcknowledgeAlert
)
