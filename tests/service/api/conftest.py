"""Provides an interface on a database of the test module."""

from collections.abc import AsyncIterator

import pytest

from service.config.settings import Settings
from tests.service.api.interface import UNIT, Interface, open_interface


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def interface(
    anyio_backend: str, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Interface]:
    """Yield an interface with one unit, open since 2020. Today is 8 July 2026; a body may have 100,000 bytes."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), max_body_bytes=100_000)
    async with open_interface(module_database, settings) as interface:
        unit = {"unit": UNIT, "name": "Phòng Kinh tế (ví dụ)", "occurred_on": "2020-01-01"}
        assert (await interface.ask("/units", unit)).status_code == 201
        yield interface
