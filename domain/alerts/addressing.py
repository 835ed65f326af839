"""Who is told: the holder of an office on the day, whoever stands in for them, or the next role up."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from domain.alerts.vocabulary import AlertRole
from domain.units.events import Office
from domain.units.unit import Units
from domain.vocabulary import OfficerId, UnitId

UP: Mapping[AlertRole, tuple[AlertRole, ...]] = {
    AlertRole.OFFICER: (AlertRole.HEAD, AlertRole.SUPERIOR, AlertRole.FOLLOW_UP, AlertRole.CHAIR),
    AlertRole.HEAD: (AlertRole.SUPERIOR, AlertRole.FOLLOW_UP, AlertRole.CHAIR),
    AlertRole.SUPERIOR: (AlertRole.FOLLOW_UP, AlertRole.CHAIR),
    AlertRole.FOLLOW_UP: (AlertRole.CHAIR,),
    AlertRole.CHAIR: (AlertRole.INSPECTORATE,),
    AlertRole.INSPECTORATE: (AlertRole.CHAIR,),
}
"""Who is told instead where nobody is found."""

_OFFICES = {
    AlertRole.HEAD: Office.HEAD,
    AlertRole.SUPERIOR: Office.HEAD,
    AlertRole.FOLLOW_UP: Office.FOLLOW_UP,
    AlertRole.CHAIR: Office.CHAIR,
    AlertRole.INSPECTORATE: Office.INSPECTORATE,
}
_OF_THE_PROVINCE = frozenset({AlertRole.FOLLOW_UP, AlertRole.CHAIR, AlertRole.INSPECTORATE})


class Addressee(NamedTuple):
    """`unit` is the one whose hours hold; `instead_of` is the holder whom the officer stands in for; `role` is the one
    in which somebody was found.
    """

    officer: OfficerId
    unit: UnitId
    role: AlertRole
    instead_of: OfficerId | None = None


def addressee_of(
    role: AlertRole, unit: UnitId, responsible: OfficerId | None, units: Units, on: date
) -> Addressee | None:
    """None where nobody on the way up holds any office."""
    for one in (role, *UP[role]):
        found = _holder(one, unit, responsible, units, on)
        if found is not None:
            holder, of = found
            officer = units.stand_in(holder, on)
            return Addressee(officer, of, one, None if officer == holder else holder)
    return None


def _holder(
    role: AlertRole, unit: UnitId, responsible: OfficerId | None, units: Units, on: date
) -> tuple[OfficerId, UnitId] | None:
    if role is AlertRole.OFFICER:
        return None if responsible is None else (responsible, unit)
    asked: UnitId | None = units.parent(unit, on) if role is AlertRole.SUPERIOR else unit
    tenure = None if asked is None else units.tenure(asked, _OFFICES[role], on)
    if tenure is None and role in _OF_THE_PROVINCE:
        # Of a unit that stands nowhere: where the register knows one such office, it is that of all.
        tenures = [one for known in units.by_id.values() for one in known.tenures_on(_OFFICES[role], on)]
        tenure = tenures[0] if len(tenures) == 1 else None
    return None if tenure is None else (tenure.officer, tenure.unit)
