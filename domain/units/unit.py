"""A unit with its past, and the register of all of them, asked for a day.

The register refuses no question because an old record is untidy: whatever stands in a circle is walked once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID, uuid5

from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.units.events import (
    Branch,
    DeputyNamed,
    Level,
    Office,
    OfficeLeft,
    OfficerReturned,
    OfficeTaken,
    UnitClosed,
    UnitEvent,
    UnitOpened,
    UnitPlaced,
    UnitRenamed,
    UnitSucceeded,
)
from domain.units.validity import Absence, Since, Succession, Tenure, held, with_left, with_one_more, with_return
from domain.vocabulary import NO_UNIT, OfficerId, UnitId

_UNITS = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40001")


def stream_of(unit: UnitId) -> UUID:
    """A unit's history lies under an id made of its code, so that no code is opened twice."""
    return uuid5(_UNITS, unit)


@dataclass(frozen=True, slots=True)
class Unit:
    """In being from `opened_on` to `closed_on`, both inclusive.

    `name` is the one it was opened with; `renamings` and `placings` are in the order of their days.
    """

    unit: UnitId
    name: str
    level: Level
    opened_on: date
    closed_on: date | None = None
    version: int = 1
    branch: Branch = Branch.UNKNOWN
    renamings: tuple[Since[str], ...] = ()
    placings: tuple[Since[UnitId], ...] = ()
    succeeded: Succession | None = None
    tenures: tuple[Tenure, ...] = ()
    absences: tuple[Absence, ...] = ()

    def is_in_being(self, on: date) -> bool:
        return self.opened_on <= on and (self.closed_on is None or on <= self.closed_on)

    def name_on(self, on: date) -> str:
        return held(self.renamings, on, self.name)

    def placed_under(self, on: date) -> UnitId | None:
        """What it was last placed under, whether that is still in being or not."""
        return held(self.placings, on, NO_UNIT) or None

    def successors_on(self, on: date) -> tuple[UnitId, ...]:
        """Who does its work on that day, the main one first; nobody while it does so itself."""
        return self.succeeded.successors if self.succeeded is not None and self.succeeded.on <= on else ()

    def tenures_on(self, office: Office, on: date) -> tuple[Tenure, ...]:
        """In the order in which they began; none of a unit that is not in being."""
        if not self.is_in_being(on):
            return ()
        return tuple(one for one in self.tenures if one.office is office and one.covers(on))


def evolve(unit: Unit | None, recorded: EventEnvelope[UnitEvent]) -> Unit:
    return following(unit, recorded.fact, recorded.originator_version)


def following(unit: Unit | None, fact: UnitEvent, version: int) -> Unit:
    """The unit once the fact has happened, which is or will be its `version`-th."""
    if isinstance(fact, UnitOpened):
        return Unit(
            fact.unit,
            fact.name,
            fact.level,
            fact.occurred_on,
            version=version,
            branch=fact.branch,
            placings=(Since(fact.occurred_on, fact.parent),),
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
                placings=with_one_more(unit.placings, Since(on, fact.parent)),
                level=fact.level or unit.level,
                branch=fact.branch or unit.branch,
            )
        case UnitRenamed():
            return replace(unit, version=version, renamings=with_one_more(unit.renamings, Since(on, fact.name)))
        case UnitSucceeded():
            return replace(
                unit,
                version=version,
                succeeded=Succession(on, fact.successors, fact.instrument, fact.reorganisation_id),
            )
        case OfficeTaken():
            taken = Tenure(unit.unit, fact.office, fact.officer, fact.position, on, fact.until_on)
            tenures = sorted((*unit.tenures, taken), key=lambda tenure: tenure.since_on)
            return replace(unit, version=version, tenures=tuple(tenures))
        case OfficeLeft():
            return replace(unit, version=version, tenures=tuple(with_left(unit.tenures, fact)))
        case DeputyNamed():
            away = Absence(fact.officer, fact.deputy, fact.away_from, fact.away_until)
            return replace(unit, version=version, absences=(*unit.absences, away))
        case OfficerReturned():
            return replace(unit, version=version, absences=tuple(with_return(unit.absences, fact)))
        case _:
            assert_never(fact)


