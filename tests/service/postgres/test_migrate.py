"""Tests migrations: they are applied forward only and once, and refused when the database has another history."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pydantic import SecretStr

from domain.topics import CATEGORY_OF_TOPIC
from domain.vocabulary import Category
from service.bootstrap import bring_up_to_date
from service.config.settings import Settings
from service.postgres import known_topics
from service.postgres.embedded.server import embedded_postgres
from service.postgres.known_topics import TOPICS_OF_THIS_VERSION
from service.postgres.migrate import MigrationRefused, create_service_login, migrate_database, pending_migrations
from service.postgres.roles import GRANTED_ROLES, ROLES_OF_SERVING, UnfitLogin, refuse_unfit_login

MIGRATIONS = Path("service/postgres/migrations")


def applied(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT name FROM kiennghi.migrations ORDER BY name").fetchall()
        return [name for (name,) in rows]


def execute(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def clerk_of(dsn: str) -> Iterator[str]:
    """Provide the DSN of a user who owns this database and may not create roles."""
    clerk = f"clerk_{uuid.uuid4().hex}"
    name = sql.Identifier(str(conninfo_to_dict(dsn)["dbname"]))
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(clerk)))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, sql.Identifier(clerk)))
    try:
        yield make_conninfo(dsn, user=clerk)
    finally:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("REASSIGN OWNED BY {} TO postgres").format(sql.Identifier(clerk)))
            connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(clerk)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(clerk)))


def test_an_empty_database_gets_every_file_in_order_and_a_second_time_nothing(empty_database: str) -> None:
    first = migrate_database(empty_database)

    files = sorted(file.stem for file in MIGRATIONS.glob("[0-9]*.sql"))
    grants = [one.grants for one in GRANTED_ROLES]
    assert first == [*files, *grants, TOPICS_OF_THIS_VERSION]
    assert sorted(files + grants) == applied(empty_database)
    assert migrate_database(empty_database) == []


def test_what_is_pending_is_what_will_be_applied_and_asking_changes_nothing(empty_database: str) -> None:
    execute(empty_database, "DO $$ BEGIN CREATE ROLE kiennghi_service; EXCEPTION WHEN OTHERS THEN END $$")

    announced = pending_migrations(empty_database)

    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT to_regnamespace('kiennghi')").fetchone() == (None,)
    assert migrate_database(empty_database) == announced
    assert pending_migrations(empty_database) == []


def test_of_twelve_that_start_at_once_each_file_is_applied_by_one(empty_database: str) -> None:
    done: list[list[str]] = []
    ready = threading.Barrier(12)

    def start() -> None:
        ready.wait()
        done.append(migrate_database(empty_database))

    starters = [threading.Thread(target=start) for _ in range(12)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()

    assert len(done) == 12
    made = sorted(name for names in done for name in names)
    assert made == sorted([*applied(empty_database), TOPICS_OF_THIS_VERSION])


def test_a_file_that_was_changed_after_it_had_been_applied_is_refused(database: str) -> None:
    execute(database, "UPDATE kiennghi.migrations SET checksum = 'another' WHERE name = '0001_log'")

    with pytest.raises(MigrationRefused, match=r"0001_log.*was changed after it had been applied"):
        migrate_database(database)
    with pytest.raises(MigrationRefused, match="0001_log"):
        pending_migrations(database)


def test_a_database_of_a_newer_version_is_refused(database: str) -> None:
    execute(database, "INSERT INTO kiennghi.migrations (name, checksum) VALUES ('9999_from_tomorrow', '')")

    with pytest.raises(MigrationRefused, match=r"9999_from_tomorrow.*a newer version migrated it"):
        migrate_database(database)


def test_a_file_that_would_come_before_one_already_applied_is_refused(database: str) -> None:
    execute(database, "DELETE FROM kiennghi.migrations WHERE name = '0001_log'")

    with pytest.raises(MigrationRefused, match="0001_log is missing"):
        migrate_database(database)


def test_a_file_that_fails_leaves_nothing_of_itself_behind(empty_database: str) -> None:
    execute(empty_database, "CREATE SCHEMA kiennghi; CREATE TABLE kiennghi.registers (in_the_way int)")

    with pytest.raises(psycopg.errors.DuplicateTable):
        migrate_database(empty_database)

    assert applied(empty_database) == []
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT to_regclass('kiennghi.log')").fetchone() == (None,)


@pytest.mark.parametrize(
    "trace",
    [
        "CREATE SCHEMA kiennghi; CREATE TABLE kiennghi.commands ()",
        "CREATE SCHEMA kiennghi; CREATE TABLE kiennghi.migrations (name text, checksum text);"
        " INSERT INTO kiennghi.migrations VALUES ('0001_log', 'x'), ('0003_reading', 'x')",
    ],
    ids=["its commands", "its migrations"],
)
def test_a_database_of_before_the_stored_form_was_fixed_is_refused(empty_database: str, trace: str) -> None:
    execute(empty_database, trace)

    for ask in (migrate_database, pending_migrations):
        with pytest.raises(MigrationRefused, match=r"before the stored form was fixed; nothing in it can be read"):
            ask(empty_database)


def _functions(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT p.proname, pg_get_functiondef(p.oid) FROM pg_proc AS p"
        " WHERE p.pronamespace IN ('kiennghi'::regnamespace, 'kiennghi_vault'::regnamespace) ORDER BY 1, 2"
    ).fetchall()


def test_the_functions_of_the_database_are_those_of_the_files(database: str) -> None:
    files = sorted(Path("service/postgres/functions").glob("*.sql"))
    with psycopg.connect(database) as connection:
        migrated = _functions(connection)
        for file in files:
            connection.execute(file.read_bytes())  # CREATE OR REPLACE: a text that differs shows, and so does a new one
        of_files = _functions(connection)
        connection.rollback()
    assert [name for name, _ in migrated] == [file.stem for file in files]
    assert migrated == of_files


def test_topics_of_a_newer_version_are_named_by_its_migration(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = {**CATEGORY_OF_TOPIC, "PetitionBlessed": Category.PETITION, "VisitPaid": "visit"}
    monkeypatch.setattr(known_topics, "CATEGORY_OF_TOPIC", newer)

    assert pending_migrations(database) == [TOPICS_OF_THIS_VERSION]
    assert migrate_database(database) == [TOPICS_OF_THIS_VERSION]
    assert pending_migrations(database) == []


def test_grants_that_were_lost_are_given_again(database: str) -> None:
    execute(database, "REVOKE USAGE ON SCHEMA kiennghi FROM kiennghi_service")

    assert pending_migrations(database) == ["service_role"]
    assert migrate_database(database) == ["service_role"]
    assert pending_migrations(database) == []


def test_an_owner_without_the_right_to_make_roles_can_migrate(empty_database: str, database: str) -> None:
    with clerk_of(empty_database) as dsn:  # because of `database`, somebody else has created the role
        assert migrate_database(dsn)[-2:] == [GRANTED_ROLES[-1].grants, TOPICS_OF_THIS_VERSION]
        assert migrate_database(dsn) == []


def test_a_role_that_is_missing_is_made_by_whoever_may_make_it_and_its_grants_wait_until_then(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    with (
        embedded_postgres(tmp_path / "own", fsync=False) as server,  # roles belong to the whole server
        clerk_of(server) as dsn,
    ):
        grants = {one.grants for one in GRANTED_ROLES}
        assert not grants & set(migrate_database(dsn))
        assert pending_migrations(dsn) == []

        execute(server, "CREATE ROLE kiennghi_service NOLOGIN")

        assert migrate_database(dsn) == ["service_role"]
        # As in the new cluster that a backup is restored into: a superuser restores, and migrates.
        assert pending_migrations(server) == migrate_database(server) == [one.grants for one in GRANTED_ROLES[1:]]
        with pytest.raises(UnfitLogin, match=r"clerk_.* owns the log"):
            refuse_unfit_login(dsn)
        create_service_login(server)
        refuse_unfit_login(make_conninfo(server, user="kiennghi_login"))
        execute(server, "REVOKE kiennghi_writer FROM kiennghi_login")
        with pytest.raises(UnfitLogin, match="kiennghi_login may not take kiennghi_writer: run `kiennghi migrate`"):
            refuse_unfit_login(make_conninfo(server, user="kiennghi_login"))

        # With both logins in the settings, `kiennghi migrate` makes that of the service and keeps its roles complete.
        login = make_conninfo(server, user="van-phong", password="mật khẩu")
        settings = Settings(database_url=SecretStr(login), owner_url=SecretStr(server))
        assert len(bring_up_to_date(settings)) == len(ROLES_OF_SERVING) + 1  # and the role of the sealer
        assert bring_up_to_date(settings) == []
        refuse_unfit_login(login)
        with psycopg.connect(server) as owner:
            found = owner.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'van-phong'").fetchone()
        assert found is not None
        assert found[0].startswith("SCRAM-SHA-256$")
