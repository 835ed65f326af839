"""Holds one command of each kind, as an officer would send it, and the commands to every stage of a petition."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from domain import commands as c
from domain.alerts.vocabulary import WatchedClock
from domain.command import Command
from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock, ClockKey
from domain.endings.table import ENDING_RULES
from domain.endings.words import Ground, PetitionEnding
from domain.events import PetitionReceived
from domain.petitioner import Petitioner
from domain.rules.intake_clocks import intake_deadlines
from domain.vocabulary import (
    Channel,
    Competence,
    CourtOutcome,
    Criterion,
    Party,
    PetitionKind,
    PromiseState,
    Recipient,
    Result,
    RulingForce,
    Stage,
    WithdrawalForm,
    WithdrawalScope,
)
from tests.domain.scenario import FIRST_LETTER, MEETING, MONDAY, national_law

C = TypeVar("C", bound=Command)

COMPLAINT, DENUNCIATION, PROPOSAL = (
    PetitionKind.COMPLAINT,
    PetitionKind.DENUNCIATION,
    PetitionKind.PROPOSAL_FEEDBACK,
)


def july(day: int) -> date:
    return date(2026, 7, day)


def august(day: int) -> date:
    return date(2026, 8, day)


def with_changes(command: C, **changes: object) -> C:
    """Return the command with other values, validated as if an officer had sent them."""
    return type(command).model_validate(command.model_dump() | changes)


RECEIVE = c.ReceivePetition(
    occurred_on=MONDAY, channel=Channel.REFERRED_BY_LEADER, kind=PROPOSAL, summary="Đề nghị sửa đoạn đường liên thôn"
)
RECEIVE_UNCLASSIFIED = with_changes(RECEIVE, kind=None)
CANCEL = c.CancelRegistration(occurred_on=july(7), reason="vào sổ hai lần")
SPLIT = c.SplitPetition(
    occurred_on=july(7),
    matters=(
        c.MatterOfLetter(summary="đường hỏng"),
        c.MatterOfLetter(summary="tố cáo cán bộ", kind=DENUNCIATION),
    ),
)
CLASSIFY = c.ClassifyPetition(occurred_on=july(8), kind=PROPOSAL, topic="giao thông")
RECLASSIFY = c.ClassifyPetition(occurred_on=july(9), kind=PROPOSAL, reason="đọc lại nội dung đơn")
ACKNOWLEDGE = c.AcknowledgeReceipt(occurred_on=july(8), document_no="12/GBN-TCD", how="post")
ASK_FOR_MORE = c.RequestSupplement(occurred_on=july(8), wanted="bản sao quyết định", asked_for_on=july(20))
SUPPLEMENT = c.RecordSupplement(occurred_on=july(9), summary="đã gửi bản sao")
ACCEPT = c.AcceptPetition(occurred_on=july(9), document_no="30/TB-TL")
REFUSE = c.RefuseAcceptance(
    occurred_on=july(9), document_no="31/TB-KTL", ground_code=Ground.TIME_BAR_PASSED, ground="hết thời hiệu"
)
TRANSFER = c.TransferPetition(occurred_on=july(9), to_body="Tòa án tỉnh Ví Dụ", document_no="32/CD")
REPLY = c.RecordTransferReply(occurred_on=july(20), result="đã nhận để giải quyết", is_accepted=True)
DECLINED = c.RecordTransferReply(occurred_on=july(20), result="không thuộc thẩm quyền", is_accepted=False)
GIVE_BACK = c.ReturnPetition(occurred_on=july(9), to_body="Báo Ví Dụ", document_no="33/TL")
GUIDE = c.GuideCitizen(occurred_on=july(9), competent_body="UBND xã Mẫu", document_no="34/HD")
FILE = c.FilePetition(occurred_on=july(9), ground_code=Ground.INELIGIBLE, reason="không đủ điều kiện xử lý")
DUPLICATE = c.MarkDuplicate(occurred_on=july(8), duplicate_of=FIRST_LETTER)
UNLINK = c.UnmarkDuplicate(occurred_on=july(9), reason="hai đoạn đường khác nhau")
INFORMATION = c.HandleAsInformation(
    occurred_on=july(9), ground_code=Ground.SENDER_UNKNOWN, reason="nặc danh, có chứng cứ rõ"
)
ASSIGN = c.AssignPetition(
    occurred_on=july(10),
    lead_unit="so-mau",
    responsible_officer="chuyen-vien",
    responsible_position="Chuyên viên",
    task_summary="kiểm tra và trả lời",
    due_on=july(31),
    expected_output="văn bản trả lời",
    accountable_head="giam-doc",
    notice_no="40/TB-PC",
    notice_on=july(10),
)
REASSIGN = c.ReassignPetition(
    occurred_on=july(14),
    lead_unit="so-khac",
    responsible_officer="nguoi-khac",
    responsible_position="Chuyên viên",
    reason="đúng lĩnh vực",
)
START = c.StartWork(occurred_on=july(13))
CONTRIBUTE = c.DeliverContribution(
    occurred_on=july(15), document_no="17/SK", contribution="đoạn đường thuộc tuyến do xã quản lý"
)
COMPLAINT_DIALOGUE = c.RecordComplaintDialogue(
    occurred_on=july(15),
    minutes_no="52/BB-ĐTKN",
    present=(Party.COMPLAINANT, Party.COMPLAINED_AGAINST),
    absent_with_reason=(Party.RELATED,),
    invited_on=july(8),
)
PREPARE = c.PrepareForMeeting(occurred_on=MONDAY, meeting_id=MEETING, proposed_answer="sửa trong quý III")
ANSWER_AT_MEETING = c.AnswerAtMeeting(
    occurred_on=MONDAY,
    meeting_id=MEETING,
    answered_by="giam-doc",
    answered_by_position="Giám đốc",
    answer="sửa trong quý III",
    minutes_page="4",
    citizen_present=True,
)
ANSWER = c.AnswerInWriting(
    occurred_on=july(20),
    document_no="55/TL",
    signed_by="giam-doc",
    signer_position="Giám đốc",
    answer="đã sửa xong đoạn đường",
    result=Result.RIGHT,
)
NOTIFY = c.NotifyCitizen(occurred_on=july(21), how="post", evidence="phiếu báo phát 77")
PROMISE = c.RecordPromise(occurred_on=july(22), promised="sửa đường", promised_for_on=july(31))
KEEP = c.ReportPromise(occurred_on=july(30), number=1, state=PromiseState.KEPT, result="đã sửa xong")
TELL_PARTY_SENDER = c.SendPartyHeadNotice(occurred_on=july(14), document_no="70/TB-TU", how="post")
TELL_REFERRER = c.ReplyToReferrer(occurred_on=july(22), document_no="71/TB", how="post")
SEND_ACCEPTANCE = c.SendAcceptanceNotice(
    occurred_on=july(13), document_no="72/TB-TL", sent_to=(Recipient.PETITIONER, Recipient.RESPONDENT), how="post"
)
SEND_SUSPENSION = c.SendSuspensionDecision(
    occurred_on=july(16), decision_no="61/QD-TDC", sent_to=(Recipient.PETITIONER, Recipient.RESPONDENT), how="post"
)
SEND_DECISION = c.SendDecision(occurred_on=july(22), sent_to=(Recipient.PETITIONER,), how="post")
PUBLISH_DECISION = c.PublishDecision(occurred_on=july(22), how="niêm yết tại trụ sở")
SEND_CONCLUSION = c.SendConclusion(
    occurred_on=july(22), sent_to=(Recipient.RESPONDENT, Recipient.MANAGING_BODY, Recipient.PETITIONER), how="post"
)
PUBLISH_CONCLUSION = c.PublishConclusion(occurred_on=july(22), how="niêm yết tại trụ sở")
ACT_ON_CONCLUSION = c.ActOnConclusion(occurred_on=july(23), content="kiểm điểm trách nhiệm", document_no="73/QD")
ACTION_RESULT = c.RecordActionResult(occurred_on=july(27), unit="so-khac", result="đã kiểm điểm")
REPORT_ACTION = c.ReportAction(occurred_on=july(28), unit="so-khac", document_no="74/BC", content="đã kiểm điểm xong")
ASK_FOR_DOCUMENTS = c.RequestDocuments(
    occurred_on=july(13), from_unit="so-khac", wanted="hồ sơ thửa đất", document_no="75/YC"
)
SUPPLY_DOCUMENTS = c.SupplyDocuments(occurred_on=july(20), from_unit="so-khac", document_no="76/CV")
DEMAND_REPORT = c.DemandOverdueReport(occurred_on=date(2026, 10, 5), document_no="77/YC-BC")
REPORT_OVERDUE = c.ReportOverdue(occurred_on=date(2026, 10, 8), document_no="78/BC", content="chờ giám định")
LIFT = c.LiftDuty(occurred_on=july(30), clock=Clock.DECISION_SENDING, reason="người khiếu nại đã chết")
REMIND = c.RemindUnit(occurred_on=july(23), document_no="60/DD", asked_for_on=july(29))
SUSPEND = c.SuspendProcessing(occurred_on=july(15), ground="chờ kết quả giám định", decision_no="61/QD-TDC")
RESUME = c.ResumeProcessing(occurred_on=july(20), document_no="62/QD-TT")
TERMINATE = c.TerminateProcessing(
    occurred_on=july(23),
    ground_code=Ground.DISSOLVED_WITHOUT_SUCCESSOR,
    ground="tổ chức khiếu nại đã giải thể",
    decision_no="63/QD-DC",
)
SET_DATE = c.SetDeadline(occurred_on=july(23), due_on=august(10), reason="chưa có thời hạn")
ASK_FOR_TIME = c.RequestExtension(occurred_on=july(24), clock=Clock.HEAD, until=august(14), reason="phải đo đạc lại")
EXTEND = c.ExtendDeadline(occurred_on=july(27), decision_no="64/GH")
COMPLEX = c.DetermineComplexity(occurred_on=july(16), criteria=(Criterion.SEVERAL_AGENCIES,), document_no="65/TB-PT")
COMPLAIN_AGAIN = c.LodgeSecondComplaint(
    occurred_on=august(10), to_unit="bo-mau", summary="không đồng ý với quyết định lần đầu"
)
DENOUNCE_FURTHER = c.LodgeFurtherDenunciation(
    occurred_on=date(2026, 10, 1), to_unit="bo-mau", summary="cho rằng kết luận không đúng pháp luật"
)
SUE = c.FileLawsuit(
    occurred_on=date(2026, 10, 1), court="Tòa án nhân dân khu vực Mẫu", summary="yêu cầu hủy quyết định"
)
RULING = c.RecordCourtRuling(
    occurred_on=date(2026, 10, 19),
    court="Tòa án nhân dân tỉnh Mẫu",
    ruling_no="07/2026/HC-ST",
    outcome=CourtOutcome.ANNULLED,
    force=RulingForce.IN_FORCE,
)
URGE_BELOW = c.UrgeCompetentUnit(
    occurred_on=july(9), to_unit="so-khac", document_no="66/UBND-TCD", reply_by=july(24), limit_ended_on=july(1)
)
MANDATE = c.RecordMandate(
    occurred_on=july(8), document_on=july(3), signatures=2, persons=(Petitioner(name="Nguyễn Thị Ví Dụ"),)
)
PROXY = c.RecordProxy(
    occurred_on=july(8), document_on=july(3), persons=(Petitioner(name="Lê Văn Ví Dụ"),), scope="khiếu nại", reason="ốm"
)
LEAVE = c.WithdrawSignatory(
    occurred_on=july(8), persons=(Petitioner(name="Phạm Thị Mẫu"),), form=WithdrawalForm.LETTER, coercion_checked=True
)
TAKE_OVER = c.TakeOverSettlement(
    occurred_on=date(2026, 10, 1), to_unit="bo-mau", ground="có dấu hiệu giải quyết không khách quan"
)
ORDER_CHECK = c.OrderResponsibilityCheck(
    occurred_on=date(2026, 10, 1), to_unit="bo-mau", reason="đã đôn đốc mà chậm giải quyết"
)
WITHDRAW = c.RequestWithdrawal(
    occurred_on=july(23),
    scope=WithdrawalScope.WHOLE,
    form=WithdrawalForm.LETTER,
    coercion_checked=True,
)
AGREE_TO_WITHDRAWAL = c.AcceptWithdrawal(occurred_on=july(24))
OVERRIDE = c.OverrideWithdrawal(occurred_on=july(24), ground="có dấu hiệu vi phạm")
CLOSE = c.ClosePetition(occurred_on=july(27), reason="đã trả lời và thông báo")
REOPEN = c.ReopenPetition(occurred_on=august(3), reason="tình tiết mới", due_on=august(31))
PROPOSE = c.ProposeCorrection(occurred_on=july(27), version=1, place="xã Mẫu", why="gõ nhầm")
APPROVE = c.ApproveCorrection(occurred_on=july(28))
PROPOSE_REVERSAL = c.ProposeReversal(occurred_on=july(28), version=2, why="ghi nhầm đơn")
APPROVE_REVERSAL = c.ApproveReversal(occurred_on=july(29))
TAKE_NOTE = c.AcknowledgeAlert(occurred_on=july(27), clock=WatchedClock.HEAD, due_on=july(31), step="five-days-before")

EVERY_COMMAND: tuple[PetitionCommand, ...] = (
    RECEIVE, CANCEL, SPLIT, CLASSIFY, ACKNOWLEDGE, ASK_FOR_MORE, SUPPLEMENT, ACCEPT, REFUSE, TRANSFER, REPLY,
    GIVE_BACK, GUIDE, FILE, DUPLICATE, UNLINK, INFORMATION, ASSIGN, REASSIGN, START, CONTRIBUTE, COMPLAINT_DIALOGUE,
    PREPARE,     ANSWER_AT_MEETING, ANSWER, NOTIFY,
    PROMISE, KEEP, TELL_PARTY_SENDER, TELL_REFERRER, SEND_ACCEPTANCE, SEND_SUSPENSION, SEND_DECISION,
    PUBLISH_DECISION, SEND_CONCLUSION, PUBLISH_CONCLUSION, ACT_ON_CONCLUSION, ACTION_RESULT, REPORT_ACTION,
    ASK_FOR_DOCUMENTS, SUPPLY_DOCUMENTS, DEMAND_REPORT, REPORT_OVERDUE, LIFT, REMIND,
    SUSPEND, RESUME, TERMINATE, SET_DATE, ASK_FOR_TIME, EXTEND, COMPLEX, COMPLAIN_AGAIN,
    DENOUNCE_FURTHER, SUE, TAKE_OVER, ORDER_CHECK, WITHDRAW,
    AGREE_TO_WITHDRAWAL, OVERRIDE, CLOSE, REOPEN, PROPOSE, APPROVE, TAKE_NOTE, RULING, URGE_BELOW,
    MANDATE, PROXY, LEAVE, PROPOSE_REVERSAL, APPROVE_REVERSAL,
)  # fmt: skip


OWED_ACTS: tuple[PetitionCommand, ...] = (
    *(TELL_PARTY_SENDER, TELL_REFERRER, SEND_ACCEPTANCE, SEND_SUSPENSION, SEND_DECISION, PUBLISH_DECISION),
    *(SEND_CONCLUSION, PUBLISH_CONCLUSION, ACT_ON_CONCLUSION, REPORT_ACTION, SUPPLY_DOCUMENTS, DEMAND_REPORT),
    *(REPORT_OVERDUE, LIFT),
)
"""The commands that are open while something is owed, whatever the stage is."""


def on_its_ground(command: C, kind: PetitionKind) -> C:
    """Return the command with the first ground that the law lists for the kind; without one where it lists none."""
    ending = ENDING_WITH_GROUNDS[type(command)]
    grounds = ENDING_RULES[ending].by_kind[kind].grounds
    return with_changes(command, ground_code=grounds[0] if grounds else None)


ENDING_WITH_GROUNDS: Mapping[type[Command], PetitionEnding] = {
    c.RefuseAcceptance: PetitionEnding.REFUSAL_OF_ACCEPTANCE,
    c.FilePetition: PetitionEnding.FILING,
    c.HandleAsInformation: PetitionEnding.USE_AS_INFORMATION,
    c.TerminateProcessing: PetitionEnding.TERMINATION,
}


def complaint_of(received_on: date) -> PetitionReceived:
    """Return a receipt of a complaint on any day, by the law of that day."""
    clocks = intake_deadlines(received_on, COMPLAINT, national_law())
    return PetitionReceived(
        occurred_on=received_on,
        channel=Channel.POST,
        kind=COMPLAINT,
        deadlines=clocks,
        book="TD",
        identity_protected=False,
    )


def classified_as(kind: PetitionKind) -> list[PetitionCommand]:
    """Return the commands to a petition that is received and classified as that kind."""
    return [RECEIVE, with_changes(CLASSIFY, kind=kind)]


def of_a_subordinate(kind: PetitionKind) -> list[PetitionCommand]:
    """Return the commands to a petition that is classified as of the competence of a lower body."""
    return [RECEIVE, with_changes(CLASSIFY, kind=kind, competence=Competence.SUBORDINATE)]


def from_many(persons: int, kind: PetitionKind, *named: Petitioner) -> list[PetitionCommand]:
    """Return the commands to a classified petition of many persons."""
    receive = with_changes(RECEIVE, person_count=persons, petitioners=[one.model_dump() for one in named])
    return [receive, with_changes(CLASSIFY, kind=kind)]


def assigned(kind: PetitionKind) -> list[PetitionCommand]:
    return [*classified_as(kind), ACCEPT, ASSIGN]


def in_progress(kind: PetitionKind) -> list[PetitionCommand]:
    return [*assigned(kind), START]


def answered(kind: PetitionKind) -> list[PetitionCommand]:
    """Return the commands to a petition that is answered in writing, with the citizen notified."""
    return [*in_progress(kind), ANSWER, NOTIFY]


@cache
def commands_to_stages(kind: PetitionKind) -> Mapping[Stage, Sequence[PetitionCommand]]:
    """Return the commands that bring a petition of that kind to each stage."""
    commands: dict[Stage, list[PetitionCommand]] = {
        Stage.RECEIVED: [with_changes(RECEIVE, kind=kind)],
        Stage.CLASSIFIED: classified_as(kind),
        Stage.ACCEPTED: [*classified_as(kind), ACCEPT],
        Stage.ASSIGNED: assigned(kind),
        Stage.IN_PROGRESS: in_progress(kind),
        Stage.SUSPENDED: [*in_progress(kind), SUSPEND],
        Stage.ANSWERED_AT_MEETING: [RECEIVE, ANSWER_AT_MEETING],
        Stage.ANSWERED_IN_WRITING: answered(kind),
        Stage.IMPLEMENTED: [*answered(kind), PROMISE, KEEP],
        Stage.CLOSED: [*answered(kind), CLOSE],
        Stage.COMPLAINED_AGAIN: [*answered(COMPLAINT), COMPLAIN_AGAIN],
        Stage.DENOUNCED_FURTHER: [*answered(DENUNCIATION), DENOUNCE_FURTHER],
        Stage.SUED: [*answered(COMPLAINT), SUE],
        Stage.URGED_BELOW: [*of_a_subordinate(kind), URGE_BELOW],
        Stage.TAKEN_OVER: [*in_progress(DENUNCIATION), TAKE_OVER],
        Stage.WITHDRAWN: [*in_progress(kind), WITHDRAW, AGREE_TO_WITHDRAWAL],
        Stage.TERMINATED: [*in_progress(kind), on_its_ground(TERMINATE, kind)],
        Stage.REFUSED: [*classified_as(kind), on_its_ground(REFUSE, kind)],
        Stage.TRANSFERRED: [*classified_as(kind), TRANSFER],
        Stage.RETURNED: [*classified_as(kind), GIVE_BACK],
        Stage.GUIDED: [*classified_as(kind), GUIDE],
        Stage.FILED: [*classified_as(kind), FILE],
        Stage.DUPLICATE: [*classified_as(kind), DUPLICATE],
        Stage.HANDLED_AS_INFORMATION: [*classified_as(DENUNCIATION), INFORMATION],
        Stage.SPLIT: [*classified_as(kind), with_changes(SPLIT, occurred_on=july(8))],
        Stage.CANCELLED: [with_changes(RECEIVE, kind=kind), CANCEL],
    }
    return MappingProxyType({stage: tuple(way) for stage, way in commands.items()})


def for_duty(command: C, key: ClockKey) -> C:
    """Return a command about a duty, sent for this one."""
    text, reference = ("", "") if key.subject is None else (key.subject.text, key.subject.reference)
    match command:
        case c.LiftDuty():
            return with_changes(command, clock=key.clock, subject=text)
        case c.SendSuspensionDecision():
            return with_changes(command, decision_no=reference)
        case c.ReportAction():
            return with_changes(command, unit=reference or "so-mau")
        case c.SupplyDocuments():
            return with_changes(command, from_unit=reference or "so-mau")
        case _:
            return command
