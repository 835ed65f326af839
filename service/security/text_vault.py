"""Makes, wraps, reads and caches the keys under which the texts of petitions are sealed.

Each petition has a data key of its own, wrapped by the vault key of the service and bound to the petition, as the keys
of identities are: a row that is moved to another petition does not unwrap. The row says which vault key wrapped it, so
that rows of a former vault key are still read while they are wrapped again.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from service.event_store.append import PetitionKey
from service.security.authenticated_encryption import decrypt_bound, encrypt_bound
from service.security.text_sealing import TextKey, TextKeys

KEYS_IN_MEMORY = 20_000
"""Number of petitions whose keys are cached, as bytes; above it the petition that was used longest ago is removed."""

_DATA_KEY_BYTES = 32
_VAULT_KEY_ID_BYTES = 6


class UnusablePetitionKey(Exception):
    """Is raised when the key of a petition cannot be unwrapped: the vault key is another one, or the row was changed.

    The message names the petition. Its texts are not erased.
    """


def vault_key_id(vault_key: bytes) -> str:
    """Return the id of a vault key: 12 hexadecimal digits that say nothing about the key."""
    return hmac.digest(vault_key, b"kiennghi vault key id", hashlib.sha256)[:_VAULT_KEY_ID_BYTES].hex()


class TextVault:
    """Holds the vault keys, and caches the data keys of the petitions used last.

    `former_vault_keys` unwrap rows that were wrapped before the vault key was replaced. The keys of the cache are the
    integers of the ids, because the hash of a UUID is computed in Python. Data keys are cached as bytes: a cipher that
    is ready for use takes 2.5 kB.
    """

    def __init__(
        self, vault_key: bytes, former_vault_keys: Iterable[bytes] = (), capacity: int = KEYS_IN_MEMORY
    ) -> None:
        self._vault_key = vault_key
        self._vault_key_id = vault_key_id(vault_key)
        self._vault_keys = {vault_key_id(key): key for key in (*former_vault_keys, vault_key)}
        self._capacity = capacity
        self._data_keys: OrderedDict[int, dict[int, bytes]] = OrderedDict()
        self._forgets = 0  # calls of `forget`: what was read before one of them is not cached after it

    def make_key(self, petition_id: UUID, number: int = 1) -> tuple[PetitionKey, bytes]:
        """Return a new key of a petition: the row that the append stores, and the data key itself.

        It is not cached: `remember` it when the append is confirmed. `number` is above 1 only when an earlier key of
        the petition was erased, and is then one more.
        """
        data_key = secrets.token_bytes(_DATA_KEY_BYTES)
        wrapped = encrypt_bound(self._vault_key, data_key, _associated_data(petition_id, number))
        return PetitionKey(petition_id, number, wrapped, self._vault_key_id), data_key

    def unwrap_key(self, stored: PetitionKey) -> bytes:
        """Return the data key of a stored row. Raise UnusablePetitionKey."""
        vault_key = self._vault_keys.get(stored.vault_key_id)
        if vault_key is None:
            raise UnusablePetitionKey(
                f"the key of petition {stored.petition_id} was wrapped by the vault key {stored.vault_key_id}, which is"
                " not here"
            )
        try:
            return decrypt_bound(vault_key, stored.wrapped_key, _associated_data(stored.petition_id, stored.key_number))
        except (InvalidTag, ValueError):
            raise UnusablePetitionKey(f"the key of petition {stored.petition_id} does not unwrap") from None

    def cached_keys(self, petition_id: UUID) -> TextKeys | None:
        """Return the keys of a petition, ready for use, or None where they are not in the cache."""
        found = self._data_keys.get(petition_id.int)
        if found is None:
            return None
        self._data_keys.move_to_end(petition_id.int)
        return _keys_for_use(found)

    async def load_keys(self, conn: AsyncConnection[Any], petition_ids: Iterable[UUID]) -> dict[UUID, TextKeys]:
        """Return the keys of each of the petitions; one SELECT reads those that are not in the cache.

        A petition whose keys were erased has no keys: an empty mapping, which is not cached. `conn` must see the log at
        least as far as the facts to be opened were read. Raise UnusablePetitionKey.
        """
        keys: dict[UUID, TextKeys] = {}
        missing = []
        for petition_id in petition_ids:
            cached = self.cached_keys(petition_id)
            keys[petition_id] = {} if cached is None else cached
            if cached is None:
                missing.append(petition_id)
        forgets = self._forgets
        for petition_id, data_keys in (await self._select_keys(conn, missing) if missing else {}).items():
            keys[petition_id] = _keys_for_use(data_keys)
            if forgets == self._forgets:
                self._store(petition_id, data_keys)
        return keys

    def remember(self, stored: PetitionKey, data_key: bytes) -> None:
        """Cache a key that the database has confirmed."""
        self._store(stored.petition_id, self._data_keys.get(stored.petition_id.int, {}) | {stored.key_number: data_key})

    def forget(self, petition_id: UUID) -> None:
        """Remove the keys of a petition from the cache. Each process must do so when they were erased."""
        self._forgets += 1
        self._data_keys.pop(petition_id.int, None)

    async def _select_keys(self, conn: AsyncConnection[Any], petition_ids: list[UUID]) -> dict[UUID, dict[int, bytes]]:
        async with conn.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(
                "SELECT petition_id, key_number, wrapped_key, vault_key_id FROM kiennghi_vault.petition_keys"
                " WHERE petition_id = ANY(%s)",
                [petition_ids],
                binary=True,
            )
            found: dict[UUID, dict[int, bytes]] = {}
            for row in await cursor.fetchall():
                stored = PetitionKey(*row)
                found.setdefault(stored.petition_id, {})[stored.key_number] = self.unwrap_key(stored)
            return found

    def _store(self, petition_id: UUID, data_keys: dict[int, bytes]) -> None:
        self._data_keys[petition_id.int] = data_keys
        self._data_keys.move_to_end(petition_id.int)
        if len(self._data_keys) > self._capacity:
            self._data_keys.popitem(last=False)


def key_for_use(number: int, data_key: bytes) -> TextKey:
    """Return a data key with its cipher, with which texts are sealed and opened."""
    return TextKey(number, AESGCM(data_key))


def _keys_for_use(data_keys: dict[int, bytes]) -> TextKeys:
    return {number: key_for_use(number, data_key) for number, data_key in data_keys.items()}


def _associated_data(petition_id: UUID, number: int) -> bytes:
    return b"text key" + petition_id.bytes + number.to_bytes(2)
