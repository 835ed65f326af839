"""Which command is allowed when, and which rule answers: the table of contents of `domain.rules`.

`decide` is pure: what it may look at besides the petition comes in `Circumstances`. It returns the facts
that the command brings about, or raises `Refused` with the reason in an officer's words. It never changes
anything.
"""

from typing import assert_never

from domain.circumstances import Circumstances
from domain.commands import (
    AcceptPetition,
    AcceptWithdrawal,
    AcknowledgeReceipt,
    AnswerAtMeeting,
    AnswerInWriting,
    ApproveCorrection,
    AssignPetition,
    CancelRegistration,
    ClassifyPetition,
    ClosePetition,
    EscalatePetition,
    ExtendDeadline,
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    MarkDuplicate,
    NotifyCitizen,
    OverrideWithdrawal,
    PetitionCommand,
    ProposeCorrection,
    ReassignPetition,
    ReceivePetition,
    RecordSupplement,
    RecordTransferReply,
    RefuseAcceptance,
    RemindUnit,
    ReopenPetition,
    RequestExtension,
    RequestSupplement,
    RequestWithdrawal,
    ResumeProcessing,
    ReturnPetition,
    SetDeadline,
    SplitPetition,
    StartWork,
    SuspendProcessing,
    TerminateProcessing,
    TrackImplementation,
    TransferPetition,
)
from domain.events import PetitionEvent
from domain.petition import Petition
from domain.refused import Refused
from domain.rules import (
    answering,
    assignment,
    clocks,
    closing,
    correcting,
    escalation,
    intake,
    referral,
)


def decide(command: PetitionCommand, petition: Petition | None, circumstances: Circumstances) -> list[PetitionEvent]:
    """The facts that follow from the command, in order; `Refused` when a rule does not allow it."""
    if command.occurred_on > circumstances.today:
        raise Refused(f"{command.occurred_on} lies in the future; today is {circumstances.today}")
    if isinstance(command, ReceivePetition):
        if petition is not None:
            raise Refused("this petition is received already")
        return intake.receive(command, circumstances)
    if petition is None:
        raise Refused("there is no such petition")
    if command.occurred_on < petition.received_on:
        raise Refused(f"the petition was received on {petition.received_on}; nothing can have happened to it before")
    return _on_a_petition(command, petition, circumstances)


def _on_a_petition(command: PetitionCommand, petition: Petition, circumstances: Circumstances) -> list[PetitionEvent]:
    match command:
        # intake
        case CancelRegistration():
            return intake.cancel(command, petition)
        case SplitPetition():
            return intake.split(command, petition)
        case ClassifyPetition():
            return intake.classify(command, petition, circumstances)
        case AcknowledgeReceipt():
            return intake.acknowledge(command, petition)
        case RequestSupplement():
            return intake.ask_for_more(command, petition)
        case RecordSupplement():
            return intake.enter_supplement(command, petition)
        case AcceptPetition():
            return intake.accept(command, petition, circumstances)
        case RefuseAcceptance():
            return intake.refuse(command, petition)
        # not ours to answer
        case TransferPetition():
            return referral.transfer(command, petition)
        case RecordTransferReply():
            return referral.enter_reply(command, petition, circumstances)
        case ReturnPetition():
            return referral.give_back(command, petition)
        case GuideCitizen():
            return referral.guide(command, petition)
        case FilePetition():
            return referral.file(command, petition)
        case MarkDuplicate():
            return referral.mark_duplicate(command, petition, circumstances)
        case HandleAsInformation():
            return referral.handle_as_information(command, petition)
        # who must answer
        case AssignPetition():
            return assignment.assign(command, petition, circumstances)
        case ReassignPetition():
            return assignment.reassign(command, petition, circumstances)
        case StartWork():
            return assignment.start(command, petition, circumstances)
        # the answer
        case AnswerAtMeeting():
            return answering.at_meeting(command, petition, circumstances)
        case AnswerInWriting():
            return answering.in_writing(command, petition, circumstances)
        case NotifyCitizen():
            return answering.notify(command, petition)
        case TrackImplementation():
            return answering.track(command, petition)
        # the clocks
        case RemindUnit():
            return clocks.remind(command, petition)
        case SuspendProcessing():
            return clocks.suspend(command, petition)
        case ResumeProcessing():
            return clocks.resume(command, petition, circumstances)
        case SetDeadline():
            return clocks.set_date(command, petition)
        case RequestExtension():
            return clocks.ask_for_time(command, petition)
        case ExtendDeadline():
            return clocks.extend(command, petition, circumstances)
        # up, out and back
        case EscalatePetition():
            return escalation.escalate(command, petition, circumstances)
        case RequestWithdrawal():
            return closing.ask_to_withdraw(command, petition)
        case AcceptWithdrawal():
            return closing.agree_to_withdrawal(command, petition)
        case OverrideWithdrawal():
            return closing.override_withdrawal(command, petition)
        case TerminateProcessing():
            return closing.terminate(command, petition)
        case ClosePetition():
            return closing.close(command, petition, circumstances)
        case ReopenPetition():
            return closing.reopen(command, petition, circumstances)
        # the record
        case ProposeCorrection():
            return correcting.propose(command, petition, circumstances)
        case ApproveCorrection():
            return correcting.approve(command, petition, circumstances)
        case ReceivePetition():
            raise AssertionError("a receipt is decided before there is a petition")
        case _:
            assert_never(command)
