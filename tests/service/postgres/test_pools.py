import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from service.config.settings import Settings
from service.postgres.pools import DatabaseUnreachable, async_pool, database_dsn, wait_until_reachable


@pytest.fixture
def service_role(server: str) -> str:
    """Return the service's role; roles belong to the whole server, so a migration may have created it already."""
    with psycopg.connect(server, autocommit=True) as connection:
        there = connection.execute("SELECT FROM pg_roles WHERE rolname = 'kiennghi_service'").fetchone()
        if there is None:
            connection.execute("CREATE ROLE kiennghi_service NOLOGIN")
    return "kiennghi_service"


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as taken:  # bound but not listening: nobody else gets the port, and nobody answers
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_a_given_database_wins_over_the_embedded_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url="host=db.example dbname=kn")  # type: ignore[arg-type]
    with database_dsn(settings) as dsn:
        assert dsn == "host=db.example dbname=kn"
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_up_is_reached(server: str) -> None:
    wait_until_reachable(server, timeout=5)


def test_a_server_that_is_down_is_named_without_its_password(closed_port: int) -> None:
    with pytest.raises(DatabaseUnreachable) as failure:
        wait_until_reachable(f"postgresql://kn:khong-ai-biet@127.0.0.1:{closed_port}/petitions", timeout=0.5)
    message = str(failure.value)
    assert f"PostgreSQL at 127.0.0.1, port {closed_port}, database petitions does not answer" in message
    assert "khong-ai-biet" not in message


def test_a_database_that_does_not_exist_is_told_with_the_servers_words(server: str) -> None:
    with pytest.raises(DatabaseUnreachable, match='database "no_such" does not exist'):
        wait_until_reachable(psycopg.conninfo.make_conninfo(server, dbname="no_such"), timeout=0.3)


@pytest.mark.anyio
async def test_a_pooled_connection_acts_in_the_services_role(server: str, service_role: str) -> None:
    assert await _session(server) == (service_role, "30s", "UTC", "kiennghi")


@pytest.mark.anyio
async def test_who_may_not_take_the_services_role_stays_who_they_are(server: str, service_role: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE ROLE visitor LOGIN")
        try:
            assert (await _session(psycopg.conninfo.make_conninfo(server, user="visitor")))[0] == "visitor"
            connection.execute(sql.SQL("GRANT {} TO visitor").format(sql.Identifier(service_role)))
            assert (await _session(psycopg.conninfo.make_conninfo(server, user="visitor")))[0] == service_role
        finally:
            connection.execute("DROP ROLE visitor")


@pytest.mark.anyio
async def test_a_connection_that_broke_is_replaced_before_it_is_lent(server: str) -> None:
    async with async_pool(server, min_size=1, max_size=1) as pool:
        async with pool.connection() as connection:
            broken = connection.info.backend_pid
        with psycopg.connect(server, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [broken])
        async with pool.connection() as connection:
            assert connection.info.backend_pid != broken


async def _session(dsn: str) -> tuple[str, str, str, str]:
    async with async_pool(dsn, min_size=1, max_size=1) as pool, pool.connection() as connection:
        found = await connection.execute(
            "SELECT current_user, current_setting('statement_timeout'), current_setting('timezone'),"
            " current_setting('application_name')"
        )
        row = await found.fetchone()
    assert row is not None
    return row[0], row[1], row[2], row[3]
