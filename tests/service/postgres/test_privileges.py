"""Tests that recorded rows cannot be changed: by the service, by the owner, or by a careless superuser."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[tuple[Any, ...]]

RECORDED_TABLES = ["kiennghi.log", "kiennghi.commands", "kiennghi_vault.identity_accesses"]
APPEND_IN_BATCH = """
SELECT first_position FROM kiennghi.append(
    ARRAY[%(stream)s::uuid], ARRAY[%(version)s::bigint], ARRAY['PetitionReceived'], ARRAY[''::bytea],
    ARRAY[%(command)s::uuid], '{}', '{}', '{}', '{}', ARRAY[1], ARRAY[''::bytea],
    '{}', '{}', '{}', '{}', false)
"""
APPEND_ALONE = """
SELECT first_position FROM kiennghi.append_event(
    %(stream)s, %(version)s, 'PetitionReceived', '', %(command)s, NULL, NULL, NULL, '', false)
"""
both_append_statements = pytest.mark.parametrize(
    "statement", [APPEND_IN_BATCH, APPEND_ALONE], ids=["in a batch", "alone"]
)


@pytest.fixture
def owner(database: str) -> Iterator[Connection]:
    """Provide the connection of the owner, a superuser; the log holds one event."""
    with psycopg.connect(database, autocommit=True) as connection:
        append_one(connection)
        connection.execute(
            "INSERT INTO kiennghi_vault.identity_accesses (petitioner_ref, read_by, purpose)"
            " VALUES (gen_random_uuid(), 'officer-1', 'to answer')"
        )
        yield connection


@pytest.fixture
def service(owner: Connection, database: str) -> Iterator[Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE kiennghi_service")
        yield connection


def append_one(
    connection: Connection, version: int = 1, stream: uuid.UUID | None = None, statement: str = APPEND_IN_BATCH
) -> int:
    row = connection.execute(
        statement.encode(), {"stream": stream or uuid.uuid4(), "version": version, "command": uuid.uuid4()}
    ).fetchone()
    assert row is not None
    return int(row[0])


def assert_refused(connection: Connection, statement: str, match: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=match):
        connection.execute(statement.encode())


@pytest.mark.parametrize("table", RECORDED_TABLES)
def test_neither_the_service_nor_the_owner_changes_or_removes_what_is_recorded(
    service: Connection, owner: Connection, table: str
) -> None:
    column = {"kiennghi.log": "topic", "kiennghi.commands": "last_version"}.get(table, "purpose")
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE false",
        f"TRUNCATE {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        assert_refused(service, statement, match="permission denied")
        assert_refused(owner, statement, match="what is recorded stays as it is")


def test_an_owner_who_plays_a_replica_is_refused_too(owner: Connection) -> None:
    owner.execute("SET session_replication_role = replica")

    assert_refused(owner, "UPDATE kiennghi.log SET topic = 'PetitionClosed'", match="stays as it is")


def test_an_upsert_changes_nothing_that_is_recorded(owner: Connection) -> None:
    assert_refused(
        owner,
        "INSERT INTO kiennghi.log SELECT * FROM kiennghi.log"
        " ON CONFLICT ON CONSTRAINT log_version_once DO UPDATE SET topic = 'PetitionClosed'",
        match="stays as it is",
    )


@pytest.mark.parametrize("table", ["kiennghi.log_head", "kiennghi.registers"])
def test_what_counts_positions_and_numbers_is_never_removed(service: Connection, owner: Connection, table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
        assert_refused(service, statement, match="permission denied")
        assert_refused(owner, statement, match="stays as it is")


def test_the_service_gives_no_event_a_position_or_a_time(service: Connection) -> None:
    columns = "originator_id, originator_version, topic, state, command_id"
    values = "gen_random_uuid(), 1, 'PetitionReceived', '', gen_random_uuid()"
    for column, value in (("notification_id", "1000"), ("recorded_at", "'2020-01-01'")):
        statement = f"INSERT INTO kiennghi.log ({columns}, {column}) VALUES ({values}, {value})"
        assert_refused(service, statement, match="permission denied")
    assert_refused(service, "UPDATE kiennghi.log_head SET position = 1000", match="permission denied")
    assert_refused(service, "UPDATE kiennghi.log_head SET recorded_at = '2020-01-01'", match="permission denied")


def test_the_service_writes_to_the_log_by_appending_alone(service: Connection) -> None:
    for statement in (
        "INSERT INTO kiennghi.log DEFAULT VALUES",
        "INSERT INTO kiennghi.commands DEFAULT VALUES",
        "INSERT INTO kiennghi.registers VALUES ('DON', 2026, 7)",
        "UPDATE kiennghi.registers SET last_number = 7",
        "INSERT INTO kiennghi.log_head DEFAULT VALUES",
        "SELECT kiennghi.next_references('DON', 2026, 7)",
        "INSERT INTO kiennghi.migrations VALUES ('0001_log', '')",
        "INSERT INTO kiennghi_vault.identities VALUES (gen_random_uuid(), gen_random_uuid(), '')",
        "INSERT INTO kiennghi_vault.identity_keys VALUES (gen_random_uuid(), '')",
    ):
        assert_refused(service, statement, match="permission denied")

    assert append_one(service) == 2


def test_the_service_alters_nothing_of_the_log(service: Connection) -> None:
    for statement in (
        "ALTER TABLE kiennghi.log DISABLE TRIGGER ALL",
        "ALTER TABLE kiennghi.log ADD COLUMN remark text",
        "DROP TABLE kiennghi.log",
        "DROP FUNCTION kiennghi.refuse_change() CASCADE",
        "CREATE TRIGGER mine BEFORE INSERT ON kiennghi.log EXECUTE FUNCTION kiennghi.refuse_change()",
        "CREATE TABLE kiennghi.mine ()",
        "CREATE FUNCTION kiennghi.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DO $$ BEGIN LOCK TABLE kiennghi.log IN EXCLUSIVE MODE; END $$",
    ):
        assert_refused(service, statement, match="must be owner|permission denied")


@both_append_statements
def test_no_append_skips_a_version_or_repeats_one(service: Connection, statement: str) -> None:
    stream = uuid.uuid4()
    append_one(service, 1, stream, statement)

    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        append_one(service, 3, stream, statement)
    with pytest.raises(psycopg.errors.UniqueViolation):
        append_one(service, 1, stream, statement)
    with pytest.raises(psycopg.errors.CheckViolation):
        append_one(service, 0, stream, statement)

    assert append_one(service, 2, stream, statement) == 3


@both_append_statements
def test_tables_of_the_services_own_do_not_stand_in_for_those_of_the_log(service: Connection, statement: str) -> None:
    service.execute("CREATE TEMPORARY TABLE log_head AS SELECT true AS only_row, 41::bigint AS position, now() AS at")
    service.execute("SET search_path = pg_temp, kiennghi")

    assert append_one(service, statement=statement) == 2


def test_the_service_makes_and_drops_tables_for_its_views(service: Connection) -> None:
    service.execute("CREATE TABLE kiennghi_views.petitions (petition_id uuid PRIMARY KEY)")
    service.execute("DROP TABLE kiennghi_views.petitions")


def test_an_identity_is_erased_by_its_key_and_no_reading_of_it_is_left_out_or_backdated(
    service: Connection, owner: Connection
) -> None:
    owner.execute("INSERT INTO kiennghi_vault.identity_keys VALUES (%s, 'key')", [petitioner := uuid.uuid4()])

    assert_refused(service, "UPDATE kiennghi_vault.identity_keys SET wrapped_key = ''", match="permission denied")
    assert_refused(service, "DELETE FROM kiennghi_vault.identities", match="permission denied")
    assert_refused(
        service,
        "INSERT INTO kiennghi_vault.identity_accesses (petitioner_ref, read_by, purpose, read_at)"
        " VALUES (gen_random_uuid(), 'officer-1', 'to answer', '2020-01-01')",
        match="permission denied",
    )
    deleted = service.execute("DELETE FROM kiennghi_vault.identity_keys WHERE petitioner_ref = %s", [petitioner])

    assert deleted.rowcount == 1


def test_a_user_outside_the_service_reaches_nothing(owner: Connection, database: str) -> None:
    stranger = f"stranger_{uuid.uuid4().hex}"
    owner.execute(f"CREATE ROLE {stranger} LOGIN".encode())
    try:
        with psycopg.connect(database, user=stranger, autocommit=True) as connection:
            for statement in (
                "SELECT count(*) FROM kiennghi.log",
                "SELECT count(*) FROM kiennghi_vault.identities",
                "SELECT kiennghi.hold_log()",
                "SELECT kiennghi.append_event(gen_random_uuid(), 1, 'x', '', gen_random_uuid(), '', '', 1, '', false)",
            ):
                assert_refused(connection, statement, match="permission denied")
    finally:
        owner.execute(f"DROP ROLE {stranger}".encode())
