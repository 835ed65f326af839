"""Decides corrections: an event is never edited; a correction has the right values, and a second person approves it."""

from datetime import date

from domain.commands import ApproveCorrection, ProposeCorrection
from domain.corrections import (
    OPENING_FIELDS,
    OPENING_VERSION,
    corrected_day,
    corrections_asked_for,
    versions_with_corrected_day,
)
from domain.deadlines.deadline import Deadline, recalculate_deadline
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import CorrectionProposed, PetitionEvent, RecordCorrected
from domain.petition import Petition
from domain.rules.guards import require_other_officer
from domain.value import UNSET, as_said

_NO_ANSWER_TO_CORRECT = "the petition has no answer whose day could be corrected"


def propose_correction(command: ProposeCorrection, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Propose a correction of one recorded event."""
    days = (command.received_on, command.answered_on)
    if all(value is None for value in (*days, *(getattr(command, path) for path in OPENING_FIELDS))):
        raise Refused("say what the record should have said")
    if command.version > petition.version:
        raise Refused(f"this petition has no event number {command.version}")
    _require_possible_dates(*days, petition, command.occurred_on, context.today)
    return [
        CorrectionProposed(
            occurred_on=command.occurred_on, corrections=corrections_asked_for(command, petition), why=command.why
        )
    ]


def approve_correction(command: ApproveCorrection, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Approve the correction that another officer proposed, and count its clocks again."""
    request = petition.pending_correction
    if request is None or not request.corrections:
        raise Refused("nobody proposed a correction of this petition")
    require_other_officer(request, context, "approve a correction")
    received_on = corrected_day(request.corrections, OPENING_VERSION)
    answer_version = petition.status.answer_version
    answered_on = None if answer_version is None else corrected_day(request.corrections, answer_version)
    if versions_with_corrected_day(request.corrections) - {OPENING_VERSION, answer_version}:
        raise Refused(_NO_ANSWER_TO_CORRECT)  # another answer has followed since it was proposed
    _require_possible_dates(received_on, answered_on, petition, command.occurred_on, context.today)
    return [
        RecordCorrected(
            occurred_on=command.occurred_on,
            corrections=request.corrections,
            why=request.why,
            proposed_by=request.requested_by,
            deadlines=as_said(_recalculated_deadlines(received_on, petition, context)),
        )
    ]


def _require_possible_dates(
    right_received_on: date | None,
    right_answered_on: date | None,
    petition: Petition,
    corrected_on: date,
    today: date,
) -> None:
    """Raise Refused when a corrected day lies in the future or contradicts the history."""
    received_on = right_received_on or petition.received_on
    answered_on = right_answered_on or petition.status.settled_on
    if received_on > today or (answered_on is not None and answered_on > today):
        raise Refused("a corrected day cannot lie in the future")
    if right_answered_on is not None and petition.status.settled_on not in petition.answers[-1:]:
        raise Refused(_NO_ANSWER_TO_CORRECT)
    first_step_on = min(petition.first_step_on or corrected_on, corrected_on)
    if received_on > petition.received_on and first_step_on < received_on:
        raise Refused(f"the receipt would lie after what happened on {first_step_on}")
    if answered_on is not None and answered_on < received_on:
        raise Refused("the answer would lie before the receipt")


def _recalculated_deadlines(
    received_on: date | None, petition: Petition, context: DecisionContext
) -> tuple[Deadline, ...]:
    """Return the running clocks that started on the wrong day of receipt, counted from the right day."""
    if received_on is None:
        return ()
    return tuple(
        recalculate_deadline(deadline, context.law.calendar, started_on=received_on)
        for deadline in petition.deadlines.values()
        if deadline.limit is not UNSET and deadline.started_on == petition.received_on
    )
