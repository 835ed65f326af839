"""Migrates a database to the form that this version needs: numbered SQL files, applied once and never undone."""

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import psycopg
import structlog

from service.postgres.pools import SERVICE_ROLE

MIGRATION_LOCK_TIMEOUT = "120s"  # while another process migrates
TABLE_LOCK_TIMEOUT = "10s"  # for a table in use: better to fail and be started again than to delay every reader
GRANTS_MIGRATION = "service_role"
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
    When the role `kiennghi_service` does not exist and this user may not create it, the grants are left out and a
    warning is logged: only the triggers then keep the log append-only.
    Raise MigrationRefused when the database was migrated by other files, or by a version before the stored form was
    fixed.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        if not _missing_migrations(connection, _numbered_files()) and not _grants_missing(connection):
            _warn_without_role(connection)
            return []
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [MIGRATION_LOCK_TIMEOUT])
        connection.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK_KEY])
        # Closing the connection releases the lock, also when this process dies.
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [TABLE_LOCK_TIMEOUT])
        return _migrate_locked(connection)


def pending_migrations(dsn: str) -> list[str]:
    """Return the names of what `migrate_database` would apply, as far as it is known without changing anything."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        missing = [migration.name for migration in _missing_migrations(connection, _numbered_files())]
        return missing + ([GRANTS_MIGRATION] if _grants_missing(connection) else [])


def _migrate_locked(connection: MigrationConnection) -> list[str]:
    """Apply what is missing while this connection holds the migration lock."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS kiennghi")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS kiennghi.migrations (name text PRIMARY KEY, checksum text NOT NULL,"
        " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
    )
    _create_service_role(connection)
    applied = []
    for migration in _missing_migrations(connection, _numbered_files()):
        _apply_migration(connection, migration)
        applied.append(migration.name)
    if _grants_missing(connection):
        _apply_migration(connection, _read_migration(GRANTS_MIGRATION))
        applied.append(GRANTS_MIGRATION)
    _warn_without_role(connection)
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
    if unknown := sorted(name for name in applied if name not in known and name != GRANTS_MIGRATION):
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
    latest = max((name for name in applied if name != GRANTS_MIGRATION), default="")
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


def _grants_missing(connection: MigrationConnection) -> bool:
    """Return true when the role exists but lacks grants, for example because it was created after the tables."""
    role = _query_value(connection, "SELECT oid FROM pg_roles WHERE rolname = %s", SERVICE_ROLE)
    if role is None:
        return False
    schema = _query_value(connection, "SELECT to_regnamespace('kiennghi')::oid")
    if (
        schema is None
        or _applied_checksums(connection).get(GRANTS_MIGRATION) != _read_migration(GRANTS_MIGRATION).checksum
    ):
        return True
    return not _query_value(connection, "SELECT has_schema_privilege(%s::oid, %s::oid, 'USAGE')", role, schema)


def _create_service_role(connection: MigrationConnection) -> None:
    """Create the service's role and let this user take it, as far as this user has the right."""
    for attempt in range(10):
        try:
            if not _service_role_exists(connection):
                connection.execute(f"CREATE ROLE {SERVICE_ROLE} NOLOGIN NOINHERIT")
            # Since version 16, the creator of a role is a member that may not take it; before, membership was enough.
            right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
            if not _query_value(connection, "SELECT pg_has_role(%s, %s)", SERVICE_ROLE, right):
                connection.execute(f"GRANT {SERVICE_ROLE} TO CURRENT_USER")
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


def _warn_without_role(connection: MigrationConnection) -> None:
    if not _service_role_exists(connection):
        log.warning("service_role_missing", role=SERVICE_ROLE, consequence="append-only rests on the triggers alone")


def _service_role_exists(connection: MigrationConnection) -> bool:
    return bool(_query_value(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", SERVICE_ROLE))


def _query_value(connection: MigrationConnection, query: str, *parameters: object) -> Any:
    row = connection.execute(query.encode(), parameters).fetchone()
    return None if row is None else row[0]


def _numbered_files() -> list[Migration]:
    folder = resources.files("service.postgres") / "migrations"
    names = sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [_read_migration(name) for name in names if _NUMBERED_NAME.fullmatch(name)]


def _read_migration(name: str) -> Migration:
    return Migration(
        name, (resources.files("service.postgres") / "migrations" / f"{name}.sql").read_text(encoding="utf-8")
    )
