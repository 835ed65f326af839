"""Makes up letters, and above all proposals: settled, split, passed on, sent twice."""

from datetime import date, timedelta

from domain.commands import (
    AcknowledgeReceipt,
    ApproveCorrection,
    CancelRegistration,
    ClassifyPetition,
    FilePetition,
    GuideCitizen,
    MarkDuplicate,
    MatterOfLetter,
    ProposeCorrection,
    ReceivePetition,
    RecordTransferReply,
    ReturnPetition,
    SplitPetition,
    TransferPetition,
)
from domain.endings.words import Ground
from domain.vocabulary import Channel, Competence, PetitionKind
from service.demo.assigning import assign_by_notice
from service.demo.complaints import handle_complaint
from service.demo.denunciations import handle_denunciation
from service.demo.life import Life
from service.demo.matters import MATTER_FIELDS, MatterField
from service.demo.papers import Paper, paper_no
from service.demo.proposals import work_on_proposal
from service.demo.province import BUREAUS, COMMUNE_BUREAUS, GOVERNMENT, RECEPTION, Bureau, present_bureau
from service.demo.receiving import channel_of, classify_letter, receive_letter

_PROPOSAL = PetitionKind.PROPOSAL_FEEDBACK
_LAND_FIELD = "môi trường, giải phóng mặt bằng, đất đai"


def handle_letter(life: Life) -> None:
    """Handle one letter: in ten, about seven are proposals or feedback, two complaints, one a denunciation."""
    at = RECEPTION if life.happens(30) else life.chance.choice(COMMUNE_BUREAUS)
    draw = life.chance.random() * 100
    if draw < 68:
        _handle_proposal(life, at)
    elif draw < 90:
        handle_complaint(life, at)
    else:
        handle_denunciation(life, at)


def _handle_proposal(life: Life, at: Bureau) -> None:
    draw = life.chance.random() * 100
    if 3 <= draw < 12:
        _end_without_answer(life, at)
        return
    field = life.chance.choice(MATTER_FIELDS)
    receive_letter(life, at, _PROPOSAL, life.chance.choice(field.matters), channel_of(life, _PROPOSAL))
    if draw < 1:
        life.add_step(at.desk, CancelRegistration(occurred_on=life.day, reason="Vào sổ hai lần cùng một đơn"))
        return
    if draw < 3:
        _split_letter(life, at, field)
        return
    if draw > 90:  # nobody reads the letter until its first time limit has passed
        life.advance_days(15, 40)
    classify_letter(life, at, _PROPOSAL, field.topic)
    if life.happens(30):
        document_no = paper_no(life, Paper.NOTICE, at)
        life.add_step(
            at.desk, AcknowledgeReceipt(occurred_on=life.day, document_no=document_no, how="dịch vụ bưu chính")
        )
    _assign_and_work(life, at, field)


def _assign_and_work(life: Life, at: Bureau, field: MatterField) -> None:
    life.advance_days(0, 3)
    to_department = at is RECEPTION or life.happens(20)
    lead = present_bureau(BUREAUS[field.department], life.day) if to_department else at
    giver = at if lead is at else GOVERNMENT
    due_on = life.calendar.next_working_day(life.day + timedelta(days=life.chance.choice((10, 15, 20, 30))))
    assign_by_notice(life, giver, lead, due_on)
    if life.happens(2):
        _correct_place(life, at)
    work_on_proposal(life, giver, lead, due_on)


def _correct_place(life: Life, at: Bureau) -> None:
    life.add_step(
        at.desk,
        ProposeCorrection(
            occurred_on=life.day, version=1, place="Thôn Ví Dụ Hai, xã Mẫu", why="Ghi nhầm tên thôn khi vào sổ"
        ),
    )
    life.advance_days(0, 2)
    life.add_step(at.head, ApproveCorrection(occurred_on=life.day))


def _split_letter(life: Life, at: Bureau, field: MatterField) -> None:
    """Split a letter of two matters into two petitions, and settle one after the other."""
    life.advance_days(1, 3)
    matters = tuple(MatterOfLetter(summary=text, kind=_PROPOSAL) for text in field.matters[:2])
    life.add_step(at.desk, SplitPetition(occurred_on=life.day, matters=matters))
    for n, _ in enumerate(matters):
        life.opened_index = n
        classify_letter(life, at, _PROPOSAL, field.topic)
        due_on = life.calendar.next_working_day(life.day + timedelta(days=20))
        assign_by_notice(life, at, at, due_on)
        work_on_proposal(life, at, at, due_on)


