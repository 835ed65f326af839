from collections.abc import AsyncIterator
from dataclasses import astuple, replace
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from domain.sealed_text import ERASED_TEXT
from service.event_store.append import StoredTextKey
from service.postgres.pools import async_pool
from service.security.text_sealing import (
    TextKey,
    TextKeys,
    TextPlace,
    UnopenableText,
    UnusableTextKey,
    open_text,
    seal_text,
)
from service.security.text_vault import KEYS_READY, DataKeys, TextVault, vault_key_id

VAULT_KEY, FORMER = bytes(range(32)), b"f" * 32
NAME = "PetitionReceived.summary"


def place_in(petition_id: UUID) -> TextPlace:
    return TextPlace(petition_id, 1, NAME)


@given(st.uuids(), st.integers(1, 32767), st.binary(min_size=32, max_size=32))
def test_any_key_unwraps_as_it_was_made(petition_id: UUID, number: int, vault_key: bytes) -> None:
    vault = TextVault(vault_key)
    stored, data_key = vault.make_key(petition_id, number)
    assert (stored.stream, stored.key_number, stored.vault_key_id) == (
        petition_id,
        number,
        vault_key_id(vault_key),
    )
    assert len(data_key) == 32
    assert data_key not in stored.wrapped_key
    assert vault.unwrap_key(stored) == data_key


def test_a_key_in_another_row_or_with_a_changed_byte_does_not_unwrap() -> None:
    vault = TextVault(VAULT_KEY)
    stored, _ = vault.make_key(uuid4())
    for changed in (
        replace(stored, stream=uuid4()),
        replace(stored, key_number=2),
        replace(stored, wrapped_key=b""),
        replace(stored, wrapped_key=stored.wrapped_key[:-1]),
    ):
        with pytest.raises(UnusableTextKey, match="does not unwrap"):
            vault.unwrap_key(changed)
    for place in range(len(stored.wrapped_key)):
        bent = bytearray(stored.wrapped_key)
        bent[place] ^= 1
        with pytest.raises(UnusableTextKey):
            vault.unwrap_key(replace(stored, wrapped_key=bytes(bent)))


def test_a_key_of_a_former_vault_key_unwraps_while_that_one_is_here() -> None:
    stored, data_key = TextVault(FORMER).make_key(uuid4())
    assert TextVault(VAULT_KEY, [FORMER]).unwrap_key(stored) == data_key
    with pytest.raises(UnusableTextKey, match=f"vault key {vault_key_id(FORMER)}, which is not here"):
        TextVault(VAULT_KEY).unwrap_key(stored)
    with pytest.raises(UnusableTextKey, match="does not unwrap"):
        TextVault(VAULT_KEY).unwrap_key(replace(stored, vault_key_id=vault_key_id(VAULT_KEY)))


def test_two_petitions_have_two_keys_and_the_id_of_a_vault_key_does_not_show_it() -> None:
    vault = TextVault(VAULT_KEY)
    assert vault.make_key(uuid4())[1] != vault.make_key(uuid4())[1]
    assert len(vault_key_id(VAULT_KEY)) == 12
    assert vault_key_id(VAULT_KEY) != VAULT_KEY[:6].hex()


def test_the_cache_keeps_the_petitions_that_were_used_last() -> None:
    vault = TextVault(VAULT_KEY, capacity=2)
    one, two, three = (vault.make_key(uuid4()) for _ in range(3))
    vault.remember(*one)
    vault.remember(*two)
    assert vault.cached_keys(one[0].stream) is not None
    vault.remember(*three)
    assert vault.cached_keys(two[0].stream) is None
    assert vault.cached_keys(one[0].stream) is not None
    assert vault.cached_keys(three[0].stream) is not None
    vault.forget(one[0].stream)
    vault.forget(uuid4())
    assert vault.cached_keys(one[0].stream) is None


