"""Decides which commands on a meeting are allowed, by one rule for each command.

Both interfaces, HTTP and the command line, call `decide_meeting`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.decision_context import DecisionContext
from domain.errors import Refused, require_not_in_future
from domain.meetings import commands as c
from domain.meetings import concluding, holding, planning
from domain.meetings.events import MeetingEvent
from domain.meetings.meeting import Meeting, require_on_record
from domain.refusals.meetings import MeetingRefusal

# The commands on a meeting that is on record. Planning a meeting, or entering one that was held, comes first.
MEETING_RULES: Mapping[type[c.MeetingChange], Callable[[Any, Meeting, DecisionContext], list[MeetingEvent]]] = {
    c.AnnounceMeeting: planning.announce_meeting,
    c.MoveMeeting: planning.move_meeting,
    c.CancelMeeting: planning.cancel_meeting,
    c.HoldMeeting: holding.hold_meeting,
    c.EnterMinutes: holding.enter_minutes,
    c.IssueConclusionNotice: concluding.issue_conclusion_notice,
    c.PublishConclusionNotice: concluding.publish_conclusion_notice,
    c.CompleteConclusionTask: concluding.complete_conclusion_task,
}
"""The rule of each command on a meeting that is on record. Planning or entering a meeting comes before them."""


def decide_meeting(command: c.MeetingCommand, meeting: Meeting | None, context: DecisionContext) -> list[MeetingEvent]:
    """Return the events that follow from the command. Raise Refused if a rule does not allow the command."""
    require_not_in_future(command.occurred_on, context.today)
    match command:
        case c.RecordMeeting() | c.PlanMeeting() if meeting is not None:
            raise Refused(MeetingRefusal.MEETING_ON_RECORD_ALREADY)
        case c.RecordMeeting():
            return holding.enter_held_meeting(command, context)
        case c.PlanMeeting():
            return planning.enter_meeting_plan(command, context)
        case _:
            return MEETING_RULES[type(command)](command, require_on_record(meeting), context)
