"""Builds a view anew from the first event on, beside the tables that serve, and puts it in their place.

The old tables serve and are followed until the last moment. Once the new ones are as far, the old ones go and the new
ones take their names, in one transaction: a reader sees the one or the other. What was built so far stays when the
builder dies, and the next one goes on from there.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from projections.projection import Connection, Projection
from service.event_store import Histories
from service.view_tables import Place, apply, begin, drop, make_positions, standing_of

PAGE = 5_000
"""Events in one transaction: larger pages than a follower's touch each petition less often."""

NEARLY_THERE = 100
"""A page with fewer events is the last one before the exchange is tried."""

REBUILD = "kiennghi_rebuild"
LOOK_AGAIN = 0.1
"""Seconds between attempts to get what somebody else holds."""


class NewerVersion(Exception):
    """The tables that serve were made by a later version of the program, which keeps them."""

    def __init__(self, view: Projection, version: int) -> None:
        super().__init__(f"{view.name} is kept in version {version}; this program knows {view.version}")


async def rebuild(
    pool: AsyncConnectionPool,
    histories: Histories,
    view: Projection,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Returns the number of events folded by this call; `progress` hears of the events done and of all there are.

    Waits while another process builds the same view. NewerVersion when a later version of the program keeps it.
    """
    place = Place(view, REBUILD, " (rebuild)")
    async with pool.connection() as connection, _only_builder(connection, place):
        began = position = await _begun(connection, place)
        is_serving = False
        while not is_serving:
            async for reached in _building(connection, histories, place, position):
                position = reached
                if progress is not None:
                    progress(position, max(position, await histories.last_position()))
            is_serving = await _put_in_place(connection, place)
        if progress is not None:
            progress(position, position)
        return position - began


async def _building(connection: Connection, histories: Histories, place: Place, position: int) -> AsyncIterator[int]:
    """Go on until nearly everything is built; says after each page how far."""
    coming = asyncio.create_task(histories.page(position, PAGE))
    try:
        while page := await coming:
            # the next page is read and decoded while the database writes this one
            coming = asyncio.create_task(histories.page(position + len(page), PAGE))
            reached = await apply(connection, place, page, position)
            if reached != position + len(page):
                raise RuntimeError(f"{place.key} was moved by somebody else")
            position = reached
            yield position
            if len(page) < NEARLY_THERE:
                break
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _begun(connection: Connection, place: Place) -> int:
    """The position from which to go on: 0 unless a builder of the same version has died on the way."""
    async with connection.transaction():
        await make_positions(connection)
        serving = await standing_of(connection, Place(place.view))
        if serving is not None and serving.version > place.view.version:
            raise NewerVersion(place.view, serving.version)
        half_built = await standing_of(connection, place)
        if half_built is not None and half_built.version == place.view.version:
            return half_built.position
        return await begin(connection, place)


async def _put_in_place(connection: Connection, place: Place) -> bool:
    """False when the tables that serve are ahead, or somebody reads them for long: then once more."""
    try:
        async with connection.transaction():
            return await _exchanged(connection, place)
    except psycopg.errors.LockNotAvailable:
        await asyncio.sleep(LOOK_AGAIN)
        return False


async def _exchanged(connection: Connection, place: Place) -> bool:
    """Writes no rows: a reader whose moment lies before the exchange, and who waited for it, sees them all."""
    serving = Place(place.view)
    await make_positions(connection)
    served = await standing_of(connection, serving, locked=True)  # from here on no follower moves the old tables
    built = await standing_of(connection, place, locked=True)
    assert built is not None, "there is only one builder"
    if served is not None and served.position > built.position:
        return False
    # Readers that come now wait for the readers before them: a moment, and less than makes a deadlock be looked for.
    await connection.execute("SET LOCAL lock_timeout = '100ms'")
    await drop(connection, serving)
    for table in place.view.tables:
        name = sql.Identifier(place.schema, table)
        await connection.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(name, sql.Identifier(serving.schema)))
    await connection.execute("DELETE FROM kiennghi_views.positions WHERE view = %s", [serving.key])
    await connection.execute("UPDATE kiennghi_views.positions SET view = %s WHERE view = %s", [serving.key, place.key])
    return True


@asynccontextmanager
async def _only_builder(connection: Connection, place: Place) -> AsyncIterator[None]:
    """Held by the session, so that it ends with the process, however that ends."""
    while not await _held(connection, "SELECT pg_try_advisory_lock(hashtext(%s))", place):
        await asyncio.sleep(LOOK_AGAIN)
    try:
        yield
    finally:
        if not connection.closed:
            await _held(connection, "SELECT pg_advisory_unlock(hashtext(%s))", place)


async def _held(connection: Connection, statement: str, place: Place) -> bool:
    row = await (await connection.execute(statement.encode(), [f"kiennghi {place.key}"])).fetchone()
    return row is not None and bool(row[0])
