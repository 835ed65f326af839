"""Decides which unit must answer: assign, reassign, start, succeed."""

from datetime import date

from domain.commands import AssignPetition, ReassignPetition, StartWork
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, set_due_date, start_clock_with_date
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import (
    Contribution,
    PetitionAssigned,
    PetitionEvent,
    PetitionReassigned,
    ResponsibilitySucceeded,
    WorkStarted,
    official,
)
from domain.meetings.meeting import require_on_record
from domain.petition import Petition
from domain.refusals.assignment import AssignmentRefusal
from domain.rules.contributions import contribution_clocks, require_lawful_contributions
from domain.rules.guards import require_active_units
from domain.rules.intake_clocks import KINDS_NEEDING_ACCEPTANCE
from domain.rules.limits import deadline_for
from domain.rules.petition_rule import at_stages, open_when
from domain.value import as_said
from domain.vocabulary import PetitionKind, Stage, UnitId

# words of enumerations are slow to name
_HEAD, _SETTLEMENT = Clock.HEAD, Clock.SETTLEMENT
_PROPOSAL, _CLASSIFIED = PetitionKind.PROPOSAL_FEEDBACK, Stage.CLASSIFIED


def _require_acceptance_before(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused for a complaint or a denunciation that is classified and not accepted yet."""
    if petition.kind in KINDS_NEEDING_ACCEPTANCE and petition.stage is _CLASSIFIED:
        raise Refused(AssignmentRefusal.MUST_BE_ACCEPTED_FIRST, kind=petition.kind)


@open_when(
    _require_acceptance_before,
    at_stages({Stage.CLASSIFIED, Stage.ACCEPTED}, AssignmentRefusal.CANNOT_ASSIGN),
)
def assign_to_unit(command: AssignPetition, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Assign the petition. A proposal need not be accepted first; a complaint and a denunciation must be.

    The five clears (năm rõ) are fields of the command. A head's date that was set before and has passed stays: an
    assignment does not undo lateness.
    """
    require_active_units(context, command.lead_unit, command.coordinating_units, command.occurred_on)
    if command.due_on < command.occurred_on:
        raise Refused(AssignmentRefusal.DUE_BEFORE_ASSIGNMENT)
    require_lawful_contributions(command.contributions, command.coordinating_units, command.occurred_on, command.due_on)
    _require_held_meeting(command, context)
    if command.notice_signer_position and command.notice_signed_by is None:
        raise Refused(AssignmentRefusal.SIGNER_WITHOUT_NAME)
    clocks: list[Deadline | None] = []
    present = petition.deadlines.get(_HEAD)
    if present is None or present.due_on >= command.occurred_on:
        clocks.append(start_clock_with_date(_HEAD, command.occurred_on, command.due_on))
    if _SETTLEMENT not in petition.status.clocks and petition.kind is _PROPOSAL:
        # the nation sets no limit for the answer to a proposal; where the province does, it starts here
        clocks.append(deadline_for(context.law, petition, _SETTLEMENT, command.occurred_on))
    return [
        PetitionAssigned(
            occurred_on=command.occurred_on,
            lead_unit=UnitId(command.lead_unit),
            coordinating_units=as_said(tuple(map(UnitId, command.coordinating_units))),
            responsible=official(command.responsible_officer, command.responsible_position),
            task_summary=as_said(command.task_summary),
            expected_output=as_said(command.expected_output),
            accountable_head=official(command.accountable_head),
            notice_no=as_said(command.notice_no),
            notice_on=as_said(command.notice_on),
            notice_signed_by=official(command.notice_signed_by, command.notice_signer_position),
            meeting_id=as_said(command.meeting_id),
            contributions=as_said(_contributions_of(command)),
            deadlines=as_said(
                (
                    *(deadline for deadline in clocks if deadline is not None),
                    *contribution_clocks(command.contributions, command.occurred_on),
                )
            ),
        )
    ]


def _contributions_of(command: AssignPetition) -> tuple[Contribution, ...]:
    if not command.contributions:
        return ()
    return tuple(Contribution(unit=UnitId(part.unit), due_on=part.due_on) for part in command.contributions)


def _require_held_meeting(command: AssignPetition, context: DecisionContext) -> None:
    """Raise Refused when the named meeting is not on record as held, or was held after the assignment."""
    if command.meeting_id is None:
        return
    meeting = require_on_record(context.meeting)
    if meeting.held_on is None:
        raise Refused(AssignmentRefusal.NOTICE_OF_MEETING_NOT_HELD)
    if command.occurred_on < meeting.held_on:
        raise Refused(AssignmentRefusal.ASSIGNED_BEFORE_MEETING, held_on=meeting.held_on)


def _require_assigned_before_suspension(petition: Petition, _: DecisionContext) -> None:
    if petition.status.stage_before_suspension is Stage.ACCEPTED:
        raise Refused(AssignmentRefusal.SUSPENDED_BEFORE_ASSIGNMENT)


@open_when(
    at_stages({Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.SUSPENDED}, AssignmentRefusal.CANNOT_REASSIGN),
    _require_assigned_before_suspension,
)
def reassign_petition(command: ReassignPetition, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Give the petition to another unit or officer. No clock restarts.

    The head's own date moves only when the head says so, and never once it has passed.
    """
    require_active_units(context, command.lead_unit, command.coordinating_units, command.occurred_on)
    if (command.lead_unit, command.responsible_officer) == (
        petition.status.unit,
        petition.status.officer,
    ):
        raise Refused(AssignmentRefusal.LIES_THERE_ALREADY)
    clocks: tuple[Deadline, ...] = ()
    heads_date = None if (present := petition.deadlines.get(Clock.HEAD)) is None else present.due_on
    require_lawful_contributions(
        command.contributions, command.coordinating_units, command.occurred_on, command.new_head_due_on or heads_date
    )
    if command.new_head_due_on is not None:
        if command.new_head_due_on < command.occurred_on:
            raise Refused(AssignmentRefusal.NEW_DATE_BEFORE_REASSIGNMENT)
        if present is not None and present.due_on < command.occurred_on:
            raise Refused(AssignmentRefusal.HEADS_DATE_HAS_PASSED)
        clocks = (
            start_clock_with_date(Clock.HEAD, command.occurred_on, command.new_head_due_on)
            if present is None
            else set_due_date(present, command.new_head_due_on),
        )
    return [
        PetitionReassigned(
            occurred_on=command.occurred_on,
            from_unit=as_said(petition.status.unit),
            lead_unit=UnitId(command.lead_unit),
            coordinating_units=tuple(UnitId(unit) for unit in command.coordinating_units),
            responsible=official(command.responsible_officer, command.responsible_position),
            reason=as_said(command.reason),
            notice_no=as_said(command.notice_no),
            deadlines=as_said((*clocks, *contribution_clocks(command.contributions, command.occurred_on))),
        )
    ]


def _require_own_unit(petition: Petition, context: DecisionContext) -> None:
    if context.by.unit != petition.status.unit:
        raise Refused(AssignmentRefusal.NOT_THE_ASSIGNED_UNIT, unit=petition.status.unit)


@open_when(at_stages({Stage.ASSIGNED}, AssignmentRefusal.CANNOT_START_WORK), _require_own_unit)
def start_work(command: StartWork, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Start the work of the assigned unit."""
    return [WorkStarted(occurred_on=command.occurred_on)]


def succession_to_present_unit(petition: Petition, context: DecisionContext, on: date) -> list[PetitionEvent]:
    """Return the succession of a petition that is open again, when another unit succeeded its unit meanwhile.

    No reorganisation handed the petition over while it was settled. It goes to the main successor.
    """
    status, units = petition.status, context.units
    successor = units.present_successor(status.unit, on)
    if successor == status.unit:
        return []
    succeeded = units.require_known(status.unit).succeeded
    return [
        ResponsibilitySucceeded(
            occurred_on=on,
            from_unit=status.unit,
            to_unit=successor,
            coordinating_units=tuple(unit for unit in status.coordinating if unit != successor),
            instrument=as_said(None if succeeded is None else succeeded.instrument),
            reorganisation_id=as_said(None if succeeded is None else succeeded.reorganisation_id),
        )
    ]
