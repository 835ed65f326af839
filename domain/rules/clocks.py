"""Decides what moves the clocks of a petition: remind, suspend, resume, extend, set."""

from domain.commands import (
    ExtendDeadline,
    RemindUnit,
    RequestExtension,
    ResumeProcessing,
    SetDeadline,
    SuspendProcessing,
)
from domain.deadlines.deadline import Clock, extend_due_date, resume_deadline, start_clock_with_date
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import (
    DeadlineExtended,
    DeadlineSet,
    ExtensionRequested,
    PetitionEvent,
    ProcessingResumed,
    ProcessingSuspended,
    ReminderIssued,
)
from domain.petition import Petition
from domain.rules.extension_bounds import require_extension_within_bound
from domain.rules.guards import require_open, require_other_officer, require_stage
from domain.value import as_said
from domain.vocabulary import NO_UNIT, STAGES_WITH_UNIT, Stage

STAGES_TAKEN_UP = STAGES_WITH_UNIT | {Stage.ACCEPTED}


def remind_unit(command: RemindUnit, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Urge the assigned unit (đôn đốc). The day asked for is not before the reminder."""
    require_stage(petition, STAGES_WITH_UNIT, "be urged")
    if petition.status.unit == NO_UNIT:
        raise Refused("no unit is assigned that could be reminded")
    if command.asked_for_on < command.occurred_on:
        raise Refused("the day asked for lies before the reminder")
    return [
        ReminderIssued(
            occurred_on=command.occurred_on,
            nth=petition.reminders + 1,
            to_unit=petition.status.unit,
            document_no=command.document_no,
            asked_for_on=command.asked_for_on,
        )
    ]


def suspend_processing(command: SuspendProcessing, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Suspend a petition that was taken up."""
    if petition.status.is_suspended:
        raise Refused("the petition is suspended already")
    require_stage(petition, STAGES_TAKEN_UP, "be suspended")
    return [
        ProcessingSuspended(occurred_on=command.occurred_on, ground=command.ground, decision_no=command.decision_no)
    ]


def resume_processing(command: ResumeProcessing, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Resume a suspended petition. Each running clock moves by the suspension."""
    suspended_on = petition.status.suspended_on
    if suspended_on is None:
        raise Refused("a petition that is not suspended cannot be resumed")
    if command.occurred_on < suspended_on:
        raise Refused("the suspension cannot end before it began")
    calendar = context.law.calendar
    return [
        ProcessingResumed(
            occurred_on=command.occurred_on,
            decision_no=command.decision_no,
            suspended_on=suspended_on,
            deadlines=as_said(
                tuple(
                    resume_deadline(deadline, suspended_on, command.occurred_on, calendar)
                    for deadline in petition.deadlines.values()
                )
            ),
        )
    ]


def request_extension(command: RequestExtension, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Ask for an extension of a running clock, within the bound of the law."""
    require_open(petition, "be given more time")
    if petition.status.is_suspended:
        raise Refused("a suspended petition needs no extension")
    present = petition.deadlines.get(command.clock)
    if present is None:
        raise Refused(f"the petition has no {command.clock} date that could be extended")
    if command.until <= present.due_on:
        raise Refused(f"an extension must end after the present due date {present.due_on}")
    require_extension_within_bound(petition, present, command.until, command.occurred_on, context.law)
    return [
        ExtensionRequested(
            occurred_on=command.occurred_on, clock=command.clock, until=command.until, reason=command.reason
        )
    ]


def extend_deadline(command: ExtendDeadline, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Grant the extension that another officer asked for. After expiry it is recorded as such and moves no clock."""
    request = petition.pending_extension
    if request is None or request.clock is None or request.until is None:
        raise Refused("nobody asked for an extension of this petition")
    require_other_officer(request, context, "grant an extension")
    require_open(petition, "be given more time")
    if petition.status.is_suspended:
        raise Refused("a suspended petition needs no extension")
    present = petition.deadlines.get(request.clock)
    if present is None:
        raise Refused(f"the petition has no {request.clock} date that could be extended")
    moved = extend_due_date(present, request.until)
    require_extension_within_bound(petition, present, request.until, command.occurred_on, context.law)
    was_expired = present.due_on < command.occurred_on
    return [
        DeadlineExtended(
            occurred_on=command.occurred_on,
            clock=request.clock,
            old_due_on=present.due_on,
            until=request.until,
            reason=request.reason,
            decision_no=command.decision_no,
            requested_by=request.requested_by,
            was_expired=was_expired,
            deadlines=as_said(() if was_expired else (moved,)),
        )
    ]


def set_deadline(command: SetDeadline, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Set the head's date of a petition that has no due date."""
    require_open(petition, "be given a due date")
    if petition.status.due_on is not None:
        raise Refused("the petition has a due date; ask for an extension instead")
    if command.due_on < command.occurred_on:
        raise Refused("the due date lies before the day on which it is set")
    return [
        DeadlineSet(
            occurred_on=command.occurred_on,
            reason=as_said(command.reason),
            deadlines=as_said((start_clock_with_date(Clock.HEAD, command.occurred_on, command.due_on),)),
        )
    ]
