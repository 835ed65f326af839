"""Views are written together; what is wrong with one of them, or holds it up, is none of the others' business."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

from projections.views import VIEWS
from service.commands.office import Office
from service.projector import batch_writer, runner
from service.projector.runner import Follower
from tests.service.office_fixtures import assert_whole, work

pytestmark = pytest.mark.anyio
OTHERS = [view.name for view in VIEWS if view.name != "meetings"]


@asynccontextmanager
async def held_up(dsn: str) -> AsyncIterator[None]:
    """Nobody else reads or writes what petitions a meeting had."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await connection.execute("LOCK TABLE kiennghi_views.meetings_petitions IN ACCESS EXCLUSIVE MODE")
        yield


def stopped(said: Sequence[Mapping[str, Any]]) -> set[str]:
    """The views that could not go on for a time."""
    return {line["view"] for line in said if line["event"] in ("view_broken", "view_waits_for_database")}


async def come(follower: Follower, position: int, *views: str) -> bool:
    return all(await asyncio.gather(*(follower.wait_for(position, view, 20) for view in views)))


async def test_a_view_whose_table_is_held_up_is_waited_for_by_nobody(office: Office, database: str) -> None:
    with capture_logs() as said:
        async with Follower.open(office.pool, office.histories) as follower:
            assert await follower.caught_up(20)
            async with held_up(database):
                await work(office, 22)
                head = await office.histories.last_position()
                assert await come(follower, head, *OTHERS)
                assert follower.progress["meetings"].position < head
            assert await come(follower, head, "meetings")
    assert stopped(said) == set()
    await assert_whole(office)


async def test_a_view_that_the_database_refuses_stops_alone_and_goes_on_once_it_is_mended(
    office: Office, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(batch_writer, "ALONE_FOR", 0.05)
    with capture_logs() as said:
        async with Follower.open(office.pool, office.histories) as follower:
            assert await follower.caught_up(20)
            async with await psycopg.AsyncConnection.connect(database, autocommit=True) as owner:
                await owner.execute(
                    "ALTER TABLE kiennghi_views.meetings_petitions ADD CONSTRAINT fault CHECK (false) NOT VALID"
                )
                await work(office, 22)
                head = await office.histories.last_position()
                assert await come(follower, head, *OTHERS)
                async with asyncio.timeout(20):
                    while not str(follower.status()["meetings"]["broken"]).startswith("CheckViolation"):
                        await asyncio.sleep(0.01)
                assert {name for name, view in follower.status().items() if view["broken"]} == {"meetings"}
                await owner.execute("ALTER TABLE kiennghi_views.meetings_petitions DROP CONSTRAINT fault")
            assert await come(follower, head, "meetings")
    assert stopped(said) == {"meetings"}
    await assert_whole(office)


async def test_while_there_is_no_connection_for_all_each_view_is_written_by_itself(
    office: Office, database: str
) -> None:
    async with Follower.open(office.pool, office.histories) as follower:
        assert await follower.caught_up(20)
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as owner:
            for _ in range(3):
                await owner.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'WITH moved%'"
                )
                await work(office, 22)
                assert await follower.caught_up(20)
    await assert_whole(office)
