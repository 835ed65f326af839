"""Asks whether the database can take what the service writes, and has what this version reads."""

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import AsyncConnection

from service.postgres.migrate import known_migrations

_MISSING_TABLES = "SELECT t.name FROM unnest(%s::text[]) AS t (name) WHERE to_regclass(t.name) IS NULL ORDER BY 1"

_TRY_TO_WRITE = (
    "SET LOCAL lock_timeout = '1s'",
    "SET LOCAL statement_timeout = '2s'",
    "SET LOCAL synchronous_commit = 'local'",  # the own disk answers; a standby has the doctor
    "SELECT kiennghi.hold_log()",
)
# Some hundred kilobytes that do not compress: a table that must grow, as the log must.
_TAKE_ROOM = (
    "CREATE TEMPORARY TABLE room ON COMMIT DROP AS SELECT md5(n::text) AS noise FROM generate_series(1, 10000) AS n"
)


async def find_newer_migrations(connection: AsyncConnection[Any]) -> list[str]:
    """Return the migrations of the database that this version does not know: a newer version made them."""
    cursor = await connection.execute("SELECT name FROM kiennghi.migrations ORDER BY name")
    return [name for (name,) in await cursor.fetchall() if name not in known_migrations()]


async def find_missing_tables(connection: AsyncConnection[Any], names: Iterable[str]) -> list[str]:
    """Return those of the tables, named with their schemas, that the database does not have."""
    cursor = await connection.execute(_MISSING_TABLES, [list(names)])
    return [name for (name,) in await cursor.fetchall()]


async def why_not_writable(connection: AsyncConnection[Any]) -> str | None:
    """Take the lock that every append takes, and some room on the disk, and return why that fails; None if it does not.

    It takes two seconds at most. Nothing of it stays.
    """
    try:
        async with connection.transaction():
            for statement in _TRY_TO_WRITE:
                await connection.execute(statement.encode())
            await connection.execute(_TAKE_ROOM)
    except psycopg.errors.LockNotAvailable:
        return "phiên khác đang giữ nhật ký / another session holds the log"
    except psycopg.errors.DiskFull:
        return "hết dung lượng đĩa / the disk is full"
    except psycopg.errors.ReadOnlySqlTransaction:
        return "cơ sở dữ liệu chỉ cho đọc / the database is read-only"
    except psycopg.OperationalError as error:
        return f"không ghi được / cannot be written ({type(error).__name__})"
    return None
