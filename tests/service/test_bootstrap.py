"""Tests that an office and its views can be closed at any moment after they were opened."""

import asyncio

import pytest

from service.bootstrap import running_office
from service.config.settings import Settings
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
