"""A unit, and the register of all of them that a decision consults."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID, uuid5

from domain.recorded import Recorded
from domain.refused import Refused
from domain.units.events import Level, UnitClosed, UnitEvent, UnitOpened
from domain.vocabulary import UnitId

_UNITS = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40001")


def stream_of(unit: UnitId) -> UUID:
    """A unit's history lies under an id made of its code, so that no code is opened twice."""
    return uuid5(_UNITS, unit)


@dataclass(frozen=True, slots=True)
class Unit:
    """In being from `opened_on` to `closed_on`, both inclusive."""

    unit: UnitId
    name: str
    level: Level
    opened_on: date
    closed_on: date | None = None
    version: int = 1


def evolve(unit: Unit | None, recorded: Recorded[UnitEvent]) -> Unit:
    fact = recorded.fact
    match fact:
        case UnitOpened():
            return Unit(fact.unit, fact.name, fact.level, fact.occurred_on, version=recorded.originator_version)
        case UnitClosed():
            if unit is None:
                raise ValueError(f"the history of unit {fact.unit!r} begins with its end")
            return replace(unit, closed_on=fact.occurred_on, version=recorded.originator_version)
        case _:
            assert_never(fact)


@dataclass(frozen=True, slots=True)
class Units:
    """Every unit there ever was."""

    by_id: Mapping[UnitId, Unit] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "Units":
        return cls({unit.unit: unit for unit in units})

    def __contains__(self, unit: object) -> bool:
        return unit in self.by_id

    def require(self, unit: UnitId, on: date) -> Unit:
        """The unit, if it is in being on that day; Refused otherwise."""
        found = self.by_id.get(unit)
        if found is None:
            raise Refused(f"there is no unit “{unit}”")
        if on < found.opened_on or (found.closed_on is not None and on > found.closed_on):
            raise Refused(f"the unit “{unit}” is not in being on {on}")
        return found
