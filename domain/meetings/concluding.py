"""After a meeting: the head's conclusion notice, its publication, and whether it is carried out."""

from datetime import date

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.meetings.commands import CompleteConclusionTask, IssueConclusionNotice, PublishConclusionNotice
from domain.meetings.events import (
    ConclusionNoticeIssued,
    ConclusionNoticePublished,
    ConclusionTask,
    ConclusionTaskDone,
    MeetingEvent,
)
from domain.meetings.meeting import Meeting
from domain.vocabulary import OfficerId, UnitId


def issue(command: IssueConclusionNotice, meeting: Meeting, circumstances: DecisionContext) -> list[MeetingEvent]:
    if meeting.held_on is None:
        raise Refused("a meeting that was not held has no conclusion")
    if command.occurred_on < meeting.held_on:
        raise Refused(f"the meeting was held on {meeting.held_on}; it cannot have been concluded before")
    if meeting.notice is not None:
        raise Refused(f"the conclusion notice “{meeting.notice.document_no}” of this meeting is entered already")
    for task in command.tasks:
        circumstances.units.require(UnitId(task.unit), command.occurred_on)
        if task.due_on is not None and task.due_on < command.occurred_on:
            raise Refused("a task is due before the notice that gives it")
    return [
        ConclusionNoticeIssued(
            occurred_on=command.occurred_on,
            document_no=command.document_no,
            signed_by=OfficerId(command.signed_by),
            signer_position=command.signer_position,
            tasks=tuple(
                ConclusionTask(number=number, unit=UnitId(task.unit), task=task.task, due_on=task.due_on)
                for number, task in enumerate(command.tasks, start=1)
            ),
        )
    ]


def publish(command: PublishConclusionNotice, meeting: Meeting, _: DecisionContext) -> list[MeetingEvent]:
    """Late is recorded like in time: the days tell."""
    _issued(meeting, command.occurred_on, "published")
    if meeting.published_on is not None:
        raise Refused(f"the conclusion notice was published on {meeting.published_on} already")
    return [ConclusionNoticePublished(occurred_on=command.occurred_on, how=command.how, evidence=command.evidence)]


def complete(command: CompleteConclusionTask, meeting: Meeting, _: DecisionContext) -> list[MeetingEvent]:
    notice = _issued(meeting, command.occurred_on, "carried out")
    if command.number not in {task.number for task in notice.tasks}:
        raise Refused(f"the conclusion notice has no task {command.number}")
    if command.number in meeting.tasks_done:
        raise Refused(f"task {command.number} of the conclusion notice is done already")
    return [
        ConclusionTaskDone(
            occurred_on=command.occurred_on,
            number=command.number,
            result=command.result,
            document_no=command.document_no,
        )
    ]


def _issued(meeting: Meeting, on: date, what: str) -> ConclusionNoticeIssued:
    if meeting.notice is None:
        raise Refused(f"no conclusion notice of this meeting is on record that could be {what}")
    if on < meeting.notice.occurred_on:
        raise Refused(f"the conclusion notice is of {meeting.notice.occurred_on}; it cannot be {what} before")
    return meeting.notice
