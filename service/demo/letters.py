"""Makes up letters: proposals, complaints and denunciations, and the ways in which the authority ends each of them."""

from datetime import date, timedelta

from domain.commands import (
    AcceptPetition,
    AcceptWithdrawal,
    AcknowledgeReceipt,
    ApproveCorrection,
    CancelRegistration,
    ClassifyPetition,
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    LodgeSecondComplaint,
    MarkDuplicate,
    MatterOfLetter,
    OverrideWithdrawal,
    ProposeCorrection,
    ReceivePetition,
    RecordMandate,
    RecordTransferReply,
    RefuseAcceptance,
    RequestWithdrawal,
    ReturnPetition,
    SplitPetition,
    TerminateProcessing,
    TransferPetition,
)
from domain.endings.table import LAW_136_IN_FORCE_FROM
from domain.endings.words import Ground
from domain.petitioner import Petitioner
from domain.rules.representation import MASS_PERSON_COUNT
from domain.vocabulary import (
    Channel,
    Competence,
    PetitionKind,
    WithdrawalForm,
    WithdrawalScope,
)
from service.demo.answering import assign_by_notice, work_on_petition
from service.demo.life import Life
from service.demo.matters import (
    COMPLAINT_SUMMARIES,
    DENUNCIATION_SUMMARIES,
    MATTER_FIELDS,
    MatterField,
    make_petitioner,
)
from service.demo.province import BUREAUS, COMMUNE_BUREAUS, GOVERNMENT, INSPECTORATE_UNIT, RECEPTION_UNIT, Bureau

LETTER_CHANNELS = (Channel.POST, Channel.POST, Channel.RECEPTION_PLACE, Channel.ONLINE, Channel.HOTLINE)
COMPETENT_BODY = "Tòa án nhân dân khu vực (ví dụ)"


def handle_letter(life: Life) -> None:
    """Handle one letter: in ten, about seven are proposals or feedback, two complaints, one a denunciation."""
    at = BUREAUS[RECEPTION_UNIT] if life.happens(30) else COMMUNE_BUREAUS[life.chance.randrange(len(COMMUNE_BUREAUS))]
    draw = life.chance.random() * 100
    if draw < 68:
        _handle_proposal(life, at)
    elif draw < 90:
        _handle_complaint(life, at)
    else:
        _handle_denunciation(life, at)


def _handle_proposal(life: Life, at: Bureau) -> None:
    field = life.chance.choice(MATTER_FIELDS)
    receive_letter(life, at, PetitionKind.PROPOSAL_FEEDBACK, life.chance.choice(field.matters))
    draw = life.chance.random() * 100
    if draw < 1:
        life.add_step(at.desk, CancelRegistration(occurred_on=life.day, reason="Vào sổ hai lần cùng một đơn"))
        return
    if draw < 3:
        _split_letter(life, at, field)
        return
    if draw > 90:  # nobody reads the letter until its first time limit has passed
        life.advance_days(15, 40)
    classify_letter(life, at, PetitionKind.PROPOSAL_FEEDBACK, field.topic)
    if draw < 12:
        _end_outside_competence(life, at)
        return
    if life.happens(30):
        life.add_step(
            at.desk, AcknowledgeReceipt(occurred_on=life.day, document_no=life.document_no("TB"), how="bưu điện")
        )
    _assign_and_work(life, at, field)


def _assign_and_work(life: Life, at: Bureau, field: MatterField) -> None:
    lead = BUREAUS[field.department] if at.unit == RECEPTION_UNIT or life.happens(20) else at
    giver = at if lead is at else GOVERNMENT
    life.advance_days(0, 3)
    due_on = life.calendar.next_working_day(life.day + timedelta(days=life.chance.choice((10, 15, 20, 30))))
    assign_by_notice(life, giver, lead, due_on)
    if life.happens(2):
        _correct_place(life, at)
    work_on_petition(life, giver, lead, due_on)


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
    matters = tuple(MatterOfLetter(summary=text, kind=PetitionKind.PROPOSAL_FEEDBACK) for text in field.matters[:2])
    life.add_step(at.desk, SplitPetition(occurred_on=life.day, matters=matters))
    for n, _ in enumerate(matters):
        life.opened_index = n
        classify_letter(life, at, PetitionKind.PROPOSAL_FEEDBACK, field.topic)
        due_on = life.calendar.next_working_day(life.day + timedelta(days=20))
        assign_by_notice(life, at, at, due_on)
        work_on_petition(life, at, at, due_on)


