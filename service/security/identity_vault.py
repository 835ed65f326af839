"""Encrypts and decrypts the identities of petitioners, each under a data key of its own.

An identity is encrypted with AES-256-GCM under a data key that is made for it alone; the data key is wrapped by the
vault key of the service. Both ciphertexts are bound to the petition and the petitioner, so that a row that is moved to
another place does not decrypt. The row of the data key also has the blind index, which finds the same person again
without a name. To erase a person is to delete this row (`service.security.erasure`). A corrected identity is a row of
its own: both versions belong to the petition, so an erasure destroys both.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from domain.actor import Credentials, Role
from domain.decision import Decision
from domain.errors import NotAllowed
from domain.events import (
    CorrectionProposed,
    MandateRecorded,
    Person,
    PetitionEvent,
    PetitionReceived,
    ProxyRecorded,
    SignatoryWithdrew,
)
from domain.petitioner import Petitioner
from domain.refusals.general import GeneralRefusal
from domain.value import as_said, replace, said
from domain.vocabulary import CAPACITIES_OF_PETITIONERS, IdentityField, PetitionerRef, PetitionId
from service.event_store.append import Identity
from service.security.authenticated_encryption import decrypt_bound, encrypt_bound
from service.security.blind_index import identity_no_blind_index, name_blind_index

_PADDED_BLOCK_BYTES = 256

BringsPersons = PetitionReceived | MandateRecorded | ProxyRecorded | SignatoryWithdrew | CorrectionProposed
"""The facts with which identities come into the vault."""

_F = TypeVar("_F", bound=PetitionEvent)


class UndecryptableIdentity(Exception):
    """Is raised when an identity cannot be decrypted, because the vault key is a different one or the row was changed.

    The message names the petitioner_ref.
    """


@dataclass(frozen=True, slots=True)
class DisclosedIdentity:
    """Holds an identity that was read. `petitioner` is None when the person was erased."""

    petitioner_ref: PetitionerRef
    petitioner: Petitioner | None = field(repr=False)


def encrypt_identities(
    petition_id: PetitionId, refs: Sequence[PetitionerRef], petitioners: Sequence[Petitioner], kek: bytes
) -> tuple[Identity, ...]:
    """Encrypt the petitioners for storage, one for each of `refs`, in order. `kek` is the 32-byte vault key."""
    return tuple(
        _encrypt_identity(petition_id, ref, petitioner, kek) for ref, petitioner in zip(refs, petitioners, strict=True)
    )


def encrypt_persons(
    decision: Decision, petition_id: PetitionId, identities: Sequence[Petitioner], kek: bytes
) -> tuple[Decision, tuple[Identity, ...]]:
    """Return the decision with the digests of the persons that it brings, and their encrypted identities, in order.

    Who acts for others is not found as the sender of a letter, so an identity of theirs has no blind index.
    """
    persons = [person for fact in decision.facts for person in _persons_brought(fact)]
    encrypted = encrypt_identities(petition_id, [person.ref for person in persons], identities, kek)
    stored = tuple(
        identity
        if person.capacity in CAPACITIES_OF_PETITIONERS
        else replace_fields(identity, name_mark=None, identity_no_mark=None)
        for person, identity in zip(persons, encrypted, strict=True)
    )
    facts = [with_identity_digests(fact, stored) if _persons_brought(fact) else fact for fact in decision.facts]
    return decision._replace(facts=facts), stored


def _persons_brought(fact: PetitionEvent) -> tuple[Person, ...]:
    return said(fact.persons, ()) if isinstance(fact, BringsPersons) else ()


def with_identity_digests(fact: _F, identities: Sequence[Identity]) -> _F:
    """Return the fact with the SHA-256 (hex) of each encrypted identity at the person whose identity it is.

    An erasure deletes the data key alone, so the digest stays true of what the vault still holds.
    """
    digests = {identity.petitioner_ref: sha256(identity.sealed).hexdigest() for identity in identities}
    persons = tuple(
        replace(person, identity_digest=digests[person.ref]) if person.ref in digests else person
        for person in _persons_brought(fact)
    )
    return replace(fact, persons=as_said(persons))


def decrypt_identity(identity: Identity, kek: bytes) -> Petitioner:
    """Decrypt one stored identity. Raise UndecryptableIdentity under another key or if the row was changed."""
    associated_data = _associated_data(identity.petition_id, identity.petitioner_ref)
    try:
        data_key = decrypt_bound(kek, identity.wrapped_key, b"key" + associated_data)
        plaintext = decrypt_bound(data_key, identity.sealed, b"identity" + associated_data)
    except (InvalidTag, ValueError):
        raise UndecryptableIdentity(f"the identity {identity.petitioner_ref} does not open") from None
    return Petitioner.model_validate_json(plaintext)


def can_unwrap_data_key(kek: bytes, wrapped_key: bytes, petition_id: UUID, petitioner_ref: UUID) -> bool:
    """Return True if `kek` unwraps the data key of this petition and petitioner. No identity is decrypted."""
    try:
        decrypt_bound(kek, wrapped_key, b"key" + _associated_data(petition_id, petitioner_ref))
    except (InvalidTag, ValueError):
        return False
    return True


async def read_identities(
    conn: AsyncConnection[Any],
    petition_id: PetitionId,
    credentials: Credentials,
    purpose: str,
    kek: bytes,
    *,
    left_out: Collection[PetitionerRef] = (),
) -> list[DisclosedIdentity]:
    """Return the petitioners of a petition, in no particular order. Raise NotAllowed without the role custodian.

    `left_out` are identities that are not read, such as those that were corrected. The access (reader, petitioner,
    purpose) is committed before anything is decrypted, so no identity is read without a record. Raise
    UndecryptableIdentity.
    """
    if Role.CUSTODIAN not in credentials.roles:
        raise NotAllowed(GeneralRefusal.NEEDS_ONE_OF_ROLES, roles=(Role.CUSTODIAN,))
    async with conn.transaction(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            """
            SELECT i.petitioner_ref, i.sealed, k.wrapped_key
            FROM kiennghi_vault.identities AS i LEFT JOIN kiennghi_vault.identity_keys AS k USING (petitioner_ref)
            WHERE i.petition_id = %s AND i.petitioner_ref <> ALL(%s)
            """,
            [petition_id, list(left_out)],
        )
        rows = await cursor.fetchall()
        for ref, _, _ in rows:
            await _record_access(conn, ref, credentials, purpose)
    return [
        DisclosedIdentity(
            ref, None if wrapped_key is None else decrypt_identity(Identity(ref, petition_id, sealed, wrapped_key), kek)
        )
        for ref, sealed, wrapped_key in rows
    ]


async def corrected_identities(
    conn: AsyncConnection[Any],
    petition_id: PetitionId,
    corrections: Sequence[tuple[PetitionerRef, Mapping[IdentityField, str | bool]]],
    kek: bytes,
) -> list[Petitioner | None]:
    """Return the identities with the corrected parts in place, in order; None for one that was erased.

    Nobody is shown what the vault holds, so no reading is recorded. Raise UndecryptableIdentity.
    """
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            """
            SELECT i.petitioner_ref, i.sealed, k.wrapped_key
            FROM kiennghi_vault.identities AS i JOIN kiennghi_vault.identity_keys AS k USING (petitioner_ref)
            WHERE i.petition_id = %s AND i.petitioner_ref = ANY(%s)
            """,
            [petition_id, [ref for ref, _ in corrections]],
        )
        stored = {ref: Identity(ref, petition_id, sealed, wrapped) for ref, sealed, wrapped in await cursor.fetchall()}
    return [
        decrypt_identity(stored[ref], kek).model_copy(update={str(part): value for part, value in parts.items()})
        if ref in stored
        else None
        for ref, parts in corrections
    ]


async def _record_access(conn: AsyncConnection[Any], ref: UUID, credentials: Credentials, purpose: str) -> None:
    await conn.execute(
        "INSERT INTO kiennghi_vault.identity_accesses (petitioner_ref, read_by, purpose) VALUES (%s, %s, %s)",
        [ref, credentials.officer, purpose],
    )


def _encrypt_identity(petition_id: PetitionId, ref: PetitionerRef, petitioner: Petitioner, kek: bytes) -> Identity:
    associated_data = _associated_data(petition_id, ref)
    plaintext = petitioner.model_dump_json(exclude_defaults=True).encode()
    plaintext += b" " * (-len(plaintext) % _PADDED_BLOCK_BYTES)  # the length of a name says something about it
    data_key = secrets.token_bytes(32)
    return Identity(
        petitioner_ref=ref,
        petition_id=petition_id,
        sealed=encrypt_bound(data_key, plaintext, b"identity" + associated_data),
        wrapped_key=encrypt_bound(kek, data_key, b"key" + associated_data),
        name_mark=name_blind_index(petitioner, kek),
        identity_no_mark=identity_no_blind_index(petitioner, kek),
    )


def _associated_data(petition_id: UUID, ref: UUID) -> bytes:
    return petition_id.bytes + ref.bytes
