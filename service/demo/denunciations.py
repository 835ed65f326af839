"""Makes up denunciations: taken as information, passed on, refused, withdrawn, concluded on, and denounced further."""

from datetime import date, timedelta

from domain.commands import (
    HandleAsInformation,
    LodgeFurtherDenunciation,
    OverrideWithdrawal,
    RecordTransferReply,
    RefuseAcceptance,
    TerminateProcessing,
    TransferPetition,
)
from domain.endings.words import Ground
from domain.vocabulary import Channel, Competence, PetitionKind, WithdrawalForm
from service.demo.complaints import ask_for_withdrawal, terminate_for_withdrawal
from service.demo.duties import answer_referrer, notify_of_suspension
from service.demo.life import Life
from service.demo.matters import DENUNCIATIONS_OF_COMMUNE, DENUNCIATIONS_OF_PROVINCE, Accusation
from service.demo.papers import Paper, paper_no
from service.demo.province import GOVERNMENT, INSPECTORATE, RECEPTION, Bureau, present_bureau, superior_on
from service.demo.receiving import channel_of, classify_letter, receive_letter
from service.demo.settlement import (
    Settlement,
    accept_and_assign,
    superior_settlement,
    tell_and_close,
    verify_and_decide,
)

_DENUNCIATION = PetitionKind.DENUNCIATION
_OF_THE_PARTY = Accusation("Tố cáo đảng viên vi phạm Điều lệ Đảng", "lĩnh vực Đảng, đoàn thể")


def handle_denunciation(life: Life, at: Bureau) -> None:
    """Handle one denunciation of somebody whom the chair of the commune, or of the province, manages."""
    draw = life.chance.random() * 100
    if draw < 12:
        _use_as_information(life, at)
        return
    if draw < 20:
        _pass_on(life, at)
        return
    of_province = at is RECEPTION
    what = life.chance.choice(DENUNCIATIONS_OF_PROVINCE if of_province else DENUNCIATIONS_OF_COMMUNE)
    receive_letter(life, at, _DENUNCIATION, what.summary, channel_of(life, _DENUNCIATION))
    classify_letter(life, at, _DENUNCIATION, what.field)
    life.advance_days(1, 4)
    case = Settlement(_DENUNCIATION, GOVERNMENT if of_province else at, INSPECTORATE if of_province else at)
    if draw < 27:
        _refuse(life, case, Ground.NO_BASIS_FOR_A_BREACH, "Không có cơ sở để xác định hành vi vi phạm pháp luật")
        return
    due_on = accept_and_assign(life, case)
    if draw < 36:
        _withdraw_denunciation(life, case, due_on)
    elif draw < 39:
        _terminate_denunciation(life, case)
    else:
        _conclude_and_go_on(life, case, due_on)


def _use_as_information(life: Life, at: Bureau) -> None:
    """Use a letter without a name as information, because it says who did what and how to find it out."""
    what = life.chance.choice(DENUNCIATIONS_OF_COMMUNE)
    receive_letter(life, at, _DENUNCIATION, what.summary, Channel.POST, is_anonymous=True)
    classify_letter(life, at, _DENUNCIATION, what.field)
    life.advance_days(1, 4)
    reason = "Đơn không rõ người tố cáo, có bằng chứng cụ thể để kiểm tra"
    life.add_step(at.head, HandleAsInformation(occurred_on=life.day, ground_code=Ground.SENDER_UNKNOWN, reason=reason))


def _pass_on(life: Life, at: Bureau) -> None:
    """Transfer what a body of the Party settles, within 5 working days; its reply is recorded."""
    receive_letter(life, at, _DENUNCIATION, _OF_THE_PARTY.summary, channel_of(life, _DENUNCIATION))
    classify_letter(life, at, _DENUNCIATION, _OF_THE_PARTY.field, Competence.OTHER_BODY)
    life.advance_days(0, 1)
    to_body = "Ủy ban Kiểm tra Tỉnh ủy Ví Dụ"
    document_no = paper_no(life, Paper.TRANSFER_SLIP, at)
    life.add_step(at.head, TransferPetition(occurred_on=life.day, to_body=to_body, document_no=document_no))
    answer_referrer(life, at)
    life.advance_days(8, 20)
    life.add_step(
        at.desk, RecordTransferReply(occurred_on=life.day, result="Đã tiếp nhận để giải quyết", is_accepted=True)
    )


def _refuse(life: Life, case: Settlement, ground_code: Ground, ground: str) -> None:
    life.add_step(
        case.settler.head,
        RefuseAcceptance(
            occurred_on=life.day,
            document_no=paper_no(life, Paper.NOTICE, case.settler),
            ground_code=ground_code,
            ground=ground,
        ),
    )
    answer_referrer(life, case.settler)


def _withdraw_denunciation(life: Life, case: Settlement, due_on: date) -> None:
    """Withdraw the denunciation. With signs of force it is settled all the same (Law 25/2018 Art 33.3)."""
    life.advance_days(3, 10)
    is_forced = life.happens(35)
    ask_for_withdrawal(life, case, WithdrawalForm.LETTER, is_forced)
    life.advance_days(1, 3)
    if not is_forced:
        terminate_for_withdrawal(life, case)
        return
    ground = "Có căn cứ cho rằng người tố cáo bị đe dọa để rút tố cáo"
    life.add_step(case.settler.head, OverrideWithdrawal(occurred_on=life.day, ground=ground))
    _conclude_and_go_on(life, case, due_on)


def _terminate_denunciation(life: Life, case: Settlement) -> None:
    life.advance_days(5, 15)
    decision_no = paper_no(life, Paper.DECISION, case.settler)
    life.add_step(
        case.settler.head,
        TerminateProcessing(
            occurred_on=life.day,
            ground_code=Ground.DENOUNCED_PERSON_DIED,
            ground="Người bị tố cáo chết, nội dung tố cáo không liên quan đến trách nhiệm của người khác",
            decision_no=decision_no,
        ),
    )
    notify_of_suspension(life, case.settler, case.verifier, decision_no)


def _conclude_and_go_on(life: Life, case: Settlement, due_on: date) -> None:
    concluded = verify_and_decide(life, case, due_on)
    if concluded is None:
        return
    told_on = tell_and_close(life, concluded)
    if told_on is None:
        return
    if concluded.settler is not GOVERNMENT and life.opened_index is None and life.happens(15):
        life.advance_to(told_on + timedelta(days=life.chance.randint(14, 60)))
        _denounce_further(life, concluded)


def _denounce_further(life: Life, before: Settlement) -> None:
    """Denounce further: the superior reviews the file within 20 days and mostly finds no ground to settle it again."""
    above = superior_on(before.settler, life.day)
    life.add_step(
        before.settler.desk,
        LodgeFurtherDenunciation(
            occurred_on=life.day,
            to_unit=above.unit,
            channel=Channel.POST,
            summary="Có căn cứ cho rằng việc giải quyết tố cáo không đúng pháp luật",
        ),
    )
    life.opened_index = 0
    classify_letter(life, above, _DENUNCIATION, life.topic)
    life.advance_days(6, 14)
    case = superior_settlement(before, present_bureau(above, life.day))
    if life.happens(70):
        ground = "Qua xem xét hồ sơ, việc giải quyết tố cáo trước đó đúng pháp luật"
        _refuse(life, case, Ground.NO_GROUND_TO_SETTLE_AGAIN, ground)
        return
    _conclude_and_go_on(life, case, accept_and_assign(life, case))
