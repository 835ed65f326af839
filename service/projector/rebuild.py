"""Builds a view anew from the first event on, beside the tables that serve, and puts it in their place.

First they are loaded with the log up to where it ended at the start; what was appended meanwhile is followed page by
page. The old tables serve and are
followed until the last moment; then the old ones go and the new ones take their names, in one transaction: a reader
sees the one or the other. What was built so far stays when the builder dies, and the next one goes on from there.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from projections.projection import Connection, Projection
from service.event_store.recorder import Histories
from service.postgres.pools import async_pool
from service.projector.bulk_load import divide, events_loaded, load
from service.projector.checkpoints import (
    Change,
    Place,
    Standing,
    apply,
    begin,
    drop,
    look_into,
    make_positions,
    standing_of,
    tables_of,
)
from service.projector.shared_fold import Journal, difference

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
    *views: Projection,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> int:
    """Returns the number of events folded by this call; `progress` hears of the events done and of all there are.

    Views that know the same of a petition are built by one reading. Waits while another process builds one of them.
    NewerVersion when a later version of the program keeps one.
    """
    places = [Place(view, REBUILD, " (rebuild)") for view in sorted(views, key=lambda view: view.name)]
    folded = 0
    async with (
        # Of its own: builders that hold a connection and wait for another one would wait for each other.
        async_pool(str(pool.conninfo), min_size=1, max_size=3) as own,
        own.connection() as connection,
        AsyncExitStack() as builders,
    ):
        for place in places:
            await builders.enter_async_context(_only_builder(connection, place))
        head = await histories.last_position()
        begun = [await _begun(connection, place, head) for place in places]
        for up_to, together in _loaded_together(places, begun):
            await load(own, together, up_to, progress)
        for place, standing in zip(places, begun, strict=True):
            position = await _served(own, connection, place, standing.position, progress)
            folded = max(folded, position - standing.events)
    return folded


async def _begun(connection: Connection, place: Place, head: int) -> Standing:
    """From where to go on: from nothing, unless a builder of the same version has died on the way."""
    async with connection.transaction():
        await make_positions(connection)
        serving = await standing_of(connection, Place(place.view))
        if serving is not None and serving.version > place.view.version:
            raise NewerVersion(place.view, serving.version)
        half_built = await standing_of(connection, place)
        if half_built is None or half_built.version != place.view.version:
            await begin(connection, place, to_load=head)
            await divide(connection, place, head)
            return Standing(place.view.version, head, 0, is_loading=True)
        if half_built.is_loading:
            return replace(half_built, events=await events_loaded(connection, place))
        return half_built


def _loaded_together(places: Sequence[Place], begun: Sequence[Standing]) -> list[tuple[int, list[Place]]]:
    """Up to which position which views are to be loaded, by one reading where they know the same of a petition.

    What is half loaded goes on by itself: nothing says that it was divided like the others.
    """
    groups: dict[tuple[Any, ...], list[Place]] = {}
    for place, standing in zip(places, begun, strict=True):
        if standing.is_loading:
            alone = place.key if standing.events else None
            groups.setdefault((standing.position, place.view.fold, alone), []).append(place)
    return [(up_to, together) for (up_to, *_), together in groups.items()]


async def _served(
    pool: AsyncConnectionPool,
    connection: Connection,
    place: Place,
    position: int,
    progress: Callable[[int, int], None],
) -> int:
    """Follow from the position on until the new tables serve; how far they are by then."""
    journal = Journal(pool, place.view.fold, position)
    while True:
        position = await _followed(connection, place, journal, position, progress)
        try:
            async with pool.connection() as exchanging, exchanging.transaction():
                standing_still = await _held_up(exchanging, Place(place.view))
                position = await _followed(connection, place, journal, position, progress, to=standing_still)
                await _exchange(exchanging, place)
        except psycopg.errors.LockNotAvailable:
            await asyncio.sleep(LOOK_AGAIN)  # somebody reads or writes the old tables for long
        else:
            progress(position, position)
            return position


async def _followed(
    connection: Connection,
    place: Place,
    journal: Journal,
    position: int,
    progress: Callable[[int, int], None],
    *,
    to: int | None = None,
) -> int:
    """Go on until nearly everything is built, or as far as `to`; how far that is."""
    while to is None or position < to:
        events, moved = await journal.after(position)
        if events:
            changed = await difference(place.view, moved)
            async with connection.transaction():
                await look_into(connection, place)
                if not await apply(connection, Change(place, position, events, changed)):
                    raise RuntimeError(f"{place.key} was moved by somebody else")
            position += events
            progress(position, max(position, journal.end))
        if not events or (to is None and events < NEARLY_THERE):
            break
    return position


async def _held_up(connection: Connection, serving: Place) -> int:
    """Nobody writes the tables that serve until the transaction ends, and all can read them; how far they are."""
    await make_positions(connection)
    # Who comes now waits for those before us: a moment, and less than makes a deadlock be looked for.
    await connection.execute("SET LOCAL lock_timeout = '100ms'")
    for name in await tables_of(connection, serving):
        await connection.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(name))
    standing = await standing_of(connection, serving)
    return 0 if standing is None else standing.position


async def _exchange(connection: Connection, place: Place) -> None:
    """Writes no rows: a reader whose moment lies before the exchange, and who waited for it, sees them all.

    Takes the tables before their positions, as the statement of a follower's page does: it is planned, which locks the
    tables, before it runs.
    """
    serving = Place(place.view)
    await drop(connection, serving)
    for table in place.view.tables:
        name = sql.Identifier(place.schema, table.name)
        await connection.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(name, sql.Identifier(serving.schema)))
    built = await standing_of(connection, place, locked=True)
    assert built is not None, "there is only one builder"
    if built.events != built.position:
        raise RuntimeError(f"{built.events} events went into {place.view.name}, which is at position {built.position}")
    await connection.execute("DELETE FROM kiennghi_views.positions WHERE view = %s", [serving.key])
    await connection.execute("UPDATE kiennghi_views.positions SET view = %s WHERE view = %s", [serving.key, place.key])


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
