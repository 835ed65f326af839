"""Tests that views are written together, and that an error or a lock of one view does not stop the others."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.projector import batch_writer, runner
from service.projector.runner import ProjectionRunner
from tests.service.office_fixtures import assert_views_complete, run_life_cycles

pytestmark = pytest.mark.anyio
OTHERS = [view.name for view in VIEWS if view.name != "meetings"]


@asynccontextmanager
async def meetings_locked(dsn: str) -> AsyncIterator[None]:
    """Lock the table of the petitions of meetings, so that nobody else can read or write it."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await connection.execute("LOCK TABLE kiennghi_views.meetings_petitions IN ACCESS EXCLUSIVE MODE")
        yield


def stopped_views(log_lines: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the views that could not go on for a time."""
    return {line["view"] for line in log_lines if line["event"] in ("view_broken", "view_waits_for_database")}


async def have_passed(views: ProjectionRunner, position: int, *names: str) -> bool:
    """Return True if the views reach the position within 20 seconds."""
    return all(await asyncio.gather(*(views.wait_for(position, name, 20) for name in names)))


async def test_a_view_whose_table_is_held_up_is_waited_for_by_nobody(office: ApplicationService, database: str) -> None:
    with capture_logs() as log_lines:
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
            assert await views.wait_until_current(20)
            async with meetings_locked(database):
                await run_life_cycles(office, 22)
                head = await office.histories.last_position()
                assert await have_passed(views, head, *OTHERS)
                assert views.progress["meetings"].position < head
            assert await have_passed(views, head, "meetings")
    assert stopped_views(log_lines) == set()
    await assert_views_complete(office)


async def test_a_view_that_the_database_refuses_stops_alone_and_goes_on_once_it_is_mended(
    office: ApplicationService, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "FIRST_RETRY_SECONDS", 0.02)
    monkeypatch.setattr(batch_writer, "WRITTEN_ALONE_SECONDS", 0.05)
    with capture_logs() as log_lines:
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
            assert await views.wait_until_current(20)
            async with await psycopg.AsyncConnection.connect(database, autocommit=True) as owner:
                await owner.execute(
                    "ALTER TABLE kiennghi_views.meetings_petitions ADD CONSTRAINT fault CHECK (false) NOT VALID"
                )
                await run_life_cycles(office, 22)
                head = await office.histories.last_position()
                assert await have_passed(views, head, *OTHERS)
                async with asyncio.timeout(20):
                    while not str(views.status()["meetings"]["broken"]).startswith("CheckViolation"):
                        await asyncio.sleep(0.01)
                assert {name for name, view in views.status().items() if view["broken"]} == {"meetings"}
                await owner.execute("ALTER TABLE kiennghi_views.meetings_petitions DROP CONSTRAINT fault")
            assert await have_passed(views, head, "meetings")
    assert stopped_views(log_lines) == {"meetings"}
    await assert_views_complete(office)


async def test_while_there_is_no_connection_for_all_each_view_is_written_by_itself(
    office: ApplicationService, database: str
) -> None:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(20)
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as owner:
            for _ in range(3):
                await owner.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'WITH moved%'"
                )
                await run_life_cycles(office, 22)
                assert await views.wait_until_current(20)
    await assert_views_complete(office)
