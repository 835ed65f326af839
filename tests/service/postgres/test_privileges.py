"""Tests that recorded rows cannot be changed: by the service, by the owner, or by a careless superuser."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from domain.topics import CATEGORY_OF_TOPIC
from domain.vocabulary import Category
from service.postgres.roles import GRANTED_ROLES
from tests.conftest import login_of_service

Connection = psycopg.Connection[tuple[Any, ...]]

RECORDED_TABLES = {
    "kiennghi.log": "topic",
    "kiennghi.categories": "category",
    "kiennghi.topics": "topic",
    "kiennghi.officers": "unit",
    "kiennghi_vault.identities": "sealed",
    "kiennghi_vault.identity_accesses": "purpose",
}
"""Each table that is never changed, with one of its columns."""
APPEND_IN_BATCH = """
SELECT first_position FROM kiennghi.append(
    ARRAY[%(topic)s::text], ARRAY[%(category)s::text], '{cv-1}', '{so-xd}', '{x}', '{NULL}',
    ARRAY[%(stream)s::uuid], ARRAY[%(version)s::integer], '{1}', '{1}', ARRAY['{}'::bytea],
    ARRAY[%(command)s::uuid], ARRAY[%(digest)s::bytea], ARRAY[%(context)s::bytea], '{}', '{}', '{}', '{}',
    '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', false)
"""
APPEND_ALONE = """
SELECT first_position FROM kiennghi.append_event(
    %(stream)s, %(version)s, %(category)s, %(topic)s, '{}', 'cv-1', 'so-xd', 'x', NULL,
    %(command)s, %(digest)s, %(context)s, NULL, NULL, NULL, NULL, NULL, NULL, false)
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
    connection: Connection,
    version: int = 1,
    stream: uuid.UUID | None = None,
    statement: str = APPEND_IN_BATCH,
    **given: object,
) -> int:
    parameters = {
        "stream": stream or uuid.uuid4(),
        "version": version,
        "command": uuid.uuid4(),
        "category": "petition",
        "topic": "PetitionReceived",
        "digest": b"d",
        "context": b"{}",
        **given,
    }
    row = connection.execute(statement.encode(), parameters).fetchone()
    assert row is not None
    return int(row[0])


def assert_refused(connection: Connection, statement: str, match: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=match):
        connection.execute(statement.encode())


@pytest.mark.parametrize("table", RECORDED_TABLES)
def test_neither_the_service_nor_the_owner_changes_or_removes_what_is_recorded(
    service: Connection, owner: Connection, table: str
) -> None:
    column = RECORDED_TABLES[table]
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

    assert_refused(owner, "UPDATE kiennghi.log SET topic = 1", match="stays as it is")


def test_an_upsert_changes_nothing_that_is_recorded(owner: Connection) -> None:
    assert_refused(
        owner,
        "INSERT INTO kiennghi.log SELECT * FROM kiennghi.log"
        " ON CONFLICT ON CONSTRAINT log_version_once DO UPDATE SET topic = 1",
        match="stays as it is",
    )


@pytest.mark.parametrize("table", ["kiennghi.log_head", "kiennghi.registers", "kiennghi_vault.text_keys"])
def test_what_counts_positions_and_numbers_is_never_removed(service: Connection, owner: Connection, table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table}"):
        assert_refused(service, statement, match="permission denied")
        assert_refused(owner, statement, match="stays as it is")


def test_the_service_gives_no_event_a_position_or_a_time(service: Connection) -> None:
    columns = "stream, version, category, topic, officer, state, command_id"
    values = "gen_random_uuid(), 1, 1, 1, 1, '', gen_random_uuid()"
    for column, value in (("position", "1000"), ("recorded_at", "'2020-01-01'")):
        statement = f"INSERT INTO kiennghi.log ({columns}, {column}) VALUES ({values}, {value})"
        assert_refused(service, statement, match="permission denied")
    assert_refused(service, "UPDATE kiennghi.log_head SET position = 1000", match="permission denied")
    assert_refused(service, "UPDATE kiennghi.log_head SET recorded_at = '2020-01-01'", match="permission denied")


