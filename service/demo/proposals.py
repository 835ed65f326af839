"""Makes up how a proposal is settled: worked on, answered in time or late, told, kept track of, and closed."""

from datetime import date, timedelta

from domain.commands import (
    AnswerInWriting,
    ClosePetition,
    ExtendDeadline,
    NotifyCitizen,
    RecordPromise,
    ReopenPetition,
    ReportPromise,
    RequestExtension,
    StartWork,
)
from domain.deadlines.clock import Clock
from domain.units.events import Level
from domain.vocabulary import PromiseState, Result
from service.demo.assigning import hand_over_to, leave_unanswered, remind_lead
from service.demo.duties import BY_POST, deliver_part, is_done, receipt_of_delivery
from service.demo.life import Life
from service.demo.papers import Paper, paper_no
from service.demo.province import COMMUNE_BUREAUS, Bureau, present_bureau

_ANSWER_RESULTS = (Result.RIGHT, Result.PARTLY_RIGHT, Result.WRONG, Result.EXPLAINED)


def work_on_proposal(
    life: Life, giver: Bureau, lead: Bureau, due_on: date, *, coordinating: Bureau | None = None
) -> None:
    """Work on the proposal from start to closing: some answers are late, a few proposals are never answered."""
    life.advance_days(1, 4)
    lead = _bureau_in_charge(life, lead)
    life.add_step(lead.specialist, StartWork(occurred_on=life.day))
    if coordinating is not None and coordinating is not lead:
        deliver_part(life, coordinating)
    draw = life.chance.random() * 100
    if draw < 5:
        lead, due_on = _extend_deadline(life, lead, due_on)
    if draw > 98:
        leave_unanswered(life, giver, lead, due_on)
        if lead.last_day is not None:
            life.advance_to(lead.last_day + timedelta(days=1))
            _bureau_in_charge(life, lead)
        return
    if draw > 84:
        life.advance_to(due_on + timedelta(days=life.chance.randint(1, 3)))
        lead = _bureau_in_charge(life, lead)
        remind_lead(life, giver, lead)
        life.advance_days(1, 35)
    else:
        left = max((due_on - life.day).days, 1)
        life.advance_to(life.day + timedelta(days=life.chance.randint(left // 2, left)))
    lead = _bureau_in_charge(life, lead)
    answer_proposal(life, lead)
    _tell_and_close(life, giver, lead)


def _bureau_in_charge(life: Life, lead: Bureau) -> Bureau:
    """Return who has the proposal on the present day of the life, after a handover where the unit has ended."""
    if not lead.has_ended(life.day):
        return lead
    if lead.level is Level.DISTRICT:
        heir = life.chance.choice([commune for commune in COMMUNE_BUREAUS if commune.parent == lead.unit])
    else:
        heir = present_bureau(lead, life.day)
    hand_over_to(life, heir, lead)
    return heir


def answer_proposal(life: Life, lead: Bureau) -> None:
    """Answer the proposal in writing (văn bản trả lời): its head signs."""
    life.add_step(
        lead.specialist,
        AnswerInWriting(
            occurred_on=life.day,
            document_no=paper_no(life, Paper.LETTER, lead),
            signed_by=lead.head.officer,
            signer_position=lead.head.position,
            answer="Đã kiểm tra thực tế; nội dung trả lời nêu rõ việc đã làm, việc sẽ làm và thời gian",
            result=life.chance.choice(_ANSWER_RESULTS),
        ),
    )


def _tell_and_close(life: Life, giver: Bureau, lead: Bureau) -> None:
    life.advance_days(0, 3)
    evidence = receipt_of_delivery(life)
    life.add_step(
        present_bureau(lead, life.day).desk,
        NotifyCitizen(occurred_on=life.day, how=BY_POST, evidence=evidence),
    )
    if life.happens(10):
        _promise(life, lead)
    life.advance_days(2, 12)
    giver = present_bureau(giver, life.day)
    life.add_step(giver.desk, ClosePetition(occurred_on=life.day, reason="Công dân đã nhận văn bản trả lời"))
    if life.happens(1.5):
        life.advance_days(15, 60)
        _reopen_and_answer_again(life, giver, lead)


def _promise(life: Life, lead: Bureau) -> None:
    """Promise works for a day, and report mostly by that day that they are done."""
    promised_for_on = life.calendar.next_working_day(life.day + timedelta(days=30))
    promise = RecordPromise(
        occurred_on=life.day, promised="Sửa xong hạng mục đã nêu trong văn bản", promised_for_on=promised_for_on
    )
    life.add_step(present_bureau(lead, life.day).specialist, promise)
    if is_done(life, 18, lead):
        report = ReportPromise(occurred_on=life.day, number=1, state=PromiseState.KEPT)
        life.add_step(present_bureau(lead, life.day).specialist, report)


def _reopen_and_answer_again(life: Life, giver: Bureau, lead: Bureau) -> None:
    """Reopen a closed proposal, whose promise was not kept, and answer it a second time."""
    due_on = life.day + timedelta(days=20)
    life.add_step(
        giver.head, ReopenPetition(occurred_on=life.day, reason="Việc đã hứa chưa được thực hiện", due_on=due_on)
    )
    life.advance_days(5, 20)
    lead = _bureau_in_charge(life, lead)
    answer_proposal(life, lead)
    _tell_and_close(life, giver, lead)


def _extend_deadline(life: Life, lead: Bureau, due_on: date) -> tuple[Bureau, date]:
    until = due_on + timedelta(days=15)
    life.advance_to(due_on - timedelta(days=5))
    lead = _bureau_in_charge(life, lead)
    life.add_step(
        lead.specialist,
        RequestExtension(
            occurred_on=life.day, clock=Clock.HEAD, until=until, reason="Vụ việc liên quan nhiều cấp, nhiều ngành"
        ),
    )
    life.advance_days(1, 2)
    lead = _bureau_in_charge(life, lead)
    life.add_step(lead.deputy, ExtendDeadline(occurred_on=life.day, decision_no=paper_no(life, Paper.LETTER, lead)))
    return lead, until
