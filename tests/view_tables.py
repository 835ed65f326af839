"""Makes the empty tables of all views, as a service does that follows a new log."""

import asyncio

from projections.views import VIEWS
from service.postgres.pools import async_pool
from service.postgres.roles import PROJECTOR_ROLE
from service.projector.serving_tables import find_serving_tables


def make_view_tables(dsn: str) -> None:
    """Make the tables of every view in a migrated database with an empty log."""
    asyncio.run(_make_view_tables(dsn))


async def _make_view_tables(dsn: str) -> None:
    async with (
        async_pool(dsn, min_size=1, max_size=1, role=PROJECTOR_ROLE) as pool,
        pool.connection() as connection,
    ):
        for view in VIEWS:
            await find_serving_tables(connection, view(), 0)
