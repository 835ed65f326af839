"""Finds what a reorganisation changes in one petition, and the list of petitions that two officers look at.

The successor owes the answer; no clock restarts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.deadlines.ledger import Ledger, fold_ledger
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent, ResponsibilitySucceeded
from domain.evolve import fold
from domain.petition import Petition
from domain.reorganisations.plan import ReorganisationPlan
from domain.value import as_said
from domain.vocabulary import ReorganisationId, UnitId

PetitionHistory = Sequence[EventEnvelope[PetitionEvent]]


class ChosenBy(StrEnum):
    """Names the reason why this unit succeeds."""

    PLACE = "place"  # of the petition
    MAIN = "main"  # the main successor, or the only one
    COORDINATING = "coordinating"  # the lead unit stays; a coordinating one is succeeded


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Holds one petition that is handed over. `due_on` is the earliest of its clocks.

    Overdue or not is judged on the day of the review.
    """

    petition_id: UUID
    reference: str | None
    from_unit: UnitId
    to_unit: UnitId
    chosen_by: ChosenBy
    due_on: date | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ReorganisationReview:
    """Holds a dry run on the day `on`: every open petition that would be handed over, with its future owner."""

    on: date
    plan: ReorganisationPlan
    open_petitions: int
    petitions: tuple[HandedOver, ...]

    @property
    def overdue(self) -> int:
        """Return the number of these petitions that are overdue on the day of the review."""
        return sum(one.is_overdue for one in self.petitions)


def handover_event(
    history: PetitionHistory, plan: ReorganisationPlan, reorganisation_id: ReorganisationId | None
) -> tuple[ResponsibilitySucceeded, ChosenBy] | None:
    """Return the event that the plan brings about in one petition; None if that is not open, or lies with other units.

    A petition that no unit is named for lies with the unit that received it.
    """
    petition = fold(history)
    return None if petition is None else _decide_handover(petition, history, plan, reorganisation_id)


def review_handover(history: PetitionHistory, plan: ReorganisationPlan, on: date) -> HandedOver | None:
    """Return the petition of the history as the review lists it; None if it is not handed over.

    Overdue or not is judged on the day `on`.
    """
    petition = fold(history)
    found = None if petition is None else _decide_handover(petition, history, plan, None)
    if petition is None or found is None:
        return None
    fact, chosen_by = found
    return HandedOver(
        petition_id=petition.petition_id,
        reference=petition.reference,
        from_unit=fact.from_unit,
        to_unit=fact.to_unit,
        chosen_by=chosen_by,
        due_on=petition.status.due_on,
        is_overdue=petition.is_past_limit(on),
    )


def _decide_handover(
    petition: Petition, history: PetitionHistory, plan: ReorganisationPlan, reorganisation_id: ReorganisationId | None
) -> tuple[ResponsibilitySucceeded, ChosenBy] | None:
    """Return the event and the reason of its choice; None if the plan does not concern the petition."""
    if not petition.stage.is_open:
        return None
    ledger = fold_ledger(history)
    place, holder = petition.opening.place, ledger.holder.unit
    move = plan.moves.get(holder)
    successor, is_by_place = (holder, False) if move is None else move.successor(place)
    coordinating = _coordinating_successors(petition, plan, place, successor)
    if move is None and coordinating == petition.status.coordinating:
        return None
    chosen_by = ChosenBy.COORDINATING if move is None else ChosenBy.PLACE if is_by_place else ChosenBy.MAIN
    fact = ResponsibilitySucceeded(
        occurred_on=max(plan.on, petition.received_on, _held_since(ledger, petition.received_on)),
        from_unit=holder,
        to_unit=successor,
        coordinating_units=as_said(coordinating),
        instrument=plan.instrument,
        reorganisation_id=as_said(reorganisation_id),
    )
    return fact, chosen_by


def _coordinating_successors(
    petition: Petition, plan: ReorganisationPlan, place: str, lead: UnitId
) -> tuple[UnitId, ...]:
    """Return the coordinating units after the plan: each once, and none that leads now."""
    present = petition.status.coordinating
    if not any(unit in plan.moves for unit in (*present, petition.status.unit)):
        return present
    after = (plan.moves[unit].successor(place)[0] if unit in plan.moves else unit for unit in present)
    return tuple(unit for unit in dict.fromkeys(after) if unit != lead)


def _held_since(ledger: Ledger, received_on: date) -> date:
    """Return the day on which the present unit got the petition, from whomever: it cannot be succeeded before."""
    since = received_on
    for holding in reversed(ledger.holdings):
        if holding.holder.unit != ledger.holder.unit:
            break
        since = holding.since_on or received_on
    return since
