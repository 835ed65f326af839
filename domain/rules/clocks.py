"""Decides what moves the clocks of a petition: remind, suspend, resume, extend, set."""

from datetime import date
from typing import NamedTuple

from domain.commands import (
    ExtendDeadline,
    RemindUnit,
    RequestExtension,
    ResumeProcessing,
    SetDeadline,
    SuspendProcessing,
)
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, extend_due_date, resume_deadline, start_clock_with_date
from domain.decision_context import DecisionContext
from domain.endings.words import PetitionEnding
from domain.errors import Refused
from domain.events import (
    DeadlineExtended,
    DeadlineSet,
    ExtensionRequested,
    PetitionEvent,
    ProcessingResumed,
    ProcessingSuspended,
    ReminderIssued,
    ReminderProposed,
)
from domain.petition import PendingRequest, Petition
from domain.refusals.clocks import ClockRefusal
from domain.rules.endings import lawful_when
from domain.rules.extension_bounds import require_extension_within_bound, require_on_some_day, require_room_to_extend
from domain.rules.guards import require_other_officer
from domain.rules.petition_rule import at_stages, open_when, while_open
from domain.value import as_said
from domain.vocabulary import NO_UNIT, STAGES_WITH_UNIT, Stage

STAGES_TAKEN_UP = STAGES_WITH_UNIT | {Stage.ACCEPTED}


def _require_named_unit(petition: Petition, _: DecisionContext) -> None:
    if petition.status.unit == NO_UNIT:
        raise Refused(ClockRefusal.NO_UNIT_TO_REMIND)


