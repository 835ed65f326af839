"""Reading the views at one moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool

from projections.projection import Connection


@asynccontextmanager
async def one_moment(pool: AsyncConnectionPool) -> AsyncIterator[Connection]:
    """All that is read through it agrees."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection
