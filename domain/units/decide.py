"""Which command on the unit register is allowed.

It looks at the whole register, and the log's version check at one unit alone: two who change two units at the same
moment may still close a circle. Whoever reads the register walks a circle once.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.errors import Refused
from domain.units import commands as c
from domain.units import offices
from domain.units.events import UnitClosed, UnitEvent, UnitOpened, UnitPlaced, UnitRenamed, UnitSucceeded
from domain.units.unit import Unit, Units
from domain.vocabulary import NO_UNIT, UnitId


def decide(command: c.UnitCommand, units: Units) -> list[UnitEvent]:
    """The facts that follow, all of the history of `command.unit`; Refused with the reason."""
    return RULES[type(command)](command, units)


def _open(command: c.OpenUnit, units: Units) -> list[UnitEvent]:
    unit = UnitId(command.unit)
    if unit in units:
        raise Refused(f"the unit “{unit}” is in the register already")
    if command.parent is not None:
        if command.parent == unit:
            raise Refused(f"the unit “{unit}” cannot stand under itself")
        units.require(UnitId(command.parent), command.occurred_on)
    return [
        UnitOpened(
            unit=unit,
            name=command.name,
            level=command.level,
            branch=command.branch,
            parent=UnitId(command.parent) if command.parent else NO_UNIT,
            occurred_on=command.occurred_on,
        )
    ]


def _close(command: c.CloseUnit, units: Units) -> list[UnitEvent]:
    unit = units.named(UnitId(command.unit))
    if unit.closed_on is not None:
        raise Refused(f"the unit “{command.unit}” is closed since {unit.closed_on}")
    if command.occurred_on < unit.opened_on:
        raise Refused("a unit cannot end before it began")
    return [UnitClosed(unit=unit.unit, instrument=command.instrument, occurred_on=command.occurred_on)]


def _place(command: c.PlaceUnit, units: Units) -> list[UnitEvent]:
    unit = units.require(UnitId(command.unit), command.occurred_on)
    parent = UnitId(command.parent) if command.parent else NO_UNIT
    if parent != NO_UNIT:
        units.require(parent, command.occurred_on)
        _no_circle(unit, parent, units, command.occurred_on)
    return [
        UnitPlaced(
            occurred_on=command.occurred_on,
            unit=unit.unit,
            parent=parent,
            level=command.level,
            branch=command.branch,
            instrument=command.instrument,
        )
    ]


def _no_circle(unit: Unit, parent: UnitId, units: Units, on: date) -> None:
    """On no day from then on until the unit is placed anew, since units above may have been placed anew by then."""
    until = min((placing.on for placing in unit.placings if placing.on > on), default=date.max)
    days = {on, *(placing.on for one in units.by_id.values() for placing in one.placings if on < placing.on < until)}
    for day in sorted(days):
        seen = {unit.unit}
        above: UnitId | None = parent
        while above is not None:
            if above in seen:
                raise Refused(
                    f"the unit “{parent}” stands under “{unit.unit}” on {day}: units cannot stand in a circle"
                )
            seen.add(above)
            found = units.by_id.get(above)
            above = None if found is None else found.placed_under(day)


def _rename(command: c.RenameUnit, units: Units) -> list[UnitEvent]:
    unit = units.require(UnitId(command.unit), command.occurred_on)
    if command.name == unit.name_on(command.occurred_on):
        raise Refused(f"the unit “{unit.unit}” bears that name on {command.occurred_on} already")
    return [
        UnitRenamed(occurred_on=command.occurred_on, unit=unit.unit, name=command.name, instrument=command.instrument)
    ]


def _succeed(command: c.SucceedUnit, units: Units) -> list[UnitEvent]:
    unit, on = UnitId(command.unit), command.occurred_on
    successors = tuple(UnitId(one) for one in command.successors)
    found = units.named(unit)
    if on < found.opened_on:
        raise Refused(f"the unit “{unit}” began on {found.opened_on}; it cannot be succeeded before")
    if len(set(successors)) != len(successors):
        raise Refused(f"a successor of “{unit}” is named twice")
    for successor in successors:
        units.require(successor, on)
        if unit in _all_after(successor, units):
            raise Refused(f"the unit “{unit}” would succeed itself, by way of “{successor}”")
    if found.succeeded is not None and found.succeeded[:2] == (on, successors):
        raise Refused(f"those units succeed “{unit}” since {on} already")
    return [
        UnitSucceeded(
            occurred_on=on,
            unit=unit,
            successors=successors,
            instrument=command.instrument,
            reorganisation_id=command.reorganisation_id,
        )
    ]


def _all_after(unit: UnitId, units: Units) -> set[UnitId]:
    """The unit and all that succeed it, on whichever day."""
    found: set[UnitId] = set()
    waiting = [unit]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            known = units.by_id.get(one)
            waiting.extend(known.succeeded.successors if known is not None and known.succeeded is not None else ())
    return found


RULES: Mapping[type[c.UnitCommand], Callable[[Any, Units], list[UnitEvent]]] = {
    c.OpenUnit: _open,
    c.CloseUnit: _close,
    c.PlaceUnit: _place,
    c.RenameUnit: _rename,
    c.SucceedUnit: _succeed,
    c.TakeOffice: offices.take,
    c.LeaveOffice: offices.leave,
    c.NameDeputy: offices.name_deputy,
    c.EndAbsence: offices.end_absence,
}
