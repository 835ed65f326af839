"""Everything an officer can ask of a petition; these models are the HTTP bodies too."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.alerts.vocabulary import WatchedClock
from domain.command import Command
from domain.deadlines.deadline import Clock
from domain.petitioner import Petitioner
from domain.text import Code, Line, LineOrNothing, Prose, ProseOrNothing
from domain.vocabulary import (
    Channel,
    Competence,
    Criterion,
    EscalationKind,
    MeetingId,
    Party,
    PetitionId,
    PetitionKind,
    Result,
    WithdrawalForm,
    WithdrawalScope,
)

Day = Annotated[date, Field(ge=date(1945, 9, 2), le=date(9998, 12, 31))]
Book = Annotated[str, Field(pattern=r"^[A-Z]{1,8}$", examples=["TD"])]
Units = Annotated[tuple[Code, ...], Field(max_length=20)]


class ReceivePetition(Command):
    """Receive a petition. Identities go to the vault, the register gives the number."""

    channel: Channel
    kind: PetitionKind | None = None
    summary: Annotated[Prose, Field(examples=["Đề nghị sửa đoạn đường liên thôn bị hư hỏng"])]
    petitioners: Annotated[tuple[Petitioner, ...], Field(max_length=50)] = ()
    person_count: Annotated[int, Field(ge=1, le=100_000)] = 1
    place: LineOrNothing = ""
    book: Book = "TD"
    document_no: LineOrNothing = ""
    meeting_id: MeetingId | None = None
    has_original_papers: bool = False
    identity_protected: bool = False
    is_remote_area: bool = False


class CancelRegistration(Command):
    """Cancel a number given by mistake; it stays in the register, visibly cancelled."""

    reason: Prose


class MatterOfLetter(BaseModel):
    """One matter of a letter that is split."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: Prose
    kind: PetitionKind | None = None


class SplitPetition(Command):
    """Split a letter with several matters into a petition for each."""

    matters: Annotated[tuple[MatterOfLetter, ...], Field(min_length=2, max_length=100)]


class ClassifyPetition(Command):
    """Say what a petition is, whether it is eligible and whose matter it is; or change what was said."""

    kind: PetitionKind
    is_eligible: bool = True
    failed_conditions: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    competence: Competence = Competence.OWN
    topic: LineOrNothing = ""
    is_level_skipping: bool = False
    reason: ProseOrNothing = ""


class AcknowledgeReceipt(Command):
    """Tell the citizen that the petition is taken up."""

    document_no: Line
    how: LineOrNothing = ""


class RequestSupplement(Command):
    """Ask the citizen for what is missing."""

    wanted: Prose
    asked_for_on: Day | None = None


class RecordSupplement(Command):
    """Enter what the citizen sent in addition."""

    summary: Prose


class AcceptPetition(Command):
    """Accept for settlement (thụ lý); the statutory limit starts."""

    decision_no: Line


class RefuseAcceptance(Command):
    """Refuse acceptance, with the ground."""

    decision_no: Line
    ground: Prose


class TransferPetition(Command):
    """Send on to the competent body: once for the same content."""

    to_body: Line
    document_no: Line


class RecordTransferReply(Command):
    """Enter what the other body replied."""

    result: Prose
    is_accepted: bool = True


class ReturnPetition(Command):
    """Give back to the body that sent it."""

    to_body: Line
    document_no: Line


class GuideCitizen(Command):
    """Tell the citizen which body is competent."""

    competent_body: Line
    document_no: Line


class FilePetition(Command):
    """File without action (lưu đơn)."""

    reason: Prose


class MarkDuplicate(Command):
    """Link to the petition that it repeats."""

    duplicate_of: PetitionId


class UnmarkDuplicate(Command):
    """Undo the link: it is a matter of its own after all, with the dates it had."""

    reason: Prose


class HandleAsInformation(Command):
    """Use an anonymous letter with clear evidence as information."""

    reason: Prose


