from collections.abc import AsyncIterator
from dataclasses import astuple, replace
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from service.event_store.append import PetitionKey
from service.postgres.pools import async_pool
from service.security.text_sealing import TextKeys, TextPlace, open_text, seal_text
from service.security.text_vault import TextVault, UnusablePetitionKey, key_for_use, vault_key_id

VAULT_KEY, FORMER = bytes(range(32)), b"f" * 32
NAME = "PetitionReceived.summary"


@given(st.uuids(), st.integers(1, 32767), st.binary(min_size=32, max_size=32))
def test_any_key_unwraps_as_it_was_made(petition_id: UUID, number: int, vault_key: bytes) -> None:
    vault = TextVault(vault_key)
    stored, data_key = vault.make_key(petition_id, number)
    assert (stored.petition_id, stored.key_number, stored.vault_key_id) == (
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
        replace(stored, petition_id=uuid4()),
        replace(stored, key_number=2),
        replace(stored, wrapped_key=b""),
    ):
        with pytest.raises(UnusablePetitionKey, match="does not unwrap"):
            vault.unwrap_key(changed)
    for place in range(len(stored.wrapped_key)):
        bent = bytearray(stored.wrapped_key)
        bent[place] ^= 1
        with pytest.raises(UnusablePetitionKey):
            vault.unwrap_key(replace(stored, wrapped_key=bytes(bent)))


def test_a_key_of_a_former_vault_key_unwraps_while_that_one_is_here() -> None:
    stored, data_key = TextVault(FORMER).make_key(uuid4())
    assert TextVault(VAULT_KEY, [FORMER]).unwrap_key(stored) == data_key
    with pytest.raises(UnusablePetitionKey, match=f"vault key {vault_key_id(FORMER)}, which is not here"):
        TextVault(VAULT_KEY).unwrap_key(stored)
    with pytest.raises(UnusablePetitionKey, match="does not unwrap"):
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
    assert vault.cached_keys(one[0].petition_id) is not None
    vault.remember(*three)
    assert vault.cached_keys(two[0].petition_id) is None
    assert vault.cached_keys(one[0].petition_id) is not None
    assert vault.cached_keys(three[0].petition_id) is not None
    vault.forget(one[0].petition_id)
    vault.forget(uuid4())
    assert vault.cached_keys(one[0].petition_id) is None


def test_a_key_after_an_erased_one_is_kept_beside_it() -> None:
    vault, petition_id = TextVault(VAULT_KEY), uuid4()
    vault.remember(*vault.make_key(petition_id))
    vault.remember(*vault.make_key(petition_id, 2))
    assert set(vault.cached_keys(petition_id) or ()) == {1, 2}


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def keys_database(module_database: str) -> str:
    """Provide a database with the table of keys, whether or not a migration makes it already."""
    with psycopg.connect(module_database, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS kiennghi_vault.petition_keys (petition_id uuid NOT NULL,"
            " key_number smallint NOT NULL, wrapped_key bytea NOT NULL, vault_key_id text NOT NULL,"
            " PRIMARY KEY (petition_id, key_number))"
        )
        connection.execute("GRANT SELECT ON kiennghi_vault.petition_keys TO kiennghi_service")
    return module_database


@pytest.fixture
async def pool(anyio_backend: str, keys_database: str) -> AsyncIterator[AsyncConnectionPool]:
    async with async_pool(keys_database, min_size=1, max_size=1) as pool:
        yield pool


def store(dsn: str, *keys: PetitionKey) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO kiennghi_vault.petition_keys VALUES (%s, %s, %s, %s)", list(map(astuple, keys)))


def erase(dsn: str, petition_id: UUID) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM kiennghi_vault.petition_keys WHERE petition_id = %s", [petition_id])


async def load(vault: TextVault, pool: AsyncConnectionPool, *petition_ids: UUID) -> dict[UUID, TextKeys]:
    async with pool.connection() as connection:
        return await vault.load_keys(connection, petition_ids)


@pytest.mark.anyio
async def test_the_keys_of_many_petitions_are_read_with_one_select(
    pool: AsyncConnectionPool, keys_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = TextVault(VAULT_KEY)
    made = [vault.make_key(uuid4()) for _ in range(300)]
    store(keys_database, *(stored for stored, _ in made))
    vault.remember(*made[0])
    asked: list[list[UUID]] = []
    select = vault._select_keys

    async def counted(conn: object, petition_ids: list[UUID]) -> dict[UUID, dict[int, bytes]]:
        asked.append(petition_ids)
        return await select(conn, petition_ids)  # type: ignore[arg-type]

    monkeypatch.setattr(vault, "_select_keys", counted)
    ids = [stored.petition_id for stored, _ in made]
    keys = await load(vault, pool, *ids)
    assert asked == [ids[1:]]
    for stored, data_key in made:
        place = TextPlace(stored.petition_id, NAME)
        assert open_text(seal_text("đường hỏng", place, key_for_use(1, data_key)), place, keys[stored.petition_id]) == (
            "đường hỏng"
        )
    await load(vault, pool, *ids)
    assert len(asked) == 1


@pytest.mark.anyio
async def test_a_petition_whose_key_was_erased_has_none_after_every_process_forgot_it(
    pool: AsyncConnectionPool, keys_database: str
) -> None:
    vault = TextVault(VAULT_KEY)
    (one, _), (two, _) = vault.make_key(uuid4()), vault.make_key(uuid4())
    store(keys_database, one, two)
    await load(vault, pool, one.petition_id, two.petition_id)
    erase(keys_database, one.petition_id)
    vault.forget(one.petition_id)
    keys = await load(vault, pool, one.petition_id, two.petition_id)
    assert keys[one.petition_id] == {}
    assert keys[two.petition_id].keys() == {1}
    assert vault.cached_keys(one.petition_id) is None


@pytest.mark.anyio
async def test_that_a_petition_has_no_key_yet_is_not_kept(pool: AsyncConnectionPool, keys_database: str) -> None:
    """Another process may be making it: its texts must not be taken for erased later."""
    vault = TextVault(VAULT_KEY)
    stored, _ = vault.make_key(uuid4())
    assert (await load(vault, pool, stored.petition_id)) == {stored.petition_id: {}}
    store(keys_database, stored)
    assert (await load(vault, pool, stored.petition_id))[stored.petition_id].keys() == {1}


@pytest.mark.anyio
async def test_a_key_that_is_erased_while_it_is_read_is_not_kept(
    pool: AsyncConnectionPool, keys_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = TextVault(VAULT_KEY)
    stored, _ = vault.make_key(uuid4())
    store(keys_database, stored)
    select = vault._select_keys

    async def forgotten_meanwhile(conn: object, petition_ids: list[UUID]) -> dict[UUID, dict[int, bytes]]:
        found = await select(conn, petition_ids)  # type: ignore[arg-type]
        vault.forget(stored.petition_id)
        return found

    monkeypatch.setattr(vault, "_select_keys", forgotten_meanwhile)
    await load(vault, pool, stored.petition_id)
    assert vault.cached_keys(stored.petition_id) is None


@pytest.mark.anyio
async def test_a_key_that_cannot_be_unwrapped_is_not_taken_for_an_erased_one(
    pool: AsyncConnectionPool, keys_database: str
) -> None:
    stored, _ = TextVault(FORMER).make_key(uuid4())
    store(keys_database, stored)
    with pytest.raises(UnusablePetitionKey):
        await load(TextVault(VAULT_KEY), pool, stored.petition_id)