@dataclass(frozen=True, slots=True)
class Units:
    """Every unit there ever was."""

    by_id: Mapping[UnitId, Unit] = field(default_factory=dict)
    _absences: Mapping[OfficerId, list[Absence]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        absences: dict[OfficerId, list[Absence]] = {}
        for unit in self.by_id.values():
            for away in unit.absences:
                absences.setdefault(away.officer, []).append(away)
        object.__setattr__(self, "_absences", absences)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "Units":
        return cls({unit.unit: unit for unit in units})

    def __contains__(self, unit: object) -> bool:
        return unit in self.by_id

    def require(self, unit: UnitId, on: date) -> Unit:
        """The unit, if it is in being on that day; Refused otherwise."""
        found = self.named(unit)
        if not found.is_in_being(on):
            raise Refused(f"the unit “{unit}” is not in being on {on}")
        return found

    def named(self, unit: UnitId) -> Unit:
        """The unit, in being or not; Refused where there never was one of that code."""
        found = self.by_id.get(unit)
        if found is None:
            raise Refused(f"there is no unit “{unit}”")
        return found

    def is_in_being(self, unit: UnitId, on: date) -> bool:
        found = self.by_id.get(unit)
        return found is not None and found.is_in_being(on)

    def name_of(self, unit: UnitId, on: date) -> str:
        """The name it bore on that day, after its end the last; its code where there never was such a unit."""
        found = self.by_id.get(unit)
        return unit if found is None else found.name_on(on)

    # -- above and below

    def parent(self, unit: UnitId, on: date) -> UnitId | None:
        """What it stands under on that day. None at the top, and where nothing is known.

        What stood under a unit that has ended stands under its successor where there is one alone, else under what the
        ended one stood under.
        """
        seen = {unit}
        above = self._placed_under(unit, on)
        while above is not None and not self.is_in_being(above, on):
            if above in seen:
                return None
            seen.add(above)
            successors = self.by_id[above].successors_on(on) if above in self.by_id else ()
            alone = successors[0] if len(successors) == 1 and successors[0] not in seen else None
            above = alone or self._placed_under(above, on)
        return None if above in seen else above

    def above(self, unit: UnitId, on: date) -> Iterator[UnitId]:
        """All that it stands under on that day, the nearest first."""
        seen = {unit}
        above = self.parent(unit, on)
        while above is not None and above not in seen:
            yield above
            seen.add(above)
            above = self.parent(above, on)

    def under(self, on: date) -> dict[UnitId | None, list[UnitId]]:
        """The units in being that stand right under each on that day, in the order of their codes; None is the top."""
        found: dict[UnitId | None, list[UnitId]] = {}
        for one in sorted(self.by_id):
            if self.is_in_being(one, on):
                found.setdefault(self.parent(one, on), []).append(one)
        return found

    def _placed_under(self, unit: UnitId, on: date) -> UnitId | None:
        found = self.by_id.get(unit)
        return None if found is None else found.placed_under(on)

    # -- before and after

    def present_successor(self, unit: UnitId, on: date) -> UnitId:
        """Who does on that day what the unit did, by way of the main successors; itself where nobody else does."""
        seen = {unit}
        while (found := self.by_id.get(unit)) is not None and (successors := found.successors_on(on)):
            if successors[0] in seen:
                break
            unit = successors[0]
            seen.add(unit)
        return unit

    def predecessors(self, unit: UnitId, on: date) -> list[UnitId]:
        """Whose work it does on that day, alone or with others, taken over right from them; in the order of codes."""
        return sorted(one for one, found in self.by_id.items() if unit in found.successors_on(on))

    # -- who

    def tenure(self, unit: UnitId, office: Office, on: date) -> Tenure | None:
        """Of the unit's own holder of the office, else of the nearest unit's above that has one; None if nobody has.

        Of an office with several holders it is that of the longest in office. A unit that has ended is asked as its
        present successor. Whoever stands in for the holder is `stand_in`'s answer.
        """
        if not self.is_in_being(unit, on):
            unit = self.present_successor(unit, on)
        for one in (unit, *self.above(unit, on)):
            found = self.by_id.get(one)
            if found is not None and (tenures := found.tenures_on(office, on)):
                return tenures[0]
        return None

    def stand_in(self, officer: OfficerId, on: date) -> OfficerId:
        """Who acts for the officer on that day: the first of the chain of deputies who is there, else the officer."""
        acting, seen = officer, {officer}
        while (away := self.absence(acting, on)) is not None:
            if away.deputy in seen:
                return officer  # all of them are away
            acting = away.deputy
            seen.add(acting)
        return acting

    def absence(self, officer: OfficerId, on: date) -> Absence | None:
        return next((away for away in self._absences.get(officer, ()) if away.covers(on)), None)

    def absences_of(self, officer: OfficerId) -> list[Absence]:
        return list(self._absences.get(officer, ()))