class ContributionAskedFor(BaseModel):
    """What a coordinating unit owes the lead unit, and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: Code
    due_on: Day


class AssignPetition(Command):
    """Assign: clear person, work, progress, result and responsibility (năm rõ)."""

    lead_unit: Code
    responsible_officer: Code
    responsible_position: Line
    task_summary: Prose
    due_on: Annotated[Day, Field(description="the head's date")]
    expected_output: Line
    accountable_head: Code
    notice_no: Line
    notice_on: Day
    coordinating_units: Units = ()
    contributions: Annotated[
        tuple[ContributionAskedFor, ...], Field(max_length=20, description="dates of coordinating units")
    ] = ()
    notice_signed_by: Code | None = None
    notice_signer_position: LineOrNothing = ""
    meeting_id: Annotated[MeetingId | None, Field(description="the meeting that the notice follows")] = None


class ReassignPetition(Command):
    """Give to another unit or officer; the statutory clock does not restart."""

    lead_unit: Code
    responsible_officer: Code
    responsible_position: Line
    reason: Prose
    notice_no: LineOrNothing = ""
    coordinating_units: Units = ()
    new_head_due_on: Annotated[Day | None, Field(description="only when the head sets the head's own date anew")] = None


class StartWork(Command):
    """The assigned unit takes it up."""


class RecordComplaintDialogue(Command):
    """Record the dialogue of the settler with the parties of one complaint: no meeting with the people."""

    minutes_no: Line
    present: Annotated[tuple[Party, ...], Field(min_length=1, max_length=len(Party))]
    absent_with_reason: Annotated[tuple[Party, ...], Field(max_length=len(Party))] = ()
    absent_without_reason: Annotated[tuple[Party, ...], Field(max_length=len(Party))] = ()
    invited_on: Day | None = None


class PrepareForMeeting(Command):
    """Put a petition on the list of a planned meeting, with the answer that is proposed."""

    meeting_id: MeetingId
    proposed_answer: ProseOrNothing = ""
    prepared_by_unit: Code | None = None


class AnswerAtMeeting(Command):
    """Record the answer given at a meeting, by a named official, on a page of the minutes."""

    meeting_id: MeetingId
    answered_by: Code
    answered_by_position: Line
    answer: Prose
    minutes_page: Line
    citizen_present: bool = True
    citizen_agreed: bool = False
    ordered_by: Annotated[Code | None, Field(description="the head who chaired and had somebody else answer")] = None


class AnswerInWriting(Command):
    """Record the written answer, decision or conclusion."""

    document_no: Line
    signed_by: Code
    signer_position: Line
    answer: Prose
    result: Result
    remedies: Annotated[tuple[Line, ...], Field(max_length=20)] = ()


class NotifyCitizen(Command):
    """Record that the answer reached the citizen, and what proves it."""

    how: Line
    evidence: Line
    document_no: LineOrNothing = ""


class TrackImplementation(Command):
    """Record what was promised and whether it is done."""

    promised: Prose
    promised_for_on: Day | None = None
    is_done: bool = False


class RemindUnit(Command):
    """Urge the unit (đôn đốc)."""

    document_no: Line
    asked_for_on: Day


class EscalatePetition(Command):
    """Take a petition up a level; this stage keeps its lateness."""

    kind: EscalationKind
    to_unit: Code
    reason: Prose
    document_no: LineOrNothing = ""


class SuspendProcessing(Command):
    """Suspend (tạm đình chỉ): the clocks stand still."""

    ground: Prose
    decision_no: Line


class ResumeProcessing(Command):
    """Go on: the due dates move by what was really suspended."""

    decision_no: Line


class TerminateProcessing(Command):
    """End without an answer (đình chỉ), on a ground of the law."""

    ground: Prose
    decision_no: Line


class SetDeadline(Command):
    """Give a date to a petition that has no limit set."""

    due_on: Day
    reason: Prose


class RequestExtension(Command):
    """Ask for more time."""

    clock: Clock
    until: Day
    reason: Prose


class ExtendDeadline(Command):
    """Grant the extension that somebody else asked for."""

    decision_no: Line


class DetermineComplexity(Command):
    """Determine in writing that a matter is complex (Decree 124/2020 Art 3a, Decree 31/2019 Art 3)."""

    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=len(Criterion))]
    document_no: Line


class RequestWithdrawal(Command):
    """Enter the citizen's withdrawal, whole or part."""

    scope: WithdrawalScope
    form: WithdrawalForm
    part: ProseOrNothing = ""
    coercion_checked: bool
    signs_of_coercion: bool = False


class AcceptWithdrawal(Command):
    """Agree to the withdrawal."""


class OverrideWithdrawal(Command):
    """Go on although the citizen withdrew: signs of breach, coercion or slander."""

    ground: Prose


class ClosePetition(Command):
    """Close an answered petition."""

    reason: Line


class ReopenPetition(Command):
    """Take it up again in a new round."""

    reason: Prose
    due_on: Day | None = None


class ProposeCorrection(Command):
    """Say that a recorded event is wrong, and what it should have said."""

    version: Annotated[int, Field(ge=1, le=1_000_000)]
    received_on: Day | None = None
    answered_on: Day | None = None
    summary: Prose | None = None
    place: Line | None = None
    document_no: Line | None = None
    person_count: Annotated[int, Field(ge=1, le=100_000)] | None = None
    why: Prose


class ApproveCorrection(Command):
    """Approve the correction that somebody else proposed."""


class AcknowledgeAlert(Command):
    """Acknowledge an alert, and with it the earlier ones of the same date: somebody has taken note."""

    clock: WatchedClock
    due_on: Day
    step: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$", examples=["day-after"])]
    round: Annotated[int, Field(ge=1, le=1_000)] = 1


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
    | TrackImplementation
    | RemindUnit
    | EscalatePetition
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
