"""Decides what follows a meeting: the head's conclusion notice, its publication, and the completion of its tasks.

These steps have limits of their own, so each one is recorded with its day.
"""

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
from domain.refusals.meetings import MeetingRefusal
from domain.value import as_said, said
from domain.vocabulary import UnitId


def issue_conclusion_notice(
    command: IssueConclusionNotice, meeting: Meeting, context: DecisionContext
) -> list[MeetingEvent]:
    """Return the event of the conclusion notice. Raise Refused if the meeting was not held, or has a notice already."""
    if meeting.held_on is None:
        raise Refused(MeetingRefusal.NOT_HELD_HAS_NO_CONCLUSION)
    if command.occurred_on < meeting.held_on:
        raise Refused(MeetingRefusal.CONCLUDED_BEFORE_MEETING, held_on=meeting.held_on)
    if meeting.notice is not None:
        raise Refused(MeetingRefusal.NOTICE_ENTERED_ALREADY, document_no=meeting.notice.document_no)
    for task in command.tasks:
        context.units.require(UnitId(task.unit), command.occurred_on)
        if task.due_on is not None and task.due_on < command.occurred_on:
            raise Refused(MeetingRefusal.TASK_DUE_BEFORE_NOTICE)
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
    if meeting.notice is None:
        raise Refused(MeetingRefusal.NO_NOTICE_TO_PUBLISH)
    if command.occurred_on < meeting.notice.occurred_on:
        raise Refused(MeetingRefusal.PUBLISHED_BEFORE_NOTICE, on=meeting.notice.occurred_on)
    if meeting.published_on is not None:
        raise Refused(MeetingRefusal.PUBLISHED_ALREADY, on=meeting.published_on)
    return [
        ConclusionNoticePublished(occurred_on=command.occurred_on, how=command.how, evidence=as_said(command.evidence))
    ]


def complete_conclusion_task(
    command: CompleteConclusionTask, meeting: Meeting, _: DecisionContext
) -> list[MeetingEvent]:
    """Return the event of a completed task. Raise Refused if the notice has no such task, or the task is completed
    already.
    """
    if meeting.notice is None:
        raise Refused(MeetingRefusal.NO_NOTICE_TO_CARRY_OUT)
    if command.occurred_on < meeting.notice.occurred_on:
        raise Refused(MeetingRefusal.CARRIED_OUT_BEFORE_NOTICE, on=meeting.notice.occurred_on)
    if command.number not in {task.number for task in said(meeting.notice.tasks, ())}:
        raise Refused(MeetingRefusal.NO_SUCH_TASK, number=command.number)
    if command.number in meeting.tasks_done:
        raise Refused(MeetingRefusal.TASK_DONE_ALREADY, number=command.number)
    return [
        ConclusionTaskDone(
            occurred_on=command.occurred_on,
            number=command.number,
            result=command.result,
            document_no=as_said(command.document_no),
        )
    ]
