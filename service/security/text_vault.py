"""Makes, wraps, reads and caches the keys under which the texts of petitions are sealed.

Each petition has a data key of its own, wrapped by the vault key of the service and bound to the petition, as the keys
of identities are: a row that is moved to another petition does not unwrap. The row says which vault key wrapped it, so
that rows of a former vault key are still read while they are wrapped again. To erase the texts of a petition is to set
the wrapped key to NULL: the row stays and says that the key was erased, and its number is not given again. A key
without a row is lost, and whoever needs it is told so.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID
from weakref import WeakMethod

from cryptography.exceptions import InvalidTag
from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from service.event_store.append import StoredTextKey
from service.security.authenticated_encryption import decrypt_bound, encrypt_bound
from service.security.text_sealing import BrokenTextKey, TextKey, TextKeys, UnusableTextKey

KEYS_IN_MEMORY = 20_000
"""Number of petitions whose keys are cached, as bytes; above it the petition that was used longest ago is removed."""

KEYS_READY = 500
"""Number of petitions of which keys with their ciphers are kept: those that were written to last. The rest is bytes."""

_DATA_KEY_BYTES = 32
_VAULT_KEY_ID_BYTES = 6


DataKeys = dict[int, bytes | UnusableTextKey | None]
"""The data keys of one petition, by number; None stands for one that was erased, an error for one that is of no use."""


def vault_key_id(vault_key: bytes) -> str:
    """Return the id of a vault key: 12 hexadecimal digits that say nothing about the key."""
    return hmac.digest(vault_key, b"kiennghi vault key id", hashlib.sha256)[:_VAULT_KEY_ID_BYTES].hex()


class TextVault:
    """Holds the vault keys, and caches the data keys of the petitions used last.

    `former_vault_keys` unwrap rows that were wrapped before the vault key was replaced. Where `seals` is false, new
    petitions get no key and their texts are stored as they were typed; what is sealed is opened all the same. The keys
    of the cache are the integers of the ids, because the hash of a UUID is computed in Python. Data keys are cached as
    bytes: a cipher that is ready for use takes 2.5 kB, and only the latest have theirs kept.
    """

    def __init__(
        self,
        vault_key: bytes,
        former_vault_keys: Iterable[bytes] = (),
        *,
        seals: bool = True,
        capacity: int = KEYS_IN_MEMORY,
    ) -> None:
        self.seals = seals
        self._vault_key = vault_key
        self._vault_key_id = vault_key_id(vault_key)
        self._vault_keys = {vault_key_id(key): key for key in (*former_vault_keys, vault_key)}
        self._capacity = capacity
        self._data_keys: OrderedDict[int, DataKeys] = OrderedDict()
        self._ready: dict[int, TextKeys] = {}
        self._listeners: list[WeakMethod[Callable[[UUID], None]]] = []
        self._forgets = 0  # calls of `forget`: what was read before one of them is not cached after it

    def uncached(self) -> "TextVault":
        """Return a vault with the same keys that caches nothing, for one pass over many petitions."""
        former = [key for key in self._vault_keys.values() if key != self._vault_key]
        return TextVault(self._vault_key, former, seals=self.seals, capacity=0)

    def derive_key(self, purpose: bytes) -> bytes:
        """Return a key of 32 bytes that follows from the vault key and serves only this purpose."""
        return hmac.digest(self._vault_key, purpose, hashlib.sha256)

    def make_key(self, petition_id: UUID, number: int = 1) -> tuple[StoredTextKey, bytes]:
        """Return a new key of a petition: the row that the append stores, and the data key itself.

        It is not cached: `remember` it when the append is confirmed. `number` is above 1 only when an earlier key of
        the petition was erased, and is then one more.
        """
        data_key = secrets.token_bytes(_DATA_KEY_BYTES)
        wrapped = encrypt_bound(self._vault_key, data_key, _associated_data(petition_id, number))
        return StoredTextKey(petition_id, number, wrapped, self._vault_key_id), data_key

    def unwrap_key(self, stored: StoredTextKey) -> bytes:
        """Return the data key of a stored row. Raise UnusableTextKey."""
        vault_key = self._vault_keys.get(stored.vault_key_id)
        if vault_key is None:
            raise UnusableTextKey(
                f"the key of petition {stored.stream} was wrapped by the vault key {stored.vault_key_id}, which is"
                " not here"
            )
        try:
            return decrypt_bound(vault_key, stored.wrapped_key, _associated_data(stored.stream, stored.key_number))
        except (InvalidTag, ValueError):
            raise UnusableTextKey(f"the key of petition {stored.stream} does not unwrap") from None

    def cached_keys(self, petition_id: UUID) -> TextKeys | None:
        """Return the keys of a petition, ready for use, or None where they are not in the cache."""
        petition = petition_id.int
        found = self._data_keys.get(petition)
        if found is None:
            return None
        self._data_keys.move_to_end(petition)
        ready = self._ready.get(petition)
        if ready is None:
            ready = self._ready[petition] = _keys_for_use(found)
            if len(self._ready) > KEYS_READY:
                del self._ready[next(iter(self._ready))]
        return ready

    async def load_keys(
        self, connection: AsyncConnection[Any], petition_ids: Iterable[UUID], *, fresh: bool = False
    ) -> dict[UUID, TextKeys]:
        """Return the keys of each of the petitions; one SELECT reads those that are not in the cache.

        With `fresh` all are read. A petition without keys, such as one whose texts are plain, has an empty mapping.
        Neither that nor keys of which the newest was erased are cached: a next key may be made meanwhile. `connection`
        must see the log at least as far as the facts to be opened were read. A key that does not unwrap raises
        UnusableTextKey when it is used.
        """
        keys: dict[UUID, TextKeys] = {}
        missing = []
        for petition_id in petition_ids:
            cached = None if fresh else self.cached_keys(petition_id)
            keys[petition_id] = {} if cached is None else cached
            if cached is None:
                missing.append(petition_id)
        forgets = self._forgets
        for petition_id, data_keys in (await self._select_keys(connection, missing) if missing else {}).items():
            keys[petition_id] = _keys_for_use(data_keys)
            if not isinstance(data_keys[max(data_keys)], bytes):
                self._drop(petition_id)
            elif forgets == self._forgets:
                self._store(petition_id, data_keys)
        return keys

    async def check(self, connection: AsyncConnection[Any]) -> None:
        """Unwrap one key of the database. Raise UnusableTextKey if the vault key is another one."""
        cursor = await connection.execute(
            "SELECT stream FROM kiennghi_vault.text_keys WHERE wrapped_key IS NOT NULL LIMIT 1"
        )
        if (row := await cursor.fetchone()) is not None:
            for key in (await self.load_keys(connection, [row[0]], fresh=True))[row[0]].values():
                _ = key and key.cipher  # raises where the key is of no use

    def remember(self, stored: StoredTextKey, data_key: bytes) -> None:
        """Cache a key that the database has confirmed. A key after others is not cached without those."""
        if stored.key_number == 1:
            self._store(stored.stream, {1: data_key})

    def forget_all(self) -> None:
        """Forget all cached keys: the log may have been taken back to before one of them was made or erased."""
        self._forgets += 1
        self._data_keys.clear()
        self._ready.clear()

    def forget(self, petition_id: UUID) -> None:
        """Remove the keys of a petition from the cache, and what listeners hold of its texts.

        Each process must do so when the keys were erased.
        """
        self._forgets += 1
        self._drop(petition_id)
        for listener in self._listeners:
            if (call := listener()) is not None:
                call(petition_id)

    def on_forget(self, listener: Callable[[UUID], None]) -> None:
        """Call `listener`, a method, with each petition whose keys are forgotten, as long as its object lives.

        Whatever holds texts of petitions in memory listens.
        """
        self._listeners = [one for one in self._listeners if one() is not None]
        self._listeners.append(WeakMethod(listener))

    async def _select_keys(self, connection: AsyncConnection[Any], petition_ids: list[UUID]) -> dict[UUID, DataKeys]:
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(
                "SELECT stream, key_number, wrapped_key, vault_key_id FROM kiennghi_vault.text_keys"
                " WHERE stream = ANY(%s)",
                [petition_ids],
                binary=True,
            )
            found: dict[UUID, DataKeys] = {}
            for petition_id, number, wrapped_key, wrapped_by in await cursor.fetchall():
                stored = None if wrapped_key is None else StoredTextKey(petition_id, number, wrapped_key, wrapped_by)
                found.setdefault(petition_id, {})[number] = None if stored is None else self._unwrap_or_error(stored)
            return found

    def _unwrap_or_error(self, stored: StoredTextKey) -> bytes | UnusableTextKey:
        try:
            return self.unwrap_key(stored)
        except UnusableTextKey as error:
            return error

    def _drop(self, petition_id: UUID) -> None:
        self._data_keys.pop(petition_id.int, None)
        self._ready.pop(petition_id.int, None)

    def _store(self, petition_id: UUID, data_keys: DataKeys) -> None:
        self._ready.pop(petition_id.int, None)
        self._data_keys[petition_id.int] = data_keys
        self._data_keys.move_to_end(petition_id.int)
        if len(self._data_keys) > self._capacity:
            self._data_keys.popitem(last=False)


def _keys_for_use(data_keys: DataKeys) -> TextKeys:
    return {number: _key_for_use(number, data_key) for number, data_key in data_keys.items()}


def _key_for_use(number: int, data_key: bytes | UnusableTextKey | None) -> TextKey | None:
    if data_key is None:
        return None
    return BrokenTextKey(number, data_key) if isinstance(data_key, UnusableTextKey) else TextKey(number, data_key)


def _associated_data(petition_id: UUID, number: int) -> bytes:
    return b"text key" + petition_id.bytes + number.to_bytes(2)
