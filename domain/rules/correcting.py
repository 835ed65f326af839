"""A recorded event is never edited: a correction says what it should have said, a second person agrees."""

from datetime import date

from domain.commands import ApproveCorrection, ProposeCorrection
from domain.deadlines.deadline import Deadline, recalculated
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import Correction, CorrectionProposed, PetitionEvent, RecordCorrected
from domain.petition import Petition
from domain.rules.guards import somebody_else


def propose(command: ProposeCorrection, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    correction = Correction(
        received_on=command.received_on,
        answered_on=command.answered_on,
        summary=command.summary,
        place=command.place,
        document_no=command.document_no,
        person_count=command.person_count,
    )
    if correction == Correction():
        raise Refused("say what the record should have said")
    if command.version > petition.version:
        raise Refused(f"this petition has no event number {command.version}")
    _dates_are_possible(correction, petition, command.occurred_on, circumstances.today)
    return [
        CorrectionProposed(
            occurred_on=command.occurred_on, version=command.version, correction=correction, why=command.why
        )
    ]


def approve(command: ApproveCorrection, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    asked = petition.correction_asked
    if asked is None or asked.correction is None:
        raise Refused("nobody proposed a correction of this petition")
    somebody_else(asked, circumstances, "approve a correction")
    _dates_are_possible(asked.correction, petition, command.occurred_on, circumstances.today)
    return [
        RecordCorrected(
            occurred_on=command.occurred_on,
            version=asked.version,
            correction=asked.correction,
            why=asked.why,
            proposed_by=asked.by,
            deadlines=_recounted(asked.correction, petition, circumstances),
        )
    ]


def _dates_are_possible(correction: Correction, petition: Petition, corrected_on: date, today: date) -> None:
    received_on = correction.received_on or petition.received_on
    answered_on = correction.answered_on or petition.standing.settled_on
    if received_on > today or (answered_on is not None and answered_on > today):
        raise Refused("a corrected day cannot lie in the future")
    if correction.answered_on is not None and petition.standing.settled_on not in petition.answers[-1:]:
        raise Refused("the petition has no answer whose day could be corrected")
    first_step_on = min(petition.first_step_on or corrected_on, corrected_on)
    if received_on > petition.received_on and first_step_on < received_on:
        raise Refused(f"the receipt would lie after what happened on {first_step_on}")
    if answered_on is not None and answered_on < received_on:
        raise Refused("the answer would lie before the receipt")


def _recounted(correction: Correction, petition: Petition, circumstances: DecisionContext) -> tuple[Deadline, ...]:
    """The running clocks that started on the wrong day of receipt, counted from the right one."""
    received_on = correction.received_on
    if received_on is None:
        return ()
    return tuple(
        recalculated(deadline, circumstances.law.calendar, started_on=received_on)
        for deadline in petition.deadlines.values()
        if deadline.limit is not None and deadline.started_on == petition.received_on
    )
