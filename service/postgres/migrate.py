"""Brings a database to the form this version works with: numbered SQL files, applied once and never back."""

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

WAIT_FOR_OTHERS = "120s"  # another starter that is migrating
WAIT_FOR_TABLES = "10s"  # a table somebody reads: rather fail and be started again than hold up every reader
GRANTS = "service_role"
_NUMBERED = re.compile(r"\d{4}_[a-z0-9_]+")
_ONE_AT_A_TIME = 0x6B69656E  # the advisory lock's number: "kien"

log = structlog.get_logger()
Connection = psycopg.Connection[tuple[Any, ...]]


class MigrationRefused(Exception):
    """The database has another history than this version's files; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `name` without its ending, and the SQL in it."""

    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrate(dsn: str) -> list[str]:
    """Applies what is missing and returns the names of what was applied, in order.

    May be called by any number of starters at once. Each file is applied in one transaction, or not at all.
    When the role `kiennghi_service` is not there and this user may not make it, the grants are left out and a
    warning is logged: append-only then rests on the triggers alone.
    Raises MigrationRefused when the database was migrated by other files.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        if not _pending(connection, _numbered_files()) and not _grants_missing(connection):
            _warn_without_role(connection)
            return []
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [WAIT_FOR_OTHERS])
        connection.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
        # Closing the connection gives the lock back, also when the starter dies.
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [WAIT_FOR_TABLES])
        return _migrate(connection)


def pending(dsn: str) -> list[str]:
    """The names of what `migrate` would apply, as far as it can be told without changing anything."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        waiting = [migration.name for migration in _pending(connection, _numbered_files())]
        return waiting + ([GRANTS] if _grants_missing(connection) else [])


def _migrate(connection: Connection) -> list[str]:
    connection.execute("CREATE SCHEMA IF NOT EXISTS kiennghi")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS kiennghi.migrations (name text PRIMARY KEY, checksum text NOT NULL,"
        " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
    )
    _make_role(connection)
    applied = []
    for migration in _pending(connection, _numbered_files()):
        _apply(connection, migration)
        applied.append(migration.name)
    if _grants_missing(connection):
        _apply(connection, _read(GRANTS))
        applied.append(GRANTS)
    _warn_without_role(connection)
    return applied


def _apply(connection: Connection, migration: Migration) -> None:
    with connection.transaction():
        # Many statements at once: only text without parameters may hold that.
        connection.execute(migration.sql.encode())
        connection.execute(
            "INSERT INTO kiennghi.migrations (name, checksum) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = clock_timestamp()",
            [migration.name, migration.checksum],
        )
    log.info("migration_applied", migration=migration.name)


def _pending(connection: Connection, files: Sequence[Migration]) -> list[Migration]:
    """Those of `files` that the database lacks; refuses a database that is not a beginning of them."""
    applied = _applied(connection)
    known = {migration.name for migration in files}
    if unknown := sorted(name for name in applied if name not in known and name != GRANTS):
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
    waiting = [migration for migration in files if migration.name not in applied]
    latest = max((name for name in applied if name != GRANTS), default="")
    if waiting and waiting[0].name < latest:
        raise MigrationRefused(
            f"{waiting[0].name} is missing in the database, but {latest}, which comes after it, was applied."
            " Give the missing file a number after it."
        )
    return waiting


def _applied(connection: Connection) -> dict[str, str]:
    """Name and checksum of what was applied; nothing in a database that was never migrated."""
    if not _value(connection, "SELECT to_regclass('kiennghi.migrations') IS NOT NULL"):
        return {}
    return dict(connection.execute("SELECT name, checksum FROM kiennghi.migrations").fetchall())


def _grants_missing(connection: Connection) -> bool:
    """Whether the role is there and lacks what it should have, perhaps as it was made after the tables."""
    role = _value(connection, "SELECT oid FROM pg_roles WHERE rolname = %s", SERVICE_ROLE)
    if role is None:
        return False
    schema = _value(connection, "SELECT to_regnamespace('kiennghi')::oid")
    if schema is None or _applied(connection).get(GRANTS) != _read(GRANTS).checksum:
        return True
    return not _value(connection, "SELECT has_schema_privilege(%s::oid, %s::oid, 'USAGE')", role, schema)


def _make_role(connection: Connection) -> None:
    """Makes the role and lets this user take it, as far as the user may."""
    for attempt in range(10):
        try:
            if not _role_exists(connection):
                connection.execute(f"CREATE ROLE {SERVICE_ROLE} NOLOGIN NOINHERIT")
            # Since 16 whoever makes a role is a member that may not take it; before, membership was enough.
            right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
            if not _value(connection, "SELECT pg_has_role(%s, %s)", SERVICE_ROLE, right):
                connection.execute(f"GRANT {SERVICE_ROLE} TO CURRENT_USER")
        except psycopg.errors.InsufficientPrivilege:
            return
        except (
            psycopg.errors.DuplicateObject,
            psycopg.errors.UniqueViolation,
            psycopg.errors.InternalError_,
        ):
            # Roles are the whole server's, the lock is one database's: another's starter was quicker.
            if attempt == 9:
                raise
            time.sleep(0.05)
        else:
            return


def _warn_without_role(connection: Connection) -> None:
    if not _role_exists(connection):
        log.warning("service_role_missing", role=SERVICE_ROLE, consequence="append-only rests on the triggers alone")


def _role_exists(connection: Connection) -> bool:
    return bool(_value(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", SERVICE_ROLE))


def _value(connection: Connection, query: str, *parameters: object) -> Any:
    row = connection.execute(query.encode(), parameters).fetchone()
    return None if row is None else row[0]


def _numbered_files() -> list[Migration]:
    folder = resources.files("service.postgres") / "migrations"
    names = sorted(entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [_read(name) for name in names if _NUMBERED.fullmatch(name)]


def _read(name: str) -> Migration:
    return Migration(
        name, (resources.files("service.postgres") / "migrations" / f"{name}.sql").read_text(encoding="utf-8")
    )
