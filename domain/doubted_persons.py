"""Finds slips in the persons that a command names: one named twice, too few counted, a number that is none."""

import re
from collections.abc import Sequence
from functools import cache

from domain.command import Command
from domain.commands import PersonCorrection, ProposeCorrection
from domain.doubt_inputs import Known, Values
from domain.petitioner import Petitioner
from domain.text import fold_diacritics
from domain.value import known as value_known
from domain.value import said

PERSONS = frozenset({"petitioners", "persons"})
"""Names of the fields in which persons are named."""


def _persons_of(command: Command) -> tuple[Petitioner, ...]:
    named = (person for name in _person_fields(type(command)) for person in getattr(command, name))
    return tuple(person for person in named if isinstance(person, Petitioner))


@cache
def _person_fields(kind: type[Command]) -> Sequence[str]:
    return sorted(PERSONS & kind.model_fields.keys())


def _identified(command: Command) -> tuple[Petitioner | PersonCorrection, ...]:
    """Return the persons whose numbers are typed: those who come on file, and those who are corrected."""
    return (*_persons_of(command), *(command.persons if isinstance(command, ProposeCorrection) else ()))


def find_fewer_than_named(command: Command, known: Known) -> Values | None:
    counts = [(getattr(command, "person_count", None), len(_persons_of(command)))]
    if isinstance(command, ProposeCorrection):
        openings = [one.fact for one in known.corrected if one.is_corrected("person_count")]
        counts = [(value_known(fact.person_count), len(said(fact.persons, ()))) for fact in openings]
    for count, named in counts:
        if count is not None and count < named:
            return {"count": count, "named": named}
    return None


def find_named_twice(command: Command, _: Known) -> Values | None:
    """Return two persons with one identity number, or with one name and nothing that tells them apart."""
    persons = _persons_of(command)
    for second, person in enumerate(persons):
        for first, other in enumerate(persons[:second]):
            if _are_alike(other, person):
                return {"first": first + 1, "second": second + 1}
    return None


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


def find_unlikely_identity_no(command: Command, _: Known) -> Values | None:
    for number, person in enumerate(_identified(command), start=1):
        if person.identity_no and not _IDENTITY_NO.fullmatch(_compact(person.identity_no)):
            return {"number": number}
    return None


def find_unlikely_phone(command: Command, _: Known) -> Values | None:
    for number, person in enumerate(_identified(command), start=1):
        if person.phone and not _PHONE.fullmatch(_compact(person.phone)):
            return {"number": number}
    return None
