"""Decides the alerts of a meeting's tasks: which steps are due and not raised yet, and who acknowledges them.

The rows of the ladder with the clock `task` are for them. A task that was completed, or has no date, has none.
"""

from collections.abc import Iterator
from datetime import date

from domain.alerts.ladder import ClockDueDate, DueStep, Ladder, due_step_order
from domain.alerts.vocabulary import WatchedClock
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.meetings.commands import AcknowledgeTaskAlert
from domain.meetings.events import ConclusionTask, MeetingEvent, TaskAlertAcknowledged, TaskAlertRaised
from domain.meetings.meeting import Meeting
from domain.meetings.task_keys import ONLY_ROUND, task_step_key, task_subject
from domain.refusals.records import RecordRefusal
from domain.value import UNSET


def watched_task_dates(meeting: Meeting) -> Iterator[tuple[ConclusionTask, ClockDueDate]]:
    """Yield the open tasks that have a date, with the date that the ladder watches."""
    for task in meeting.open_tasks:
        if task.due_on is not UNSET:
            yield task, ClockDueDate(WatchedClock.TASK, ONLY_ROUND, task.due_on, task_subject(task.number))


def decide_due_task_alerts(meeting: Meeting, ladder: Ladder, law: Law, today: date) -> list[MeetingEvent]:
    """Return the alerts that have fallen due by the end of the day and are not raised yet, sorted by their days."""
    assert meeting.notice is not None or not meeting.open_tasks
    due: list[tuple[DueStep, ConclusionTask]] = [
        (step, task)
        for task, watched in watched_task_dates(meeting)
        for step in ladder.steps_due(watched, None, task.unit, today, law.calendar)
        if step.key not in meeting.alerts
    ]
    return [_alert(step, task, meeting, law) for step, task in sorted(due, key=lambda one: due_step_order(one[0]))]


def _alert(step: DueStep, task: ConclusionTask, meeting: Meeting, law: Law) -> TaskAlertRaised:
    assert meeting.notice is not None
    return TaskAlertRaised(
        occurred_on=max(step.fell_due_on, meeting.notice.occurred_on),  # the first steps may lie before the notice
        number=task.number,
        due_on=step.key.due_on,
        step=step.key.step,
        to=step.row.to,
        by=step.row.by,
        unit=task.unit,
        rule=step.row.reference,
        calendar=law.calendar.version,
    )


def acknowledge_task_alert(command: AcknowledgeTaskAlert, meeting: Meeting, _: DecisionContext) -> list[MeetingEvent]:
    """Acknowledge a raised step. Raise Refused when it was not raised or is acknowledged already."""
    fact = TaskAlertAcknowledged(
        occurred_on=command.occurred_on, number=command.number, due_on=command.due_on, step=command.step
    )
    key = task_step_key(fact)
    if key not in meeting.alerts:
        raise Refused(RecordRefusal.NO_SUCH_ALERT, step=key.step, clock=key.clock, due_on=key.due_on)
    if meeting.alerts[key]:
        raise Refused(RecordRefusal.ACKNOWLEDGED_ALREADY)
    return [fact]
