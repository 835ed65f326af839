"""Decides which identity of the vault is corrected, without knowing what any of them says.

An identity is not written over: the right one comes into the vault under a reference of its own, sealed under a key of
the same petition. An approved correction makes the record refer to it.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid5

from domain.commands import PersonCorrection
from domain.correcting.fields import make_correction
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import Correction, IdentityCorrection, MatterOpened, Person, PetitionReceived, StageOpened
from domain.petition import PendingRequest, Petition
from domain.refusals.records import RecordRefusal
from domain.rules.intake import capacity_at_receipt
from domain.unsaid import count_persons
from domain.value import replace, said
from domain.vocabulary import IdentityField, PersonCapacity, PetitionerRef


class CorrectedPerson(NamedTuple):
    """Holds the right person, whose identity it is, and the corrections by which the record refers to it."""

    person: Person
    identity: IdentityCorrection
    corrections: tuple[Correction, ...]


def corrected_persons(
    asked: tuple[PersonCorrection, ...], petition: Petition, present: Mapping[int, EventEnvelope[Any]]
) -> Iterator[CorrectedPerson]:
    """Yield each person whose identity is to be corrected, in order. `present` has the events that count.

    Raise Refused for an event or a person that is not there, one named twice, and one that came from another petition.
    """
    named: set[tuple[int, int]] = set()
    for one in asked:
        person, is_receipt = _person_at(one, petition, present)
        if (one.version, one.number) in named:
            raise Refused(RecordRefusal.PERSON_CORRECTED_TWICE, version=one.version, number=one.number)
        named.add((one.version, one.number))
        parts = one.corrected_parts()
        if not parts:
            raise Refused(RecordRefusal.NOTHING_TO_CORRECT)
        # by the place of the proposal, so that no two proposals give one reference
        place = f"corrected/{petition.version + 1}/{len(named)}"
        right = Person(ref=PetitionerRef(uuid5(petition.petition_id, place)), capacity=person.capacity)
        path = f"persons.{one.number - 1}"
        if IdentityField.IS_REPRESENTATIVE in parts:
            if not is_receipt:
                raise Refused(
                    RecordRefusal.FIELD_IS_COMPUTED,
                    version=one.version,
                    event=type(present[one.version].fact).__name__,
                    path=f"{path}.capacity",
                )
            right = replace(right, capacity=capacity_at_receipt(parts[IdentityField.IS_REPRESENTATIVE] is True))
        fact = present[one.version].fact
        changed = {"ref": (person.ref, right.ref), "capacity": (person.capacity, right.capacity)}
        yield CorrectedPerson(
            right,
            IdentityCorrection(
                version=one.version, number=one.number, former=person.ref, right=right.ref, fields=tuple(parts)
            ),
            tuple(
                make_correction(fact, one.version, f"{path}.{name}", becomes)
                for name, (was, becomes) in changed.items()
                if was != becomes
            ),
        )


def _person_at(
    one: PersonCorrection, petition: Petition, present: Mapping[int, EventEnvelope[Any]]
) -> tuple[Person, bool]:
    """Return the person that is named, and whether the receipt brought it. Raise Refused."""
    if one.version > petition.version:
        raise Refused(RecordRefusal.NO_SUCH_EVENT, version=one.version)
    if one.version not in present:
        raise Refused(RecordRefusal.EVENT_WAS_REVERSED, version=one.version)
    fact = present[one.version].fact
    if isinstance(fact, MatterOpened | StageOpened):
        raise Refused(RecordRefusal.IDENTITY_CAME_FROM_ANOTHER, version=one.version)
    persons = () if not hasattr(fact, "persons") else said(fact.persons, ())
    if one.number > len(persons):
        raise Refused(RecordRefusal.NO_SUCH_PERSON_IN_EVENT, version=one.version, number=one.number)
    return persons[one.number - 1], isinstance(fact, PetitionReceived)


def corrections_of_digests(request: PendingRequest, present: Mapping[int, EventEnvelope[Any]]) -> Iterator[Correction]:
    """Yield what makes the record say the digests of the right identities, which the vault made after the proposal."""
    digests = {person.ref: person.identity_digest for person in request.persons}
    for identity in request.identities:
        fact = present[identity.version].fact
        path = f"persons.{identity.number - 1}.identity_digest"
        yield make_correction(fact, identity.version, path, digests[identity.right])


def count_representatives(petition: Petition) -> tuple[int, int]:
    """Return how many representatives the opening names, and of how many persons."""
    opening = petition.opening
    chosen = sum(person.capacity is PersonCapacity.REPRESENTATIVE for person in opening.persons)
    return chosen, count_persons(opening.person_count, len(opening.persons))
