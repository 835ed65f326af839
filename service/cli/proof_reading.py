"""Opens a connection that only reads, for commands that prove and verify."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from psycopg import AsyncConnection

from service.bootstrap import reachable_database, require_migrated, run_coroutine
from service.config.settings import Settings
from service.postgres.roles import READER_ROLE, take_role

_T = TypeVar("_T")


def read_proofs(settings: Settings, work: Callable[[AsyncConnection[Any]], Awaitable[_T]]) -> _T:
    """Return what `work` finds over a connection in the role of who only reads."""

    async def reading(dsn: str) -> _T:
        async with await AsyncConnection.connect(
            dsn, autocommit=True, application_name="kiennghi proofs"
        ) as connection:
            await take_role(connection, READER_ROLE)
            return await work(connection)

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        return run_coroutine(reading(dsn))
