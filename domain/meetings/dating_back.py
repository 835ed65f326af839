"""Refuses steps of a meeting that are dated back over their limit: no officer alone makes a late one look in time.

It is the rule of petitions (`domain.rules.dating_back`), for what comes before a meeting and what follows it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.errors import Refused
from domain.meetings import commands as c
from domain.meetings.limits import ANNOUNCEMENT_STAGES, CONCLUSION_STAGE, PUBLICATION_STAGE, earliest_due_date
from domain.meetings.meeting import Meeting
from domain.refusals.general import GeneralRefusal
from domain.value import known


def _task_due_on(command: c.CompleteConclusionTask, meeting: Meeting) -> date | None:
    return next((known(task.due_on) for task in meeting.open_tasks if task.number == command.number), None)


DUE_DATES: Mapping[type[c.MeetingCommand], Callable[[Any, Meeting], date | None]] = {
    c.AnnounceMeeting: lambda _, meeting: earliest_due_date(meeting.limits, ANNOUNCEMENT_STAGES),
    c.IssueConclusionNotice: lambda _, meeting: earliest_due_date(meeting.limits, (CONCLUSION_STAGE,)),
    c.PublishConclusionNotice: lambda _, meeting: earliest_due_date(meeting.limits, (PUBLICATION_STAGE,)),
    c.CompleteConclusionTask: _task_due_on,
}
"""The last day in time of each step of a meeting that has one."""


def require_not_dated_back(command: c.MeetingCommand, meeting: Meeting, today: date) -> None:
    """Raise Refused for a step that is dated on or before its last day in time, which lies before today."""
    due_date = DUE_DATES.get(type(command))
    due_on = None if due_date is None else due_date(command, meeting)
    if due_on is not None and command.occurred_on <= due_on < today:
        raise Refused(GeneralRefusal.DATED_BACK_OVER_DUE_DATE, on=command.occurred_on, due_on=due_on)
