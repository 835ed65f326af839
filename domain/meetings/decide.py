"""Which command on a meeting is allowed when, and which rule answers."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.decision_context import DecisionContext
from domain.errors import Refused, not_in_future
from domain.meetings import commands as c
from domain.meetings import concluding, holding, planning
from domain.meetings.events import MeetingEvent
from domain.meetings.meeting import Meeting, on_record

# Of a meeting that is on record; a plan or a record of a meeting that was held comes before them all.
RULES: Mapping[type[c.MeetingChange], Callable[[Any, Meeting, DecisionContext], list[MeetingEvent]]] = {
    c.AnnounceMeeting: planning.announce,
    c.MoveMeeting: planning.move,
    c.CancelMeeting: planning.cancel,
    c.HoldMeeting: holding.hold,
    c.EnterMinutes: holding.enter_minutes,
    c.IssueConclusionNotice: concluding.issue,
    c.PublishConclusionNotice: concluding.publish,
    c.CompleteConclusionTask: concluding.complete,
}


def decide(command: c.MeetingCommand, meeting: Meeting | None, circumstances: DecisionContext) -> list[MeetingEvent]:
    """The facts that follow from the command; `Refused` when a rule does not allow it."""
    not_in_future(command.occurred_on, circumstances.today)
    match command:
        case c.RecordMeeting() | c.PlanMeeting() if meeting is not None:
            raise Refused("this meeting is on record already")
        case c.RecordMeeting():
            return holding.record(command, circumstances)
        case c.PlanMeeting():
            return planning.plan(command, circumstances)
        case _:
            return RULES[type(command)](command, on_record(meeting), circumstances)
