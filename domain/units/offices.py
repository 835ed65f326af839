"""Decides who may take and leave an office, and who stands in for whom.

An alert must find one officer on every day.
"""

from datetime import date
from typing import NoReturn

from domain.errors import Refused
from domain.refusals.units import UnitRefusal
from domain.units.commands import EndAbsence, LeaveOffice, NameDeputy, TakeOffice
from domain.units.events import AbsenceEnded, DeputyNamed, OfficeLeft, OfficeTaken, UnitEvent
from domain.units.unit import UnitRegister
from domain.units.validity import Absence, Tenure
from domain.value import as_said
from domain.vocabulary import OfficerId, UnitId


def take_office(command: TakeOffice, units: UnitRegister) -> list[UnitEvent]:
    """Return the event of an officer who takes an office.

    Raise Refused if the unit does not exist on that day, if the last day lies before the first, or if the office is
    already held on one of the days. An office with several holders is refused only if the same officer holds it
    already.
    """
    unit = units.require(UnitId(command.unit), command.occurred_on)
    if command.until_on is not None and command.until_on < command.occurred_on:
        raise Refused(UnitRefusal.OFFICE_ENDS_BEFORE_IT_BEGINS)
    for tenure in unit.tenures:
        if tenure.office is not command.office:
            continue
        if not command.office.has_one_holder and tenure.officer != command.officer:
            continue
        if _periods_overlap(tenure.since_on, tenure.until_on, command.occurred_on, command.until_on):
            _refuse_second_holder(unit.unit, tenure)
    return [
        OfficeTaken(
            occurred_on=command.occurred_on,
            unit=unit.unit,
            office=command.office,
            officer=OfficerId(command.officer),
            position=command.position,
            until_on=as_said(command.until_on),
            name=as_said(command.name),
        )
    ]


def _refuse_second_holder(unit: UnitId, tenure: Tenure) -> NoReturn:
    """Raise Refused because `tenure` covers a day of another tenure of the same office."""
    officer, office, since = tenure.officer, tenure.office, tenure.since_on
    if tenure.until_on is None:
        raise Refused(UnitRefusal.OFFICE_HELD_ALREADY, officer=officer, office=office, unit=unit, since=since)
    raise Refused(
        UnitRefusal.OFFICE_HELD_UNTIL, officer=officer, office=office, unit=unit, since=since, until=tenure.until_on
    )


def leave_office(command: LeaveOffice, units: UnitRegister) -> list[UnitEvent]:
    """Return the event of an officer who leaves an office.

    Raise Refused if the officer does not hold it on that day.
    """
    unit = units.require_known(UnitId(command.unit))
    holders = {tenure.officer for tenure in unit.tenures_on(command.office, command.occurred_on)}
    office, on = command.office, command.occurred_on
    if not holders:
        raise Refused(UnitRefusal.NOBODY_HOLDS_OFFICE, office=office, unit=unit.unit, on=on)
    if command.officer not in holders:
        raise Refused(UnitRefusal.OFFICER_NOT_IN_OFFICE, officer=command.officer, office=office, unit=unit.unit, on=on)
    return [
        OfficeLeft(
            occurred_on=command.occurred_on,
            unit=unit.unit,
            office=command.office,
            officer=OfficerId(command.officer),
        )
    ]


def name_deputy(command: NameDeputy, units: UnitRegister) -> list[UnitEvent]:
    """Return the event of a deputy who stands in.

    Raise Refused if the officer already has an absence on one of the days, or if on some day all deputies in the chain
    are away too.
    """
    unit = units.require(UnitId(command.unit), command.occurred_on)
    away = Absence(OfficerId(command.officer), OfficerId(command.deputy), command.away_from, command.away_until)
    if away.officer == away.deputy:
        raise Refused(UnitRefusal.DEPUTY_OF_THEMSELVES)
    if away.away_until is not None and away.away_until < away.away_from:
        raise Refused(UnitRefusal.ABSENCE_ENDS_BEFORE_IT_BEGINS)
    for other in units.absences_of(away.officer):
        if _periods_overlap(other.away_from, other.away_until, away.away_from, away.away_until):
            raise Refused(UnitRefusal.AWAY_ALREADY, officer=away.officer, since=other.away_from)
    _require_somebody_present(away, units)
    return [
        DeputyNamed(
            occurred_on=command.occurred_on,
            unit=unit.unit,
            officer=away.officer,
            deputy=away.deputy,
            away_from=away.away_from,
            away_until=as_said(away.away_until),
        )
    ]


def _require_somebody_present(away: Absence, units: UnitRegister) -> None:
    """Raise Refused if on some day of the absence all deputies in the chain are away.

    The chain changes only on a day on which somebody's absence begins, so only those days are checked.
    """
    begins = {other.away_from for unit in units.by_id.values() for other in unit.absences}
    for day in sorted({away.away_from, *(day for day in begins if away.covers(day))}):
        acting, seen = away.deputy, {away.officer}
        while acting not in seen:
            seen.add(acting)
            further = units.absence(acting, day)
            if further is None:
                break
            acting = further.deputy
        else:
            raise Refused(UnitRefusal.NOBODY_PRESENT, deputy=away.deputy, on=day)


def end_absence(command: EndAbsence, units: UnitRegister) -> list[UnitEvent]:
    """Return the event of an officer who is back. Raise Refused if the officer is not away on that day."""
    unit = units.require_known(UnitId(command.unit))
    officer = OfficerId(command.officer)
    if not any(away.officer == officer and away.covers(command.occurred_on) for away in unit.absences):
        raise Refused(UnitRefusal.NOT_AWAY, officer=officer, unit=unit.unit, on=command.occurred_on)
    return [AbsenceEnded(occurred_on=command.occurred_on, unit=unit.unit, officer=officer)]


def _periods_overlap(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    """Return True if the two periods share a day; both ends are inclusive, and None means no end."""
    return first <= (other_last or date.max) and other_first <= (last or date.max)