def _end_outside_competence(life: Life, at: Bureau) -> None:
    life.advance_days(1, 4)
    match life.chance.randrange(4):
        case 0:
            guide = GuideCitizen(
                occurred_on=life.day, competent_body=COMPETENT_BODY, document_no=life.document_no("HD")
            )
            life.add_step(at.head, guide)
        case 1:
            filing = FilePetition(
                occurred_on=life.day, ground_code=Ground.INELIGIBLE, reason="Đơn không có nội dung cụ thể"
            )
            life.add_step(at.head, filing)
        case 2:
            back = ReturnPetition(
                occurred_on=life.day, to_body="Mặt trận Tổ quốc (ví dụ)", document_no=life.document_no("TL")
            )
            life.add_step(at.head, back)
        case _:
            life.add_step(
                at.head,
                TransferPetition(
                    occurred_on=life.day, to_body="Công ty cấp nước (ví dụ)", document_no=life.document_no("PC")
                ),
            )
            life.advance_days(8, 20)
            life.add_step(
                at.desk, RecordTransferReply(occurred_on=life.day, result="Đã thụ lý giải quyết", is_accepted=True)
            )


def _handle_complaint(life: Life, at: Bureau) -> None:
    receive_letter(life, at, PetitionKind.COMPLAINT, life.chance.choice(COMPLAINT_SUMMARIES))
    classify_letter(life, at, PetitionKind.COMPLAINT, "giải quyết khiếu nại, tố cáo")
    life.advance_days(2, 9)
    draw = life.chance.random() * 100
    if draw < 8:
        ground = "Quyết định bị khiếu nại không liên quan trực tiếp đến người khiếu nại"
        life.add_step(
            at.head,
            RefuseAcceptance(
                occurred_on=life.day,
                document_no=life.document_no("TB-KTL"),
                ground_code=Ground.NO_DIRECT_EFFECT,
                ground=ground,
            ),
        )
        return
    lead = BUREAUS["so-nnmt"] if at.unit == RECEPTION_UNIT else at
    giver = at if lead is at else GOVERNMENT
    _accept_and_assign(life, giver, lead)
    if 8 <= draw < 14:
        _withdraw_complaint(life, at, lead)
        return
    if draw < 16 and life.day >= LAW_136_IN_FORCE_FROM:
        life.advance_days(5, 15)
        life.add_step(
            lead.head,
            TerminateProcessing(
                occurred_on=life.day,
                ground_code=Ground.DISSOLVED_WITHOUT_SUCCESSOR,
                ground="Người khiếu nại là tổ chức đã giải thể, không có tổ chức kế thừa",
                decision_no=life.document_no("QĐ-ĐC"),
            ),
        )
        return
    if draw > 92 and lead is at:
        _complain_again(life, at)
        return
    work_on_petition(life, giver, lead, life.day + timedelta(days=25))


def _accept_and_assign(life: Life, giver: Bureau, lead: Bureau) -> None:
    """Accept and assign a letter. Many persons have chosen who represents them, in a document that all signed."""
    persons = life.receipt.person_count or 1
    if persons >= MASS_PERSON_COUNT:
        life.add_step(
            giver.head,
            RecordMandate(
                occurred_on=life.day,
                document_on=life.received_on,
                signatures=persons,
            ),
        )
    life.add_step(giver.head, AcceptPetition(occurred_on=life.day, document_no=life.document_no("TB-TL")))
    assign_by_notice(life, giver, lead, life.day + timedelta(days=25))


def _withdraw_complaint(life: Life, at: Bureau, lead: Bureau) -> None:
    is_forced = life.happens(25)
    life.advance_days(4, 15)
    life.add_step(
        at.desk,
        RequestWithdrawal(
            occurred_on=life.day,
            scope=WithdrawalScope.WHOLE,
            form=WithdrawalForm.LETTER,
            coercion_checked=True,
            signs_of_coercion=is_forced,
        ),
    )
    life.advance_days(1, 3)
    if not is_forced or life.day < LAW_136_IN_FORCE_FROM:
        life.add_step(at.head, AcceptWithdrawal(occurred_on=life.day))
        return
    life.add_step(at.head, OverrideWithdrawal(occurred_on=life.day, ground="Có dấu hiệu người khiếu nại bị ép buộc"))
    work_on_petition(life, at, lead, life.day + timedelta(days=20))


