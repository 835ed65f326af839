"""Letters: proposals, complaints and denunciations, and the ways in which each leaves the authority again."""

from datetime import date, timedelta

from domain.commands import (
    AcceptPetition,
    AcceptWithdrawal,
    AcknowledgeReceipt,
    ApproveCorrection,
    CancelRegistration,
    ClassifyPetition,
    EscalatePetition,
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    MarkDuplicate,
    MatterOfLetter,
    OverrideWithdrawal,
    ProposeCorrection,
    ReceivePetition,
    RecordTransferReply,
    RefuseAcceptance,
    RequestWithdrawal,
    ReturnPetition,
    SplitPetition,
    TerminateProcessing,
    TransferPetition,
)
from domain.vocabulary import (
    Channel,
    Competence,
    EscalationKind,
    PetitionKind,
    WithdrawalForm,
    WithdrawalScope,
)
from service.demo.answering import assigned, worked_on
from service.demo.life import Life
from service.demo.matters import COMPLAINTS, DENUNCIATIONS, FIELDS, Field, somebody
from service.demo.province import BUREAUS, GOVERNMENT, INSPECTORATE, OF_COMMUNES, RECEPTION, Bureau

INTO_THE_BOX = (Channel.POST, Channel.POST, Channel.RECEPTION_PLACE, Channel.ONLINE, Channel.HOTLINE)
OTHER_BODY = "Tòa án nhân dân khu vực (ví dụ)"


def letter(life: Life) -> None:
    """Of every ten about seven are proposals or feedback, two complaints, one a denunciation."""
    at = BUREAUS[RECEPTION] if life.happens(30) else OF_COMMUNES[life.chance.randrange(len(OF_COMMUNES))]
    fate = life.chance.random() * 100
    if fate < 68:
        _proposal(life, at)
    elif fate < 90:
        _complaint(life, at)
    else:
        _denunciation(life, at)


def _proposal(life: Life, at: Bureau) -> None:
    field = life.chance.choice(FIELDS)
    received(life, at, PetitionKind.PROPOSAL_FEEDBACK, life.chance.choice(field.matters))
    fate = life.chance.random() * 100
    if fate < 1:
        life.does(at.desk, CancelRegistration(occurred_on=life.day, reason="Vào sổ hai lần cùng một đơn"))
        return
    if fate < 3:
        _split(life, at, field)
        return
    if fate > 90:  # nobody looks at it until its first limit has passed
        life.later(15, 40)
    classified(life, at, PetitionKind.PROPOSAL_FEEDBACK, field.topic)
    if fate < 12:
        _not_ours(life, at)
        return
    if life.happens(30):
        life.does(at.desk, AcknowledgeReceipt(occurred_on=life.day, document_no=life.number("TB"), how="bưu điện"))
    _taken_up(life, at, field)


def _taken_up(life: Life, at: Bureau, field: Field) -> None:
    lead = BUREAUS[field.department] if at.unit == RECEPTION or life.happens(20) else at
    giver = at if lead is at else GOVERNMENT
    life.later(0, 3)
    due_on = life.calendar.next_working_day(life.day + timedelta(days=life.chance.choice((10, 15, 20, 30))))
    assigned(life, giver, lead, due_on)
    if life.happens(2):
        _corrected(life, at)
    worked_on(life, giver, lead, due_on)


def _corrected(life: Life, at: Bureau) -> None:
    life.does(
        at.desk,
        ProposeCorrection(
            occurred_on=life.day, version=1, place="Thôn Ví Dụ Hai, xã Mẫu", why="Ghi nhầm tên thôn khi vào sổ"
        ),
    )
    life.later(0, 2)
    life.does(at.head, ApproveCorrection(occurred_on=life.day))


def _split(life: Life, at: Bureau, field: Field) -> None:
    """A letter of two matters becomes two petitions; one is taken up, the other waits a little longer."""
    life.later(1, 3)
    matters = tuple(MatterOfLetter(summary=text, kind=PetitionKind.PROPOSAL_FEEDBACK) for text in field.matters[:2])
    life.does(at.desk, SplitPetition(occurred_on=life.day, matters=matters))
    for n, _ in enumerate(matters):
        life.beside = n
        classified(life, at, PetitionKind.PROPOSAL_FEEDBACK, field.topic)
        due_on = life.calendar.next_working_day(life.day + timedelta(days=20))
        assigned(life, at, at, due_on)
        worked_on(life, at, at, due_on)


def _not_ours(life: Life, at: Bureau) -> None:
    life.later(1, 4)
    match life.chance.randrange(4):
        case 0:
            guide = GuideCitizen(occurred_on=life.day, competent_body=OTHER_BODY, document_no=life.number("HD"))
            life.does(at.head, guide)
        case 1:
            life.does(at.head, FilePetition(occurred_on=life.day, reason="Đơn không có nội dung cụ thể"))
        case 2:
            back = ReturnPetition(
                occurred_on=life.day, to_body="Mặt trận Tổ quốc (ví dụ)", document_no=life.number("TL")
            )
            life.does(at.head, back)
        case _:
            life.does(
                at.head,
                TransferPetition(
                    occurred_on=life.day, to_body="Công ty cấp nước (ví dụ)", document_no=life.number("PC")
                ),
            )
            life.later(8, 20)
            life.does(at.desk, RecordTransferReply(occurred_on=life.day, result="Đã thụ lý giải quyết"))