def test_the_service_writes_to_the_log_by_appending_alone(service: Connection) -> None:
    for statement in (
        "INSERT INTO kiennghi.log DEFAULT VALUES",
        "INSERT INTO kiennghi.categories VALUES (9, 'x')",
        "INSERT INTO kiennghi.topics VALUES (9, 1, 'x')",
        "INSERT INTO kiennghi.officers VALUES (9, 'x', 'x', 'x')",
        "SELECT kiennghi.number_topic('x', 'petition')",
        "SELECT kiennghi.name_topic('x', 'petition')",
        "SELECT kiennghi.number_officer('x', 'x', 'x', NULL)",
        "INSERT INTO kiennghi_vault.text_keys VALUES (gen_random_uuid(), 1, '', 'x')",
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
def test_a_topic_and_a_stream_have_one_category_for_ever(service: Connection, statement: str) -> None:
    stream = uuid.uuid4()
    append_one(service, 1, stream, statement)

    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="belongs to the category petition, not to"):
        append_one(service, statement=statement, category="unit")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="has in another category"):
        append_one(service, 2, stream, statement, topic="UnitRenamed", category="unit")

    assert append_one(service, 2, stream, statement, topic="PetitionAssigned") == 3
    assert append_one(service, 1, None, statement, topic="MeetingHeld", category="meeting") == 4
    assert service.execute("SELECT category, topic FROM kiennghi.readable_log ORDER BY position").fetchall() == [
        ("petition", "PetitionReceived"),
        ("petition", "PetitionReceived"),
        ("petition", "PetitionAssigned"),
        ("meeting", "MeetingHeld"),
    ]


@both_append_statements
def test_an_event_that_no_version_of_the_program_has_named_is_refused(service: Connection, statement: str) -> None:
    """Nobody could read it, so it would stop everybody who follows the log."""
    for topic, category in (("PetitionBlessed", "petition"), ("VisitPaid", "visit"), ("petitionReceived", "petition")):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=f"topic {topic} is not known"):
            append_one(service, statement=statement, topic=topic, category=category)
    assert append_one(service, statement=statement) == 2, "a refused one takes no position"
    for table, expected in (("categories", set(Category)), ("topics", CATEGORY_OF_TOPIC.keys())):
        column = "category" if table == "categories" else "topic"
        words = service.execute(f"SELECT number, {column} FROM kiennghi.{table} ORDER BY number".encode()).fetchall()
        assert [number for number, _ in words] == list(range(1, len(words) + 1))
        assert {word for _, word in words} == set(expected)


@both_append_statements
def test_a_command_ends_with_its_digest_and_context(service: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        append_one(service, statement=statement, context=None)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="or end no command"):
        append_one(service, statement=statement, digest=None, context=None)
    command = uuid.uuid4()
    append_one(service, statement=statement, command=command)
    with pytest.raises(psycopg.errors.UniqueViolation, match="log_command_once"):
        append_one(service, statement=statement, command=command)


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


def test_the_texts_of_a_petition_are_erased_by_its_keys(service: Connection, owner: Connection) -> None:
    owner.execute("INSERT INTO kiennghi_vault.text_keys VALUES (%s, 1, 'key', 'v1')", [petition := uuid.uuid4()])

    assert_refused(service, "UPDATE kiennghi_vault.text_keys SET key_number = 2", match="permission denied")
    assert_refused(service, "DELETE FROM kiennghi_vault.text_keys", match="permission denied")
    erased = service.execute("UPDATE kiennghi_vault.text_keys SET wrapped_key = NULL WHERE stream = %s", [petition])

    assert erased.rowcount == 1


