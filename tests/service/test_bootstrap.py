"""Who opens an office and its views can leave them, at whatever moment."""

import asyncio

import pytest

from service.bootstrap import at_work
from service.config.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("milliseconds", range(0, 60, 2))
async def test_leaving_while_the_views_still_wait_for_connections_ends(
    module_database: str, tmp_path_factory: pytest.TempPathFactory, milliseconds: int
) -> None:
    """Python 3.11 loses a cancellation that comes together with what is waited for."""

    async def stay() -> None:
        async with at_work(module_database, Settings(home=tmp_path_factory.getbasetemp())):
            await asyncio.sleep(milliseconds / 1000)  # the moment itself is what is tried

    async with asyncio.timeout(30):
        await stay()
