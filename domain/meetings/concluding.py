"""Decides what follows a meeting: the head's conclusion notice, its publication, and the completion of its tasks.

These steps have limits of their own, so each one is recorded with its day.
"""

from datetime import date

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import official
from domain.meetings.commands import CompleteConclusionTask, IssueConclusionNotice, PublishConclusionNotice
from domain.meetings.events import (
    ConclusionNoticeIssued,
    ConclusionNoticePublished,
    ConclusionTask,
    ConclusionTaskDone,
    MeetingEvent,
)
from domain.meetings.meeting import Meeting
from domain.value import as_said, said
from domain.vocabulary import UnitId


def issue_conclusion_notice(
    command: IssueConclusionNotice, meeting: Meeting, context: DecisionContext
) -> list[MeetingEvent]:
    """Return the event of the conclusion notice. Raise Refused if the meeting was not held, or has a notice already."""
    if meeting.held_on is None:
        raise Refused("a meeting that was not held has no conclusion")
    if command.occurred_on < meeting.held_on:
        raise Refused(f"the meeting was held on {meeting.held_on}; it cannot have been concluded before")
    if meeting.notice is not None:
        raise Refused(f"the conclusion notice “{meeting.notice.document_no}” of this meeting is entered already")
    for task in command.tasks:
        context.units.require(UnitId(task.unit), command.occurred_on)
        if task.due_on is not None and task.due_on < command.occurred_on:
            raise Refused("a task is due before the notice that gives it")
    return [
        ConclusionNoticeIssued(
            occurred_on=command.occurred_on,
            document_no=command.document_no,
            signed_by=official(command.signed_by, command.signer_position),
            tasks=as_said(
                tuple(
                    ConclusionTask(number=number, unit=UnitId(task.unit), task=task.task, due_on=as_said(task.due_on))
                    for number, task in enumerate(command.tasks, start=1)
                )
            ),
        )
    ]


def publish_conclusion_notice(
    command: PublishConclusionNotice, meeting: Meeting, _: DecisionContext
) -> list[MeetingEvent]:
    """Return the event of the publication. A late publication is recorded too: its day shows that it is late."""
    _require_issued_notice(meeting, command.occurred_on, "published")
    if meeting.published_on is not None:
        raise Refused(f"the conclusion notice was published on {meeting.published_on} already")
    return [
        ConclusionNoticePublished(occurred_on=command.occurred_on, how=command.how, evidence=as_said(command.evidence))
    ]


def complete_conclusion_task(
    command: CompleteConclusionTask, meeting: Meeting, _: DecisionContext
) -> list[MeetingEvent]:
    """Return the event of a completed task. Raise Refused if the notice has no such task, or the task is completed
    already.
    """
    notice = _require_issued_notice(meeting, command.occurred_on, "carried out")
    if command.number not in {task.number for task in said(notice.tasks, ())}:
        raise Refused(f"the conclusion notice has no task {command.number}")
    if command.number in meeting.tasks_done:
        raise Refused(f"task {command.number} of the conclusion notice is done already")
    return [
        ConclusionTaskDone(
            occurred_on=command.occurred_on,
            number=command.number,
            result=command.result,
            document_no=as_said(command.document_no),
        )
    ]


def _require_issued_notice(meeting: Meeting, on: date, what: str) -> ConclusionNoticeIssued:
    """Return the conclusion notice of the meeting. Raise Refused if there is none, or if it is later than the day `on`.

    `what` completes the message "it cannot be ... before", for example with "published".
    """
    if meeting.notice is None:
        raise Refused(f"no conclusion notice of this meeting is on record that could be {what}")
    if on < meeting.notice.occurred_on:
        raise Refused(f"the conclusion notice is of {meeting.notice.occurred_on}; it cannot be {what} before")
    return meeting.notice
