"""How a petition that was taken up is settled: assigned, worked on, answered in time or late, told, closed."""

from datetime import date, timedelta

from domain.commands import (
    AnswerInWriting,
    AssignPetition,
    ClosePetition,
    ExtendDeadline,
    NotifyCitizen,
    ReassignPetition,
    RemindUnit,
    ReopenPetition,
    RequestExtension,
    ResumeProcessing,
    StartWork,
    SuspendProcessing,
    TrackImplementation,
)
from domain.deadlines.deadline import Clock
from domain.units.events import Level
from domain.vocabulary import Result
from service.demo.life import Life
from service.demo.province import DISTRICTS_ENDED_ON, GOVERNMENT, OF_COMMUNES, Bureau

RESULTS = (Result.RIGHT, Result.PARTLY_RIGHT, Result.WRONG, Result.EXPLAINED)


def assigned(life: Life, giver: Bureau, lead: Bureau, due_on: date, beside: Bureau | None = None) -> None:
    """By a notice of the giver's head, with all that an assignment must make clear."""
    life.does(
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
            notice_no=life.number("TB-UBND"),
            notice_on=life.day,
            coordinating_units=() if beside is None or beside.unit == lead.unit else (beside.unit,),
        ),
    )


def worked_on(life: Life, giver: Bureau, lead: Bureau, due_on: date) -> None:
    """From the start of the work to the closing; some are late, a few are never answered."""
    life.later(1, 4)
    life.does(lead.specialist, StartWork(occurred_on=life.day))
    fate = life.chance.random() * 100
    if fate < 4:
        _suspended(life, lead)
        due_on += timedelta(days=25)
    elif fate < 9:
        due_on = _given_more_time(life, lead, due_on)
    if fate > 98:
        _forgotten(life, giver, lead, due_on)
        return
    if fate > 84:
        life.until(due_on + timedelta(days=life.chance.randint(1, 3)))
        _reminded(life, giver)
        life.later(1, 35)
    else:
        left = max((due_on - life.day).days, 1)
        life.until(life.day + timedelta(days=life.chance.randint(left // 2, left)))
    answered(life, lead)
    _told(life, giver, lead)


def answered(life: Life, lead: Bureau) -> None:
    life.does(
        lead.specialist,
        AnswerInWriting(
            occurred_on=life.day,
            document_no=life.number("TL"),
            signed_by=lead.head.officer,
            signer_position=lead.head.position,
            answer="Đã kiểm tra thực tế; nội dung trả lời nêu rõ việc đã làm, việc sẽ làm và thời gian",
            result=life.chance.choice(RESULTS),
        ),
    )


def _told(life: Life, giver: Bureau, lead: Bureau) -> None:
    life.later(0, 3)
    life.does(
        lead.desk, NotifyCitizen(occurred_on=life.day, how="bưu điện", evidence=f"Giấy báo phát {life.day:%d/%m/%Y}")
    )
    if life.happens(10):
        life.later(20, 60)
        life.does(
            lead.specialist,
            TrackImplementation(occurred_on=life.day, promised="Làm xong việc đã hứa", is_done=life.happens(70)),
        )
    life.later(2, 12)
    life.does(giver.desk, ClosePetition(occurred_on=life.day, reason="Công dân đã nhận văn bản trả lời"))
    if life.happens(1.5):
        life.later(15, 60)
        reopened(life, giver, lead)


def reopened(life: Life, giver: Bureau, lead: Bureau) -> None:
    due_on = life.day + timedelta(days=20)
    life.does(giver.head, ReopenPetition(occurred_on=life.day, reason="Việc đã hứa chưa được thực hiện", due_on=due_on))
    life.later(5, 20)
    answered(life, lead)
    _told(life, giver, lead)


def _suspended(life: Life, lead: Bureau) -> None:
    life.later(2, 6)
    life.does(
        lead.head,
        SuspendProcessing(
            occurred_on=life.day, ground="Chờ kết quả giám định của cơ quan khác", decision_no=life.number("QĐ-TĐC")
        ),
    )
    life.later(15, 40)
    life.does(lead.head, ResumeProcessing(occurred_on=life.day, decision_no=life.number("QĐ-TTGQ")))


def _given_more_time(life: Life, lead: Bureau, due_on: date) -> date:
    until = due_on + timedelta(days=15)
    life.until(due_on - timedelta(days=5))
    life.does(
        lead.specialist,
        RequestExtension(
            occurred_on=life.day, clock=Clock.HEAD, until=until, reason="Vụ việc liên quan nhiều cấp, nhiều ngành"
        ),
    )
    life.later(1, 2)
    life.does(lead.deputy, ExtendDeadline(occurred_on=life.day, decision_no=life.number("QĐ-GH")))
    return until


def _reminded(life: Life, giver: Bureau) -> None:
    life.does(
        giver.desk,
        RemindUnit(occurred_on=life.day, document_no=life.number("ĐĐ"), asked_for_on=life.day + timedelta(days=7)),
    )


def _forgotten(life: Life, giver: Bureau, lead: Bureau, due_on: date) -> None:
    """Outstanding, whoever is reminded; what a district left open passes to a commune."""
    for days in (5, 40):
        life.until(due_on + timedelta(days=days))
        _reminded(life, giver)
    if lead.level is Level.DISTRICT:
        life.until(DISTRICTS_ENDED_ON)
        heir = OF_COMMUNES[life.chance.randrange(len(OF_COMMUNES))]
        life.does(
            GOVERNMENT.head,
            ReassignPetition(
                occurred_on=life.day,
                lead_unit=heir.unit,
                responsible_officer=heir.specialist.officer,
                responsible_position=heir.specialist.position,
                reason="Kết thúc hoạt động của cấp huyện",
                notice_no=life.number("TB-UBND"),
            ),
        )
