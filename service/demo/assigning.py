"""Makes up how petitions are given to units: assigned by a notice, urged, and handed over when a unit ends."""

from datetime import date, timedelta

from domain.commands import AssignPetition, ContributionAskedFor, ReassignPetition, RemindUnit
from service.demo.life import Life
from service.demo.papers import Paper, paper_no
from service.demo.province import GOVERNMENT, Bureau

_FOR_THE_ANSWER = timedelta(days=5)
"""Leaves the lead unit this time for its answer after the part of a coordinating unit."""


def assign_by_notice(
    life: Life,
    giver: Bureau,
    lead: Bureau,
    due_on: date,
    *,
    to_do: str = "Kiểm tra, giải quyết và trả lời công dân bằng văn bản",
    output: str = "Văn bản trả lời",
    coordinating: Bureau | None = None,
) -> None:
    """Assign the petition by a notice of the giver's head, with everything that an assignment must make clear.

    A coordinating unit is asked for its part some days before the answer is due.
    """
    asked = [] if coordinating is None or coordinating is lead else [coordinating.unit]
    life.add_step(
        giver.head,
        AssignPetition(
            occurred_on=life.day,
            lead_unit=lead.unit,
            responsible_officer=lead.specialist.officer,
            responsible_position=lead.specialist.position,
            task_summary=to_do,
            due_on=due_on,
            expected_output=output,
            accountable_head=lead.head.officer,
            notice_no=paper_no(life, Paper.NOTICE, giver),
            notice_on=life.day,
            coordinating_units=tuple(asked),
            contributions=tuple(ContributionAskedFor(unit=unit, due_on=due_on - _FOR_THE_ANSWER) for unit in asked),
        ),
    )


def remind_lead(life: Life, giver: Bureau, lead: Bureau) -> None:
    """Urge the unit that has the petition, by a letter. Nobody writes letters to themselves."""
    if lead is giver:
        return
    life.add_step(
        giver.desk,
        RemindUnit(
            occurred_on=life.day,
            document_no=paper_no(life, Paper.LETTER, giver),
            asked_for_on=life.day + timedelta(days=7),
        ),
    )


def leave_unanswered(life: Life, giver: Bureau, lead: Bureau, due_on: date) -> None:
    """Let the due date pass without an answer; two reminders follow."""
    for days in (5, 40):
        life.advance_to(due_on + timedelta(days=days))
        if lead.has_ended(life.day):
            return
        remind_lead(life, giver, lead)


def hand_over_to(life: Life, heir: Bureau, ended: Bureau) -> None:
    """Give the petition of a unit that has ended to another one, on the first working day after its last day."""
    assert ended.last_day is not None
    first_day = life.calendar.next_working_day(ended.last_day + timedelta(days=1))
    life.add_step(
        GOVERNMENT.head,
        ReassignPetition(
            occurred_on=max(first_day, life.latest_day),
            lead_unit=heir.unit,
            responsible_officer=heir.specialist.officer,
            responsible_position=heir.specialist.position,
            reason=f"{ended.name} kết thúc hoạt động",
            notice_no=paper_no(life, Paper.NOTICE, GOVERNMENT),
        ),
    )
