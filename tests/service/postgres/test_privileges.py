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


@pytest.fixture
def writer(owner: Connection, database: str) -> Iterator[Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE kiennghi_writer")
        yield connection


def parameters_of_append() -> dict[str, object]:
    return {
        "stream": uuid.uuid4(),
        "version": 1,
        "command": uuid.uuid4(),
        "category": "petition",
        "topic": "PetitionReceived",
        "digest": b"d",
        "context": b"{}",
    }


def append_one(
    connection: Connection,
    version: int = 1,
    stream: uuid.UUID | None = None,
    statement: str = APPEND_IN_BATCH,
    **given: object,
) -> int:
    parameters = parameters_of_append() | {"stream": stream or uuid.uuid4(), "version": version} | given
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


def test_the_writer_writes_to_the_log_by_appending_alone(writer: Connection) -> None:
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
        assert_refused(writer, statement, match="permission denied")

    assert append_one(writer) == 2


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
def test_no_append_skips_a_version_or_repeats_one(writer: Connection, statement: str) -> None:
    stream = uuid.uuid4()
    append_one(writer, 1, stream, statement)

    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        append_one(writer, 3, stream, statement)
    with pytest.raises(psycopg.errors.UniqueViolation):
        append_one(writer, 1, stream, statement)
    with pytest.raises(psycopg.errors.CheckViolation):
        append_one(writer, 0, stream, statement)

    assert append_one(writer, 2, stream, statement) == 3


@both_append_statements
def test_a_topic_and_a_stream_have_one_category_for_ever(writer: Connection, owner: Connection, statement: str) -> None:
    stream = uuid.uuid4()
    append_one(writer, 1, stream, statement)

    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="belongs to the category petition, not to"):
        append_one(writer, statement=statement, category="unit")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="has in another category"):
        append_one(writer, 2, stream, statement, topic="UnitRenamed", category="unit")

    assert append_one(writer, 2, stream, statement, topic="PetitionAssigned") == 3
    assert append_one(writer, 1, None, statement, topic="MeetingHeld", category="meeting") == 4
    assert owner.execute("SELECT category, topic FROM kiennghi.readable_log ORDER BY position").fetchall() == [
        ("petition", "PetitionReceived"),
        ("petition", "PetitionReceived"),
        ("petition", "PetitionAssigned"),
        ("meeting", "MeetingHeld"),
    ]


@both_append_statements
def test_an_event_that_no_version_of_the_program_has_named_is_refused(writer: Connection, statement: str) -> None:
    """Nobody could read it, so it would stop everybody who follows the log."""
    for topic, category in (("PetitionBlessed", "petition"), ("VisitPaid", "visit"), ("petitionReceived", "petition")):
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=f"topic {topic} is not known"):
            append_one(writer, statement=statement, topic=topic, category=category)
    assert append_one(writer, statement=statement) == 2, "a refused one takes no position"
    for table, expected in (("categories", set(Category)), ("topics", CATEGORY_OF_TOPIC.keys())):
        column = "category" if table == "categories" else "topic"
        words = writer.execute(f"SELECT number, {column} FROM kiennghi.{table} ORDER BY number".encode()).fetchall()
        assert [number for number, _ in words] == list(range(1, len(words) + 1))
        assert {word for _, word in words} == set(expected)


@both_append_statements
def test_a_command_ends_with_its_digest_and_context(writer: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        append_one(writer, statement=statement, context=None)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="or end no command"):
        append_one(writer, statement=statement, digest=None, context=None)
    command = uuid.uuid4()
    append_one(writer, statement=statement, command=command)
    with pytest.raises(psycopg.errors.UniqueViolation, match="log_command_once"):
        append_one(writer, statement=statement, command=command)


@both_append_statements
def test_tables_of_the_services_own_do_not_stand_in_for_those_of_the_log(writer: Connection, statement: str) -> None:
    writer.execute("CREATE TEMPORARY TABLE log_head AS SELECT true AS only_row, 41::bigint AS position, now() AS at")
    writer.execute("SET search_path = pg_temp, kiennghi")

    assert append_one(writer, statement=statement) == 2


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


