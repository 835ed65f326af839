"""Decides corrections: an event is never edited; a correction has the right values, and a second person approves it."""

from datetime import date

from domain.commands import ApproveCorrection, ProposeCorrection
from domain.deadlines.deadline import Deadline, recalculate_deadline
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import Correction, CorrectionProposed, PetitionEvent, RecordCorrected
from domain.petition import Petition
from domain.rules.guards import require_other_officer
from domain.value import UNSET, as_said, known, said


def propose_correction(command: ProposeCorrection, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Propose a correction of one recorded event."""
    correction = Correction(
        received_on=as_said(command.received_on),
        answered_on=as_said(command.answered_on),
        summary=as_said(command.summary),
        place=as_said(command.place),
        document_no=as_said(command.document_no),
        person_count=as_said(command.person_count),
    )
    if correction == Correction():
        raise Refused("say what the record should have said")
    if command.version > petition.version:
        raise Refused(f"this petition has no event number {command.version}")
    _require_possible_dates(correction, petition, command.occurred_on, context.today)
    return [
        CorrectionProposed(
            occurred_on=command.occurred_on, version=command.version, correction=correction, why=command.why
        )
    ]


def approve_correction(command: ApproveCorrection, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Approve the correction that another officer proposed, and count its clocks again."""
    request = petition.pending_correction
    if request is None or request.correction is None:
        raise Refused("nobody proposed a correction of this petition")
    require_other_officer(request, context, "approve a correction")
    _require_possible_dates(request.correction, petition, command.occurred_on, context.today)
    return [
        RecordCorrected(
            occurred_on=command.occurred_on,
            version=request.version,
            correction=request.correction,
            why=request.why,
            proposed_by=request.requested_by,
            deadlines=as_said(_recalculated_deadlines(request.correction, petition, context)),
        )
    ]


def _require_possible_dates(correction: Correction, petition: Petition, corrected_on: date, today: date) -> None:
    """Raise Refused when a corrected day lies in the future or contradicts the history."""
    received_on = said(correction.received_on, petition.received_on)
    answered_on = said(correction.answered_on, petition.status.settled_on)
    if received_on > today or (answered_on is not None and answered_on > today):
        raise Refused("a corrected day cannot lie in the future")
    if correction.answered_on is not UNSET and petition.status.settled_on not in petition.answers[-1:]:
        raise Refused("the petition has no answer whose day could be corrected")
    first_step_on = min(petition.first_step_on or corrected_on, corrected_on)
    if received_on > petition.received_on and first_step_on < received_on:
        raise Refused(f"the receipt would lie after what happened on {first_step_on}")
    if answered_on is not None and answered_on < received_on:
        raise Refused("the answer would lie before the receipt")


def _recalculated_deadlines(
    correction: Correction, petition: Petition, context: DecisionContext
) -> tuple[Deadline, ...]:
    """Return the running clocks that started on the wrong day of receipt, counted from the right day."""
    received_on = known(correction.received_on)
    if received_on is None:
        return ()
    return tuple(
        recalculate_deadline(deadline, context.law.calendar, started_on=received_on)
        for deadline in petition.deadlines.values()
        if deadline.limit is not UNSET and deadline.started_on == petition.received_on
    )
