"""Builds registers of units from commands, each of which must be allowed."""

from datetime import date

from domain.envelope import EventEnvelope
from domain.units.commands import OpenUnit, UnitCommand
from domain.units.decide import decide_unit
from domain.units.events import Level
from domain.units.unit import UnitRegister, evolve_unit, unit_stream_id
from domain.vocabulary import UnitId
from tests.domain.scenario import HEAD

FIRST_DAY = date(2010, 1, 1)
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
TWO_LEVELS = date(2025, 7, 1)


def open_unit(unit: str, under: str | None = None, on: date = FIRST_DAY, level: Level | None = None) -> OpenUnit:
    return OpenUnit(occurred_on=on, unit=unit, name=f"Tên của {unit}", parent=under, level=level)


def register_of(*commands: UnitCommand) -> UnitRegister:
    units = UnitRegister()
    for command in commands:
        units = register_after(units, command)
    return units


def register_after(units: UnitRegister, command: UnitCommand) -> UnitRegister:
    by_id = dict(units.by_id)
    for fact in decide_unit(command, units):
        before = by_id.get(fact.unit)
        version = 1 if before is None else before.version + 1
        by_id[fact.unit] = evolve_unit(before, EventEnvelope(unit_stream_id(UnitId(fact.unit)), version, fact, HEAD))
    return UnitRegister(by_id)
