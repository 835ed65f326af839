"""Tests that `/readyz` is well only while requests can be answered: written, and read from tables of this version."""

import asyncio

import psycopg
import pytest

from service.api.routes import health
from service.postgres.health import why_not_writable
from tests.service.api.interface import Interface

pytestmark = pytest.mark.anyio


async def unwell(interface: Interface) -> dict[str, str]:
    """Return the details of the checks that are not well, by name. The status must agree with them."""
    answer = await interface.client.get("/readyz")
    found = {check["name"]: check["detail"] for check in answer.json()["checks"] if not check["is_well"]}
    assert answer.status_code == (503 if found else 200)
    return found


async def test_a_log_that_somebody_holds_is_not_ready_unless_something_was_just_recorded(
    interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    await interface.receive()
    assert await interface.runner.wait_until_current(60)
    with psycopg.connect(interface.dsn) as somebody:
        somebody.execute("SELECT kiennghi.hold_log()")
        assert somebody.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("30s",)
        assert await unwell(interface) == {}
        monkeypatch.setattr(health, "RECORDED_LATELY_SECONDS", 0.0)
        assert "another session holds the log" in (await unwell(interface))["writes"]
    assert await unwell(interface) == {}


async def test_a_database_that_takes_nothing_is_not_ready(
    interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "RECORDED_LATELY_SECONDS", 0.0)
    async with interface.office.pool.connection() as connection:
        await connection.execute("SET default_transaction_read_only = on")
        why = await why_not_writable(connection)
        await connection.execute("RESET default_transaction_read_only")
        assert why is not None
        assert "read-only" in why
        assert await why_not_writable(connection) is None


async def test_a_newer_schema_under_a_running_service_is_said(interface: Interface) -> None:
    assert await interface.runner.wait_until_current(60)
    with psycopg.connect(interface.dsn, autocommit=True) as newer:
        newer.execute("INSERT INTO kiennghi.migrations (name, checksum) VALUES ('9999_future', 'x')")
        found = await unwell(interface)
        newer.execute("DELETE FROM kiennghi.migrations WHERE name = '9999_future'")
    assert list(found) == ["schema"]
    assert "9999_future" in found["schema"]


async def test_a_table_that_is_gone_is_said_and_built_again(interface: Interface) -> None:
    await interface.receive()
    assert await interface.runner.wait_until_current(60)
    with psycopg.connect(interface.dsn, autocommit=True) as owner:
        owner.execute("SELECT pg_advisory_lock(hashtext('kiennghi overdue (rebuild)'))")  # not before it was asked
        owner.execute("DROP TABLE kiennghi_views.overdue_due")
        assert (await unwell(interface))["tables"].endswith("kiennghi_views.overdue_due")
    await interface.receive()
    async with asyncio.timeout(60):
        while await unwell(interface):
            await asyncio.sleep(0.05)
