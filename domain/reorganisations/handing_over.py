"""Of one petition what a reorganisation changes, and of all of them the list that two officers look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.deadlines.ledger import Ledger, ledger_of
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent, ResponsibilitySucceeded
from domain.evolve import fold
from domain.petition import Petition
from domain.reorganisations.plan import Plan
from domain.vocabulary import ReorganisationId, UnitId

History = Sequence[EventEnvelope[PetitionEvent]]


class ChosenBy(StrEnum):
    """Why it is this unit."""

    PLACE = "place"  # of the petition
    MAIN = "main"  # the main successor, or the only one
    COORDINATING = "coordinating"  # the lead unit stays; a coordinating one is succeeded


@dataclass(frozen=True, slots=True)
class HandedOver:
    """`due_on` is the earliest of its clocks; overdue is against the day of the review."""

    petition_id: UUID
    reference: str | None
    from_unit: UnitId
    to_unit: UnitId
    chosen_by: ChosenBy
    due_on: date | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A dry run on the day `on`: every open petition that would be handed over, with its future owner."""

    on: date
    plan: Plan
    open_petitions: int
    petitions: tuple[HandedOver, ...]

    @property
    def overdue(self) -> int:
        return sum(one.is_overdue for one in self.petitions)


def handing_over(
    history: History, plan: Plan, reorganisation_id: ReorganisationId | None
) -> tuple[ResponsibilitySucceeded, ChosenBy] | None:
    """The fact that it brings about in one petition; None where that is not open, or lies with other units.

    A petition that no unit is named for lies with the unit that received it.
    """
    petition = fold(history)
    return None if petition is None else _handed_over(petition, history, plan, reorganisation_id)


def reviewed(history: History, plan: Plan, on: date) -> HandedOver | None:
    petition = fold(history)
    found = None if petition is None else _handed_over(petition, history, plan, None)
    if petition is None or found is None:
        return None
    fact, chosen_by = found
    return HandedOver(
        petition_id=petition.petition_id,
        reference=petition.reference,
        from_unit=fact.from_unit,
        to_unit=fact.to_unit,
        chosen_by=chosen_by,
        due_on=petition.standing.due_on,
        is_overdue=petition.is_past_limit(on),
    )


def _handed_over(
    petition: Petition, history: History, plan: Plan, reorganisation_id: ReorganisationId | None
) -> tuple[ResponsibilitySucceeded, ChosenBy] | None:
    if not petition.stage.is_open:
        return None
    ledger = ledger_of(history)
    place, holder = petition.receipt.place, ledger.holder.unit
    move = plan.moves.get(holder)
    successor, is_by_place = (holder, False) if move is None else move.successor(place)
    coordinating = _coordinating(petition, plan, place, successor)
    if move is None and coordinating == petition.standing.coordinating:
        return None
    chosen_by = ChosenBy.COORDINATING if move is None else ChosenBy.PLACE if is_by_place else ChosenBy.MAIN
    fact = ResponsibilitySucceeded(
        occurred_on=max(plan.on, petition.received_on, _since(ledger, petition.received_on)),
        from_unit=holder,
        to_unit=successor,
        coordinating_units=coordinating,
        instrument=plan.instrument,
        reorganisation_id=reorganisation_id,
    )
    return fact, chosen_by


def _coordinating(petition: Petition, plan: Plan, place: str, lead: UnitId) -> tuple[UnitId, ...]:
    """Each once, and none that leads now."""
    present = petition.standing.coordinating
    if not any(unit in plan.moves for unit in (*present, petition.standing.unit)):
        return present
    after = (plan.moves[unit].successor(place)[0] if unit in plan.moves else unit for unit in present)
    return tuple(unit for unit in dict.fromkeys(after) if unit != lead)


def _since(ledger: Ledger, received_on: date) -> date:
    """The day on which the unit that holds it got it, from whomever: it cannot be succeeded before."""
    since = received_on
    for holding in reversed(ledger.holdings):
        if holding.holder.unit != ledger.holder.unit:
            break
        since = holding.since_on or received_on
    return since
