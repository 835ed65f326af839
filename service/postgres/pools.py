"""The database the service works on: a given server if there is one, else one of our own."""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from service.config.settings import Settings

SERVICE_ROLE = "kiennghi_service"
STATEMENT_TIMEOUT = "30s"


class DatabaseUnreachable(Exception):
    """No answer from the database; the message names host, port and database, never the password."""


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """A DSN: `database_url` if given, else that of an embedded server which lasts as long as the context."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    try:  # not at the top: with a server given, the system need not have flock
        from service.postgres.embedded.server import embedded_postgres
    except ModuleNotFoundError as error:
        message = f"no embedded server on this system ({error}): set KIENNGHI_DATABASE_URL"
        raise DatabaseUnreachable(message) from None

    with embedded_postgres(settings.home / "postgres", timeout=300) as dsn:
        yield dsn


def wait_until_reachable(dsn: str, timeout: float = 15) -> None:
    """Returns once the server takes a connection; DatabaseUnreachable after `timeout` seconds without one."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            left = max(2, int(deadline - time.monotonic()))  # libpq takes whole seconds, and 1 as 2
            psycopg.connect(dsn, connect_timeout=left).close()
        except psycopg.OperationalError as error:
            if time.monotonic() + 0.2 > deadline:
                raise DatabaseUnreachable(f"{_where(dsn)} does not answer: {_last_line(error)}") from None
        else:
            return
        time.sleep(0.2)


def async_pool(dsn: str, *, min_size: int, max_size: int) -> AsyncConnectionPool:
    """A closed pool (open it with `async with`) of autocommit connections in the service's role.

    Waiting for a connection ends with PoolTimeout after 5 s; a statement ends after 30 s.
    """
    return AsyncConnectionPool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        open=False,
        configure=_configure,
        check=_still_there,
        timeout=5,
        max_waiting=500,
        reconnect_timeout=5,  # keeps the pause between attempts short; the next request begins anew
        name="kiennghi",
        kwargs={
            "autocommit": True,
            "application_name": "kiennghi",
            "connect_timeout": 5,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
        },
    )


async def _still_there(connection: psycopg.AsyncConnection[Any]) -> None:
    """Raises when the server has gone or ended the connection: then there is something to read, if only the end.

    Nothing is asked of a silent connection: a round trip for each use would double what a short read costs.
    """
    socket = select.poll()
    socket.register(connection.pgconn.socket, select.POLLIN)
    if socket.poll(0):
        await AsyncConnectionPool.check_connection(connection)


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    """Gives up the rights the service does not need, bounds what a statement may take, and looks to the views."""
    # Since 16 a member may be forbidden to take the role; before, membership was enough.
    right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    await connection.execute(
        "SELECT set_config('statement_timeout', %s, false),"
        " set_config('idle_in_transaction_session_timeout', '60s', false),"
        " set_config('timezone', 'UTC', false),"
        # Views are read by their bare names: see `projections.projection`. All else is named with its schema.
        " set_config('search_path', 'kiennghi_views', false)",
        [STATEMENT_TIMEOUT],
    )
    await connection.execute(
        "SELECT set_config('role', rolname, false) FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, %s)",
        [SERVICE_ROLE, right],
    )


def _where(dsn: str) -> str:
    place = conninfo_to_dict(dsn)
    host = place.get("host") or place.get("hostaddr") or "the local socket"
    name = place.get("dbname") or place.get("user") or "(default)"
    return f"PostgreSQL at {host}, port {place.get('port') or 5432}, database {name}"


def _last_line(error: psycopg.Error) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()
