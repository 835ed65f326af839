"""Decides the commands on the unit register.

A decision looks at the whole register, and is made again when a unit changes before it is recorded. An earlier version
let two officers make a circle of units at the same moment: the code that reads the register follows it only once.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.actor import Role
from domain.command import Command, CommandRow, DecidedT
from domain.doubt_inputs import Known
from domain.doubts import require_confirmed
from domain.errors import Refused
from domain.refusals.units import UnitRefusal
from domain.units import commands as c
from domain.units import offices
from domain.units.events import UnitClosed, UnitEvent, UnitOpened, UnitPlaced, UnitRenamed, UnitSucceeded
from domain.units.unit import Unit, UnitRegister
from domain.value import UNSET, as_said
from domain.vocabulary import UnitId

_R = Role
UnitRule = Callable[[DecidedT, UnitRegister], list[UnitEvent]]


def decide_unit(command: c.UnitCommand, units: UnitRegister) -> list[UnitEvent]:
    """Return the events that follow from the command. Raise Refused with the reason.

    All events belong to the history of `command.unit`.
    """
    facts = UNIT_COMMANDS[type(command)].rule(command, units)
    require_confirmed(command, Known(units))
    return facts


def _open_unit(command: c.OpenUnit, units: UnitRegister) -> list[UnitEvent]:
    """Return the event of a new unit.

    Raise Refused if its code was ever used, or if its parent does not exist on that day.
    """
    unit = UnitId(command.unit)
    if unit in units:
        raise Refused(UnitRefusal.UNIT_EXISTS_ALREADY, unit=unit)
    if command.parent is not None:
        if command.parent == unit:
            raise Refused(UnitRefusal.UNIT_UNDER_ITSELF, unit=unit)
        units.require(UnitId(command.parent), command.occurred_on)
    return [
        UnitOpened(
            unit=unit,
            name=command.name,
            level=as_said(command.level),
            branch=as_said(command.branch),
            parent=UnitId(command.parent) if command.parent else UNSET,
            occurred_on=command.occurred_on,
        )
    ]


def _close_unit(command: c.CloseUnit, units: UnitRegister) -> list[UnitEvent]:
    """Return the event of the end of a unit. Raise Refused if the unit has ended already, or began later."""
    unit = units.require_known(UnitId(command.unit))
    if unit.closed_on is not None:
        raise Refused(UnitRefusal.UNIT_CLOSED_ALREADY, unit=unit.unit, closed_on=unit.closed_on)
    if command.occurred_on < unit.opened_on:
        raise Refused(UnitRefusal.UNIT_ENDS_BEFORE_IT_BEGAN)
    return [UnitClosed(unit=unit.unit, instrument=command.instrument, occurred_on=command.occurred_on)]


def _place_unit(command: c.PlaceUnit, units: UnitRegister) -> list[UnitEvent]:
    """Return the event that moves a unit under another parent, or to the top of the hierarchy.

    Raise Refused if nothing is said of its place, level or branch, if the unit or the parent does not exist on that
    day, or if the units would form a circle.
    """
    unit = units.require(UnitId(command.unit), command.occurred_on)
    if command.is_at_top and command.parent is not None:
        raise Refused(UnitRefusal.TOP_UNDER_ANOTHER)
    if not command.is_at_top and command.parent is None and command.level is None and command.branch is None:
        raise Refused(UnitRefusal.NOTHING_TO_PLACE)
    if command.parent is not None:
        units.require(UnitId(command.parent), command.occurred_on)
        _require_no_circle(unit, UnitId(command.parent), units, command.occurred_on)
    return [
        UnitPlaced(
            occurred_on=command.occurred_on,
            unit=unit.unit,
            parent=UNSET if command.parent is None else UnitId(command.parent),
            is_at_top=as_said(command.is_at_top),
            level=as_said(command.level),
            branch=as_said(command.branch),
            instrument=as_said(command.instrument),
        )
    ]


def _require_no_circle(unit: Unit, parent: UnitId, units: UnitRegister, on: date) -> None:
    """Raise Refused if the unit would be above itself on any day from `on` until its parent changes again.

    Every day counts, because the units above it may themselves be moved in that time.
    """
    until = min((placing.on for placing in unit.placings if placing.on > on), default=date.max)
    days = {on, *(placing.on for one in units.by_id.values() for placing in one.placings if on < placing.on < until)}
    for day in sorted(days):
        seen = {unit.unit}
        above: UnitId | None = parent
        while above is not None:
            if above in seen:
                raise Refused(UnitRefusal.UNITS_IN_A_CIRCLE, parent=parent, unit=unit.unit, on=day)
            seen.add(above)
            found = units.by_id.get(above)
            above = None if found is None else found.placed_under(day)


def _rename_unit(command: c.RenameUnit, units: UnitRegister) -> list[UnitEvent]:
    """Return the event of the new name of a unit. Raise Refused if the unit has that name already."""
    unit = units.require(UnitId(command.unit), command.occurred_on)
    if command.name == unit.name_on(command.occurred_on):
        raise Refused(UnitRefusal.UNIT_HAS_THAT_NAME, unit=unit.unit, on=command.occurred_on)
    return [
        UnitRenamed(
            occurred_on=command.occurred_on, unit=unit.unit, name=command.name, instrument=as_said(command.instrument)
        )
    ]


def _succeed_unit(command: c.SucceedUnit, units: UnitRegister) -> list[UnitEvent]:
    """Return the event that names the successors of a unit.

    Raise Refused if the day is before the unit began, if a successor does not exist on that day or is named twice, if
    the unit would succeed itself, or if the same units already succeed it from that day on.
    """
    unit, on = UnitId(command.unit), command.occurred_on
    successors = tuple(UnitId(one) for one in command.successors)
    found = units.require_known(unit)
    if on < found.opened_on:
        raise Refused(UnitRefusal.SUCCEEDED_BEFORE_IT_BEGAN, unit=unit, opened_on=found.opened_on)
    if len(set(successors)) != len(successors):
        raise Refused(UnitRefusal.SUCCESSOR_TWICE, unit=unit)
    for successor in successors:
        units.require(successor, on)
        if unit in _unit_and_successors(successor, units):
            raise Refused(UnitRefusal.UNIT_SUCCEEDS_ITSELF, unit=unit, successor=successor)
    if found.succeeded is not None and found.succeeded[:2] == (on, successors):
        raise Refused(UnitRefusal.SUCCEEDED_ALREADY, unit=unit, on=on)
    return [
        UnitSucceeded(
            occurred_on=on,
            unit=unit,
            successors=successors,
            instrument=command.instrument,
            reorganisation_id=as_said(command.reorganisation_id),
        )
    ]


def _unit_and_successors(unit: UnitId, units: UnitRegister) -> set[UnitId]:
    """Return the unit and all units that ever succeed it, directly or through other units."""
    found: set[UnitId] = set()
    unvisited = [unit]
    while unvisited:
        one = unvisited.pop()
        if one not in found:
            found.add(one)
            unit_found = units.by_id.get(one)
            unvisited.extend(
                unit_found.succeeded.successors if unit_found is not None and unit_found.succeeded is not None else ()
            )
    return found


def _row(
    command: type[DecidedT], rule: UnitRule[DecidedT], *roles: Role
) -> tuple[type[Command], CommandRow[UnitRule[Any]]]:
    return command, CommandRow(rule, frozenset(roles))


UNIT_COMMANDS: Mapping[type[Command], CommandRow[UnitRule[Any]]] = dict(
    (
        _row(c.OpenUnit, _open_unit, _R.ADMINISTRATOR, _R.IMPORTER),  # an import brings the units that its cases name
        _row(c.CloseUnit, _close_unit, _R.ADMINISTRATOR),
        _row(c.PlaceUnit, _place_unit, _R.ADMINISTRATOR),
        _row(c.RenameUnit, _rename_unit, _R.ADMINISTRATOR),
        _row(c.SucceedUnit, _succeed_unit, _R.ADMINISTRATOR),
        _row(c.TakeOffice, offices.take_office, _R.ADMINISTRATOR),
        _row(c.LeaveOffice, offices.leave_office, _R.ADMINISTRATOR),
        _row(c.NameDeputy, offices.name_deputy, _R.ADMINISTRATOR, _R.HEAD),
        _row(c.EndAbsence, offices.end_absence, _R.ADMINISTRATOR, _R.HEAD),
    )
)
"""All commands on units: the rule that decides the command, and the roles that may send it."""
