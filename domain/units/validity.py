"""Holds the values of a unit that are valid from one day to another: names, successors, office holders, absences.

The register answers questions about past days, so it keeps every former value.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from domain.units.events import AbsenceEnded, Office, OfficeLeft, UnitPlaced
from domain.value import known, said
from domain.vocabulary import NO_UNIT, OfficerId, ReorganisationId, UnitId

_T = TypeVar("_T")


class DatedValue(NamedTuple, Generic[_T]):
    """Holds a value that is valid from the day `on` until the next value begins."""

    on: date
    value: _T


class Succession(NamedTuple):
    """Names the units that do a unit's work from a day on, the main one first, and the legal document that says so."""

    on: date
    successors: tuple[UnitId, ...]
    instrument: str = ""
    reorganisation_id: ReorganisationId | None = None


class Tenure(NamedTuple):
    """Holds an officer's time in an office of a unit, from one day to another, both inclusive."""

    unit: UnitId
    office: Office
    officer: OfficerId
    position: str
    since_on: date
    until_on: date | None = None
    name: str | None = None

    def covers(self, on: date) -> bool:
        """Return True if the officer is in office on the day."""
        return self.since_on <= on and (self.until_on is None or on <= self.until_on)


class Absence(NamedTuple):
    """Holds an officer's absence and the deputy for it, from one day to another, both inclusive."""

    officer: OfficerId
    deputy: OfficerId
    away_from: date
    away_until: date | None = None

    def covers(self, on: date) -> bool:
        """Return True if the absence includes the day."""
        return self.away_from <= on and (self.away_until is None or on <= self.away_until)


def value_on(history: Sequence[DatedValue[_T]], on: date, otherwise: _T) -> _T:
    """Return the value that is valid on the day; `otherwise` before the first one."""
    return next((since.value for since in reversed(history) if since.on <= on), otherwise)


def history_with(history: Sequence[DatedValue[_T]], new: DatedValue[_T]) -> tuple[DatedValue[_T], ...]:
    """Return the values of a unit with one more, in the order of their days.

    If a value that begins on the same day exists already, the new value replaces it.
    """
    return tuple(sorted([*(since for since in history if since.on != new.on), new], key=lambda since: since.on))


def placings_after(placings: tuple[DatedValue[UnitId], ...], placed: UnitPlaced) -> tuple[DatedValue[UnitId], ...]:
    """Return the parents of a unit, unchanged where the event says nothing of the place."""
    parent = NO_UNIT if said(placed.is_at_top, False) else known(placed.parent)
    return placings if parent is None else history_with(placings, DatedValue(placed.occurred_on, parent))


def tenures_after_leaving(tenures: Iterable[Tenure], left: OfficeLeft) -> Iterable[Tenure]:
    """Yield the tenures. The tenure that the officer leaves now ends on the day of the event."""
    for tenure in tenures:
        is_left = (tenure.office, tenure.officer) == (left.office, left.officer) and tenure.covers(left.occurred_on)
        yield tenure._replace(until_on=left.occurred_on) if is_left else tenure


def absences_after_return(absences: Iterable[Absence], back: AbsenceEnded) -> Iterable[Absence]:
    """Yield the absences. The officer's present absence now ends on the day before the event.

    An absence that begins on the day of the event is left out.
    """
    for away in absences:
        if away.officer != back.officer or not away.covers(back.occurred_on):
            yield away
        elif away.away_from < back.occurred_on:
            yield away._replace(away_until=date.fromordinal(back.occurred_on.toordinal() - 1))
