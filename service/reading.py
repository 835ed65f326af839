"""Reading the views at one moment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from projections.projection import Connection
from service.application import Office


@asynccontextmanager
async def one_moment(office: Office) -> AsyncIterator[Connection]:
    """All that is read through it agrees."""
    async with office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection
