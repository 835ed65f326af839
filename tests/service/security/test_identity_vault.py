from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from domain.actor import Credentials, Role
from domain.errors import NotAllowed
from domain.events import Person, PetitionReceived
from domain.petitioner import Petitioner
from domain.rules.intake import petitioner_references
from domain.value import UNSET
from domain.value import replace as replace_in_fact
from domain.vocabulary import Channel, PersonCapacity, PetitionId
from service.event_store.append import Identity
from service.postgres.pools import async_pool
from service.security.erasure import destroy_keys
from service.security.identity_vault import (
    UndecryptableIdentity,
    decrypt_identity,
    encrypt_identities,
    read_identities,
    with_identity_digests,
)

KEK = bytes(range(32))
CUSTODIAN = Credentials(officer="gh-vidu", unit="van-phong", position="Văn thư", roles=frozenset({Role.CUSTODIAN}))
HEAD = Credentials(officer="ct-vidu", unit="van-phong", position="Chủ tịch", roles=frozenset({Role.HEAD}))
PERSON = Petitioner(
    name="Nguyễn Thị Ví Dụ", address="Thôn Mẫu, xã Ví Dụ", identity_no="001000000000", phone="0900000000"
)
OTHER = Petitioner(name="Trần Văn Mẫu", is_representative=True)


def sealed(*petitioners: Petitioner) -> tuple[Identity, ...]:
    petition_id = PetitionId(uuid4())
    return encrypt_identities(petition_id, petitioner_references(petition_id, len(petitioners)), petitioners, KEK)


def test_what_is_sealed_opens() -> None:
    person, other = sealed(PERSON, OTHER)
    assert (decrypt_identity(person, KEK), decrypt_identity(other, KEK)) == (PERSON, OTHER)


def test_a_receipt_says_the_digest_of_each_encrypted_identity_at_its_person() -> None:
    petition_id = PetitionId(uuid4())
    refs = petitioner_references(petition_id, 2)
    identities = encrypt_identities(petition_id, refs, [PERSON, OTHER], KEK)
    capacities = (PersonCapacity.PETITIONER, PersonCapacity.REPRESENTATIVE)
    receipt = PetitionReceived(
        occurred_on=date(2026, 7, 6),
        channel=Channel.POST,
        book="TD",
        identity_protected=False,
        persons=tuple(Person(ref=ref, capacity=capacity) for ref, capacity in zip(refs, capacities, strict=True)),
    )
    assert with_identity_digests(receipt, identities[::-1]).persons == tuple(
        Person(ref=ref, capacity=capacity, identity_digest=sha256(identity.sealed).hexdigest())
        for ref, capacity, identity in zip(refs, capacities, identities, strict=True)
    )
    nobody = replace_in_fact(receipt, persons=UNSET)
    assert with_identity_digests(nobody, ()) == nobody


lines = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=300)


@given(lines, lines)
def test_whatever_a_petitioner_is_called_opens_as_it_was_sealed(name: str, address: str) -> None:
    person = Petitioner(name=name, address=address)
    assert decrypt_identity(sealed(person)[0], KEK) == person


def test_nothing_of_an_identity_shows_in_what_is_stored() -> None:
    stored = sealed(PERSON)[0]
    assert not any(word.encode() in stored.sealed + stored.wrapped_key for word in ("Nguy", "001000000000", "0900"))


def test_the_length_of_a_name_does_not_show() -> None:
    assert len(sealed(Petitioner(name="An"))[0].sealed) == len(sealed(PERSON)[0].sealed)


def test_the_same_petitioner_is_never_sealed_the_same_way() -> None:
    petition_id = PetitionId(uuid4())
    references = petitioner_references(petition_id, 1)
    one, two = (encrypt_identities(petition_id, references, [PERSON], KEK)[0] for _ in range(2))
    assert one.sealed != two.sealed
    assert one.wrapped_key != two.wrapped_key


def test_each_petitioner_needs_a_reference() -> None:
    petition_id = PetitionId(uuid4())
    with pytest.raises(ValueError, match="argument"):
        encrypt_identities(petition_id, petitioner_references(petition_id, 1), [PERSON, OTHER], KEK)


@pytest.mark.parametrize(
    "changed",
    [
        lambda i, _: replace(i, petition_id=uuid4()),
        lambda i, _: replace(i, petitioner_ref=uuid4()),
        lambda i, other: replace(i, wrapped_key=other.wrapped_key),
        lambda i, other: replace(i, sealed=other.sealed),
        lambda i, other: replace(i, sealed=other.sealed, wrapped_key=other.wrapped_key),
        lambda i, _: replace(i, sealed=b""),
        lambda i, _: replace(i, wrapped_key=i.sealed),
    ],
)
def test_a_row_in_another_place_opens_nothing(changed: Any) -> None:
    person, other = sealed(PERSON, OTHER)
    with pytest.raises(UndecryptableIdentity, match="does not open"):
        decrypt_identity(changed(person, other), KEK)


def test_no_bit_of_what_is_stored_can_be_changed() -> None:
    person = sealed(PERSON)[0]
    for column in ("sealed", "wrapped_key"):
        stored = getattr(person, column)
        for place in range(len(stored)):
            bent = bytearray(stored)
            bent[place] ^= 1
            columns: dict[str, Any] = {column: bytes(bent)}
            changed = replace(person, **columns)
            with pytest.raises(UndecryptableIdentity):
                decrypt_identity(changed, KEK)


def test_another_vault_key_opens_nothing() -> None:
    with pytest.raises(UndecryptableIdentity):
        decrypt_identity(sealed(PERSON)[0], b"x" * 32)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def pool(anyio_backend: str, module_database: str) -> AsyncIterator[AsyncConnectionPool]:
    async with async_pool(module_database, min_size=1, max_size=2) as pool:
        yield pool


def store(dsn: str, identities: tuple[Identity, ...]) -> PetitionId:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for identity in identities:
            connection.execute(
                "INSERT INTO kiennghi_vault.identities (petitioner_ref, petition_id, sealed) VALUES (%s, %s, %s)",
                [identity.petitioner_ref, identity.petition_id, identity.sealed],
            )
            connection.execute(
                "INSERT INTO kiennghi_vault.identity_keys (petitioner_ref, wrapped_key) VALUES (%s, %s)",
                [identity.petitioner_ref, identity.wrapped_key],
            )
    return PetitionId(identities[0].petition_id)


def accesses(dsn: str, ref: UUID) -> list[tuple[str, str]]:
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT read_by, purpose FROM kiennghi_vault.identity_accesses WHERE petitioner_ref = %s"
            " ORDER BY access_number",
            [ref],
        )
        return found.fetchall()


@pytest.mark.anyio
async def test_who_reads_an_identity_is_recorded_with_the_purpose(
    pool: AsyncConnectionPool, module_database: str
) -> None:
    stored = sealed(PERSON, OTHER)
    petition_id = store(module_database, stored)
    async with pool.connection() as connection:
        read = await read_identities(connection, petition_id, CUSTODIAN, "gửi văn bản", KEK)
    assert {one.petitioner_ref: one.petitioner for one in read} == {
        stored[0].petitioner_ref: PERSON,
        stored[1].petitioner_ref: OTHER,
    }
    assert all("Ví Dụ" not in repr(one) for one in read)
    for identity in stored:
        assert accesses(module_database, identity.petitioner_ref) == [("gh-vidu", "gửi văn bản")]


@pytest.mark.anyio
async def test_an_identity_that_does_not_open_was_asked_for_all_the_same(
    pool: AsyncConnectionPool, module_database: str
) -> None:
    stored = sealed(PERSON)
    petition_id = store(module_database, stored)
    async with pool.connection() as connection:
        with pytest.raises(UndecryptableIdentity):
            await read_identities(connection, petition_id, CUSTODIAN, "gửi văn bản", b"x" * 32)
    assert len(accesses(module_database, stored[0].petitioner_ref)) == 1


@pytest.mark.anyio
async def test_an_identity_is_not_read_when_the_reading_cannot_be_recorded(
    pool: AsyncConnectionPool, module_database: str
) -> None:
    petition_id = store(module_database, sealed(PERSON))
    async with pool.connection() as connection:
        with pytest.raises(psycopg.errors.CheckViolation):
            await read_identities(connection, petition_id, CUSTODIAN, "", KEK)


@pytest.mark.anyio
async def test_only_the_custodian_reads(pool: AsyncConnectionPool, module_database: str) -> None:
    stored = sealed(PERSON)
    petition_id = store(module_database, stored)
    async with pool.connection() as connection:
        with pytest.raises(NotAllowed, match="custodian"):
            await read_identities(connection, petition_id, HEAD, "tò mò", KEK)
    assert accesses(module_database, stored[0].petitioner_ref) == []


@pytest.mark.anyio
async def test_an_erased_person_is_opened_by_nobody_and_other_petitions_stay(
    pool: AsyncConnectionPool, module_database: str
) -> None:
    erased, other = (store(module_database, sealed(person)) for person in (PERSON, OTHER))
    async with pool.connection() as connection:
        for _ in range(2):
            await destroy_keys(connection, erased, CUSTODIAN.officer, "12/QĐ-UBND")
        (gone,) = await read_identities(connection, erased, CUSTODIAN, "kiểm tra", KEK)
        (stays,) = await read_identities(connection, other, CUSTODIAN, "kiểm tra", KEK)
    assert (gone.petitioner, stays.petitioner) == (None, OTHER)
    assert accesses(module_database, gone.petitioner_ref)[0] == ("gh-vidu", "erased under decision 12/QĐ-UBND")
