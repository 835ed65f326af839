"""Defines a unit with its past, and the register of all units, which answers for any day.

The register answers even if old records contradict each other: it follows a circle of units only once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never
from uuid import UUID, uuid5

from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.refusals.units import UnitRefusal
from domain.units.events import (
    AbsenceEnded,
    Branch,
    DeputyNamed,
    Level,
    Office,
    OfficeLeft,
    OfficeTaken,
    UnitClosed,
    UnitEvent,
    UnitOpened,
    UnitPlaced,
    UnitRenamed,
    UnitSucceeded,
)
from domain.units.validity import (
    Absence,
    DatedValue,
    Succession,
    Tenure,
    absences_after_return,
    history_with,
    placings_after,
    tenures_after_leaving,
    value_on,
)
from domain.value import Value, known, replace, said
from domain.vocabulary import NO_UNIT, OfficerId, UnitId

_UNITS_NAMESPACE = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40001")
"""Namespace of the ids of units' histories."""


def unit_stream_id(unit: UnitId) -> UUID:
    """Return the id of a unit's history, derived from the unit's code so that two units cannot have the same code."""
    return uuid5(_UNITS_NAMESPACE, unit)


class Unit(Value):
    """Holds a unit that exists from `opened_on` to `closed_on`, both inclusive.

    `name` is the one with which it was opened; `renamings` and `placings` are in the order of their days. `level` and
    `branch` are None while nobody has said them.
    """

    unit: UnitId
    name: str
    level: Level | None
    opened_on: date
    closed_on: date | None = None
    version: int = 1
    branch: Branch | None = None
    renamings: tuple[DatedValue[str], ...] = ()
    placings: tuple[DatedValue[UnitId], ...] = ()
    succeeded: Succession | None = None
    tenures: tuple[Tenure, ...] = ()
    absences: tuple[Absence, ...] = ()

    def is_in_being(self, on: date) -> bool:
        """Return True if the unit exists on the day."""
        return self.opened_on <= on and (self.closed_on is None or on <= self.closed_on)

    def name_on(self, on: date) -> str:
        """Return the name of the unit on the day."""
        return value_on(self.renamings, on, self.name)

    def placed_under(self, on: date) -> UnitId | None:
        """Return the parent under which the unit was last placed, even if the parent has ended; None at the top."""
        return value_on(self.placings, on, NO_UNIT) or None

    def successors_on(self, on: date) -> tuple[UnitId, ...]:
        """Return the units that do this unit's work on that day, the main one first; empty if it does its work
        itself.
        """
        return self.succeeded.successors if self.succeeded is not None and self.succeeded.on <= on else ()

    def tenures_on(self, office: Office, on: date) -> tuple[Tenure, ...]:
        """Return the tenures of an office on the day, in the order in which they began.

        The result is empty if the unit does not exist on the day.
        """
        if not self.is_in_being(on):
            return ()
        return tuple(one for one in self.tenures if one.office is office and one.covers(on))


def evolve_unit(unit: Unit | None, envelope: EventEnvelope[UnitEvent]) -> Unit:
    """Return the unit after one more event. Raise ValueError if its history does not begin with UnitOpened."""
    return unit_after_event(unit, envelope.fact, envelope.originator_version)


def unit_after_event(unit: Unit | None, fact: UnitEvent, version: int) -> Unit:
    """Return the unit after an event. `version` is the number that the event has, or will have, in the unit's history.

    Raise ValueError if its history does not begin with UnitOpened.
    """
    if isinstance(fact, UnitOpened):
        return Unit(
            unit=fact.unit,
            name=fact.name,
            level=known(fact.level),
            opened_on=fact.occurred_on,
            version=version,
            branch=known(fact.branch),
            placings=(DatedValue(fact.occurred_on, said(fact.parent, NO_UNIT)),),
        )
    if unit is None:
        raise ValueError(f"the history of unit {fact.unit!r} begins with its {type(fact).__name__}")
    on = fact.occurred_on
    match fact:
        case UnitClosed():
            return replace(unit, version=version, closed_on=on)
        case UnitPlaced():
            return replace(
                unit,
                version=version,
                placings=placings_after(unit.placings, fact),
                level=said(fact.level, unit.level),
                branch=said(fact.branch, unit.branch),
            )
        case UnitRenamed():
            return replace(unit, version=version, renamings=history_with(unit.renamings, DatedValue(on, fact.name)))
        case UnitSucceeded():
            return replace(
                unit,
                version=version,
                succeeded=Succession(on, fact.successors, fact.instrument, known(fact.reorganisation_id)),
            )
        case OfficeTaken():
            taken = Tenure(
                unit.unit, fact.office, fact.officer, fact.position, on, known(fact.until_on), known(fact.name)
            )
            tenures = sorted((*unit.tenures, taken), key=lambda tenure: tenure.since_on)
            return replace(unit, version=version, tenures=tuple(tenures))
        case OfficeLeft():
            return replace(unit, version=version, tenures=tuple(tenures_after_leaving(unit.tenures, fact)))
        case DeputyNamed():
            away = Absence(fact.officer, fact.deputy, fact.away_from, known(fact.away_until))
            return replace(unit, version=version, absences=(*unit.absences, away))
        case AbsenceEnded():
            return replace(unit, version=version, absences=tuple(absences_after_return(unit.absences, fact)))
        case _:
            assert_never(fact)