def _complaint(life: Life, at: Bureau) -> None:
    received(life, at, PetitionKind.COMPLAINT, life.chance.choice(COMPLAINTS))
    classified(life, at, PetitionKind.COMPLAINT, "giải quyết khiếu nại, tố cáo")
    life.later(2, 9)
    fate = life.chance.random() * 100
    if fate < 8:
        ground = "Quyết định bị khiếu nại không liên quan trực tiếp đến người khiếu nại"
        life.does(at.head, RefuseAcceptance(occurred_on=life.day, decision_no=life.number("TB-KTL"), ground=ground))
        return
    lead = BUREAUS["so-nnmt"] if at.unit == RECEPTION else at
    giver = at if lead is at else GOVERNMENT
    _accepted(life, giver, lead)
    if 8 <= fate < 14:
        _withdrawn(life, at, lead)
        return
    if fate < 16:
        life.later(5, 15)
        life.does(
            lead.head,
            TerminateProcessing(
                occurred_on=life.day,
                ground="Người khiếu nại là tổ chức đã giải thể, không có tổ chức kế thừa",
                decision_no=life.number("QĐ-ĐC"),
            ),
        )
        return
    if fate > 92 and lead is at:
        _taken_up_a_level(life, at)
        return
    worked_on(life, giver, lead, life.day + timedelta(days=25))


def _accepted(life: Life, giver: Bureau, lead: Bureau) -> None:
    life.does(giver.head, AcceptPetition(occurred_on=life.day, decision_no=life.number("TB-TL")))
    assigned(life, giver, lead, life.day + timedelta(days=25))


def _withdrawn(life: Life, at: Bureau, lead: Bureau) -> None:
    is_forced = life.happens(25)
    life.later(4, 15)
    life.does(
        at.desk,
        RequestWithdrawal(
            occurred_on=life.day,
            scope=WithdrawalScope.WHOLE,
            form=WithdrawalForm.LETTER,
            coercion_checked=True,
            signs_of_coercion=is_forced,
        ),
    )
    life.later(1, 3)
    if not is_forced:
        life.does(at.head, AcceptWithdrawal(occurred_on=life.day))
        return
    life.does(at.head, OverrideWithdrawal(occurred_on=life.day, ground="Có dấu hiệu người khiếu nại bị ép buộc"))
    worked_on(life, at, lead, life.day + timedelta(days=20))


def _taken_up_a_level(life: Life, at: Bureau) -> None:
    """Nobody answered in time: the complainant goes to the province, where a stage of its own begins."""
    life.later(33, 50)
    life.does(
        at.desk,
        EscalatePetition(
            occurred_on=life.day,
            kind=EscalationKind.SECOND_COMPLAINT,
            to_unit=GOVERNMENT.unit,
            reason="Hết thời hạn giải quyết lần đầu mà không được giải quyết",
        ),
    )
    life.beside = 0
    lead = BUREAUS[INSPECTORATE]
    classified(life, GOVERNMENT, PetitionKind.COMPLAINT, "giải quyết khiếu nại, tố cáo")
    life.later(2, 6)
    _accepted(life, GOVERNMENT, lead)
    worked_on(life, GOVERNMENT, lead, life.day + timedelta(days=25))


def _denunciation(life: Life, at: Bureau) -> None:
    is_anonymous = life.happens(15)
    received(life, at, PetitionKind.DENUNCIATION, life.chance.choice(DENUNCIATIONS), is_anonymous=is_anonymous)
    classified(life, at, PetitionKind.DENUNCIATION, "giải quyết khiếu nại, tố cáo")
    life.later(2, 6)
    if is_anonymous:
        reason = "Đơn không rõ người tố cáo, có bằng chứng cụ thể để kiểm tra"
        life.does(at.head, HandleAsInformation(occurred_on=life.day, reason=reason))
        return
    lead = BUREAUS[INSPECTORATE] if at.unit == RECEPTION else at
    giver = at if lead is at else GOVERNMENT
    _accepted(life, giver, lead)
    worked_on(life, giver, lead, life.day + timedelta(days=25))


def sent_again(life: Life, *, first: ReceivePetition) -> None:
    """The letter of another life, posted a second time by the same person."""
    at = BUREAUS[RECEPTION]
    life.does(at.desk, first.model_copy(update={"occurred_on": life.day, "channel": Channel.POST}))
    day = life.later(1, 5)
    life.does(at.desk, lambda first: MarkDuplicate(occurred_on=day, duplicate_of=first))


def due(life: Life, on: date) -> None:
    """Taken up by a commune, with an answer due on the day; nobody has answered yet."""
    at, field = OF_COMMUNES[life.chance.randrange(len(OF_COMMUNES))], life.chance.choice(FIELDS)
    received(life, at, PetitionKind.PROPOSAL_FEEDBACK, life.chance.choice(field.matters))
    classified(life, at, PetitionKind.PROPOSAL_FEEDBACK, field.topic)
    life.later(0, 2)
    assigned(life, at, at, on)


def received(life: Life, at: Bureau, kind: PetitionKind, summary: str, *, is_anonymous: bool = False) -> None:
    village = f"Thôn Ví Dụ {life.chance.randint(1, 9)}"
    life.does(
        at.desk,
        ReceivePetition(
            occurred_on=life.day,
            channel=life.chance.choice(INTO_THE_BOX),
            kind=kind,
            summary=f"{summary} ({village})",
            petitioners=() if is_anonymous else (somebody(life.chance),),
            person_count=life.chance.choice((1, 1, 1, 1, 1, 2, 6)),
            place=village,
        ),
    )


def classified(life: Life, at: Bureau, kind: PetitionKind, topic: str) -> None:
    life.later(0, 4)
    life.does(at.desk, ClassifyPetition(occurred_on=life.day, kind=kind, competence=Competence.OWN, topic=topic))
