"""Tests that an office and its views can be closed at any moment after they were opened."""

import asyncio
from contextlib import suppress

import pytest

from service.bootstrap import running_office
from service.config.settings import Settings
from service.postgres.cancellation import running_beside
from tests.service.office_fixtures import VAULT_KEY

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("milliseconds", range(0, 60, 2))
async def test_leaving_while_the_views_still_wait_for_connections_ends(
    module_database: str, tmp_path_factory: pytest.TempPathFactory, milliseconds: int
) -> None:
    """Leaving must end although Python 3.11 loses a cancellation that arrives together with the awaited result."""

    async def stay() -> None:
        async with running_office(module_database, Settings(home=tmp_path_factory.getbasetemp()), vault_key=VAULT_KEY):
            await asyncio.sleep(milliseconds / 1000)  # the test varies this moment

    async with asyncio.timeout(30):
        await stay()


async def test_what_runs_beside_ends_although_its_first_cancellation_is_lost() -> None:
    """Each task beside the service is ended in this way: see who uses `running_beside`."""

    async def lose_first_cancellation() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    async with asyncio.timeout(10), running_beside(lose_first_cancellation(), "beside"):
        await asyncio.sleep(0)


async def test_an_error_that_ended_what_runs_beside_is_raised_at_the_end() -> None:
    async def fail() -> None:
        raise ValueError("early")

    with pytest.raises(ValueError, match="early"):
        async with running_beside(fail(), "beside"):
            await asyncio.sleep(0)