def _end_without_answer(life: Life, at: Bureau) -> None:
    """End a proposal that this authority does not settle, in one of four ways."""
    life.chance.choice((_guide_to_court, _file_letter, _return_to_front, _transfer_to_company))(life, at)


def _guide_to_court(life: Life, at: Bureau) -> None:
    summary = "Đề nghị giải quyết tranh chấp ranh giới đất giữa hai hộ gia đình"
    receive_letter(life, at, _PROPOSAL, summary, channel_of(life, _PROPOSAL))
    classify_letter(life, at, _PROPOSAL, _LAND_FIELD, Competence.OTHER_BODY)
    life.advance_days(1, 4)
    guide = GuideCitizen(
        occurred_on=life.day,
        competent_body="Tòa án nhân dân có thẩm quyền",
        document_no=paper_no(life, Paper.LETTER, at),
    )
    life.add_step(at.head, guide)


def _file_letter(life: Life, at: Bureau) -> None:
    receive_letter(life, at, _PROPOSAL, "Đơn không nêu nội dung cụ thể", channel_of(life, _PROPOSAL))
    life.advance_days(0, 4)
    reason = "Đơn không có nội dung cụ thể"
    classify = ClassifyPetition(
        occurred_on=life.day, kind=_PROPOSAL, is_eligible=False, failed_conditions=(reason,), competence=Competence.OWN
    )
    life.add_step(at.desk, classify)
    life.advance_days(1, 4)
    life.add_step(at.head, FilePetition(occurred_on=life.day, ground_code=Ground.INELIGIBLE, reason=reason))


def _return_to_front(life: Life, at: Bureau) -> None:
    """Return a letter that the Front passed on, and that is not for this authority."""
    summary = "Đề nghị hỗ trợ từ quỹ Vì người nghèo"
    receive_letter(life, at, _PROPOSAL, summary, Channel.REFERRED_BY_FRONT)
    classify_letter(life, at, _PROPOSAL, "chính sách người có công, bảo trợ xã hội", Competence.OTHER_BODY)
    life.advance_days(1, 4)
    back = ReturnPetition(
        occurred_on=life.day,
        to_body="Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Ví Dụ",
        document_no=paper_no(life, Paper.LETTER, at),
    )
    life.add_step(at.head, back)


def _transfer_to_company(life: Life, at: Bureau) -> None:
    receive_letter(life, at, _PROPOSAL, "Phản ánh nguồn nước sạch yếu vào giờ cao điểm", channel_of(life, _PROPOSAL))
    classify_letter(life, at, _PROPOSAL, "giao thông, điện, nước", Competence.OTHER_BODY)
    life.advance_days(1, 4)
    document_no = paper_no(life, Paper.TRANSFER_SLIP, at)
    transfer = TransferPetition(occurred_on=life.day, to_body="Công ty cấp nước Ví Dụ", document_no=document_no)
    life.add_step(at.head, transfer)
    life.advance_days(8, 20)
    reply = RecordTransferReply(occurred_on=life.day, result="Đã tiếp nhận để giải quyết", is_accepted=True)
    life.add_step(at.desk, reply)


def send_letter_again(life: Life, *, first: ReceivePetition) -> None:
    """Post the letter of another life a second time by the same person, and mark it as a duplicate."""
    life.add_step(RECEPTION.desk, first.model_copy(update={"occurred_on": life.day, "channel": Channel.POST}))
    day = life.advance_days(1, 5)
    life.add_step(RECEPTION.desk, lambda first: MarkDuplicate(occurred_on=day, duplicate_of=first))


def assign_with_due_date(life: Life, on: date) -> None:
    """Receive a letter and assign it within a commune, with an answer due on the day `on`; nobody has answered yet."""
    at, field = life.chance.choice(COMMUNE_BUREAUS), life.chance.choice(MATTER_FIELDS)
    receive_letter(life, at, _PROPOSAL, life.chance.choice(field.matters), channel_of(life, _PROPOSAL))
    classify_letter(life, at, _PROPOSAL, field.topic)
    life.advance_days(0, 2)
    assign_by_notice(life, at, at, on)
