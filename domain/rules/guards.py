"""Questions that many rules ask."""

from collections.abc import Collection

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.petition import Asked, Petition
from domain.units.unit import Unit
from domain.vocabulary import Stage, UnitId


def only_from(petition: Petition, stages: Collection[Stage], what: str) -> None:
    """`what` completes "a petition that is closed cannot ..."."""
    if petition.stage not in stages:
        raise Refused(f"a petition that is {petition.stage.in_words} cannot {what}")


def only_open(petition: Petition, what: str) -> None:
    if not petition.stage.is_open:
        raise Refused(f"a petition that is {petition.stage.in_words} cannot {what}")


def units_in_being(circumstances: DecisionContext, lead: str, coordinating: Collection[str]) -> list[Unit]:
    """The lead and the coordinating units, each once, all in being today."""
    if lead in coordinating:
        raise Refused("the lead unit cannot also be a coordinating unit")
    if len(set(coordinating)) != len(coordinating):
        raise Refused("a coordinating unit is named twice")
    return [circumstances.units.require(UnitId(unit), circumstances.today) for unit in (lead, *coordinating)]


def somebody_else(asked: Asked, circumstances: DecisionContext, what: str) -> None:
    """Separation of duties: who asked does not grant, nor anybody for whom or through whom they asked."""
    if asked.parties & circumstances.by.parties:
        raise Refused(f"an officer cannot {what} of their own")
