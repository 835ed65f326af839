"""Rows that were followed page by page, against rows made of whole lives, as a view is built anew."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.projections.history_builder import Register, tables
from tests.projections.test_every_day import registers
from tests.service.office_fixtures import rows


@given(register=registers(), page=st.integers(1, 9))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_of_any_size_and_whole_lives_make_the_same_rows(
    module_database: str, register: Register, page: int
) -> None:
    async def agree() -> None:
        async with tables(module_database, register.log, page=page) as connection:
            followed = await rows(connection)
        async with tables(module_database, register.log, page=len(register.log)) as connection:
            assert await rows(connection) == followed

    asyncio.run(agree())
