"""Loads empty tables of views from the whole event log, one petition after the other.

The log is divided into ranges of petitions. Each range is loaded in one transaction by the process that locks it first:
this one, or several where the log is large. The events of one petition are read together, since the key of the log has
that order; they are folded, the rows are copied into tables that have no indexes yet, and the state is dropped. So the
memory needed does not grow with the log.
"""

import asyncio
import contextlib
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

from projections.projection import Connection, CounterTable, DerivedTable, Projection, TableRow, read_ddl
from service.event_store.damage import decode_rows_apart
from service.event_store.log_rows import SELECT_LOG_ROWS
from service.postgres.pools import async_pool
from service.postgres.roles import PROJECTOR_ROLE
from service.projector.checkpoints import TableSet, set_search_path
from service.projector.row_diff import RowDiff, StateChange
from service.projector.row_texts import RowTexts
from service.projector.set_aside import (
    SetAside,
    fold_history_apart,
    forget_set_aside,
    note_set_aside,
    open_apart,
    state_of,
)
from service.security.text_vault import TextVault
from service.security.view_texts import KINDS_READ_BY_VIEWS

EVENTS_A_RANGE = 50_000
"""Approximate number of events in a range. When a loader dies, the events of its range must be loaded again."""

MAX_RANGES = 64
"""Largest number of ranges that a log is divided into."""

EVENTS_WORTH_A_PROCESS = 200_000
"""Number of events from which on helper processes save more time than they take to start."""

LOAD_POLL_SECONDS = 0.1
"""Seconds between checks whether the other processes have loaded their ranges."""

EVENTS_A_READ = 4_000
"""Number of events that one query reads."""

HISTORIES_A_SLICE = 25
"""Number of histories that are folded, in a few milliseconds, before other tasks on the event loop get their turn."""

_INSERT_RANGES = """
    INSERT INTO kiennghi_views.ranges (view, first_id, until_id)
    SELECT %(view)s, id, lead(id) OVER (ORDER BY id)
    FROM (
        SELECT '00000000-0000-0000-0000-000000000000'::uuid AS id
        UNION
        SELECT stream FROM kiennghi.log WHERE position = ANY(%(borders)s)
    ) AS borders
"""
_LOCK_NEXT_RANGE = """
    SELECT first_id, until_id FROM kiennghi_views.ranges WHERE view = %s AND events IS NULL
    ORDER BY first_id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_SELECT_HISTORIES = f"""
    {SELECT_LOG_ROWS}
    WHERE log.stream >= %s AND (%s::uuid IS NULL OR log.stream < %s) AND log.position <= %s
    ORDER BY log.stream, log.version LIMIT %s
