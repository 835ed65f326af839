"""Loads empty tables of views with what the whole log says, petition by petition.

The log is divided into ranges of petitions, each loaded in one transaction by whoever takes it first: this process, or
several where the log is large. A life comes in one piece, since the log's key is in that order; it is folded, its rows
are copied into tables that have no indexes yet, and it is forgotten. So the memory needed does not grow with the log.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from projections.projection import Connection, Derived, Projection, Row, Sums, ddl
from service.event_store.recorder import COLUMNS, events_in
from service.postgres.pools import async_pool
from service.projector.checkpoints import Place, look_into
from service.projector.row_diff import Difference, Moved
from service.projector.shared_fold import folded

RANGE = 50_000
"""Events in a range, about: what is lost when a loader dies."""

MOST_RANGES = 64
WORTH_A_PROCESS = 200_000
"""Events from which on another process that loads too saves more time than it takes to start."""

LOOK_AGAIN = 0.1
"""Seconds between looks at what others load."""

READ_AT_ONCE = 4_000
LIVES_AT_ONCE = 25
"""Petitions folded in one go: a few milliseconds."""

_RANGES = """
    INSERT INTO kiennghi_views.ranges (view, first_id, until_id)
    SELECT %(view)s, id, lead(id) OVER (ORDER BY id)
    FROM (
        SELECT '00000000-0000-0000-0000-000000000000'::uuid AS id
        UNION
        SELECT originator_id FROM kiennghi.log WHERE notification_id = ANY(%(borders)s)
    ) AS borders
"""
_TAKE = """
    SELECT first_id, until_id FROM kiennghi_views.ranges WHERE view = %s AND events IS NULL
    ORDER BY first_id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_LIVES = f"""
    SELECT {COLUMNS} FROM kiennghi.log
    WHERE originator_id >= %s AND (%s::uuid IS NULL OR originator_id < %s) AND notification_id <= %s
    ORDER BY originator_id, originator_version LIMIT %s
"""  # noqa: S608 - a list of columns
_ID = itemgetter(0)


