"""The vault: petitioners' identities, each under a key of its own.

An identity is sealed with AES-256-GCM under a data key made for it alone; the data key is wrapped by the vault key of
the service. Both are bound to the petition and the petitioner, so that a row moved to another place opens nothing.
Beside the data key lie marks, by which the same person is found again without being named. Erasing a person is
deleting that row; nothing else need be found.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from domain.actor import Credentials, Role
from domain.errors import NotAllowed
from domain.petitioner import Petitioner
from domain.vocabulary import PetitionerRef, PetitionId
from service.event_store.group_commit import Identity
from service.security.blind_index import identity_no_mark, name_mark

_NONCE = 12
_BLOCK = 256


class Unopenable(Exception):
    """What is sealed does not open: another vault key, or somebody changed it. The message names the petitioner_ref."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """An identity that was read; `petitioner` is None once the person was erased."""

    petitioner_ref: PetitionerRef
    petitioner: Petitioner | None = field(repr=False)


def seal(
    petition_id: PetitionId, refs: Sequence[PetitionerRef], petitioners: Sequence[Petitioner], kek: bytes
) -> tuple[Identity, ...]:
    """The petitioners, one a reference and in the same order, ready to be stored. `kek` is the 32-byte vault key."""
    return tuple(_sealed(petition_id, ref, petitioner, kek) for ref, petitioner in zip(refs, petitioners, strict=True))


def open_(identity: Identity, kek: bytes) -> Petitioner:
    """What `seal` closed; Unopenable under another key, or when anything of the row was changed."""
    bound_to = _bound_to(identity.petition_id, identity.petitioner_ref)
    try:
        data_key = _decrypted(kek, identity.wrapped_key, b"key" + bound_to)
        plain = _decrypted(data_key, identity.sealed, b"identity" + bound_to)
    except (InvalidTag, ValueError):
        raise Unopenable(f"the identity {identity.petitioner_ref} does not open") from None
    return Petitioner.model_validate_json(plain)


def unwraps(kek: bytes, wrapped_key: bytes, petition_id: UUID, petitioner_ref: UUID) -> bool:
    """Whether `kek` is the key that this identity was sealed under, and both are where they belong. Opens nothing."""
    try:
        _decrypted(kek, wrapped_key, b"key" + _bound_to(petition_id, petitioner_ref))
    except (InvalidTag, ValueError):
        return False
    return True


async def read_identities(
    conn: AsyncConnection[Any], petition_id: PetitionId, credentials: Credentials, purpose: str, kek: bytes
) -> list[Disclosed]:
    """The petitioners of a petition, in no particular order. NotAllowed without the role custodian.

    Who read whom, and for what purpose, is committed before anything is opened: no identity leaves unrecorded.
    """
    if Role.CUSTODIAN not in credentials.roles:
        raise NotAllowed(f"this needs one of the roles: {Role.CUSTODIAN}")
    async with conn.transaction(), conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            """
            SELECT i.petitioner_ref, i.sealed, k.wrapped_key
            FROM kiennghi_vault.identities AS i LEFT JOIN kiennghi_vault.identity_keys AS k USING (petitioner_ref)
            WHERE i.petition_id = %s
            """,
            [petition_id],
        )
        found = await cursor.fetchall()
        for ref, _, _ in found:
            await _enter_access(conn, ref, credentials, purpose)
    return [
        Disclosed(ref, None if wrapped_key is None else open_(Identity(ref, petition_id, sealed, wrapped_key), kek))
        for ref, sealed, wrapped_key in found
    ]


async def erase(
    conn: AsyncConnection[Any], petitioner_ref: PetitionerRef, credentials: Credentials, decision_no: str
) -> bool:
    """Delete the key of one identity, under a decision; False when there was none. NotAllowed without custodian.

    A backup taken before still holds the key: it must be kept no longer than the law of erasure allows.
    """
    if Role.CUSTODIAN not in credentials.roles:
        raise NotAllowed(f"this needs one of the roles: {Role.CUSTODIAN}")
    async with conn.transaction():
        deleted = await conn.execute(
            "DELETE FROM kiennghi_vault.identity_keys WHERE petitioner_ref = %s", [petitioner_ref]
        )
        if deleted.rowcount == 1:
            await _enter_access(conn, petitioner_ref, credentials, f"erased under decision {decision_no}")
    return deleted.rowcount == 1


async def _enter_access(conn: AsyncConnection[Any], ref: UUID, credentials: Credentials, purpose: str) -> None:
    await conn.execute(
        "INSERT INTO kiennghi_vault.identity_accesses (petitioner_ref, read_by, purpose) VALUES (%s, %s, %s)",
        [ref, credentials.officer, purpose],
    )


def _sealed(petition_id: PetitionId, ref: PetitionerRef, petitioner: Petitioner, kek: bytes) -> Identity:
    bound_to = _bound_to(petition_id, ref)
    plain = petitioner.model_dump_json(exclude_defaults=True).encode()
    plain += b" " * (-len(plain) % _BLOCK)  # how long a name is tells something of it
    data_key = secrets.token_bytes(32)
    return Identity(
        petitioner_ref=ref,
        petition_id=petition_id,
        sealed=_encrypted(data_key, plain, b"identity" + bound_to),
        wrapped_key=_encrypted(kek, data_key, b"key" + bound_to),
        name_mark=name_mark(petitioner, kek),
        identity_no_mark=identity_no_mark(petitioner, kek),
    )


def _bound_to(petition_id: UUID, ref: UUID) -> bytes:
    return petition_id.bytes + ref.bytes


def _encrypted(key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Nonce, then ciphertext with its tag."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def _decrypted(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