"""
_ORIGINATOR_ID = itemgetter(0)


async def divide_into_ranges(connection: Connection, table_set: TableSet, last_position: int) -> None:
    """Store the ranges of petitions that are to be loaded for a view, up to a position of the log (inclusive).

    Ids are nearly in the order of time, so the ranges have about the same size.
    """
    count = min(last_position // EVENTS_A_RANGE + 1, MAX_RANGES)
    borders = [last_position * n // count for n in range(1, count)]
    await connection.execute("DELETE FROM kiennghi_views.ranges WHERE view = %s", [table_set.key])
    await connection.execute(_INSERT_RANGES, {"view": table_set.key, "borders": borders})


async def load_tables(
    pool: AsyncConnectionPool,
    vault: TextVault,
    table_sets: Sequence[TableSet],
    last_position: int,
    progress: Callable[[int, int], None],
) -> None:
    """Load the ranges that are not loaded yet, up to a position of the log (inclusive), and create the indexes.

    The views are loaded together, so they must have the same fold. `progress` receives the number of loaded events and
    the number of all events. Raise RuntimeError when somebody else loaded a range.
    """
    vault = vault.uncached()  # the cache keeps the petitions that people work on
    helpers = [
        multiprocessing.get_context("spawn").Process(
            daemon=True,
            target=_load_in_helper_process,
            args=(str(pool.conninfo), vault, [(type(p.view), p.schema, p.suffix) for p in table_sets], last_position),
        )
        for _ in range(usable_processors() - 1 if last_position >= EVENTS_WORTH_A_PROCESS else 0)
    ]
    try:
        for helper in helpers:
            helper.start()
        async with pool.connection() as connection:
            while True:
                while await _load_next_range(connection, vault, table_sets, last_position):
                    progress(await count_loaded_events(connection, table_sets[0]), last_position)
                if await _are_all_ranges_loaded(connection, table_sets):
                    break
                await asyncio.sleep(LOAD_POLL_SECONDS)
            for table_set in table_sets:
                await _finish_tables(connection, table_set)
    finally:
        for helper in helpers:
            helper.terminate()
            await asyncio.to_thread(helper.join)


def usable_processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0))


def _load_in_helper_process(
    dsn: str, vault: TextVault, views: Sequence[tuple[type[Projection], str, str]], last_position: int
) -> None:
    """Load ranges in a process of its own until none is left, or until the parent process has ended."""
    parent = os.getppid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this one

    async def load_ranges() -> None:
        async with (
            async_pool(dsn, min_size=1, max_size=1, role=PROJECTOR_ROLE) as pool,
            pool.connection() as connection,
        ):
            table_sets = [TableSet(view(), schema, suffix) for view, schema, suffix in views]
            while os.getppid() == parent and await _load_next_range(connection, vault, table_sets, last_position):
                pass

    asyncio.run(load_ranges())


async def _load_next_range(
    connection: Connection, vault: TextVault, table_sets: Sequence[TableSet], last_position: int
) -> bool:
    """Load one range that no other process has locked, in one transaction. Return False if there is none."""
    async with connection.transaction():
        cursor = await connection.execute(_LOCK_NEXT_RANGE, [table_sets[0].key])
        next_range = await cursor.fetchone()
        if next_range is None:
            return False
        row_diffs = [RowDiff(table_set.view) for table_set in table_sets]
        first, until = next_range
        texts = RowTexts(vault, lambda: contextlib.nullcontext(connection))
        events, limit = 0, EVENTS_A_READ
        set_aside: list[SetAside] = []
        after: UUID = first
        while True:
            rows = await _read_history_rows(connection, after, until, last_position, limit)
            if is_more := len(rows) == limit:  # the last petition may have more events: read it again
                after = rows[-1][0]
                rows = [row for row in rows if row[0] != after]
            events += len(rows)
            keys = await texts.load_keys(dict.fromkeys(row[0] for row in rows))
            for n, (stream, history) in enumerate(groupby(rows, key=_ORIGINATOR_ID)):
                if n % HISTORIES_A_SLICE == 0:
                    await asyncio.sleep(0)  # give other tasks on the event loop their turn
                opened = open_apart(decode_rows_apart(list(history)), keys[stream], KINDS_READ_BY_VIEWS)
                folded = fold_history_apart(table_sets[0].view.fold, opened)
                if type(folded) is SetAside:
                    set_aside.append(folded)
                if (state := state_of(folded)) is not None:
                    for row_diff in row_diffs:
                        row_diff.add((StateChange(None, state),))
            for table_set, row_diff in zip(table_sets, row_diffs, strict=True):
                await texts.seal(row_diff, keys)
                await _copy_rows(connection, table_set, row_diff)
            if not is_more:
                break
            if not rows:
                limit *= 2
        await forget_set_aside(connection, first, until)
        await note_set_aside(connection, set_aside)
        for table_set, row_diff in zip(table_sets, row_diffs, strict=True):
            await _copy_counters(connection, table_set, row_diff)
            cursor = await connection.execute(
                "UPDATE kiennghi_views.ranges SET events = %s WHERE view = %s AND first_id = %s AND events IS NULL",
                [events, table_set.key, first],
            )
            if cursor.rowcount != 1:
                raise RuntimeError(f"{table_set.key} was loaded by somebody else")
        return True


async def _read_history_rows(
    connection: Connection, first: UUID, until: UUID | None, last_position: int, limit: int
) -> list[tuple[Any, ...]]:
    """Return at most `limit` rows of the log, columns as in SELECT_LOG_ROWS, ordered by petition and version."""
    cursor = connection.cursor(binary=True)
    await cursor.execute(_SELECT_HISTORIES.encode(), [first, until, until, last_position, limit])
    return await cursor.fetchall()


async def _copy_rows(connection: Connection, table_set: TableSet, row_diff: RowDiff) -> None:
    for table, rows in row_diff.upserted.items():
        await _copy_into_table(
            connection, sql.Identifier(table_set.schema, table.name), table.key + table.columns, rows
        )
    row_diff.upserted.clear()


async def _copy_counters(connection: Connection, table_set: TableSet, row_diff: RowDiff) -> None:
    for table, counter_rows in row_diff.counter_rows().items():
        rows = ((*key, *(amounts.get(figure, 0) for figure in table.figures)) for key, amounts in counter_rows.items())
        await _copy_into_table(
            connection, sql.Identifier(table_set.schema, table.name), table.key + table.figures, rows
        )


async def _copy_into_table(
    connection: Connection, table: sql.Identifier, columns: Iterable[str], rows: Iterable[TableRow]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    async with connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)) as copy:
        for row in rows:
            await copy.write_row(row)


async def count_loaded_events(connection: Connection, table_set: TableSet) -> int:
    """Return the number of events in the ranges that are loaded."""
    cursor = await connection.execute(
        "SELECT coalesce(sum(events), 0)::bigint FROM kiennghi_views.ranges WHERE view = %s", [table_set.key]
    )
    return (await cursor.fetchone() or (0,))[0]


async def _are_all_ranges_loaded(connection: Connection, table_sets: Sequence[TableSet]) -> bool:
    cursor = await connection.execute(
        "SELECT FROM kiennghi_views.ranges WHERE view = %s AND events IS NULL LIMIT 1", [table_sets[0].key]
    )
    return cursor.rowcount == 0


async def _finish_tables(connection: Connection, table_set: TableSet) -> None:
    """Merge the counters, create the indexes, and mark the tables as loaded, in one transaction.

    The indexes are created after the rows are loaded, because that is cheaper and makes smaller indexes.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = 0")
        await set_search_path(connection, table_set)
        for table in table_set.view.tables:
            if isinstance(table, CounterTable):
                await _merge_counter_rows(connection, table)
        await connection.execute(read_ddl(table_set.view)[1])
        for table in table_set.view.tables:
            if isinstance(table, DerivedTable):
                now: LiteralString = f"WITH {table.source.name}_now AS (SELECT * FROM {table.source.name})"  # noqa: S608
                await connection.execute(f"{now} {table.statement}")
        for table in table_set.view.tables:
            await connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table.name)))
        await connection.execute(
            "UPDATE kiennghi_views.positions SET is_loading = false, events = %s WHERE view = %s",
            [await count_loaded_events(connection, table_set), table_set.key],
        )
        await connection.execute("DELETE FROM kiennghi_views.ranges WHERE view = %s", [table_set.key])


async def _merge_counter_rows(connection: Connection, table: CounterTable) -> None:
    """Replace the rows of each key, one for each range, by their sum. A key whose figures are all zero gets no row."""
    key = ", ".join(table.key)
    figures = ", ".join(f"sum({figure}) AS {figure}" for figure in table.figures)
    is_not_zero = " OR ".join(f"sum({figure}) <> 0" for figure in table.figures)
    await connection.execute(
        f"CREATE TEMPORARY TABLE loaded ON COMMIT DROP AS"  # noqa: S608 - names of a view's tables
        f" SELECT {key}, {figures} FROM {table.name} GROUP BY {key} HAVING {is_not_zero}"
    )
    columns = f"{key}, {', '.join(table.figures)}"
    await connection.execute(f"TRUNCATE {table.name}")
    # In the order of the key, so that rows that are read together are stored together.
    await connection.execute(f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM loaded ORDER BY {key}")  # noqa: S608
    await connection.execute("DROP TABLE loaded")