async def divide(connection: Connection, place: Place, up_to: int) -> None:
    """Note what is to be loaded. Ids are in the order of time, nearly, so that ranges come out alike."""
    amount = min(up_to // RANGE + 1, MOST_RANGES)
    borders = [up_to * n // amount for n in range(1, amount)]
    await connection.execute("DELETE FROM kiennghi_views.ranges WHERE view = %s", [place.key])
    await connection.execute(_RANGES, {"view": place.key, "borders": borders})


async def load(
    pool: AsyncConnectionPool, places: Sequence[Place], up_to: int, progress: Callable[[int, int], None]
) -> None:
    """What is not loaded yet of the events up to a position. The views have the same fold, and are loaded together."""
    helpers = [
        multiprocessing.get_context("spawn").Process(
            daemon=True,
            target=_help,
            args=(str(pool.conninfo), [(type(p.view), p.schema, p.suffix) for p in places], up_to),
        )
        for _ in range(processors() - 1 if up_to >= WORTH_A_PROCESS else 0)
    ]
    try:
        for helper in helpers:
            helper.start()
        async with pool.connection() as connection:
            while True:
                while await _load_one(connection, places, up_to):
                    progress(await events_loaded(connection, places[0]), up_to)
                if await _is_loaded(connection, places):
                    break
                await asyncio.sleep(LOOK_AGAIN)
            for place in places:
                await _finish(connection, place)
    finally:
        for helper in helpers:
            helper.terminate()
            await asyncio.to_thread(helper.join)


def processors() -> int:
    return len(os.sched_getaffinity(0))


def _help(dsn: str, views: Sequence[tuple[type[Projection], str, str]], up_to: int) -> None:
    """A process beside: it takes ranges until none is left, or nobody waits for it any more."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one

    async def help() -> None:
        async with async_pool(dsn, min_size=1, max_size=1) as pool, pool.connection() as connection:
            places = [Place(view(), schema, suffix) for view, schema, suffix in views]
            while os.getppid() == parent and await _load_one(connection, places, up_to):
                pass

    asyncio.run(help())


async def _load_one(connection: Connection, places: Sequence[Place], up_to: int) -> bool:
    """One range that nobody else is at; False if there is none."""
    async with connection.transaction():
        cursor = await connection.execute(_TAKE, [places[0].key])
        taken = await cursor.fetchone()
        if taken is None:
            return False
        loaded = [Difference(place.view) for place in places]
        first, until = taken
        events, amount = 0, READ_AT_ONCE
        after: UUID = first
        while True:
            rows = await _read(connection, after, until, up_to, amount)
            if is_more := len(rows) == amount:  # of the last one there may be more
                after = rows[-1][0]
                rows = [row for row in rows if row[0] != after]
            events += len(rows)
            for n, (_, life) in enumerate(groupby(rows, key=_ID)):
                if n % LIVES_AT_ONCE == 0:
                    await asyncio.sleep(0)  # others on the event loop have their turn
                state = folded(places[0].view.fold, events_in(life))
                if state is not None:
                    for difference in loaded:
                        difference.add((Moved(None, state),))
            for place, difference in zip(places, loaded, strict=True):
                await _copy_rows(connection, place, difference)
            if not is_more:
                break
            if not rows:
                amount *= 2
        for place, difference in zip(places, loaded, strict=True):
            await _copy_sums(connection, place, difference)
            cursor = await connection.execute(
                "UPDATE kiennghi_views.ranges SET events = %s WHERE view = %s AND first_id = %s AND events IS NULL",
                [events, place.key, first],
            )
            if cursor.rowcount != 1:
                raise RuntimeError(f"{place.key} was loaded by somebody else")
        return True


async def _read(
    connection: Connection, first: UUID, until: UUID | None, up_to: int, amount: int
) -> list[tuple[Any, ...]]:
    cursor = connection.cursor(binary=True)
    await cursor.execute(_LIVES.encode(), [first, until, until, up_to, amount])
    return await cursor.fetchall()


async def _copy_rows(connection: Connection, place: Place, loaded: Difference) -> None:
    for table, rows in loaded.entered.items():
        await _copy(connection, sql.Identifier(place.schema, table.name), table.key + table.columns, rows)
    loaded.entered.clear()


async def _copy_sums(connection: Connection, place: Place, loaded: Difference) -> None:
    for sums, figures in loaded.counted().items():
        rows = ((*key, *(by.get(figure, 0) for figure in sums.figures)) for key, by in figures.items())
        await _copy(connection, sql.Identifier(place.schema, sums.name), sums.key + sums.figures, rows)


async def _copy(connection: Connection, table: sql.Identifier, columns: Iterable[str], rows: Iterable[Row]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    async with connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)) as copy:
        for row in rows:
            await copy.write_row(row)


async def events_loaded(connection: Connection, place: Place) -> int:
    """In the ranges that are in the tables."""
    cursor = await connection.execute(
        "SELECT coalesce(sum(events), 0)::bigint FROM kiennghi_views.ranges WHERE view = %s", [place.key]
    )
    return (await cursor.fetchone() or (0,))[0]


async def _is_loaded(connection: Connection, places: Sequence[Place]) -> bool:
    cursor = await connection.execute(
        "SELECT FROM kiennghi_views.ranges WHERE view = %s AND events IS NULL LIMIT 1", [places[0].key]
    )
    return cursor.rowcount == 0


async def _finish(connection: Connection, place: Place) -> None:
    """Indexes after the rows: made in one go they cost less, and are denser."""
    async with connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = 0")
        await look_into(connection, place)
        for table in place.view.tables:
            if isinstance(table, Sums):
                await _sum_up(connection, table)
        await connection.execute(ddl(place.view)[1])
        for table in place.view.tables:
            if isinstance(table, Derived):
                now: LiteralString = f"WITH {table.of.name}_now AS (SELECT * FROM {table.of.name})"  # noqa: S608
                await connection.execute(f"{now} {table.statement}")
        for table in place.view.tables:
            await connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table.name)))
        await connection.execute(
            "UPDATE kiennghi_views.positions SET is_loading = false, events = %s WHERE view = %s",
            [await events_loaded(connection, place), place.key],
        )
        await connection.execute("DELETE FROM kiennghi_views.ranges WHERE view = %s", [place.key])


async def _sum_up(connection: Connection, sums: Sums) -> None:
    """One row a key, in the place of one a key and range; none where nothing is left to say."""
    key = ", ".join(sums.key)
    figures = ", ".join(f"sum({figure}) AS {figure}" for figure in sums.figures)
    says_something = " OR ".join(f"sum({figure}) <> 0" for figure in sums.figures)
    await connection.execute(
        f"CREATE TEMPORARY TABLE loaded ON COMMIT DROP AS"  # noqa: S608 - names of a view's tables
        f" SELECT {key}, {figures} FROM {sums.name} GROUP BY {key} HAVING {says_something}"
    )
    columns = f"{key}, {', '.join(sums.figures)}"
    await connection.execute(f"TRUNCATE {sums.name}")
    # In order: what is read together lies together.
    await connection.execute(f"INSERT INTO {sums.name} ({columns}) SELECT {columns} FROM loaded ORDER BY {key}")  # noqa: S608
    await connection.execute("DROP TABLE loaded")
