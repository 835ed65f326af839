"""Tests that the identities of petitioners are in the vault and nowhere else."""

from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.commands import ReceivePetition
from domain.events import PetitionReceived
from domain.petitioner import Petitioner
from domain.rules.intake import petitioner_references
from domain.value import said
from domain.vocabulary import PersonCapacity, PetitionId
from tests.domain.samples import RECEIVE, with_changes
from tests.domain.scenario import only_fact, outcome, petition_after

CANARY = "Hoàng Yến Thử"
PERSON = Petitioner(
    name=CANARY,
    address=f"Thôn {CANARY}",
    identity_no=f"0{CANARY}",
    phone=f"09{CANARY}",
    is_representative=True,
)


def test_no_part_of_a_petitioner_is_in_its_repr_or_str() -> None:
    for shown in (repr(PERSON), str(PERSON), f"{PERSON!r}", repr([PERSON]), repr({"who": PERSON})):
        assert CANARY not in shown
        assert "True" not in shown


def test_no_petitioner_is_in_the_repr_of_the_command() -> None:
    command = with_changes(RECEIVE, petitioners=[PERSON])
    assert command.petitioners == (PERSON,)
    assert CANARY not in repr(command)
    assert CANARY not in str(command)


@pytest.mark.parametrize("wrong", [{"name": f"{CANARY}\n"}, {"name": f"{CANARY}\x00"}, {"age": CANARY}])
def test_no_petitioner_is_in_the_text_of_an_error(wrong: dict[str, str]) -> None:
    person = {"name": CANARY, "address": CANARY} | wrong | {"phone": f"{CANARY}\x07"}
    with pytest.raises(ValidationError) as of_person:
        Petitioner.model_validate(person)
    with pytest.raises(ValidationError) as of_command:
        ReceivePetition.model_validate(RECEIVE.model_dump() | {"petitioners": [person]})
    for error in (of_person, of_command):
        assert CANARY not in str(error.value)
        assert CANARY not in repr(error.value)


def test_no_petitioner_is_in_a_fact_or_in_what_it_is_stored_as() -> None:
    receive = with_changes(RECEIVE, petitioners=[PERSON], confirm=["unlikely_identity_no", "unlikely_phone"])
    receipt = only_fact(PetitionReceived, outcome(given=[], when=receive))
    petition = petition_after([receive])
    for shown in (repr(receipt), msgspec.json.encode(receipt).decode(), repr(petition)):
        assert CANARY not in shown
    assert [person.capacity for person in said(receipt.persons, ())] == [PersonCapacity.REPRESENTATIVE]


@given(st.uuids(), st.uuids(), st.integers(1, 5))
def test_references_link_nobody_across_petitions(one: UUID, other: UUID, count: int) -> None:
    references = petitioner_references(PetitionId(one), count)
    assert len(set(references)) == count
    assert references == petitioner_references(PetitionId(one), count)
    if one != other:
        assert not set(references) & set(petitioner_references(PetitionId(other), count))