def test_ciphers_are_kept_for_the_latest_petitions_until_their_keys_change_or_are_forgotten() -> None:
    vault = TextVault(VAULT_KEY)
    first, *others = (vault.make_key(uuid4()) for _ in range(KEYS_READY + 1))
    petition_id = first[0].stream
    vault.remember(*first)
    ready = vault.cached_keys(petition_id)
    assert ready is not None
    assert vault.cached_keys(petition_id) is ready
    vault.remember(*first)
    assert vault.cached_keys(petition_id) is not ready
    for forgets_all in (False, True):
        vault.remember(*first)
        assert vault.cached_keys(petition_id) is not None
        if forgets_all:
            vault.forget_all()
        else:
            vault.forget(petition_id)
        assert vault.cached_keys(petition_id) is None
    vault.remember(*first)
    ready = vault.cached_keys(petition_id)
    for other in others:
        vault.remember(*other)
        assert vault.cached_keys(other[0].stream) is not None
    assert vault.cached_keys(petition_id) is not ready


def test_a_key_after_an_erased_one_is_not_kept_without_that_one() -> None:
    vault, petition_id = TextVault(VAULT_KEY), uuid4()
    vault.remember(*vault.make_key(petition_id, 2))
    assert vault.cached_keys(petition_id) is None


def test_a_vault_without_a_cache_has_the_same_keys_and_keeps_none() -> None:
    vault = TextVault(VAULT_KEY, [FORMER], seals=False)
    bare = vault.uncached()
    for one in (TextVault(VAULT_KEY), TextVault(FORMER)):
        stored, data_key = one.make_key(uuid4())
        assert bare.unwrap_key(stored) == data_key
        bare.remember(stored, data_key)
        assert bare.cached_keys(stored.stream) is None
    assert bare.seals is False
    assert bare.make_key(uuid4())[0].vault_key_id == vault_key_id(VAULT_KEY)
    assert bare.derive_key(b"a") == vault.derive_key(b"a")


