"""Finds the addressee of an alert: the holder of an office on the day, a deputy, or the holder of the next role.

An alert must reach a person, so the search continues if an office is vacant.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from domain.alerts.vocabulary import AlertRole
from domain.units.events import Office
from domain.units.unit import UnitRegister
from domain.vocabulary import OfficerId, UnitId

FALLBACK_ROLES: Mapping[AlertRole, tuple[AlertRole, ...]] = {
    AlertRole.OFFICER: (AlertRole.HEAD, AlertRole.SUPERIOR, AlertRole.FOLLOW_UP, AlertRole.CHAIR),
    AlertRole.HEAD: (AlertRole.SUPERIOR, AlertRole.FOLLOW_UP, AlertRole.CHAIR),
    AlertRole.SUPERIOR: (AlertRole.FOLLOW_UP, AlertRole.CHAIR),
    AlertRole.FOLLOW_UP: (AlertRole.CHAIR,),
    AlertRole.CHAIR: (AlertRole.INSPECTORATE,),
    AlertRole.INSPECTORATE: (AlertRole.CHAIR,),
}
"""The roles that are tried, in this order, when nobody is found for the key role."""

_OFFICE_OF_ROLE = {
    AlertRole.HEAD: Office.HEAD,
    AlertRole.SUPERIOR: Office.HEAD,
    AlertRole.FOLLOW_UP: Office.FOLLOW_UP,
    AlertRole.CHAIR: Office.CHAIR,
    AlertRole.INSPECTORATE: Office.INSPECTORATE,
}
_PROVINCIAL_ROLES = frozenset({AlertRole.FOLLOW_UP, AlertRole.CHAIR, AlertRole.INSPECTORATE})


class Addressee(NamedTuple):
    """Names the officer who receives an alert.

    `unit` is the unit whose working hours apply. `role` is the role in which the officer was found. `instead_of` is the
    holder of the office whom the officer stands in for.
    """

    officer: OfficerId
    unit: UnitId
    role: AlertRole
    instead_of: OfficerId | None = None


def find_addressee(
    role: AlertRole, unit: UnitId, responsible: OfficerId | None, units: UnitRegister, on: date
) -> Addressee | None:
    """Return the addressee of an alert for `role` on the day `on`; None if no role that is tried has a holder.

    The search begins with `role` and goes on with its fallback roles. `responsible` is the responsible officer of the
    petition, if there is one.
    """
    for candidate in (role, *FALLBACK_ROLES[role]):
        found = _find_office_holder(candidate, unit, responsible, units, on)
        if found is not None:
            holder, holder_unit = found
            officer = units.stand_in(holder, on)
            return Addressee(officer, holder_unit, candidate, None if officer == holder else holder)
    return None


def _find_office_holder(
    role: AlertRole, unit: UnitId, responsible: OfficerId | None, units: UnitRegister, on: date
) -> tuple[OfficerId, UnitId] | None:
    """Return the holder of the role's office on the day `on`, and the unit of the office; None if the office is
    vacant.
    """
    if role is AlertRole.OFFICER:
        return None if responsible is None else (responsible, unit)
    office_unit: UnitId | None = units.parent(unit, on) if role is AlertRole.SUPERIOR else unit
    tenure = None if office_unit is None else units.tenure(office_unit, _OFFICE_OF_ROLE[role], on)
    if tenure is None and role in _PROVINCIAL_ROLES:
        # The unit has no place in the hierarchy. If the register knows exactly one such office, that office serves all.
        tenures = [tenure for one in units.by_id.values() for tenure in one.tenures_on(_OFFICE_OF_ROLE[role], on)]
        tenure = tenures[0] if len(tenures) == 1 else None
    return None if tenure is None else (tenure.officer, tenure.unit)
