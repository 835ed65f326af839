"""An office at work, for the tests of its folder; a module or a folder that wants another one makes its own."""

from collections.abc import AsyncIterator

import pytest

from service.commands.office import Office
from tests.service.office_fixtures import open_office, open_units


@pytest.fixture
async def office(database: str) -> AsyncIterator[Office]:
    """With the units of the tests on its register, and nothing else."""
    async with open_office(database) as office:
        await open_units(office)
        yield office
