"""Refuses acts that are dated back over a due date: no officer alone takes lateness away that everybody could see.

Such an act is recorded with the day on which it is entered, or with any day after the due date. A correction of its day
is then proposed, and a second officer approves it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from domain import status_transitions
from domain.command import Command
from domain.commands import AnswerAtMeeting, ApproveCorrection, ApproveReversal, ExtendDeadline, PetitionCommand
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import PetitionEvent, PetitionPreparedForMeeting
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.refusals.code import RefusalCode
from domain.refusals.general import GeneralRefusal
from domain.rules.petition_rule import OpenCheck
from domain.status import Status

BY_TWO_OFFICERS = frozenset[type[Command]]({ExtendDeadline, ApproveCorrection, ApproveReversal})
"""The commands that grant what another officer asked for. Each may be dated back over a due date."""


def require_no_lateness_taken_back(
    command: PetitionCommand, petition: Petition, facts: Sequence[PetitionEvent], context: DecisionContext
) -> None:
    """Raise Refused for an act of one officer that would end, hold, move or hand over what is overdue, by its date.

    An answer at a meeting passes where another officer recorded by the due date that the meeting was held, and the
    petition was on record there: its day is the meeting's and cannot be chosen.
    """
    on = command.occurred_on
    if on >= context.today or type(command) in BY_TWO_OFFICERS:
        return
    taken_back = dates_taken_back(petition.status, facts, context.today)
    if not taken_back:
        return
    if not isinstance(command, AnswerAtMeeting):
        raise Refused(GeneralRefusal.DATED_BACK_OVER_DUE_DATE, on=on, due_on=max(taken_back))
    due_on = min(taken_back)
    is_on_record = _was_on_record_there(petition, command, due_on, context.history)
    if not is_on_record or not _was_recorded_by_another(context.meeting, due_on, context):
        raise Refused(GeneralRefusal.MEETING_RECORDED_AFTER_DUE_DATE, on=on, due_on=due_on)


def while_nothing_is_overdue(code: RefusalCode) -> OpenCheck:
    """Return the check that no due date has passed. `code` refuses what would take the petition out of the figures."""

    def check(petition: Petition, context: DecisionContext) -> None:
        passed = [due_on for due_on in dates_that_run(petition.status) if due_on < context.today]
        if passed:
            raise Refused(code, due_on=min(passed))

    return check


def dates_taken_back(before: Status, facts: Sequence[PetitionEvent], today: date) -> list[date]:
    """Return the due dates before today whose lateness the facts take away by their days.

    A date counts where it ran before a fact of a day on or before it, and that fact ends it, moves it later, holds it,
    or gives it to somebody else. Facts of one day are one act.
    """
    found: list[date] = []
    if len(facts) == 1 and not _runs_out_between(before, facts[0].occurred_on, today):
        return found  # the usual act: it need not be followed to know that
    for on, of_the_day in groupby(facts, key=lambda fact: fact.occurred_on):
        after = _status_after(before, of_the_day)
        if _runs_out_between(before, on, today):
            found += (due_on for due_on in _dates_moved(before, after) if on <= due_on < today)
        before = after
    return found


def _status_after(status: Status, facts: Iterable[PetitionEvent]) -> Status:
    for fact in facts:
        status = status_transitions.transition(status, fact, 0)  # the place in the history moves no date
    return status


def dates_that_run(status: Status) -> list[date]:
    """Return the due dates of the running clocks that no suspension holds, and of the duties."""
    dates = [due_on for due_on in status.clocks.values() if not _is_held(status, due_on)]
    if status.duties:
        dates += (duty.due_on for duty in status.duties.values())
    return dates


def _runs_out_between(status: Status, on: date, today: date) -> bool:
    """Return True for a date that runs out on the day `on` or later, and before today."""
    if not status.duties and min(status.clocks.values(), default=today) >= today:
        return False  # of most petitions nothing has run out: no more need be asked
    return any(on <= due_on < today for due_on in dates_that_run(status))


def _dates_moved(before: Status, after: Status) -> Iterator[date]:
    """Yield the dates that ran before, and that ended, were moved later or held, or that others have to keep after."""
    is_handed_over = (before.unit, before.officer) != (after.unit, after.officer)
    for clock, due_on in before.clocks.items():
        if _is_held(before, due_on):
            continue
        now_due_on = after.clocks.get(clock)
        if now_due_on is None or now_due_on > due_on or _is_held(after, now_due_on) or is_handed_over:
            yield due_on
    for key, duty in before.duties.items():
        now = after.duties.get(key)
        if now is None or now.due_on > duty.due_on or now.unit != duty.unit:
            yield duty.due_on


def _is_held(status: Status, due_on: date) -> bool:
    return status.suspended_on is not None and due_on >= status.suspended_on


def _was_recorded_by_another(meeting: Meeting | None, due_on: date, context: DecisionContext) -> bool:
    """Return True where somebody else recorded on or before the due date that the meeting was held."""
    held = None if meeting is None else meeting.held_record
    return held is not None and held.recorded_on <= due_on and not held.parties & context.by.parties


def _was_on_record_there(
    petition: Petition, command: AnswerAtMeeting, due_on: date, history: Iterable[EventEnvelope[PetitionEvent]]
) -> bool:
    """Return True where the petition was raised at the meeting, or recorded by the due date as prepared for it."""
    if petition.opening.meeting_id == command.meeting_id:
        return True
    return any(
        isinstance(event.fact, PetitionPreparedForMeeting)
        and event.fact.meeting_id == command.meeting_id
        and event.recorded_on is not None
        and event.recorded_on <= due_on
        for event in history
    )
