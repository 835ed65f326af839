"""Connects to the database of the service: to the server in the settings, or else to an embedded one."""

import select
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool

from service.config.settings import Settings
from service.postgres.roles import SERVICE_LOGIN, SERVICE_ROLE, take_role

STATEMENT_TIMEOUT = "30s"
"""Longest time of a statement, in PostgreSQL's notation."""


OnConnect = Callable[[psycopg.AsyncConnection[Any]], Awaitable[None]]


class DatabaseUnreachable(Exception):
    """Is raised when the database does not answer; the message names host, port and database, never the password."""


@contextmanager
def database_dsn(settings: Settings, *, as_owner: bool = False) -> Iterator[str]:
    """Provide a DSN: `database_url` if it is set, else that of an embedded server that lasts as long as the context.

    With `as_owner` it logs in as who owns the log, to migrate: by `owner_url` if it is set.
    """
    if settings.database_url is not None:
        owner = settings.owner_url if as_owner and settings.owner_url is not None else settings.database_url
        yield owner.get_secret_value()
        return
    try:  # not at the top: an embedded server needs flock, which not every system has
        from service.postgres.embedded.server import embedded_postgres
    except ModuleNotFoundError as error:
        message = f"no embedded server on this system ({error}): set KIENNGHI_DATABASE_URL"
        raise DatabaseUnreachable(message) from None

    with embedded_postgres(settings.home / "postgres", timeout=300) as dsn:
        yield dsn if as_owner else _login_of_service(dsn)


def has_database(settings: Settings) -> bool:
    """Return False where the settings name no server and no embedded one was ever made. Nothing is made to find out."""
    if settings.database_url is not None:
        return True
    try:
        from service.postgres.embedded.data_directory import has_cluster
    except ModuleNotFoundError:
        return True  # who opens it says that there is no embedded server on this system
    return has_cluster(settings.home / "postgres")


def _login_of_service(dsn: str) -> str:
    """Return the DSN by which the service logs in on the embedded server; that of the owner until it is migrated."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute("SELECT FROM pg_roles WHERE rolname = %s AND rolcanlogin", [SERVICE_LOGIN])
        return dsn if found.fetchone() is None else make_conninfo(dsn, user=SERVICE_LOGIN)


def wait_until_reachable(dsn: str, timeout: float = 15) -> None:
    """Wait until the server accepts a connection; raise DatabaseUnreachable after `timeout` seconds without one."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            left = max(2, int(deadline - time.monotonic()))  # libpq takes whole seconds, and 1 as 2
            psycopg.connect(dsn, connect_timeout=left).close()
        except psycopg.OperationalError as error:
            if time.monotonic() + 0.2 > deadline:
                raise DatabaseUnreachable(
                    f"{_describe_server(dsn)} does not answer: {_last_error_line(error)}"
                ) from None
        else:
            return
        time.sleep(0.2)


def async_pool(
    dsn: str, *, min_size: int, max_size: int, on_connect: OnConnect | None = None, role: str = SERVICE_ROLE
) -> AsyncConnectionPool:
    """Return a closed pool (open it with `async with`) of autocommit connections in a role, as a rule the service's.

    Waiting for a connection ends with PoolTimeout after 5 s; a statement is cancelled after 30 s. `on_connect` is
    awaited with each new connection before anybody gets it.
    """

    async def configure(connection: psycopg.AsyncConnection[Any]) -> None:
        await _configure_connection(connection, role)
        if on_connect is not None:
            await on_connect(connection)

    return AsyncConnectionPool(
        dsn,
        min_size=min_size,
        max_size=max_size,
        open=False,
        configure=configure,
        check=_check_connection,
        timeout=5,
        max_waiting=500,
        reconnect_timeout=5,  # keeps the pauses between attempts short; the next request starts a new series
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


async def _check_connection(connection: psycopg.AsyncConnection[Any]) -> None:
    """Raise psycopg.OperationalError when the server has ended the connection: its socket then has something to read.

    A silent socket is trusted without a query: a round trip for each use would double the cost of a short read.
    """
    socket = select.poll()
    socket.register(connection.pgconn.socket, select.POLLIN)
    if socket.poll(0):
        await AsyncConnectionPool.check_connection(connection)


async def _configure_connection(connection: psycopg.AsyncConnection[Any], role: str) -> None:
    """Take the role, limit the time of statements, and set the views' search path."""
    await connection.execute(
        "SELECT set_config('statement_timeout', %s, false),"
        " set_config('idle_in_transaction_session_timeout', '60s', false),"
        " set_config('timezone', 'UTC', false),"
        # Views are read by unqualified names: see `projections.projection`. All others are named with their schema.
        " set_config('search_path', 'kiennghi_views', false)",
        [STATEMENT_TIMEOUT],
    )
    await take_role(connection, role)


def _describe_server(dsn: str) -> str:
    parameters = conninfo_to_dict(dsn)
    host = parameters.get("host") or parameters.get("hostaddr") or "the local socket"
    name = parameters.get("dbname") or parameters.get("user") or "(default)"
    return f"PostgreSQL at {host}, port {parameters.get('port') or 5432}, database {name}"


def _last_error_line(error: psycopg.Error) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()