@open_when(at_stages(STAGES_WITH_UNIT, ClockRefusal.CANNOT_REMIND), _require_named_unit)
def remind_unit(command: RemindUnit, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Urge the assigned unit (đôn đốc) by a document, which answers the ladder's proposal, if there was one.

    The day asked for is not before the reminder.
    """
    if command.asked_for_on < command.occurred_on:
        raise Refused(ClockRefusal.ASKED_FOR_BEFORE_REMINDER)
    return [
        ReminderIssued(
            occurred_on=command.occurred_on,
            to_unit=petition.status.unit,
            document_no=command.document_no,
            asked_for_on=command.asked_for_on,
        )
    ]


def propose_reminder(
    asked_for_on: date, rule: str, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Propose to urge the assigned unit, by the ladder's row `rule`.

    Nothing is proposed while a proposal waits for an officer, or while a unit that was urged still has time.
    """
    remind_unit.require_open(petition, context)
    status, today = petition.status, context.today
    has_time = status.asked_for_on is not None and today <= status.asked_for_on
    if has_time or status.reminder_proposed_on is not None:
        return []
    return [ReminderProposed(occurred_on=today, to_unit=status.unit, asked_for_on=asked_for_on, rule=rule)]


def _require_running(petition: Petition, _: DecisionContext) -> None:
    if petition.status.is_suspended:
        raise Refused(ClockRefusal.SUSPENDED_ALREADY)


@lawful_when(PetitionEnding.SUSPENSION, ClockRefusal.CANNOT_SUSPEND, first=_require_running)
def suspend_processing(command: SuspendProcessing, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Suspend a petition that was taken up (tạm đình chỉ; of a proposal: tạm dừng)."""
    return [
        ProcessingSuspended(occurred_on=command.occurred_on, ground=command.ground, decision_no=command.decision_no)
    ]


def _suspended_on(petition: Petition) -> date:
    """Return the day of the suspension. Raise Refused for a petition that is not suspended."""
    if petition.status.suspended_on is None:
        raise Refused(ClockRefusal.NOT_SUSPENDED)
    return petition.status.suspended_on


def _require_suspended(petition: Petition, _: DecisionContext) -> None:
    _suspended_on(petition)


@open_when(_require_suspended)
def resume_processing(command: ResumeProcessing, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Resume a suspended petition. Each running clock moves by the suspension."""
    suspended_on = _suspended_on(petition)
    if command.occurred_on < suspended_on:
        raise Refused(ClockRefusal.RESUMED_BEFORE_SUSPENSION, suspended_on=suspended_on)
    calendar = context.law.calendar
    return [
        ProcessingResumed(
            occurred_on=command.occurred_on,
            document_no=command.document_no,
            suspended_on=suspended_on,
            deadlines=as_said(
                tuple(
                    resume_deadline(deadline, suspended_on, command.occurred_on, calendar)
                    for deadline in petition.deadlines.values()
                )
            ),
        )
    ]


def _require_not_suspended(petition: Petition, _: DecisionContext) -> None:
    if petition.status.is_suspended:
        raise Refused(ClockRefusal.SUSPENDED_NEEDS_NO_EXTENSION)


def _require_extendable_date(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused unless one of the running clocks may be extended, as its rule was on some day until today."""
    refusal = Refused(ClockRefusal.NO_DATE_TO_EXTEND)
    for present in petition.deadlines.values():
        try:
            require_room_to_extend(petition, present, context.today, context.law)
        except Refused as of_this_clock:
            refusal = of_this_clock
        else:
            return
    raise refusal


@open_when(while_open(ClockRefusal.CANNOT_BE_GIVEN_MORE_TIME), _require_not_suspended, _require_extendable_date)
def request_extension(command: RequestExtension, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Ask for an extension of a running clock, within the bound of the law."""
    present = petition.deadlines.get(command.clock)
    if present is None:
        raise Refused(ClockRefusal.NO_SUCH_DATE_TO_EXTEND, clock=command.clock)
    if command.until <= present.due_on:
        raise Refused(ClockRefusal.EXTENSION_NOT_AFTER_DUE_DATE, due_on=present.due_on)
    require_extension_within_bound(petition, present, command.until, command.occurred_on, context.law)
    return [
        ExtensionRequested(
            occurred_on=command.occurred_on, clock=command.clock, until=command.until, reason=command.reason
        )
    ]


class _AskedExtension(NamedTuple):
    """Holds a request for an extension, the clock that it is for as it runs now, and as it would run."""

    request: PendingRequest
    present: Deadline
    moved: Deadline
    until: date


def _asked_extension(petition: Petition) -> _AskedExtension:
    """Return the extension that was asked for. Raise Refused when nobody asked, or its clock allows none any more."""
    request = petition.pending_extension
    if request is None or request.clock is None or request.until is None:
        raise Refused(ClockRefusal.NOBODY_ASKED_FOR_EXTENSION)
    present = petition.deadlines.get(request.clock)
    if present is None:
        raise Refused(ClockRefusal.NO_SUCH_DATE_TO_EXTEND, clock=request.clock)
    return _AskedExtension(request, present, extend_due_date(present, request.until), request.until)


def _require_request_by_another(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused when nobody asked for an extension, or the deciding officer did (separation of duties)."""
    if petition.pending_extension is None:
        raise Refused(ClockRefusal.NOBODY_ASKED_FOR_EXTENSION)
    require_other_officer(petition.pending_extension, context, ClockRefusal.OWN_EXTENSION)


def _require_grantable(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused unless the request could be granted on some day until today."""
    asked = _asked_extension(petition)
    require_on_some_day(
        lambda on: require_extension_within_bound(petition, asked.present, asked.until, on, context.law),
        petition,
        context.today,
        context.law,
    )


@open_when(
    _require_request_by_another,
    while_open(ClockRefusal.CANNOT_BE_GIVEN_MORE_TIME),
    _require_not_suspended,
    _require_grantable,
)
def extend_deadline(command: ExtendDeadline, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Grant the extension that another officer asked for. After expiry it is recorded as such and moves no clock."""
    request, present, moved, until = _asked_extension(petition)
    require_extension_within_bound(petition, present, until, command.occurred_on, context.law)
    was_expired = present.due_on < command.occurred_on
    return [
        DeadlineExtended(
            occurred_on=command.occurred_on,
            clock=present.clock,
            old_due_on=present.due_on,
            until=until,
            reason=request.reason,
            decision_no=command.decision_no,
            requested_by=request.requested_by,
            was_expired=was_expired,
            deadlines=as_said(() if was_expired else (moved,)),
        )
    ]


def _require_no_due_date(petition: Petition, _: DecisionContext) -> None:
    if petition.status.due_on is not None:
        raise Refused(ClockRefusal.HAS_DUE_DATE)


@open_when(while_open(ClockRefusal.CANNOT_SET_DATE), _require_no_due_date)
def set_deadline(command: SetDeadline, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Set the head's date of a petition that has no due date."""
    if command.due_on < command.occurred_on:
        raise Refused(ClockRefusal.DUE_BEFORE_SETTING)
    return [
        DeadlineSet(
            occurred_on=command.occurred_on,
            reason=as_said(command.reason),
            deadlines=as_said((start_clock_with_date(Clock.HEAD, command.occurred_on, command.due_on),)),
        )
    ]
