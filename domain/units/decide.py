"""Which command on the unit register is allowed."""

from typing import assert_never

from domain.refused import Refused
from domain.units.commands import CloseUnit, OpenUnit, UnitCommand
from domain.units.events import UnitClosed, UnitEvent, UnitOpened
from domain.units.unit import Unit
from domain.vocabulary import UnitId


def decide(command: UnitCommand, unit: Unit | None) -> list[UnitEvent]:
    match command:
        case OpenUnit():
            if unit is not None:
                raise Refused(f"the unit “{command.unit}” is in the register already")
            return [
                UnitOpened(
                    unit=UnitId(command.unit),
                    name=command.name,
                    level=command.level,
                    occurred_on=command.occurred_on,
                )
            ]
        case CloseUnit():
            if unit is None:
                raise Refused(f"there is no unit “{command.unit}”")
            if unit.closed_on is not None:
                raise Refused(f"the unit “{command.unit}” is closed since {unit.closed_on}")
            if command.occurred_on < unit.opened_on:
                raise Refused("a unit cannot end before it began")
            return [UnitClosed(unit=unit.unit, instrument=command.instrument, occurred_on=command.occurred_on)]
        case _:
            assert_never(command)