SERVICE, WRITER, PROJECTOR, READER, SEALER = (
    "kiennghi_service",
    "kiennghi_writer",
    "kiennghi_projector",
    "kiennghi_reader",
    "kiennghi_sealer",
)
EVERYBODY = {SERVICE, WRITER, PROJECTOR, READER, SEALER}
ACCESS = "INSERT INTO kiennghi_vault.identity_accesses (petitioner_ref, read_by, purpose"
MATRIX: dict[str, set[str]] = {
    # what is recorded
    "SELECT FROM kiennghi.log": EVERYBODY,
    "SELECT FROM kiennghi.log_head": EVERYBODY,
    "SELECT FROM kiennghi.categories": EVERYBODY,
    "SELECT FROM kiennghi.topics": EVERYBODY,
    "SELECT FROM kiennghi.officers": EVERYBODY,
    "SELECT FROM kiennghi.migrations": EVERYBODY,
    "SELECT FROM kiennghi.registers": {SERVICE, READER},
    "SELECT FROM kiennghi.readable_log": {SERVICE, READER},
    APPEND_IN_BATCH: {WRITER},
    APPEND_ALONE: {WRITER},
    "SELECT kiennghi.hold_log()": {WRITER, SERVICE},
    "SELECT kiennghi.raise_epoch(1)": set(),
    "INSERT INTO kiennghi.log DEFAULT VALUES": set(),
    "UPDATE kiennghi.log SET topic = topic": set(),
    "DELETE FROM kiennghi.log": set(),
    "TRUNCATE kiennghi.log": set(),
    "UPDATE kiennghi.log_head SET position = 1000": set(),
    "UPDATE kiennghi.registers SET last_number = 7": set(),
    "INSERT INTO kiennghi.officers VALUES (9, 'x', 'x', 'x')": set(),
    "CREATE TABLE kiennghi.mine ()": set(),
    "ALTER TABLE kiennghi.log DISABLE TRIGGER ALL": set(),
    # the vault
    "SELECT FROM kiennghi_vault.identities": {SERVICE, READER, SEALER},
    "SELECT FROM kiennghi_vault.identity_accesses": {SERVICE, READER, SEALER},
    "SELECT FROM kiennghi_vault.identity_keys": {SERVICE},
    "SELECT FROM kiennghi_vault.text_keys": {SERVICE, PROJECTOR},
    "DELETE FROM kiennghi_vault.identity_keys": {SERVICE},
    "UPDATE kiennghi_vault.identity_keys SET wrapped_key = ''": set(),
    "UPDATE kiennghi_vault.text_keys SET wrapped_key = NULL": {SERVICE},
    "UPDATE kiennghi_vault.text_keys SET key_number = 2": set(),
    "INSERT INTO kiennghi_vault.text_keys VALUES (gen_random_uuid(), 1, '', 'x')": set(),
    f"{ACCESS}) VALUES (gen_random_uuid(), 'officer-1', 'to answer')": {SERVICE},
    f"{ACCESS}, read_at) VALUES (gen_random_uuid(), 'officer-1', 'to answer', '2020-01-01')": set(),
    "DELETE FROM kiennghi_vault.identities": set(),
    "CREATE TABLE kiennghi_vault.mine ()": set(),
    # alerts
    "SELECT FROM kiennghi.contacts": {SERVICE},
    "DELETE FROM kiennghi.contacts": {SERVICE},
    "UPDATE kiennghi.alert_clock SET stopped_at = NULL": {SERVICE},
    # views
    "SELECT FROM kiennghi_views.made": {SERVICE, READER, PROJECTOR},
    "INSERT INTO kiennghi_views.made VALUES (1)": {PROJECTOR},
    "DROP TABLE kiennghi_views.made": {PROJECTOR},
    "CREATE TABLE kiennghi_views.mine ()": {PROJECTOR},
    "CREATE TABLE kiennghi_rebuild.mine ()": {PROJECTOR},
    # what proves the log
    "SELECT FROM kiennghi_proof.tiles": {SERVICE, READER, SEALER},
    "SELECT note FROM kiennghi_proof.checkpoints": {SERVICE, READER, SEALER},
    "UPDATE kiennghi_proof.tree_head SET size = 1, position = 1": {SEALER},
    "INSERT INTO kiennghi_proof.tiles VALUES (0, 0, sha256(''))": {SEALER},
    "UPDATE kiennghi_proof.tiles SET hashes = sha256('x')": {SEALER},
    "UPDATE kiennghi_proof.tiles SET number = 7": set(),
    "DELETE FROM kiennghi_proof.tiles": set(),
    "INSERT INTO kiennghi_proof.other_leaves VALUES (1, 1, 'reads', '')": {SEALER},
    "DELETE FROM kiennghi_proof.other_leaves": set(),
    "INSERT INTO kiennghi_proof.checkpoints (size, note) VALUES (1, 'x')": {SEALER},
    "INSERT INTO kiennghi_proof.checkpoints (size, note, signed_at) VALUES (2, 'x', '2020-01-01')": set(),
    "UPDATE kiennghi_proof.checkpoints SET note = 'y'": set(),
    "INSERT INTO kiennghi_proof.cosignatures (size, line) VALUES (1, 'x')": {SEALER},
    "CREATE TABLE kiennghi_proof.mine ()": set(),
}
"""The privilege matrix: each statement, with the roles that may do it. All others are denied it."""


def test_each_role_may_do_what_the_matrix_says_and_nothing_else(owner: Connection, database: str) -> None:
    assert {role for role, _ in GRANTED_ROLES} == EVERYBODY
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET ROLE kiennghi_projector")  # a table is made for a rebuild, and then put in its place
        connection.execute("CREATE TABLE kiennghi_rebuild.made (one integer)")
        connection.execute("ALTER TABLE kiennghi_rebuild.made SET SCHEMA kiennghi_views")
        found: dict[str, set[str]] = {statement: set() for statement in MATRIX}
        for role in EVERYBODY:
            connection.execute(f"SET ROLE {role}".encode())
            for statement in MATRIX:
                parameters = parameters_of_append() if "kiennghi.append" in statement else None
                try:
                    with connection.transaction(force_rollback=True):
                        connection.execute(statement.encode(), parameters)
                except psycopg.errors.InsufficientPrivilege:
                    continue
                found[statement].add(role)
    assert {one: found[one] for one in MATRIX if found[one] != MATRIX[one]} == {}


def test_not_even_the_owner_removes_what_proves_the_log(owner: Connection) -> None:
    for table in ("other_leaves", "checkpoints", "cosignatures", "tiles", "tree_head"):
        assert_refused(owner, f"DELETE FROM kiennghi_proof.{table}", match="stays as it is")
        assert_refused(owner, f"TRUNCATE kiennghi_proof.{table} CASCADE", match="stays as it is")


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