def _complain_again(life: Life, at: Bureau) -> None:
    """Complain to the province of a complaint that nobody answered in time: there a stage of its own begins."""
    life.advance_days(33, 50)
    life.add_step(
        at.desk,
        LodgeSecondComplaint(
            occurred_on=life.day,
            to_unit=GOVERNMENT.unit,
            channel=Channel.POST,
            summary="Hết thời hạn giải quyết lần đầu mà khiếu nại không được giải quyết",
        ),
    )
    life.opened_index = 0
    lead = BUREAUS[INSPECTORATE_UNIT]
    classify_letter(life, GOVERNMENT, PetitionKind.COMPLAINT, "giải quyết khiếu nại, tố cáo")
    life.advance_days(2, 6)
    _accept_and_assign(life, GOVERNMENT, lead)
    work_on_petition(life, GOVERNMENT, lead, life.day + timedelta(days=25))


def _handle_denunciation(life: Life, at: Bureau) -> None:
    is_anonymous = life.happens(15)
    receive_letter(
        life, at, PetitionKind.DENUNCIATION, life.chance.choice(DENUNCIATION_SUMMARIES), is_anonymous=is_anonymous
    )
    classify_letter(life, at, PetitionKind.DENUNCIATION, "giải quyết khiếu nại, tố cáo")
    life.advance_days(2, 6)
    if is_anonymous:
        reason = "Đơn không rõ người tố cáo, có bằng chứng cụ thể để kiểm tra"
        information = HandleAsInformation(occurred_on=life.day, ground_code=Ground.SENDER_UNKNOWN, reason=reason)
        life.add_step(at.head, information)
        return
    lead = BUREAUS[INSPECTORATE_UNIT] if at.unit == RECEPTION_UNIT else at
    giver = at if lead is at else GOVERNMENT
    _accept_and_assign(life, giver, lead)
    work_on_petition(life, giver, lead, life.day + timedelta(days=25))


def send_letter_again(life: Life, *, first: ReceivePetition) -> None:
    """Post the letter of another life a second time by the same person, and mark it as a duplicate."""
    at = BUREAUS[RECEPTION_UNIT]
    life.add_step(at.desk, first.model_copy(update={"occurred_on": life.day, "channel": Channel.POST}))
    day = life.advance_days(1, 5)
    life.add_step(at.desk, lambda first: MarkDuplicate(occurred_on=day, duplicate_of=first))


def assign_with_due_date(life: Life, on: date) -> None:
    """Receive a letter and assign it within a commune, with an answer due on the day `on`; nobody has answered yet."""
    at, field = COMMUNE_BUREAUS[life.chance.randrange(len(COMMUNE_BUREAUS))], life.chance.choice(MATTER_FIELDS)
    receive_letter(life, at, PetitionKind.PROPOSAL_FEEDBACK, life.chance.choice(field.matters))
    classify_letter(life, at, PetitionKind.PROPOSAL_FEEDBACK, field.topic)
    life.advance_days(0, 2)
    assign_by_notice(life, at, at, on)


def receive_letter(life: Life, at: Bureau, kind: PetitionKind, summary: str, *, is_anonymous: bool = False) -> None:
    village = f"Thôn Ví Dụ {life.chance.randint(1, 9)}"
    channel = life.chance.choice(LETTER_CHANNELS)
    petitioners: tuple[Petitioner, ...] = () if is_anonymous else (make_petitioner(life.chance),)
    persons = life.chance.choice((1, 1, 1, 1, 1, 2, 6))
    if persons >= MASS_PERSON_COUNT:
        petitioners = tuple(one.model_copy(update={"is_representative": True}) for one in petitioners)
    life.add_step(
        at.desk,
        ReceivePetition(
            occurred_on=life.day,
            channel=channel,
            kind=kind,
            summary=f"{summary} ({village})",
            petitioners=petitioners,
            person_count=persons,
            place=village,
        ),
    )


def classify_letter(life: Life, at: Bureau, kind: PetitionKind, topic: str) -> None:
    life.advance_days(0, 4)
    life.add_step(at.desk, ClassifyPetition(occurred_on=life.day, kind=kind, competence=Competence.OWN, topic=topic))
