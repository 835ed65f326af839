"""Compares rows that were written page by page with rows made from whole histories, as in a rebuild."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.projections.history_builder import Register, tables
from tests.projections.test_every_day import registers
from tests.service.office_fixtures import view_rows


@given(register=registers(), page=st.integers(1, 9))
@examples(25)
def test_pages_of_any_size_and_whole_lives_make_the_same_rows(
    module_database: str, register: Register, page: int
) -> None:
    async def agree() -> None:
        async with tables(module_database, register.log, page=page) as connection:
            followed = await view_rows(connection)
        async with tables(module_database, register.log, page=len(register.log)) as connection:
            assert await view_rows(connection) == followed

    asyncio.run(agree())