def test_who_only_reads_sees_no_key_and_no_address_and_writes_nothing(owner: Connection, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as reader:
        reader.execute("SET ROLE kiennghi_reader")
        for table in ("log", "log_head", "categories", "topics", "officers", "registers", "readable_log"):
            reader.execute(f"SELECT count(*) FROM kiennghi.{table}".encode())
        for table in ("identities", "identity_accesses"):
            reader.execute(f"SELECT count(*) FROM kiennghi_vault.{table}".encode())
        for statement in (
            "SELECT count(*) FROM kiennghi_vault.identity_keys",
            "SELECT count(*) FROM kiennghi_vault.text_keys",
            "SELECT count(*) FROM kiennghi.contacts",
            "SELECT kiennghi.hold_log()",
            "INSERT INTO kiennghi.log DEFAULT VALUES",
            "UPDATE kiennghi.log_head SET position = 1000",
            "DELETE FROM kiennghi_vault.identities",
            "INSERT INTO kiennghi_vault.identity_accesses (petitioner_ref, read_by, purpose) VALUES"
            " (gen_random_uuid(), 'officer-1', 'to answer')",
            "CREATE TABLE kiennghi_views.mine ()",
        ):
            assert_refused(reader, statement, match="permission denied")


def test_the_sealer_writes_what_proves_the_log_and_nothing_of_the_log(owner: Connection, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as sealer:
        sealer.execute("SET ROLE kiennghi_sealer")
        sealer.execute("UPDATE kiennghi_proof.tree_head SET size = 1, position = 1")
        sealer.execute("INSERT INTO kiennghi_proof.tiles VALUES (0, 0, sha256(''))")
        sealer.execute("UPDATE kiennghi_proof.tiles SET hashes = sha256('x')")
        sealer.execute("INSERT INTO kiennghi_proof.other_leaves VALUES (1, 1, 'reads', '')")
        sealer.execute("INSERT INTO kiennghi_proof.checkpoints (size, note) VALUES (1, 'x')")
        sealer.execute("INSERT INTO kiennghi_proof.cosignatures (size, line) VALUES (1, 'x')")
        for statement in (
            "INSERT INTO kiennghi.log DEFAULT VALUES",
            "UPDATE kiennghi.log_head SET position = 1000",
            "SELECT kiennghi.hold_log()",
            "SELECT count(*) FROM kiennghi_vault.identity_keys",
            "SELECT count(*) FROM kiennghi_vault.text_keys",
            "DELETE FROM kiennghi_proof.tiles",
            "UPDATE kiennghi_proof.tiles SET number = 7",
            "UPDATE kiennghi_proof.checkpoints SET note = 'y'",
            "INSERT INTO kiennghi_proof.checkpoints (size, note, signed_at) VALUES (2, 'x', '2020-01-01')",
            "DELETE FROM kiennghi_proof.other_leaves",
        ):
            assert_refused(sealer, statement, match="permission denied")
    with psycopg.connect(database, autocommit=True) as service:
        service.execute("SET ROLE kiennghi_service")
        service.execute("SELECT note FROM kiennghi_proof.checkpoints")
        for statement in (
            "UPDATE kiennghi_proof.tree_head SET size = 2",
            "UPDATE kiennghi_proof.tiles SET hashes = sha256('y')",
            "INSERT INTO kiennghi_proof.other_leaves VALUES (2, 2, 'reads', '')",
            "INSERT INTO kiennghi_proof.checkpoints (size, note) VALUES (2, 'x')",
        ):
            assert_refused(service, statement, match="permission denied")
    for table in ("other_leaves", "checkpoints", "cosignatures", "tiles", "tree_head"):
        assert_refused(owner, f"DELETE FROM kiennghi_proof.{table}", match="stays as it is")
        assert_refused(owner, f"TRUNCATE kiennghi_proof.{table} CASCADE", match="stays as it is")


def test_a_view_that_the_service_makes_can_be_read_by_who_only_reads(service: Connection, database: str) -> None:
    service.execute("CREATE TABLE kiennghi_rebuild.made_anew ()")
    service.execute("ALTER TABLE kiennghi_rebuild.made_anew SET SCHEMA kiennghi_views")
    with psycopg.connect(database, autocommit=True) as reader:
        reader.execute("SET ROLE kiennghi_reader")
        reader.execute("SELECT count(*) FROM kiennghi_views.made_anew")


def test_the_login_of_the_service_takes_its_roles_and_can_become_nobody_else(database: str) -> None:
    with psycopg.connect(login_of_service(database), autocommit=True) as login:
        for role, _ in GRANTED_ROLES:
            login.execute(f"SET ROLE {role}".encode())
            login.execute("SELECT count(*) FROM kiennghi.log")
            login.execute("RESET ROLE")
        for statement in (
            "SET ROLE postgres",
            "SET SESSION AUTHORIZATION postgres",
            "SET session_replication_role = replica",
            "ALTER TABLE kiennghi.log DISABLE TRIGGER ALL",
        ):
            assert_refused(login, statement, match="permission denied|must be owner")


def test_a_user_outside_the_service_reaches_nothing(owner: Connection, database: str) -> None:
    stranger = f"stranger_{uuid.uuid4().hex}"
    owner.execute(f"CREATE ROLE {stranger} LOGIN".encode())
    try:
        with psycopg.connect(database, user=stranger, autocommit=True) as connection:
            for statement in (
                "SELECT count(*) FROM kiennghi.log",
                "SELECT count(*) FROM kiennghi_vault.identities",
                "SELECT kiennghi.hold_log()",
                "SELECT kiennghi.append_event(gen_random_uuid(), 1, 'petition', 'x', '', 'x', 'x', 'x', NULL,"
                " gen_random_uuid(), '', '', NULL, NULL, NULL, NULL, NULL, NULL, false)",
            ):
                assert_refused(connection, statement, match="permission denied")
    finally:
        owner.execute(f"DROP ROLE {stranger}".encode())