def test_a_derived_key_serves_one_purpose_of_one_vault_key() -> None:
    keys = {TextVault(key).derive_key(purpose) for key in (VAULT_KEY, FORMER) for purpose in (b"a", b"b")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
    assert VAULT_KEY not in keys


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def pool(anyio_backend: str, module_database: str) -> AsyncIterator[AsyncConnectionPool]:
    async with async_pool(module_database, min_size=1, max_size=1) as pool:
        yield pool


def store(dsn: str, *keys: StoredTextKey) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO kiennghi_vault.text_keys VALUES (%s, %s, %s, %s)", list(map(astuple, keys)))


def erase(dsn: str, petition_id: UUID) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE kiennghi_vault.text_keys SET wrapped_key = NULL WHERE stream = %s", [petition_id])


def lose(dsn: str, petition_id: UUID) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ALTER TABLE kiennghi_vault.text_keys DISABLE TRIGGER never_removed")
        connection.execute("DELETE FROM kiennghi_vault.text_keys WHERE stream = %s", [petition_id])


async def load(vault: TextVault, pool: AsyncConnectionPool, *petition_ids: UUID) -> dict[UUID, TextKeys]:
    async with pool.connection() as connection:
        return await vault.load_keys(connection, petition_ids)


@pytest.mark.anyio
async def test_the_keys_of_many_petitions_are_read_with_one_select(
    pool: AsyncConnectionPool, module_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = TextVault(VAULT_KEY)
    made = [vault.make_key(uuid4()) for _ in range(300)]
    store(module_database, *(stored for stored, _ in made))
    vault.remember(*made[0])
    asked: list[list[UUID]] = []
    select = vault._select_keys

    async def counted(conn: object, petition_ids: list[UUID]) -> dict[UUID, DataKeys]:
        asked.append(petition_ids)
        return await select(conn, petition_ids)  # type: ignore[arg-type]

    monkeypatch.setattr(vault, "_select_keys", counted)
    ids = [stored.stream for stored, _ in made]
    keys = await load(vault, pool, *ids)
    assert asked == [ids[1:]]
    for stored, data_key in made:
        sealed = seal_text("đường hỏng", place_in(stored.stream), TextKey(1, data_key))
        assert open_text(sealed, place_in(stored.stream), keys[stored.stream]) == "đường hỏng"
    await load(vault, pool, *ids)
    assert len(asked) == 1


@pytest.mark.anyio
async def test_an_erased_key_says_so_and_keeps_its_number_after_every_process_forgot_it(
    pool: AsyncConnectionPool, module_database: str
) -> None:
    vault = TextVault(VAULT_KEY)
    (one, data_key), (two, _) = vault.make_key(uuid4()), vault.make_key(uuid4())
    store(module_database, one, two)
    sealed = seal_text("đường hỏng", place_in(one.stream), TextKey(1, data_key))
    await load(vault, pool, one.stream, two.stream)
    erase(module_database, one.stream)
    vault.forget(one.stream)
    keys = await load(vault, pool, one.stream, two.stream)
    assert keys[one.stream] == {1: None}
    assert vault.cached_keys(one.stream) is None
    assert isinstance(keys[two.stream][1], TextKey)
    assert open_text(sealed, place_in(one.stream), keys[one.stream]) == ERASED_TEXT


@pytest.mark.anyio
async def test_a_petition_with_an_erased_key_and_a_new_one_has_both(
    pool: AsyncConnectionPool, module_database: str
) -> None:
    vault = TextVault(VAULT_KEY)
    first, _ = vault.make_key(uuid4())
    second, data_key = vault.make_key(first.stream, 2)
    store(module_database, first, second)
    erase_one = "UPDATE kiennghi_vault.text_keys SET wrapped_key = NULL WHERE stream = %s AND key_number = 1"
    with psycopg.connect(module_database, autocommit=True) as connection:
        connection.execute(erase_one, [first.stream])
    keys = (await load(vault, pool, first.stream))[first.stream]
    assert keys[1] is None
    sealed = seal_text("đường hỏng", place_in(first.stream), TextKey(2, data_key))
    assert open_text(sealed, place_in(first.stream), keys) == "đường hỏng"


@pytest.mark.anyio
async def test_a_key_whose_row_is_gone_is_lost_and_not_erased(pool: AsyncConnectionPool, module_database: str) -> None:
    vault = TextVault(VAULT_KEY)
    stored, data_key = vault.make_key(uuid4())
    store(module_database, stored)
    lose(module_database, stored.stream)
    keys = (await load(vault, pool, stored.stream))[stored.stream]
    assert keys == {}
    sealed = seal_text("đường hỏng", place_in(stored.stream), TextKey(1, data_key))
    with pytest.raises(UnopenableText, match="is lost"):
        open_text(sealed, place_in(stored.stream), keys)


@pytest.mark.anyio
async def test_that_a_petition_has_no_key_yet_is_not_kept(pool: AsyncConnectionPool, module_database: str) -> None:
    """Another process may be making it: its texts must not be taken for erased later."""
    vault = TextVault(VAULT_KEY)
    stored, _ = vault.make_key(uuid4())
    assert (await load(vault, pool, stored.stream)) == {stored.stream: {}}
    store(module_database, stored)
    assert (await load(vault, pool, stored.stream))[stored.stream].keys() == {1}


@pytest.mark.anyio
async def test_a_key_that_is_erased_while_it_is_read_is_not_kept(
    pool: AsyncConnectionPool, module_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = TextVault(VAULT_KEY)
    stored, _ = vault.make_key(uuid4())
    store(module_database, stored)
    select = vault._select_keys

    async def forgotten_meanwhile(conn: object, petition_ids: list[UUID]) -> dict[UUID, DataKeys]:
        found = await select(conn, petition_ids)  # type: ignore[arg-type]
        vault.forget(stored.stream)
        return found

    monkeypatch.setattr(vault, "_select_keys", forgotten_meanwhile)
    await load(vault, pool, stored.stream)
    assert vault.cached_keys(stored.stream) is None


@pytest.mark.anyio
async def test_a_key_that_cannot_be_unwrapped_is_not_taken_for_an_erased_one(
    pool: AsyncConnectionPool, module_database: str
) -> None:
    stored, _ = TextVault(FORMER).make_key(uuid4())
    store(module_database, stored)
    key = (await load(TextVault(VAULT_KEY), pool, stored.stream))[stored.stream][1]
    assert key is not None
    with pytest.raises(UnusableTextKey):
        _ = key.cipher
    with pytest.raises(UnusableTextKey):
        _ = key.column_cipher
