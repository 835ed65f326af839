"""Finds what is hardly meant in a command, and asks for its confirmation: one table, for every door.

A doubt is no rule of law. What looks like a slip may be right, and the officer then says so with the code of the doubt.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from domain.command import Command
from domain.commands import AcknowledgeAlert
from domain.doubt_inputs import Known, Values
from domain.doubted_offices import find_not_in_office, find_office_ended
from domain.doubted_persons import (
    PERSONS,
    find_fewer_than_named,
    find_named_twice,
    find_unlikely_identity_no,
    find_unlikely_phone,
)
from domain.errors import Refused
from domain.meetings.commands import (
    AcknowledgeTaskAlert,
    PlanMeeting,
    RecordMeeting,
)
from domain.refusals.doubts import Doubt
from domain.refusals.general import GeneralRefusal
from domain.units.commands import UnitCommand

YEARS_AHEAD, YEARS_BACK = 2, 10
"""Years after and before an act in which its other days lie. No limit of the law is longer than the first."""
YEARS_AHEAD_OF_UNITS = 20
"""The same for changes of the register of units: an office is held for years, and entered years after it began."""


_C = TypeVar("_C", bound=Command)
Find = Callable[[Command, Known], Values | None]
"""Returns the values of a doubt, those of the first slip of its kind; None where nothing is in doubt."""


def require_confirmed(command: Command, known: Known) -> None:
    """Raise Refused for a doubt that the command does not confirm, and for a confirmation of what is not in doubt."""
    confirmed = command.confirm
    found: list[str] = []
    for doubt, find in _finders_for(command, known):
        if (values := find(command, known)) is None:
            continue
        if doubt.code not in confirmed:
            raise Refused(doubt, **values)
        found.append(doubt.code)
    if confirmed and (unfounded := sorted({*confirmed}.difference(found))):
        raise Refused(GeneralRefusal.NOTHING_TO_CONFIRM, codes=tuple(unfounded))


def confirming(command: _C, codes: frozenset[str], known: Known) -> _C:
    """Return the command with those of the codes confirmed that are in doubt in it."""
    if not codes:
        return command
    doubted = {doubt.code for doubt, find in _finders_for(command, known) if find(command, known) is not None}
    return command.model_copy(update={"confirm": tuple(sorted(codes & doubted))})


def _finders_for(command: Command, known: Known) -> Sequence[tuple[Doubt, Find]]:
    """Return the doubts that could arise, with what finds them: most commands say nothing that most look at."""
    if known.corrected:
        return _EVERY_FINDER
    asked: list[tuple[Doubt, Find]] = []
    for fields, finders in _finders_of(type(command)):
        for field in fields:
            if getattr(command, field):
                asked += finders
                break
    return asked


@cache
def _finders_of(kind: type[Command]) -> Sequence[tuple[Sequence[str], Sequence[tuple[Doubt, Find]]]]:
    """Return the finders for a kind of command, by the fields of it that they look at."""
    by_fields: dict[tuple[str, ...], list[tuple[Doubt, Find]]] = {}
    for doubt, row in DOUBTS.items():
        if fields := tuple(sorted(row.looks_at & kind.model_fields.keys())):
            by_fields.setdefault(fields, []).append((doubt, row.find))
    return tuple(by_fields.items())


# -- days


def _find_far_day(command: Command, known: Known) -> Values | None:
    """Return a day of the command that lies far from the day of the act, or that day if it lies far back."""
    if known.corrected:
        return next(_far_corrected_days(known), None)
    span, days, parts = _days_to_look_at(type(command))
    if span is None:
        return None
    on, today = command.occurred_on, known.today
    earliest, latest = span(on)
    if today is not None and today > latest and span is _span_of_days and on < _years_from(today, -YEARS_BACK):
        return {"day": on, "on": today}
    for field in days:
        day = getattr(command, field)
        if day is not None and not earliest <= day <= latest:
            return {"day": day, "on": on}
    for day in _days_in_fields(command, parts) if parts else ():
        if not earliest <= day <= latest:
            return {"day": day, "on": on}
    return None


@cache
def _days_to_look_at(
    kind: type[Command],
) -> tuple[Callable[[date], tuple[date, date]] | None, Sequence[str], Sequence[str]]:
    """Return how far the days of such a command may lie from its act, the fields of days, and those of parts."""
    days, parts = _fields_with_days(kind)
    span = None if kind in _NAMES_DAY_ON_RECORD else _span_of_units if kind in _OF_UNITS else _span_of_days
    return span, [field for field in days if field != "occurred_on"], parts


_NAMES_DAY_ON_RECORD: frozenset[type[Command]] = frozenset({AcknowledgeAlert, AcknowledgeTaskAlert})
_OF_UNITS: frozenset[type[Command]] = frozenset(get_args(UnitCommand))


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
    earliest, latest = _span_of_days(on)
    return not earliest <= day <= latest


@lru_cache(maxsize=1024)  # most acts are of a few days
def _span_of_days(on: date) -> tuple[date, date]:
    """Return the first and the last day that may well be meant in an act on the day `on`."""
    return _years_from(on, -YEARS_BACK), _years_from(on, YEARS_AHEAD)


def _span_of_units(on: date) -> tuple[date, date]:
    return date.min, _years_from(on, YEARS_AHEAD_OF_UNITS)


def _days_in(part: BaseModel) -> Iterator[date]:
    """Yield every day that a part of a command names."""
    days, parts = _fields_with_days(type(part))
    yield from (day for field in days if (day := getattr(part, field)) is not None)
    yield from _days_in_fields(part, parts)


def _days_in_fields(part: BaseModel, fields: Iterable[str]) -> Iterator[date]:
    """Yield every day in these fields, each of which holds parts, or several days or parts."""
    for field in fields:
        value = getattr(part, field)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, date):
                yield one
            elif isinstance(one, BaseModel):
                yield from _days_in(one)


@cache
def _fields_with_days(kind: type[BaseModel]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the names of the fields that hold a day or nothing, and of those whose parts may hold days."""
    named = {name: field.annotation for name, field in kind.model_fields.items() if _may_hold_day(field.annotation)}
    days = [name for name, annotation in named.items() if _is_day(annotation)]
    return days, [name for name in named if name not in days]


