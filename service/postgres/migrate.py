"""Migrates a database to the form that this version needs: numbered SQL files, applied once and never undone."""

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import psycopg
import structlog
from psycopg import sql

from service.postgres.known_topics import TOPICS_OF_THIS_VERSION, missing_topics, name_topics
from service.postgres.roles import GRANTED_ROLES, SERVICE_LOGIN, right_to_take

MIGRATION_LOCK_TIMEOUT = "120s"  # while another process migrates
TABLE_LOCK_TIMEOUT = "10s"  # for a table in use: better to fail and be started again than to delay every reader
GRANTS_MIGRATIONS = tuple(one.grants for one in GRANTED_ROLES)
_NUMBERED_NAME = re.compile(r"\d{4}_[a-z0-9_]+")
_MIGRATION_LOCK_KEY = 0x6B69656E  # the advisory lock's number: "kien"

_FORMER_MIGRATIONS = {"0003_reading", "0004_one_event", "0005_alerts", "0006_marks"}
"""Names of migrations before the stored form was fixed that no later version uses."""
_HAS_FORMER_TABLE = "SELECT to_regclass('kiennghi.commands') IS NOT NULL"

log = structlog.get_logger()
MigrationConnection = psycopg.Connection[tuple[Any, ...]]


class MigrationRefused(Exception):
    """Is raised when the database was migrated by other files than this version's; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """Holds one migration file: its `name` without the extension, and its SQL."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """Return the SHA-256 of the SQL, in hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrate_database(dsn: str) -> list[str]:
    """Apply the missing migrations and return their names, in order.

    Any number of processes may call it at once. Each file is applied in one transaction, or not at all.
    When a role does not exist and this user may not create it, its grants are left out and a warning is logged: only
    the triggers then keep the log append-only.
    Raise MigrationRefused when the database was migrated by other files, or by a version before the stored form was
    fixed.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        if not _pending(connection):
            _warn_without_roles(connection)
            return []
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [MIGRATION_LOCK_TIMEOUT])
        connection.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK_KEY])
        # Closing the connection releases the lock, also when this process dies.
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [TABLE_LOCK_TIMEOUT])
        return _migrate_locked(connection)


def create_service_login(dsn: str) -> None:
    """Create the login that the service has on its embedded server, and let it take every role that there is.

    It owns nothing. The embedded server asks for no password: only its own account reaches it.
    """
    give_login(dsn, SERVICE_LOGIN, [role for role, _ in GRANTED_ROLES])


def give_login(dsn: str, login: str, roles: Sequence[str], password: str | None = None) -> list[str]:
    """Make a login if there is none, let it take those of the roles that there are, and return the new ones.

    A password is sent hashed, so that no log of the server has it. Where this user may not, a warning is logged.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        right = right_to_take(connection.info.server_version)
        try:
            if not _role_exists(connection, login):
                _create_login(connection, login, password)
            new = [
                role
                for role in roles
                if _role_exists(connection, role)
                and not _query_value(connection, "SELECT pg_has_role(%s, %s, %s)", login, role, right)
            ]
            if new:
                names = sql.SQL(", ").join(map(sql.Identifier, new))
                connection.execute(sql.SQL("GRANT {} TO {}").format(names, sql.Identifier(login)))
        except psycopg.errors.InsufficientPrivilege:
            log.warning("login_not_granted", login=login, consequence="its roles are to be granted by hand")
            return []
        return new


def _create_login(connection: MigrationConnection, login: str, password: str | None) -> None:
    statement = sql.SQL("CREATE ROLE {} LOGIN INHERIT").format(sql.Identifier(login))
    if password is not None:
        hashed = connection.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256").decode()
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(hashed))
    try:
        connection.execute(statement)
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        return  # another migration on this server was faster


def pending_migrations(dsn: str) -> list[str]:
    """Return the names of what `migrate_database` would apply, as far as it is known without changing anything."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return _pending(connection)


def _pending(connection: MigrationConnection) -> list[str]:
    missing = [migration.name for migration in _missing_migrations(connection, _numbered_files())]
    topics = [TOPICS_OF_THIS_VERSION] if missing_topics(connection) else []
    return missing + _missing_grants(connection) + topics


def _migrate_locked(connection: MigrationConnection) -> list[str]:
    """Apply what is missing while this connection holds the migration lock."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS kiennghi")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS kiennghi.migrations (name text PRIMARY KEY, checksum text NOT NULL,"
        " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
    )
    _create_roles(connection)
    applied = []
    for migration in _missing_migrations(connection, _numbered_files()):
        _apply_migration(connection, migration)
        applied.append(migration.name)
    for grants in _missing_grants(connection):
        _apply_migration(connection, _read_migration(grants))
        applied.append(grants)
    if missing_topics(connection):
        name_topics(connection)
        applied.append(TOPICS_OF_THIS_VERSION)
    _warn_without_roles(connection)
    return applied


def _apply_migration(connection: MigrationConnection, migration: Migration) -> None:
    with connection.transaction():
        # A text of several statements can only be sent without parameters.
        connection.execute(migration.sql.encode())
        connection.execute(
            "INSERT INTO kiennghi.migrations (name, checksum) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = clock_timestamp()",
            [migration.name, migration.checksum],
        )
    log.info("migration_applied", migration=migration.name)


