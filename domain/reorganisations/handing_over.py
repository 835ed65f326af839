"""Finds what a reorganisation changes in one petition, and the list of petitions that two officers look at.

The successor owes the answer; no clock restarts.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.deadlines.ledger import Ledger, fold_ledger
from domain.envelope import EventEnvelope
from domain.events import CoordinatorSucceeded, DutySucceeded, PetitionEvent, ResponsibilitySucceeded
from domain.evolve import fold
from domain.petition import Petition
from domain.reorganisations.plan import ReorganisationPlan
from domain.value import as_said
from domain.vocabulary import ReorganisationId, UnitId

PetitionHistory = Sequence[EventEnvelope[PetitionEvent]]
HandoverEvent = ResponsibilitySucceeded | CoordinatorSucceeded | DutySucceeded


class ChosenBy(StrEnum):
    """Names the reason why this unit succeeds."""

    PLACE = "place"  # of the petition
    MAIN = "main"  # the main successor, or the only one
    COORDINATING = "coordinating"  # the lead unit stays; a coordinating one is succeeded
    DUTY = "duty"  # the petition stays where it is, or is over; a unit that owes a duty is succeeded


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Holds one petition that is handed over. `due_on` is the earliest of its clocks.

    Both units are the lead unit where only others are succeeded. Overdue or not is judged on the day of the
    review.
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


def handover_events(
    history: PetitionHistory, plan: ReorganisationPlan, reorganisation_id: ReorganisationId | None
) -> tuple[HandoverEvent, ...]:
    """Return the events that the plan brings about in one petition; none if only other units have to do with it.

    That is one event for a new lead unit, or one for each coordinating unit that is succeeded where the lead unit
    stays, and one for each further unit that owes a duty, also of a petition that is over. A petition that no unit is
    named for lies with the unit that received it.
    """
    petition = fold(history)
    return () if petition is None else _decide_handover(petition, history, plan, reorganisation_id)[0]


def review_handover(history: PetitionHistory, plan: ReorganisationPlan, on: date) -> HandedOver | None:
    """Return the petition of the history as the review lists it; None if it is not handed over.

    Overdue or not is judged on the day `on`.
    """
    petition = fold(history)
    if petition is None:
        return None
    facts, chosen_by = _decide_handover(petition, history, plan, None)
    if not facts:
        return None
    fact = facts[0]
    leads = isinstance(fact, ResponsibilitySucceeded)
    return HandedOver(
        petition_id=petition.petition_id,
        reference=petition.reference,
        from_unit=fact.from_unit if leads else petition.status.unit,
        to_unit=fact.to_unit if leads else petition.status.unit,
        chosen_by=chosen_by,
        due_on=petition.status.due_on,
        is_overdue=petition.is_past_limit(on),
    )


def _decide_handover(
    petition: Petition, history: PetitionHistory, plan: ReorganisationPlan, reorganisation_id: ReorganisationId | None
) -> tuple[tuple[HandoverEvent, ...], ChosenBy]:
    """Return the events and the reason of the choice; no event if the plan does not concern the petition."""
    if not (petition.stage.is_open or petition.duties):
        return (), ChosenBy.MAIN
    ledger = fold_ledger(history)
    facts, chosen_by = _hand_over_petition(petition, ledger, plan, reorganisation_id)
    duties = tuple(_hand_over_duties(petition, plan, reorganisation_id, {fact.from_unit for fact in facts}))
    return (*facts, *duties), chosen_by if facts else ChosenBy.DUTY


def _hand_over_duties(
    petition: Petition,
    plan: ReorganisationPlan,
    reorganisation_id: ReorganisationId | None,
    handed_over: Collection[UnitId],
) -> Iterator[DutySucceeded]:
    """Yield the event for each unit that owes a duty and is not handed over with the petition."""
    for unit in dict.fromkeys(duty.unit for duty in petition.status.duties.values()):
        if unit in plan.moves and unit not in handed_over:
            yield DutySucceeded(
                occurred_on=max(plan.on, petition.received_on),
                from_unit=unit,
                to_unit=plan.moves[unit].successor(petition.opening.place)[0],
                instrument=plan.instrument,
                reorganisation_id=as_said(reorganisation_id),
            )


def _hand_over_petition(
    petition: Petition, ledger: Ledger, plan: ReorganisationPlan, reorganisation_id: ReorganisationId | None
) -> tuple[tuple[ResponsibilitySucceeded | CoordinatorSucceeded, ...], ChosenBy]:
    """Return the events for the lead unit or the coordinating units of an open petition, and why these succeed."""
    if not petition.stage.is_open:
        return (), ChosenBy.MAIN
    place, holder = petition.opening.place, ledger.holder.unit
    on = max(plan.on, petition.received_on, _held_since(ledger, petition.received_on))
    # No unit that succeeds is itself succeeded by the same plan, so that the order of the events is free.
    succeeded = {
        unit: plan.moves[unit].successor(place)[0] for unit in petition.status.coordinating if unit in plan.moves
    }
    if (move := plan.moves.get(holder)) is None:
        coordinators = tuple(
            CoordinatorSucceeded(
                occurred_on=on,
                from_unit=unit,
                to_unit=successor,
                instrument=plan.instrument,
                reorganisation_id=as_said(reorganisation_id),
            )
            for unit, successor in succeeded.items()
        )
        return coordinators, ChosenBy.COORDINATING
    lead, is_by_place = move.successor(place)
    coordinating = dict.fromkeys(succeeded.get(unit, unit) for unit in petition.status.coordinating)
    fact = ResponsibilitySucceeded(
        occurred_on=on,
        from_unit=holder,
        to_unit=lead,
        coordinating_units=tuple(unit for unit in coordinating if unit != lead),
        instrument=plan.instrument,
        reorganisation_id=as_said(reorganisation_id),
    )
    return (fact,), ChosenBy.PLACE if is_by_place else ChosenBy.MAIN


def _held_since(ledger: Ledger, received_on: date) -> date:
    """Return the day on which the present unit got the petition, from whomever: it cannot be succeeded before."""
    since = received_on
    for holding in reversed(ledger.holdings):
        if holding.holder.unit != ledger.holder.unit:
            break
        since = holding.since_on or received_on
    return since
