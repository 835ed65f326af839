"""Checks the conditions that many rules share."""

from collections.abc import Collection

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.petition import PendingRequest, Petition
from domain.units.unit import Unit
from domain.vocabulary import Stage, UnitId


def require_stage(petition: Petition, stages: Collection[Stage], what: str) -> None:
    """Raise Refused unless the petition is at one of the stages. `what` completes "a petition ... cannot"."""
    if petition.stage not in stages:
        raise Refused(f"a petition that is {petition.stage.in_words} cannot {what}")


def require_open(petition: Petition, what: str) -> None:
    """Raise Refused unless the petition is open. `what` completes "a petition ... cannot"."""
    if not petition.stage.is_open:
        raise Refused(f"a petition that is {petition.stage.in_words} cannot {what}")


def require_active_units(context: DecisionContext, lead: str, coordinating: Collection[str]) -> list[Unit]:
    """Return the lead and the coordinating units. Raise Refused unless each is named once and exists today."""
    if lead in coordinating:
        raise Refused("the lead unit cannot also be a coordinating unit")
    if len(set(coordinating)) != len(coordinating):
        raise Refused("a coordinating unit is named twice")
    return [context.units.require(UnitId(unit), context.today) for unit in (lead, *coordinating)]


def require_other_officer(request: PendingRequest, context: DecisionContext, what: str) -> None:
    """Raise Refused when requester and decider share a party (separation of duties).

    `what` completes "an officer cannot ... of their own".
    """
    if request.parties & context.by.parties:
        raise Refused(f"an officer cannot {what} of their own")