def _missing_migrations(connection: MigrationConnection, files: Sequence[Migration]) -> list[Migration]:
    """Return those of `files` that the database lacks.

    Raise MigrationRefused unless the migrations of the database are the first of `files`, unchanged. A database of
    before the stored form was fixed cannot be read.
    """
    applied = _applied_checksums(connection)
    if _FORMER_MIGRATIONS & applied.keys() or _query_value(connection, _HAS_FORMER_TABLE):
        raise MigrationRefused(
            "this database was made by a version before the stored form was fixed; nothing in it can be read."
            " Give this version an empty database; only the version that made the old one can read it."
        )
    known = {migration.name for migration in files}
    if unknown := sorted(name for name in applied if name not in known and name not in GRANTS_MIGRATIONS):
        raise MigrationRefused(
            f"the database holds {', '.join(unknown)}, which this version does not know: a newer version"
            " migrated it. Start that version; there is no way back."
        )
    for migration in files:
        if migration.name in applied and applied[migration.name] != migration.checksum:
            raise MigrationRefused(
                f"{migration.name} in the database is not the {migration.name} of this version: the file was"
                " changed after it had been applied. Restore it as it was and put the change into a new one."
            )
    missing = [migration for migration in files if migration.name not in applied]
    latest = max((name for name in applied if name not in GRANTS_MIGRATIONS), default="")
    if missing and missing[0].name < latest:
        raise MigrationRefused(
            f"{missing[0].name} is missing in the database, but {latest}, which comes after it, was applied."
            " Give the missing file a number after it."
        )
    return missing


def _applied_checksums(connection: MigrationConnection) -> dict[str, str]:
    """Return the checksum of each applied migration by name; nothing for a database that was never migrated."""
    if not _query_value(connection, "SELECT to_regclass('kiennghi.migrations') IS NOT NULL"):
        return {}
    return dict(connection.execute("SELECT name, checksum FROM kiennghi.migrations").fetchall())


def _missing_grants(connection: MigrationConnection) -> list[str]:
    """Return the files of grants to apply: of roles that lack theirs, and of roles that this user may create.

    A role lacks its grants when it was created after the tables, as in the new cluster that a backup is restored into.
    """
    applied, schema = (
        _applied_checksums(connection),
        _query_value(connection, "SELECT to_regnamespace('kiennghi')::oid"),
    )
    may_create = _query_value(connection, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    missing = []
    for role, grants in GRANTED_ROLES:
        oid = _query_value(connection, "SELECT oid FROM pg_roles WHERE rolname = %s", role)
        if oid is None:
            missing += [grants] if may_create else []
        elif (
            schema is None
            or applied.get(grants) != _read_migration(grants).checksum
            or not _query_value(connection, "SELECT has_schema_privilege(%s::oid, %s::oid, 'USAGE')", oid, schema)
        ):
            missing.append(grants)
    return missing


def _create_roles(connection: MigrationConnection) -> None:
    """Create the roles and let this user take them, as far as this user has the right."""
    for role, _ in GRANTED_ROLES:
        _create_role(connection, role)


def _create_role(connection: MigrationConnection, role: str) -> None:
    for attempt in range(10):
        try:
            if not _role_exists(connection, role):
                connection.execute(f"CREATE ROLE {role} NOLOGIN NOINHERIT".encode())
            # Since version 16, the creator of a role is a member that may not take it.
            right = right_to_take(connection.info.server_version)
            if not _query_value(connection, "SELECT pg_has_role(%s, %s)", role, right):
                connection.execute(f"GRANT {role} TO CURRENT_USER".encode())
        except psycopg.errors.InsufficientPrivilege:
            return
        except (
            psycopg.errors.DuplicateObject,
            psycopg.errors.UniqueViolation,
            psycopg.errors.InternalError_,
        ):
            # Roles belong to the server but the lock to one database: a migration of another database was faster.
            if attempt == 9:
                raise
            time.sleep(0.05)
        else:
            return


def _warn_without_roles(connection: MigrationConnection) -> None:
    for role, _ in GRANTED_ROLES:
        if not _role_exists(connection, role):
            log.warning("role_missing", role=role, consequence="append-only rests on the triggers alone")


def _role_exists(connection: MigrationConnection, role: str) -> bool:
    return bool(_query_value(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", role))


def _query_value(connection: MigrationConnection, query: str, *parameters: object) -> Any:
    row = connection.execute(query.encode(), parameters).fetchone()
    return None if row is None else row[0]


@cache
def known_migrations() -> frozenset[str]:
    """Return the names of all migrations that this version has."""
    return frozenset(one.name for one in _numbered_files()) | {one.grants for one in GRANTED_ROLES}


def _numbered_files() -> list[Migration]:
    folder = resources.files("service.postgres") / "migrations"
    names = sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [_read_migration(name) for name in names if _NUMBERED_NAME.fullmatch(name)]


def _read_migration(name: str) -> Migration:
    return Migration(
        name, (resources.files("service.postgres") / "migrations" / f"{name}.sql").read_text(encoding="utf-8")
    )
