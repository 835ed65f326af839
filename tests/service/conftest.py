"""Provides an open office to the tests of this folder; a module or folder that needs another one defines its own."""

from collections.abc import AsyncIterator

import pytest

from service.commands.office import ApplicationService
from tests.service.office_fixtures import open_office, open_units


@pytest.fixture
async def office(database: str) -> AsyncIterator[ApplicationService]:
    """Provide an office whose register has the units of the tests, and nothing else."""
    async with open_office(database) as office:
        await open_units(office)
        yield office
