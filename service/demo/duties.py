"""Makes up how officials do what an act made due: mostly in time, some late, and a few never."""

from datetime import timedelta

from domain.commands import (
    ActOnConclusion,
    DeliverContribution,
    PublishConclusion,
    PublishDecision,
    RecordActionResult,
    ReplyToReferrer,
    ReportAction,
    SendAcceptanceNotice,
    SendConclusion,
    SendSuspensionDecision,
)
from domain.vocabulary import Channel, Recipient
from service.demo.life import Life
from service.demo.papers import Paper, paper_no
from service.demo.province import Bureau, present_bureau

BY_POST = "dịch vụ bưu chính"
_POSTED = "niêm yết tại trụ sở và nơi tiếp công dân"
_BOTH_SIDES = (Recipient.PETITIONER, Recipient.RESPONDENT)


def is_done(life: Life, within: int, by: Bureau) -> bool:
    """Advance to the day on which the bureau does what is due within so many working days; False if it never does.

    A bureau that ended has left nothing undone.
    """
    draw = life.chance.random() * 100
    if draw > 98 and by.last_day is None:
        return False
    late_by = 0 if draw < 92 else within + 1
    days = life.chance.randint(1, within) + late_by
    life.advance_to(life.calendar.add_working_days(life.day, days))
    return True


def receipt_of_delivery(life: Life) -> str:
    """Return the paper that proves a delivery on the present day of the life."""
    return f"Phiếu báo phát ngày {life.day:%d/%m/%Y}"


def deliver_part(life: Life, by: Bureau) -> None:
    """Deliver what a coordinating unit was asked for."""
    if is_done(life, 6, by):
        number = paper_no(life, Paper.LETTER, by)
        part = "Cung cấp hồ sơ và ý kiến về phần việc thuộc trách nhiệm của đơn vị"
        life.add_step(by.specialist, DeliverContribution(occurred_on=life.day, document_no=number, contribution=part))


def notify_of_acceptance(life: Life, settler: Bureau, verifier: Bureau) -> None:
    """Tell the denouncer of the acceptance and the denounced of the content (Law 25/2018 Art 29.3: 5 working days)."""
    if is_done(life, 4, verifier):
        settler = present_bureau(settler, life.day)
        notice = SendAcceptanceNotice(
            occurred_on=life.day,
            sent_to=_BOTH_SIDES,
            document_no=paper_no(life, Paper.NOTICE, settler),
            how=BY_POST,
        )
        life.add_step(settler.desk, notice)


def notify_of_suspension(life: Life, settler: Bureau, verifier: Bureau, decision_no: str) -> None:
    """Send what suspends, resumes or terminates (Law 25/2018 Art 34.4, Decree 124/2020 Art 28b: 3 working days)."""
    if is_done(life, 3, verifier):
        sending = SendSuspensionDecision(
            occurred_on=life.day, decision_no=decision_no, sent_to=_BOTH_SIDES, how=BY_POST
        )
        life.add_step(present_bureau(settler, life.day).desk, sending)


def answer_referrer(life: Life, by: Bureau) -> None:
    """Tell the deputy who passed a letter on what becomes of it (Law 25/2018 Art 26.2, Law 42/2013 Art 27.2)."""
    is_letter_itself = life.opened_index is None
    if is_letter_itself and life.receipt.channel is Channel.REFERRED_BY_DEPUTY and is_done(life, 4, by):
        by = present_bureau(by, life.day)
        document_no = paper_no(life, Paper.LETTER, by)
        life.add_step(by.desk, ReplyToReferrer(occurred_on=life.day, document_no=document_no, how=BY_POST))


def make_decision_public(life: Life, settler: Bureau, verifier: Bureau) -> None:
    """Publish the second decision on a complaint (Law 02/2011 Art 41.2: 15 days)."""
    if is_done(life, 7, verifier):
        life.add_step(present_bureau(settler, life.day).desk, PublishDecision(occurred_on=life.day, how=_POSTED))


def pass_on_conclusion(life: Life, settler: Bureau) -> None:
    """Send the conclusion to the denounced, on the day on which the denouncer is told (Law 25/2018 Art 35.3)."""
    sending = SendConclusion(
        occurred_on=life.day,
        sent_to=(Recipient.RESPONDENT, Recipient.SUPERIOR_BODY, Recipient.STATE_INSPECTORATE),
        how=BY_POST,
    )
    life.add_step(settler.desk, sending)


def carry_out_conclusion(life: Life, settler: Bureau, verifier: Bureau) -> None:
    """Act on the conclusion and publish it (Law 25/2018 Arts 36.1, 40.1: 7 working days); some units report."""
    settler = present_bureau(settler, life.day)
    if is_done(life, 2, verifier):
        number = paper_no(life, Paper.DECISION, settler)
        content = "Ban hành quyết định xử lý theo kết luận nội dung tố cáo"
        life.add_step(settler.specialist, ActOnConclusion(occurred_on=life.day, content=content, document_no=number))
    if is_done(life, 2, verifier):
        life.add_step(settler.desk, PublishConclusion(occurred_on=life.day, how=_POSTED))
    if life.happens(30):
        life.advance_to(life.day + timedelta(days=life.chance.randint(15, 40)))
        _report_result(life, present_bureau(verifier, life.day))


def _report_result(life: Life, unit: Bureau) -> None:
    """Report the result of what the conclusion asked of a unit (Law 25/2018 Art 36.3: 5 working days)."""
    result = "Đã thực hiện xong việc được kiến nghị trong kết luận"
    life.add_step(unit.specialist, RecordActionResult(occurred_on=life.day, unit=unit.unit, result=result))
    if is_done(life, 5, unit):
        document_no = paper_no(life, Paper.REPORT, unit)
        life.add_step(unit.specialist, ReportAction(occurred_on=life.day, unit=unit.unit, document_no=document_no))
