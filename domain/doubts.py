"""Finds what is hardly meant in a command, and asks for its confirmation: one table, for every door.

A doubt is no rule of law. What looks like a slip may be right, and the officer then says so with the code of the doubt.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar, get_args

from pydantic import BaseModel

from domain.command import Command
from domain.commands import (
    AcknowledgeAlert,
    PersonCorrection,
    ProposeCorrection,
)
from domain.doubt_inputs import Known, Values
from domain.doubted_offices import find_not_in_office, find_office_ended
from domain.errors import Refused
from domain.meetings.commands import (
    AcknowledgeTaskAlert,
    PlanMeeting,
    RecordMeeting,
)
from domain.petitioner import Petitioner
from domain.refusals.doubts import Doubt
from domain.refusals.general import GeneralRefusal
from domain.text import fold_diacritics
from domain.units.commands import UnitCommand
from domain.value import known as value_known
from domain.value import said

YEARS_AHEAD, YEARS_BACK = 2, 10
"""Years after and before an act in which its other days lie. No limit of the law is longer than the first."""
YEARS_AHEAD_OF_UNITS = 20
"""The same for changes of the register of units: an office is held for years, and entered years after it began."""


_C = TypeVar("_C", bound=Command)
Find = Callable[[Command, Known], Iterator[Values]]


def require_confirmed(command: Command, known: Known) -> None:
    """Raise Refused for a doubt that the command does not confirm, and for a confirmation of what is not in doubt."""
    found = set()
    for doubt, find in _finders_for(command, known):
        values = next(find(command, known), None)
        if values is None:
            continue
        if doubt.code not in command.confirm:
            raise Refused(doubt, **values)
        found.add(doubt.code)
    if unfounded := sorted({*command.confirm} - found):
        raise Refused(GeneralRefusal.NOTHING_TO_CONFIRM, codes=tuple(unfounded))


def confirming(command: _C, codes: frozenset[str], known: Known) -> _C:
    """Return the command with those of the codes confirmed that are in doubt in it."""
    if not codes:
        return command
    finders = _finders_for(command, known)
    doubted = {doubt.code for doubt, find in finders if next(find(command, known), None) is not None}
    return command.model_copy(update={"confirm": tuple(sorted(codes & doubted))})


def _finders_for(command: Command, known: Known) -> Sequence[tuple[Doubt, Find]]:
    """Return the doubts that could arise, with what finds them: most commands have no field that most look at."""
    return _finders_of(type(command), corrects=bool(known.corrected))


@cache
def _finders_of(kind: type[Command], *, corrects: bool) -> Sequence[tuple[Doubt, Find]]:
    fields = kind.model_fields.keys()
    return [(doubt, row.find) for doubt, row in DOUBTS.items() if corrects or not row.looks_at or row.looks_at & fields]


# -- days


def _far_days(command: Command, known: Known) -> Iterator[Values]:
    """Yield each day of the command that lies far from the day of the act, and that day if it lies far back."""
    if isinstance(command, AcknowledgeAlert | AcknowledgeTaskAlert):  # they name a day that is on record
        return
    if known.corrected:
        yield from _far_corrected_days(known)
        return
    on, of_units = command.occurred_on, isinstance(command, UnitCommand)
    if known.today is not None and not of_units and on < _years_from(known.today, -YEARS_BACK):
        yield {"day": on, "on": known.today}
    for day in _days_in(command):
        if day == on:
            continue
        if day > _years_from(on, YEARS_AHEAD_OF_UNITS) if of_units else lies_far_from(day, on):
            yield {"day": day, "on": on}


def _far_corrected_days(known: Known) -> Iterator[Values]:
    """Yield each corrected day that lies far from its act, and each act far from today or from the rest of the file."""
    for one in known.corrected:
        for day, is_of_act in one.days():
            if not is_of_act:
                if lies_far_from(day, one.fact.occurred_on):
                    yield {"day": day, "on": one.fact.occurred_on}
                continue
            if known.today is not None and day < _years_from(known.today, -YEARS_BACK):
                yield {"day": day, "on": known.today}
            nearest = min(one.other_days, key=lambda other: abs(other - day), default=day)
            if not _years_from(nearest, -YEARS_AHEAD) <= day <= _years_from(nearest, YEARS_AHEAD):
                yield {"day": day, "on": nearest}


def lies_far_from(day: date, on: date) -> bool:
    """Return True for a day that is hardly meant in an act on `on`: years before it, or after it."""
    return not _years_from(on, -YEARS_BACK) <= day <= _years_from(on, YEARS_AHEAD)


def _days_in(part: BaseModel) -> Iterator[date]:
    """Yield every day that the command or a part of it names; the day of the act is among them."""
    for name in _fields_with_days(type(part)):
        value = getattr(part, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, date):
                yield one
            elif isinstance(one, BaseModel):
                yield from _days_in(one)


@cache
def _fields_with_days(kind: type[BaseModel]) -> Sequence[str]:
    """Return the names of the fields that may hold a day, or a part that does."""
    return [name for name, field in kind.model_fields.items() if _may_hold_day(field.annotation)]


def _may_hold_day(annotation: Any) -> bool:
    if isinstance(annotation, type):
        return issubclass(annotation, date) or (
            issubclass(annotation, BaseModel) and bool(_fields_with_days(annotation))
        )
    return any(map(_may_hold_day, get_args(annotation)))


@lru_cache(maxsize=1024)  # most acts are of a few days
def _years_from(day: date, years: int) -> date:
    year = min(max(day.year + years, date.min.year), date.max.year)
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)


# -- persons

_PERSONS = frozenset({"petitioners", "persons"})
"""Names of the fields in which persons are named."""


def _persons_of(command: Command) -> tuple[Petitioner, ...]:
    named = (person for name in _person_fields(type(command)) for person in getattr(command, name))
    return tuple(person for person in named if isinstance(person, Petitioner))


@cache
def _person_fields(kind: type[Command]) -> Sequence[str]:
    return sorted(_PERSONS & kind.model_fields.keys())


def _identified(command: Command) -> tuple[Petitioner | PersonCorrection, ...]:
    """Return the persons whose numbers are typed: those who come on file, and those who are corrected."""
    return (*_persons_of(command), *(command.persons if isinstance(command, ProposeCorrection) else ()))


def _fewer_than_named(command: Command, known: Known) -> Iterator[Values]:
    counts = [(getattr(command, "person_count", None), len(_persons_of(command)))]
    if isinstance(command, ProposeCorrection):
        openings = [one.fact for one in known.corrected if one.is_corrected("person_count")]
        counts = [(value_known(fact.person_count), len(said(fact.persons, ()))) for fact in openings]
    for count, named in counts:
        if count is not None and count < named:
            yield {"count": count, "named": named}


def _named_twice(command: Command, _: Known) -> Iterator[Values]:
    """Yield two persons with one identity number, or with one name and nothing that tells them apart."""
    persons = _persons_of(command)
    for second, person in enumerate(persons):
        for first, other in enumerate(persons[:second]):
            if _are_alike(other, person):
                yield {"first": first + 1, "second": second + 1}


def _are_alike(one: Petitioner, other: Petitioner) -> bool:
    numbers = _compact(one.identity_no), _compact(other.identity_no)
    if all(numbers):
        return numbers[0] == numbers[1]
    if _folded(one.name) != _folded(other.name):
        return False
    return all(
        not here or not there or _folded(here) == _folded(there)
        for here, there in ((one.address, other.address), (one.phone, other.phone))
    )


def _folded(text: str) -> str:
    return " ".join(fold_diacritics(text).split())


_SEPARATORS = re.compile(r"[\s.\-()]+")
_IDENTITY_NO = re.compile(r"[0-9]{9}|[0-9]{12}|[A-Z]{1,3}[0-9]{6,9}|[0-9]{6,8}[A-Z]{0,2}", re.ASCII)
"""The old and the new number of Vietnamese citizens, and passports."""
_PHONE = re.compile(r"(0|\+?84)[0-9]{9,10}|\+[0-9]{8,15}|1[89]00[0-9]{4,6}", re.ASCII)


def _compact(number: str) -> str:
    return _SEPARATORS.sub("", number).upper()


def _unlikely_identity_no(command: Command, _: Known) -> Iterator[Values]:
    for number, person in enumerate(_identified(command), start=1):
        if person.identity_no and not _IDENTITY_NO.fullmatch(_compact(person.identity_no)):
            yield {"number": number}


def _unlikely_phone(command: Command, _: Known) -> Iterator[Values]:
    for number, person in enumerate(_identified(command), start=1):
        if person.phone and not _PHONE.fullmatch(_compact(person.phone)):
            yield {"number": number}


# -- meetings


def _same_meeting(command: Command, known: Known) -> Iterator[Values]:
    if isinstance(command, RecordMeeting | PlanMeeting) and known.same_day:
        yield {"meetings": known.same_day}


class Finder(NamedTuple):
    """Holds what finds a doubt. `find` yields the values of the doubt; nothing personal is among them.

    It is asked of commands that have one of the fields that it looks at, and of all if none is named; also of every
    command that corrects what is on record.
    """

    find: Find
    looks_at: frozenset[str] = frozenset()


DOUBTS: Mapping[Doubt, Finder] = {
    Doubt.FAR_DAY: Finder(_far_days),
    Doubt.FEWER_PERSONS_THAN_NAMED: Finder(_fewer_than_named, frozenset({"person_count"})),
    Doubt.PERSON_NAMED_TWICE: Finder(_named_twice, _PERSONS),
    Doubt.UNLIKELY_IDENTITY_NO: Finder(_unlikely_identity_no, _PERSONS),
    Doubt.UNLIKELY_PHONE: Finder(_unlikely_phone, _PERSONS),
    Doubt.NOT_IN_OFFICE: Finder(find_not_in_office, frozenset({"accountable_head", "instead_of", "chair"})),
    Doubt.OFFICE_ENDED: Finder(find_office_ended, frozenset({"notice_signed_by", "signed_by", "answered_by", "chair"})),
    Doubt.SAME_MEETING_THAT_DAY: Finder(_same_meeting, frozenset({"chair"})),
}
"""Every doubt with what finds it."""
