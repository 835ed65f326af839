"""Who must answer: assign, reassign, start."""

from datetime import date

from domain.commands import AssignPetition, ReassignPetition, StartWork
from domain.deadlines.deadline import Clock, Deadline, dated, given
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import (
    Contribution,
    PetitionAssigned,
    PetitionEvent,
    PetitionReassigned,
    ResponsibilitySucceeded,
    WorkStarted,
)
from domain.meetings.meeting import on_record
from domain.petition import Petition
from domain.rules.guards import only_from, units_in_being
from domain.rules.intake import NEEDS_ACCEPTANCE
from domain.rules.limits import limit_for
from domain.vocabulary import OfficerId, PetitionKind, Stage, UnitId


def assign(command: AssignPetition, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """The five clears are fields of the command. A proposal need not be accepted first; the others must.

    A head's date that was set before and has passed stays: an assignment does not undo the lateness.
    """
    if petition.kind in NEEDS_ACCEPTANCE and petition.stage is Stage.CLASSIFIED:
        raise Refused(f"a {petition.kind} must be accepted before it is assigned")
    only_from(petition, {Stage.CLASSIFIED, Stage.ACCEPTED}, "be assigned")
    units_in_being(circumstances, command.lead_unit, command.coordinating_units)
    if command.due_on < command.occurred_on:
        raise Refused("the due date lies before the assignment")
    _contributions_fit(command)
    _follows_its_meeting(command, circumstances)
    clocks: list[Deadline | None] = []
    present = petition.deadlines.get(Clock.HEAD)
    if present is None or present.due_on >= command.occurred_on:
        clocks.append(given(Clock.HEAD, command.occurred_on, command.due_on))
    if Clock.SETTLEMENT not in petition.standing.clocks and petition.kind is PetitionKind.PROPOSAL_FEEDBACK:
        # the nation sets no limit for the answer to a proposal; where the province does, it starts here
        clocks.append(limit_for(circumstances.law, petition, Clock.SETTLEMENT, command.occurred_on))
    return [
        PetitionAssigned(
            occurred_on=command.occurred_on,
            lead_unit=UnitId(command.lead_unit),
            coordinating_units=tuple(UnitId(unit) for unit in command.coordinating_units),
            responsible_officer=OfficerId(command.responsible_officer),
            responsible_position=command.responsible_position,
            task_summary=command.task_summary,
            expected_output=command.expected_output,
            accountable_head=OfficerId(command.accountable_head),
            notice_no=command.notice_no,
            notice_on=command.notice_on,
            notice_signed_by=None if command.notice_signed_by is None else OfficerId(command.notice_signed_by),
            notice_signer_position=command.notice_signer_position,
            meeting_id=command.meeting_id,
            contributions=tuple(
                Contribution(unit=UnitId(asked.unit), due_on=asked.due_on) for asked in command.contributions
            ),
            deadlines=tuple(deadline for deadline in clocks if deadline is not None),
        )
    ]


def _contributions_fit(command: AssignPetition) -> None:
    """A coordinating unit's date lies within the lead unit's, whose clock alone runs."""
    units = [asked.unit for asked in command.contributions]
    if len(set(units)) != len(units):
        raise Refused("a coordinating unit has two dates")
    if others := sorted(set(units) - set(command.coordinating_units)):
        raise Refused(f"“{others[0]}” has a date and is not named as a coordinating unit")
    for asked in command.contributions:
        if not command.occurred_on <= asked.due_on <= command.due_on:
            raise Refused(f"the date of “{asked.unit}” must lie between the assignment and the lead unit's date")


def _follows_its_meeting(command: AssignPetition, circumstances: DecisionContext) -> None:
    if command.meeting_id is None:
        return
    meeting = on_record(circumstances.meeting)
    if meeting.held_on is None:
        raise Refused("a notice follows a meeting that was held; this one is not on record as held")
    if command.occurred_on < meeting.held_on:
        raise Refused(f"the meeting was held on {meeting.held_on}; nothing was assigned by it before")


def reassign(command: ReassignPetition, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """No clock restarts; the head's own date moves only when the head says so, never once it has passed."""
    only_from(petition, {Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.SUSPENDED}, "be reassigned")
    if petition.standing.stage_before_suspension is Stage.ACCEPTED:
        raise Refused("a petition that was suspended before it was assigned cannot be reassigned")
    units_in_being(circumstances, command.lead_unit, command.coordinating_units)
    if (command.lead_unit, command.responsible_officer) == (
        petition.standing.unit,
        petition.standing.officer,
    ):
        raise Refused("the petition lies with that officer of that unit already")
    clocks: tuple[Deadline, ...] = ()
    if command.new_head_due_on is not None:
        if command.new_head_due_on < command.occurred_on:
            raise Refused("the new due date lies before the reassignment")
        present = petition.deadlines.get(Clock.HEAD)
        if present is not None and present.due_on < command.occurred_on:
            raise Refused("the head's date has passed; a reassignment does not undo the lateness")
        clocks = (
            given(Clock.HEAD, command.occurred_on, command.new_head_due_on)
            if present is None
            else dated(present, command.new_head_due_on),
        )
    return [
        PetitionReassigned(
            occurred_on=command.occurred_on,
            from_unit=petition.standing.unit,
            lead_unit=UnitId(command.lead_unit),
            coordinating_units=tuple(UnitId(unit) for unit in command.coordinating_units),
            responsible_officer=OfficerId(command.responsible_officer),
            responsible_position=command.responsible_position,
            reason=command.reason,
            notice_no=command.notice_no,
            deadlines=clocks,
        )
    ]


def start(command: StartWork, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.ASSIGNED}, "be started")
    if circumstances.by.unit != petition.standing.unit:
        raise Refused(f"only the assigned unit “{petition.standing.unit}” can start the work")
    return [WorkStarted(occurred_on=command.occurred_on)]


def with_present_owner(petition: Petition, circumstances: DecisionContext, on: date) -> list[PetitionEvent]:
    """What a petition that is open again needs: the unit that had it may have been succeeded while it was settled.

    No reorganisation handed it over then. It goes to the main successor.
    """
    standing, units = petition.standing, circumstances.units
    successor = units.present_successor(standing.unit, on)
    if successor == standing.unit:
        return []
    succeeded = units.named(standing.unit).succeeded
    return [
        ResponsibilitySucceeded(
            occurred_on=on,
            from_unit=standing.unit,
            to_unit=successor,
            coordinating_units=tuple(unit for unit in standing.coordinating if unit != successor),
            instrument="" if succeeded is None else succeeded.instrument,
            reorganisation_id=None if succeeded is None else succeeded.reorganisation_id,
        )
    ]
