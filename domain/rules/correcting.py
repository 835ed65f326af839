"""Decides corrections: an event is never edited; a correction has the right values, and a second person approves it."""

from collections.abc import Iterator
from datetime import date

from domain.commands import ApproveCorrection, ProposeCorrection
from domain.corrections import (
    CORRECTABLE_FIELDS,
    OPENING_VERSION,
    corrected_day,
    corrected_day_of_receipt,
    corrections_asked_for,
    versions_with_corrected_day,
)
from domain.deadlines.deadline import Deadline, recalculate_deadline
from domain.decision_context import DecisionContext
from domain.duties import FOLLOW_THE_ANSWER, FOLLOW_THE_RECEIPT
from domain.errors import Refused
from domain.events import CorrectionProposed, PetitionEvent, RecordCorrected
from domain.petition import PendingRequest, Petition
from domain.refusals.records import RecordRefusal
from domain.rules.guards import require_other_officer
from domain.rules.petition_rule import open_when
from domain.status_transitions import INTAKE_CLOCKS
from domain.value import UNSET, as_said


@open_when()
def propose_correction(command: ProposeCorrection, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Propose a correction of one recorded event."""
    days = (command.received_on, command.answered_on)
    if all(value is None for value in (*days, *(getattr(command, path) for path in CORRECTABLE_FIELDS))):
        raise Refused(RecordRefusal.NOTHING_TO_CORRECT)
    if command.version > petition.version:
        raise Refused(RecordRefusal.NO_SUCH_EVENT, version=command.version)
    _require_possible_dates(*days, petition, command.occurred_on, context.today)
    return [
        CorrectionProposed(
            occurred_on=command.occurred_on, corrections=corrections_asked_for(command, petition), why=command.why
        )
    ]


def _proposed_correction(petition: Petition) -> PendingRequest:
    """Return the correction that waits for approval. Raise Refused when nobody proposed one."""
    request = petition.pending_correction
    if request is None or not request.corrections:
        raise Refused(RecordRefusal.NOBODY_PROPOSED_CORRECTION)
    return request


def _require_proposal_by_another(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused when nobody proposed a correction, or the deciding officer did (separation of duties)."""
    require_other_officer(_proposed_correction(petition), context, RecordRefusal.OWN_CORRECTION)


def _require_correctable(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused when the proposed days contradict the history. An approval of today contradicts it least."""
    _require_possible_correction(petition, context.today, context.today)


def _require_possible_correction(petition: Petition, corrected_on: date, today: date) -> None:
    """Raise Refused when the proposed correction is impossible on the day of its approval."""
    corrections = _proposed_correction(petition).corrections
    answer_version = petition.status.answer_version
    answered_on = None if answer_version is None else corrected_day(corrections, answer_version)
    if versions_with_corrected_day(corrections) - {OPENING_VERSION, answer_version}:
        raise Refused(RecordRefusal.NO_ANSWER_TO_CORRECT)  # another answer has followed since it was proposed
    received_on = corrected_day_of_receipt(corrections, petition.status)
    _require_possible_dates(received_on, answered_on, petition, corrected_on, today)


@open_when(_require_proposal_by_another, _require_correctable)
def approve_correction(command: ApproveCorrection, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Approve the correction that another officer proposed, and count its clocks again."""
    request = _proposed_correction(petition)
    _require_possible_correction(petition, command.occurred_on, context.today)
    received_on = corrected_day_of_receipt(request.corrections, petition.status)
    answer_version = petition.status.answer_version
    answered_on = None if answer_version is None else corrected_day(request.corrections, answer_version)
    return [
        RecordCorrected(
            occurred_on=command.occurred_on,
            corrections=request.corrections,
            why=request.why,
            proposed_by=request.requested_by,
            deadlines=as_said(
                (
                    *_recalculated_deadlines(received_on, petition, context),
                    *_recalculated_duties(received_on, answered_on, petition, context),
                )
            ),
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
        raise Refused(RecordRefusal.CORRECTED_INTO_FUTURE)
    if right_answered_on is not None and petition.status.settled_on not in petition.answers[-1:]:
        raise Refused(RecordRefusal.NO_ANSWER_TO_CORRECT)
    first_step_on = min(petition.first_step_on or corrected_on, corrected_on)
    if received_on > petition.received_on and first_step_on < received_on:
        raise Refused(RecordRefusal.RECEIPT_AFTER_STEP, on=first_step_on)
    if answered_on is not None and answered_on < received_on:
        raise Refused(RecordRefusal.ANSWER_BEFORE_RECEIPT)


def _recalculated_deadlines(
    received_on: date | None, petition: Petition, context: DecisionContext
) -> tuple[Deadline, ...]:
    """Return the running clocks that count from the receipt, counted from the right day.

    Those of intake do, and the settlement of what was never taken up; one that began by an act on that day stays.
    """
    if received_on is None:
        return ()
    return tuple(
        recalculate_deadline(deadline, context.law.calendar, started_on=received_on)
        for deadline in petition.deadlines.values()
        if deadline.limit is not UNSET
        and deadline.started_on == petition.received_on
        and (deadline.clock in INTAKE_CLOCKS or petition.taken_up_on is None)
    )


def _recalculated_duties(
    received_on: date | None, answered_on: date | None, petition: Petition, context: DecisionContext
) -> Iterator[Deadline]:
    """Yield the duties that started on the wrong day of receipt or of the answer, counted from the right day."""
    for deadline in petition.duties.values():
        if deadline.limit is UNSET:
            continue
        if deadline.clock in FOLLOW_THE_ANSWER and petition.answers[-1:] == (deadline.started_on,):
            started_on = answered_on
        elif deadline.clock in FOLLOW_THE_RECEIPT:
            started_on = received_on
        else:
            started_on = None
        if started_on is not None:
            yield recalculate_deadline(deadline, context.law.calendar, started_on=started_on)
