"""Decides which commands on a meeting are allowed, by one rule for each command, and names who may send it.

Both interfaces, HTTP and the command line, call `decide_meeting`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from domain.actor import Role
from domain.command import Command, CommandRow, DecidedT
from domain.correcting.doubted import corrected_facts_of_meeting
from domain.decision_context import DecisionContext
from domain.doubt_inputs import Known
from domain.doubts import require_confirmed
from domain.errors import Refused, require_not_in_future
from domain.meetings import commands as c
from domain.meetings import concluding, holding, planning, putting_right, task_alerts
from domain.meetings.dating_back import require_not_dated_back
from domain.meetings.events import MeetingEvent
from domain.meetings.meeting import Meeting, require_on_record
from domain.refusals.meetings import MeetingRefusal

_R = Role
EntryRule = Callable[[DecidedT, DecisionContext], list[MeetingEvent]]
MeetingRule = Callable[[DecidedT, Meeting, DecisionContext], list[MeetingEvent]]


def _entry(
    command: type[DecidedT], rule: EntryRule[DecidedT], *roles: Role
) -> tuple[type[Command], CommandRow[EntryRule[Any]]]:
    return command, CommandRow(rule, frozenset(roles))


def _row(
    command: type[DecidedT], rule: MeetingRule[DecidedT], *roles: Role
) -> tuple[type[Command], CommandRow[MeetingRule[Any]]]:
    return command, CommandRow(rule, frozenset(roles))


MEETING_ENTRIES: Mapping[type[Command], CommandRow[EntryRule[Any]]] = dict(
    (
        _entry(c.RecordMeeting, holding.enter_held_meeting, _R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP),
        _entry(c.PlanMeeting, planning.enter_meeting_plan, _R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP),
    )
)
"""The commands that open a meeting: the rule that decides the command, and the roles that may send it."""

MEETING_CHANGES: Mapping[type[Command], CommandRow[MeetingRule[Any]]] = dict(
    (
        _row(c.AnnounceMeeting, planning.announce_meeting, _R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP),
        _row(c.MoveMeeting, planning.move_meeting, _R.HEAD),
        _row(c.CancelMeeting, planning.cancel_meeting, _R.HEAD),
        _row(c.HoldMeeting, holding.hold_meeting, _R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP),
        _row(c.EnterMinutes, holding.enter_minutes, _R.RECEIVER, _R.HEAD, _R.OFFICER, _R.FOLLOW_UP),
        _row(c.IssueConclusionNotice, concluding.issue_conclusion_notice, _R.HEAD),
        _row(c.PublishConclusionNotice, concluding.publish_conclusion_notice, _R.RECEIVER, _R.HEAD, _R.FOLLOW_UP),
        _row(c.CompleteConclusionTask, concluding.complete_conclusion_task, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
        _row(c.ProposeMeetingCorrection, putting_right.propose_meeting_correction, _R.CORRECTOR),
        _row(c.ApproveMeetingCorrection, putting_right.approve_meeting_correction, _R.APPROVER, _R.HEAD),
        _row(c.ProposeMeetingWithdrawal, putting_right.propose_meeting_withdrawal, _R.CORRECTOR),
        _row(c.ApproveMeetingWithdrawal, putting_right.approve_meeting_withdrawal, _R.APPROVER, _R.HEAD),
        _row(c.AcknowledgeTaskAlert, task_alerts.acknowledge_task_alert, _R.OFFICER, _R.FOLLOW_UP, _R.HEAD),
    )
)
"""The commands on a meeting that is on record, in the same form."""


def decide_meeting(command: c.MeetingCommand, meeting: Meeting | None, context: DecisionContext) -> list[MeetingEvent]:
    """Return the events that follow from the command. Raise Refused if a rule does not allow the command."""
    require_not_in_future(command.occurred_on, context.today)
    if (entry := MEETING_ENTRIES.get(type(command))) is None:
        meeting = require_on_record(meeting)
        facts = MEETING_CHANGES[type(command)].rule(command, meeting, context)
        require_not_dated_back(command, meeting, context.today)
    elif meeting is not None:
        raise Refused(MeetingRefusal.MEETING_ON_RECORD_ALREADY)
    else:
        facts = entry.rule(command, context)
    neighbours = context.neighbours
    corrected = corrected_facts_of_meeting(facts, neighbours.facts)
    require_confirmed(
        command,
        Known(context.units, context.today, meeting=meeting, same_day=neighbours.same_day, corrected=corrected),
    )
    return facts