@dataclass(frozen=True, slots=True)
class UnitRegister:
    """Holds every unit that ever existed, by its code."""

    by_id: Mapping[UnitId, Unit] = field(default_factory=dict)
    _absences: Mapping[OfficerId, list[Absence]] = field(init=False, repr=False, compare=False)
    _tenures: Mapping[str, list[Tenure]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        absences: dict[OfficerId, list[Absence]] = {}
        tenures: dict[str, list[Tenure]] = {}
        for unit in self.by_id.values():
            for away in unit.absences:
                absences.setdefault(away.officer, []).append(away)
            for tenure in unit.tenures:
                tenures.setdefault(tenure.officer, []).append(tenure)
        object.__setattr__(self, "_absences", absences)
        object.__setattr__(self, "_tenures", tenures)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "UnitRegister":
        """Return the register of these units."""
        return cls({unit.unit: unit for unit in units})

    def __contains__(self, unit: object) -> bool:
        """Return True if a unit of that code ever existed."""
        return unit in self.by_id

    def require(self, unit: UnitId, on: date) -> Unit:
        """Return the unit if it exists on that day. Raise Refused otherwise."""
        found = self.by_id.get(unit) or self.require_known(unit)
        if not found.is_in_being(on):
            raise Refused(UnitRefusal.UNIT_NOT_IN_BEING, unit=unit, on=on)
        return found

    def require_known(self, unit: UnitId) -> Unit:
        """Return the unit, even if it has ended. Raise Refused if no unit of that code ever existed."""
        found = self.by_id.get(unit)
        if found is None:
            raise Refused(UnitRefusal.NO_SUCH_UNIT, unit=unit)
        return found

    def tenures_of(self, officer: str) -> Sequence[Tenure]:
        """Return every office that the officer ever held, in the order of the units."""
        return self._tenures.get(officer, ())

    def is_in_being(self, unit: UnitId, on: date) -> bool:
        """Return True if the register has the unit and the unit exists on the day."""
        found = self.by_id.get(unit)
        return found is not None and found.is_in_being(on)

    def name_of(self, unit: UnitId, on: date) -> str:
        """Return the unit's name on that day, or its last name after its end.

        Return the code if no such unit ever existed.
        """
        found = self.by_id.get(unit)
        return unit if found is None else found.name_on(on)

    # -- above and below

    def parent(self, unit: UnitId, on: date) -> UnitId | None:
        """Return the unit above this unit on that day. Return None at the top, or if nothing is known.

        If the parent has ended, its successor takes its place if there is exactly one. Otherwise the unit that was
        above the ended parent takes its place.
        """
        seen = {unit}
        above = self._placed_under(unit, on)
        while above is not None and not self.is_in_being(above, on):
            if above in seen:
                return None
            seen.add(above)
            successors = self.by_id[above].successors_on(on) if above in self.by_id else ()
            sole_successor = successors[0] if len(successors) == 1 and successors[0] not in seen else None
            above = sole_successor or self._placed_under(above, on)
        return None if above in seen else above

    def ancestors(self, unit: UnitId, on: date) -> Iterator[UnitId]:
        """Yield all units above on that day, the nearest first."""
        seen = {unit}
        above = self.parent(unit, on)
        while above is not None and above not in seen:
            yield above
            seen.add(above)
            above = self.parent(above, on)

    def children_by_parent(self, on: date) -> dict[UnitId | None, list[UnitId]]:
        """Return the existing units that are directly under each unit on that day, in the order of their codes.

        The key None holds the units at the top.
        """
        found: dict[UnitId | None, list[UnitId]] = {}
        for one in sorted(self.by_id):
            if self.is_in_being(one, on):
                found.setdefault(self.parent(one, on), []).append(one)
        return found

    def _placed_under(self, unit: UnitId, on: date) -> UnitId | None:
        """Return the parent under which the unit was last placed. Return None at the top and for an unknown unit."""
        found = self.by_id.get(unit)
        return None if found is None else found.placed_under(on)

    # -- before and after

    def present_successor(self, unit: UnitId, on: date) -> UnitId:
        """Return the unit that does this unit's work on that day, found through the main successors.

        The result is the unit itself if no other unit does its work.
        """
        seen = {unit}
        while (found := self.by_id.get(unit)) is not None and (successors := found.successors_on(on)):
            if successors[0] in seen:
                break
            unit = successors[0]
            seen.add(unit)
        return unit

    def predecessors(self, unit: UnitId, on: date) -> list[UnitId]:
        """Return the units whose work this unit does on that day, in the order of codes.

        This unit took the work over directly. It may share the work with others.
        """
        return sorted(one for one, found in self.by_id.items() if unit in found.successors_on(on))

    # -- who

    def tenure(self, unit: UnitId, office: Office, on: date) -> Tenure | None:
        """Return the tenure of the officer who holds the office in this unit, or else in the nearest unit above.

        Return None if nobody holds the office. If an office has several holders, return the tenure of the one who has
        been longest in office. If the unit has ended, the search begins at its present successor. `stand_in` says who
        acts for the holder.
        """
        if not self.is_in_being(unit, on):
            unit = self.present_successor(unit, on)
        for one in (unit, *self.ancestors(unit, on)):
            found = self.by_id.get(one)
            if found is not None and (tenures := found.tenures_on(office, on)):
                return tenures[0]
        return None

    def stand_in(self, officer: OfficerId, on: date) -> OfficerId:
        """Return the officer who acts for an officer on that day.

        The result is the first deputy in the chain who is not away. It is the officer in person if the officer is not
        away, or if all deputies are away.
        """
        acting, seen = officer, {officer}
        while (away := self.absence(acting, on)) is not None:
            if away.deputy in seen:
                return officer  # all of them are away
            acting = away.deputy
            seen.add(acting)
        return acting

    def absence(self, officer: OfficerId, on: date) -> Absence | None:
        """Return the officer's absence on that day; None if the officer is not away."""
        return next((away for away in self._absences.get(officer, ()) if away.covers(on)), None)

    def absences_of(self, officer: OfficerId) -> list[Absence]:
        """Return all absences of the officer, in all units."""
        return list(self._absences.get(officer, ()))
