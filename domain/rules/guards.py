"""Checks the conditions that many rules share."""

from collections.abc import Collection
from datetime import date

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.petition import PendingRequest
from domain.refusals.assignment import AssignmentRefusal
from domain.refusals.code import RefusalCode
from domain.units.unit import Unit
from domain.vocabulary import UnitId


def require_active_units(context: DecisionContext, lead: str, coordinating: Collection[str], on: date) -> list[Unit]:
    """Return the lead and the coordinating units. Raise Refused unless each is named once and exists on the day.

    The day is that of the act: what a unit did before it ended may be entered afterwards.
    """
    if lead in coordinating:
        raise Refused(AssignmentRefusal.LEAD_UNIT_COORDINATES)
    if coordinating and len(set(coordinating)) != len(coordinating):
        raise Refused(AssignmentRefusal.COORDINATING_UNIT_TWICE)
    lead_unit = context.units.require(UnitId(lead), on)
    return (
        [lead_unit, *(context.units.require(UnitId(unit), on) for unit in coordinating)]
        if coordinating
        else [lead_unit]
    )


def require_other_officer(request: PendingRequest, context: DecisionContext, code: RefusalCode) -> None:
    """Raise Refused with `code` when requester and decider share a party (separation of duties)."""
    if request.parties & context.by.parties:
        raise Refused(code)
