"""What happens to the clocks on the way: remind, suspend, resume, extend, set."""

from domain.commands import (
    ExtendDeadline,
    RemindUnit,
    RequestExtension,
    ResumeProcessing,
    SetDeadline,
    SuspendProcessing,
)
from domain.deadlines.deadline import Clock, extended, given, resumed
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
from domain.rules.extension_bounds import require_within_bound
from domain.rules.guards import only_from, only_open, somebody_else
from domain.vocabulary import NO_UNIT, WITH_ITS_UNIT, Stage

TAKEN_UP = WITH_ITS_UNIT | {Stage.ACCEPTED}


def remind(command: RemindUnit, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, WITH_ITS_UNIT, "be urged")
    if petition.standing.unit == NO_UNIT:
        raise Refused("no unit is assigned that could be reminded")
    if command.asked_for_on < command.occurred_on:
        raise Refused("the day asked for lies before the reminder")
    return [
        ReminderIssued(
            occurred_on=command.occurred_on,
            nth=petition.reminders + 1,
            to_unit=petition.standing.unit,
            document_no=command.document_no,
            asked_for_on=command.asked_for_on,
        )
    ]


def suspend(command: SuspendProcessing, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    if petition.standing.is_suspended:
        raise Refused("the petition is suspended already")
    only_from(petition, TAKEN_UP, "be suspended")
    return [
        ProcessingSuspended(occurred_on=command.occurred_on, ground=command.ground, decision_no=command.decision_no)
    ]


def resume(command: ResumeProcessing, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    suspended_on = petition.standing.suspended_on
    if suspended_on is None:
        raise Refused("a petition that is not suspended cannot be resumed")
    if command.occurred_on < suspended_on:
        raise Refused("the suspension cannot end before it began")
    calendar = circumstances.law.calendar
    return [
        ProcessingResumed(
            occurred_on=command.occurred_on,
            decision_no=command.decision_no,
            suspended_on=suspended_on,
            deadlines=tuple(
                resumed(deadline, suspended_on, command.occurred_on, calendar)
                for deadline in petition.deadlines.values()
            ),
        )
    ]


def ask_for_time(command: RequestExtension, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    only_open(petition, "be given more time")
    if petition.standing.is_suspended:
        raise Refused("a suspended petition needs no extension")
    present = petition.deadlines.get(command.clock)
    if present is None:
        raise Refused(f"the petition has no {command.clock} date that could be extended")
    if command.until <= present.due_on:
        raise Refused(f"an extension must end after the present due date {present.due_on}")
    require_within_bound(petition, present, command.until, command.occurred_on, circumstances.law)
    return [
        ExtensionRequested(
            occurred_on=command.occurred_on, clock=command.clock, until=command.until, reason=command.reason
        )
    ]


def extend(command: ExtendDeadline, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """Decided after expiry it is recorded all the same, says so, and moves nothing: the lateness was real."""
    asked = petition.extension_asked
    if asked is None or asked.clock is None or asked.until is None:
        raise Refused("nobody asked for an extension of this petition")
    somebody_else(asked, circumstances, "grant an extension")
    only_open(petition, "be given more time")
    if petition.standing.is_suspended:
        raise Refused("a suspended petition needs no extension")
    present = petition.deadlines.get(asked.clock)
    if present is None:
        raise Refused(f"the petition has no {asked.clock} date that could be extended")
    moved = extended(present, asked.until)
    require_within_bound(petition, present, asked.until, command.occurred_on, circumstances.law)
    was_expired = present.due_on < command.occurred_on
    return [
        DeadlineExtended(
            occurred_on=command.occurred_on,
            clock=asked.clock,
            old_due_on=present.due_on,
            until=asked.until,
            reason=asked.reason,
            decision_no=command.decision_no,
            requested_by=asked.by,
            was_expired=was_expired,
            deadlines=() if was_expired else (moved,),
        )
    ]


def set_date(command: SetDeadline, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_open(petition, "be given a due date")
    if petition.standing.due_on is not None:
        raise Refused("the petition has a due date; ask for an extension instead")
    if command.due_on < command.occurred_on:
        raise Refused("the due date lies before the day on which it is set")
    return [
        DeadlineSet(
            occurred_on=command.occurred_on,
            reason=command.reason,
            deadlines=(given(Clock.HEAD, command.occurred_on, command.due_on),),
        )
    ]
