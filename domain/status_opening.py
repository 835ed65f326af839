"""Computes the status that the first event of a petition gives it."""

from datetime import date

from domain import events as e
from domain.actor import Officer
from domain.deadlines.clock import Clock
from domain.duties import follow_duties
from domain.opening import day_of_receipt, first_unit
from domain.status import Status
from domain.value import UNSET, known
from domain.vocabulary import NO_UNIT, Stage, UnitId

_RECEIVED = Stage.RECEIVED  # a word of an enumeration is slow to name


def initial_status(fact: e.PetitionOpening) -> Status:
    """Return the status that the first event of a petition gives."""
    status = Status(
        stage=_RECEIVED,
        received_on=day_of_receipt(fact),
        kind=known(fact.kind),
        unit=first_unit(fact),
        clocks=clocks_started_by(fact),
        is_matter=isinstance(fact, e.MatterOpened),
    )
    return follow_duties(status, status, fact)


def receiving_unit(fact: e.PetitionOpening, by: Officer) -> UnitId:
    """Return the unit that has the petition until one is named. The unit of an importer never had the case."""
    is_imported = isinstance(fact, e.PetitionReceived) and fact.source is not UNSET
    return first_unit(fact) or (NO_UNIT if is_imported else by.unit)


def clocks_started_by(fact: e.PetitionEvent) -> dict[Clock, date]:
    """Return the due dates of the petition's own clocks that the fact starts or moves."""
    if fact.deadlines is UNSET:
        return {}
    return {deadline.clock: deadline.due_on for deadline in fact.deadlines if not deadline.clock.is_duty}
