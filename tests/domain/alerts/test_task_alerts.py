"""Tests the alerts about tasks of a conclusion notice: each step once, whoever looks when, until the task is done."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.meetings.commands import (
    AcknowledgeTaskAlert,
    CompleteConclusionTask,
    IssueConclusionNotice,
    MeetingCommand,
    TaskOfConclusion,
)
from domain.meetings.decide import decide_meeting
from domain.meetings.events import MeetingEvent, MeetingHeld, TaskAlertRaised
from domain.meetings.meeting import Meeting, evolve_meeting
from domain.meetings.task_alerts import decide_due_task_alerts
from domain.meetings.task_keys import task_step_key
from service.alerts.ladder import national_ladder
from tests.domain.scenario import HEAD, MEETING, decision_context, national_law, planned_meeting
from tests.examples import examples

LADDER, LAW = national_ladder(), national_law()
HELD_ON, DUE_ON = date(2026, 12, 3), date(2026, 12, 15)
STEPS = ["task-two-days-before", "task-day-after", "task-five-days-after"]
NOTICE = IssueConclusionNotice(
    occurred_on=date(2026, 12, 4),
    document_no="50/TB-UBND",
    signed_by="chu-tich",
    signer_position="Chủ tịch",
    tasks=(
        TaskOfConclusion(unit="so-mau", task="sửa đường", due_on=DUE_ON),
        TaskOfConclusion(unit="so-khac", task="rà soát"),
    ),
)
DONE = CompleteConclusionTask(occurred_on=date(2026, 12, 10), number=1, result="đã sửa")
ACKNOWLEDGE = AcknowledgeTaskAlert(occurred_on=date(2026, 12, 17), number=1, due_on=DUE_ON, step=STEPS[1])


def record(meeting: Meeting, facts: Sequence[MeetingEvent]) -> Meeting:
    for fact in facts:
        meeting = evolve_meeting(meeting, EventEnvelope(MEETING, meeting.version + 1, fact, HEAD))
    return meeting


def act(meeting: Meeting, command: MeetingCommand) -> Meeting:
    return record(meeting, decide_meeting(command, meeting, decision_context(HEAD, today=command.occurred_on)))


def concluded() -> Meeting:
    plan = planned_meeting(HELD_ON).plan
    assert plan is not None
    held = MeetingHeld(occurred_on=HELD_ON, meeting_id=MEETING, details=plan.details)
    return act(record(planned_meeting(HELD_ON), [held]), NOTICE)


def look(meeting: Meeting, on: date) -> tuple[Meeting, list[TaskAlertRaised]]:
    facts = decide_due_task_alerts(meeting, LADDER, LAW, on)
    alerts = [fact for fact in facts if isinstance(fact, TaskAlertRaised)]
    assert len(alerts) == len(facts)
    return record(meeting, facts), alerts


def test_a_task_that_passes_is_told_up_the_ladder_by_the_unit_that_owes_it() -> None:
    _, alerts = look(concluded(), DUE_ON + timedelta(days=30))
    assert [(one.step, one.number, one.unit, one.occurred_on) for one in alerts] == [
        (STEPS[0], 1, "so-mau", date(2026, 12, 11)),
        (STEPS[1], 1, "so-mau", date(2026, 12, 16)),
        (STEPS[2], 1, "so-mau", date(2026, 12, 22)),
    ]


def test_a_task_that_is_done_is_told_no_more() -> None:
    done = act(concluded(), DONE)
    assert look(done, DUE_ON + timedelta(days=30))[1] == []


@given(days=st.lists(st.integers(0, 60), max_size=12))
@examples(50)
def test_each_step_comes_once_on_whatever_days_somebody_looks(days: list[int]) -> None:
    meeting, found = concluded(), list[TaskAlertRaised]()
    for day in [*sorted(days), 60]:
        meeting, alerts = look(meeting, NOTICE.occurred_on + timedelta(days=day))
        found += alerts
    assert [one.step for one in found] == STEPS
    assert set(meeting.alerts) == {task_step_key(one) for one in found}


def test_an_acknowledgement_covers_the_steps_of_the_task_and_is_made_once() -> None:
    meeting = concluded()
    with pytest.raises(Refused):
        act(meeting, ACKNOWLEDGE)
    meeting, _ = look(meeting, DUE_ON + timedelta(days=30))
    meeting = act(meeting, ACKNOWLEDGE)
    assert set(meeting.alerts.values()) == {True}
    with pytest.raises(Refused):
        act(meeting, ACKNOWLEDGE)
