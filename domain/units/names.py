"""Names officers and their offices as they were on a day, for files, tables and messages."""

from collections.abc import Iterator
from datetime import date

from domain.units.unit import UnitRegister
from domain.units.validity import Tenure
from domain.vocabulary import OfficerId


def officer_in_words(officer: str, units: UnitRegister, on: date) -> str:
    """Return the name of an officer who holds an office on that day, where the register has it, else the code."""
    return next((tenure.name for tenure in _tenures_of(officer, units, on) if tenure.name), officer)


def office_in_words(officer: OfficerId, units: UnitRegister, on: date) -> str | None:
    """Return name, position and unit of an officer on that day; None if the officer holds no office.

    Of several offices the one that began first is told. The name is left out where the register has none.
    """
    held = _tenures_of(officer, units, on)
    if not held:
        return None
    first = held[0]
    return ", ".join(filter(None, (first.name, first.position, units.name_of(first.unit, on))))


def _tenures_of(officer: str, units: UnitRegister, on: date) -> list[Tenure]:
    """Return the offices that the officer holds on the day, the one that began first before the others."""
    return sorted(_held(officer, units, on), key=lambda tenure: (tenure.since_on, tenure.unit, tenure.position))


def _held(officer: str, units: UnitRegister, on: date) -> Iterator[Tenure]:
    for tenure in units.tenures_of(officer):
        if tenure.covers(on) and units.is_in_being(tenure.unit, on):
            yield tenure
