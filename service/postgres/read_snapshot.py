"""Opens read-only snapshots, so that several queries of the views see the same state."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool

from projections.projection import Connection


@asynccontextmanager
async def read_snapshot(pool: AsyncConnectionPool) -> AsyncIterator[Connection]:
    """Open a read-only transaction in which all queries see the database at the same moment."""
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection
