"""What holds in a unit from one day to another."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from domain.units.events import Office, OfficeLeft, OfficerReturned
from domain.vocabulary import OfficerId, ReorganisationId, UnitId

T = TypeVar("T")


class Since(NamedTuple, Generic[T]):
    """What holds from a day on, until something else does."""

    on: date
    what: T


class Succession(NamedTuple):
    """From which day on who does a unit's work, the main one first, and by what."""

    on: date
    successors: tuple[UnitId, ...]
    instrument: str = ""
    reorganisation_id: ReorganisationId | None = None


class Tenure(NamedTuple):
    """An officer in an office of a unit, from one day to another, both inclusive."""

    unit: UnitId
    office: Office
    officer: OfficerId
    position: str
    since_on: date
    until_on: date | None = None

    def covers(self, on: date) -> bool:
        return self.since_on <= on and (self.until_on is None or on <= self.until_on)


class Absence(NamedTuple):
    """Both days inclusive."""

    officer: OfficerId
    deputy: OfficerId
    away_from: date
    away_until: date | None = None

    def covers(self, on: date) -> bool:
        return self.away_from <= on and (self.away_until is None or on <= self.away_until)


def held(history: Sequence[Since[T]], on: date, otherwise: T) -> T:
    """What holds on the day."""
    return next((since.what for since in reversed(history) if since.on <= on), otherwise)


def with_one_more(history: Sequence[Since[T]], new: Since[T]) -> tuple[Since[T], ...]:
    """What was said of the same day before gives way."""
    return tuple(sorted([*(since for since in history if since.on != new.on), new], key=lambda since: since.on))


def with_left(tenures: Iterable[Tenure], left: OfficeLeft) -> Iterable[Tenure]:
    for tenure in tenures:
        is_left = (tenure.office, tenure.officer) == (left.office, left.officer) and tenure.covers(left.occurred_on)
        yield tenure._replace(until_on=left.occurred_on) if is_left else tenure


def with_return(absences: Iterable[Absence], back: OfficerReturned) -> Iterable[Absence]:
    """One that had not begun, or begins on that day, is no absence."""
    for away in absences:
        if away.officer != back.officer or not away.covers(back.occurred_on):
            yield away
        elif away.away_from < back.occurred_on:
            yield away._replace(away_until=date.fromordinal(back.occurred_on.toordinal() - 1))