def _is_day(annotation: Any) -> bool:
    """Return True for a day, also where it may be left out."""
    if get_origin(annotation) in {Union, UnionType}:
        return all(one is NoneType or _is_day(one) for one in get_args(annotation))
    if get_origin(annotation) is Annotated:
        return _is_day(get_args(annotation)[0])
    return isinstance(annotation, type) and issubclass(annotation, date)


def _may_hold_day(annotation: Any) -> bool:
    if isinstance(annotation, type):
        return issubclass(annotation, date) or (
            issubclass(annotation, BaseModel) and any(_fields_with_days(annotation))
        )
    return any(map(_may_hold_day, get_args(annotation)))


@lru_cache(maxsize=1024)  # most acts are of a few days
def _years_from(day: date, years: int) -> date:
    year = min(max(day.year + years, date.min.year), date.max.year)
    return day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day)


# -- meetings


def _find_same_meeting(command: Command, known: Known) -> Values | None:
    is_entered = isinstance(command, RecordMeeting | PlanMeeting)
    return {"meetings": known.same_day} if is_entered and known.same_day else None


class Finder(NamedTuple):
    """Holds what finds a doubt. `find` returns the values of the doubt; nothing personal is among them.

    It is asked of a command that says something in one of the fields that it looks at, and of every command that
    corrects what is on record. The day of the act is said in each.
    """

    find: Find
    looks_at: frozenset[str]


DOUBTS: Mapping[Doubt, Finder] = {
    Doubt.FAR_DAY: Finder(_find_far_day, frozenset({"occurred_on"})),
    Doubt.FEWER_PERSONS_THAN_NAMED: Finder(find_fewer_than_named, frozenset({"person_count"})),
    Doubt.PERSON_NAMED_TWICE: Finder(find_named_twice, PERSONS),
    Doubt.UNLIKELY_IDENTITY_NO: Finder(find_unlikely_identity_no, PERSONS),
    Doubt.UNLIKELY_PHONE: Finder(find_unlikely_phone, PERSONS),
    Doubt.NOT_IN_OFFICE: Finder(find_not_in_office, frozenset({"accountable_head", "instead_of", "chair"})),
    Doubt.OFFICE_ENDED: Finder(find_office_ended, frozenset({"notice_signed_by", "signed_by", "answered_by", "chair"})),
    Doubt.SAME_MEETING_THAT_DAY: Finder(_find_same_meeting, frozenset({"chair"})),
}
"""Every doubt with what finds it."""

_EVERY_FINDER = [(doubt, row.find) for doubt, row in DOUBTS.items()]
