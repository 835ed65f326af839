"""Makes up how a petition is settled: assigned, worked on, answered in time or late, notified and closed."""

from datetime import date, timedelta

from domain.commands import (
    AnswerInWriting,
    AssignPetition,
    ClosePetition,
    ExtendDeadline,
    NotifyCitizen,
    ReassignPetition,
    RecordPromise,
    RemindUnit,
    ReopenPetition,
    ReportPromise,
    RequestExtension,
    ResumeProcessing,
    StartWork,
    SuspendProcessing,
)
from domain.deadlines.deadline import Clock
from domain.endings.table import LAW_136_IN_FORCE_FROM
from domain.units.events import Level
from domain.vocabulary import PetitionKind, PromiseState, Result
from service.demo.life import Life
from service.demo.province import COMMUNE_BUREAUS, DISTRICTS_ENDED_ON, GOVERNMENT, Bureau

ANSWER_RESULTS = (Result.RIGHT, Result.PARTLY_RIGHT, Result.WRONG, Result.EXPLAINED)


def assign_by_notice(life: Life, giver: Bureau, lead: Bureau, due_on: date, coordinating: Bureau | None = None) -> None:
    """Assign the petition by a notice of the giver's head, with everything that an assignment must make clear."""
    life.add_step(
        giver.head,
        AssignPetition(
            occurred_on=life.day,
            lead_unit=lead.unit,
            responsible_officer=lead.specialist.officer,
            responsible_position=lead.specialist.position,
            task_summary="Kiểm tra, giải quyết và trả lời công dân bằng văn bản",
            due_on=due_on,
            expected_output="Văn bản trả lời",
            accountable_head=lead.head.officer,
            notice_no=life.document_no("TB-UBND"),
            notice_on=life.day,
            coordinating_units=() if coordinating is None or coordinating.unit == lead.unit else (coordinating.unit,),
        ),
    )


def work_on_petition(life: Life, giver: Bureau, lead: Bureau, due_on: date) -> None:
    """Work on the petition from start to closing: some answers are late, a few petitions are never answered."""
    life.advance_days(1, 4)
    life.add_step(lead.specialist, StartWork(occurred_on=life.day))
    draw = life.chance.random() * 100
    if draw < 4 and (life.kind is not PetitionKind.COMPLAINT or life.day >= LAW_136_IN_FORCE_FROM):
        _suspend_and_resume(life, lead)
        due_on += timedelta(days=25)
    elif draw < 9:
        due_on = _extend_deadline(life, lead, due_on)
    if draw > 98:
        _leave_unanswered(life, giver, lead, due_on)
        return
    if draw > 84:
        life.advance_to(due_on + timedelta(days=life.chance.randint(1, 3)))
        _remind_unit(life, giver)
        life.advance_days(1, 35)
    else:
        left = max((due_on - life.day).days, 1)
        life.advance_to(life.day + timedelta(days=life.chance.randint(left // 2, left)))
    answer_petition(life, lead)
    _notify_and_close(life, giver, lead)


def answer_petition(life: Life, lead: Bureau) -> None:
    """Answer the petition in writing (văn bản trả lời)."""
    life.add_step(
        lead.specialist,
        AnswerInWriting(
            occurred_on=life.day,
            document_no=life.document_no("TL"),
            signed_by=lead.head.officer,
            signer_position=lead.head.position,
            answer="Đã kiểm tra thực tế; nội dung trả lời nêu rõ việc đã làm, việc sẽ làm và thời gian",
            result=life.chance.choice(ANSWER_RESULTS),
        ),
    )


def _notify_and_close(life: Life, giver: Bureau, lead: Bureau) -> None:
    life.advance_days(0, 3)
    life.add_step(
        lead.desk, NotifyCitizen(occurred_on=life.day, how="bưu điện", evidence=f"Giấy báo phát {life.day:%d/%m/%Y}")
    )
    if life.happens(10):
        life.advance_days(20, 60)
        life.add_step(lead.specialist, RecordPromise(occurred_on=life.day, promised="Làm xong việc đã hứa"))
        if life.happens(70):
            life.add_step(lead.specialist, ReportPromise(occurred_on=life.day, number=1, state=PromiseState.KEPT))
    life.advance_days(2, 12)
    life.add_step(giver.desk, ClosePetition(occurred_on=life.day, reason="Công dân đã nhận văn bản trả lời"))
    if life.happens(1.5):
        life.advance_days(15, 60)
        reopen_and_answer_again(life, giver, lead)


def reopen_and_answer_again(life: Life, giver: Bureau, lead: Bureau) -> None:
    """Reopen a closed petition, whose promise was not kept, and answer it a second time."""
    due_on = life.day + timedelta(days=20)
    life.add_step(
        giver.head, ReopenPetition(occurred_on=life.day, reason="Việc đã hứa chưa được thực hiện", due_on=due_on)
    )
    life.advance_days(5, 20)
    answer_petition(life, lead)
    _notify_and_close(life, giver, lead)


def _suspend_and_resume(life: Life, lead: Bureau) -> None:
    life.advance_days(2, 6)
    life.add_step(
        lead.head,
        SuspendProcessing(
            occurred_on=life.day,
            ground="Chờ kết quả giám định của cơ quan khác",
            decision_no=life.document_no("QĐ-TĐC"),
        ),
    )
    life.advance_days(15, 40)
    life.add_step(lead.head, ResumeProcessing(occurred_on=life.day, document_no=life.document_no("QĐ-TTGQ")))


def _extend_deadline(life: Life, lead: Bureau, due_on: date) -> date:
    until = due_on + timedelta(days=15)
    life.advance_to(due_on - timedelta(days=5))
    life.add_step(
        lead.specialist,
        RequestExtension(
            occurred_on=life.day, clock=Clock.HEAD, until=until, reason="Vụ việc liên quan nhiều cấp, nhiều ngành"
        ),
    )
    life.advance_days(1, 2)
    life.add_step(lead.deputy, ExtendDeadline(occurred_on=life.day, decision_no=life.document_no("QĐ-GH")))
    return until


def _remind_unit(life: Life, giver: Bureau) -> None:
    life.add_step(
        giver.desk,
        RemindUnit(occurred_on=life.day, document_no=life.document_no("ĐĐ"), asked_for_on=life.day + timedelta(days=7)),
    )


def _leave_unanswered(life: Life, giver: Bureau, lead: Bureau, due_on: date) -> None:
    """Leave the petition unanswered after two reminders; a petition of a district passes to a commune at its end."""
    for days in (5, 40):
        life.advance_to(due_on + timedelta(days=days))
        _remind_unit(life, giver)
    if lead.level is Level.DISTRICT:
        life.advance_to(DISTRICTS_ENDED_ON)
        heir = COMMUNE_BUREAUS[life.chance.randrange(len(COMMUNE_BUREAUS))]
        life.add_step(
            GOVERNMENT.head,
            ReassignPetition(
                occurred_on=life.day,
                lead_unit=heir.unit,
                responsible_officer=heir.specialist.officer,
                responsible_position=heir.specialist.position,
                reason="Kết thúc hoạt động của cấp huyện",
                notice_no=life.document_no("TB-UBND"),
            ),
        )
