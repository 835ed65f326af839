"""Tests that a command waits for views that have no tables yet."""

import asyncio

import psycopg
import pytest

from service.cli.context import wait_for_views
from service.projector.runner import ProjectionRunner
from tests.service.office_fixtures import open_office

pytestmark = pytest.mark.anyio


async def test_on_an_empty_log_views_without_tables_are_waited_for(unfollowed_database: str) -> None:
    async with (
        await psycopg.AsyncConnection.connect(unfollowed_database) as builder,
        open_office(unfollowed_database) as office,
    ):
        await builder.execute("SELECT pg_advisory_xact_lock(hashtext('kiennghi views'))")
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
            waiting = asyncio.create_task(wait_for_views(views))
            await asyncio.wait([waiting], timeout=1)  # longer than between one look of the command and the next
            assert not waiting.done()
            await builder.rollback()
            await waiting
            assert {progress.position for progress in views.progress.values()} == {0}
