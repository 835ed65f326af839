"""Rebuilds views from the first event on, in new tables, and then replaces the serving tables by the new ones.

First the new tables are loaded in bulk up to the present end of the log; events appended meanwhile are applied page by
page. Meanwhile requests read the old tables, which stay current. At the end, in one transaction, the old tables are
dropped and the new ones get their names, so a reader sees either the old or the new tables. If the builder dies, its
tables remain, and the next builder continues with them.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from typing import Any

import psycopg
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from projections.projection import Connection, Projection
from service.event_store.damage import find_hole
from service.event_store.log_mark import LogMark, is_in_log
from service.event_store.recorder import Histories
from service.postgres.pools import async_pool
from service.postgres.roles import PROJECTOR_ROLE
from service.projector.bulk_load import count_loaded_events, divide_into_ranges, load_tables
from service.projector.checkpoints import (
    Checkpoint,
    TableChange,
    TableSet,
    apply_changes,
    create_checkpoint_tables,
    create_tables,
    drop_tables,
    find_tables,
    read_checkpoint,
    set_search_path,
)
from service.projector.row_texts import RowTexts
from service.projector.shared_fold import SharedFold, diff_rows
from service.security.text_vault import TextVault

SWAP_BELOW_EVENTS = 100
"""If a page has fewer events than this number, the tables are swapped after it."""

REBUILD_SCHEMA = "kiennghi_rebuild"
"""Schema of the tables that are being built."""

LOCK_RETRY_SECONDS = 0.1
"""Seconds between attempts to get a lock that somebody else holds."""


class NewerVersion(Exception):
    """Is raised when a later version of the program made the serving tables and keeps them current."""

    def __init__(self, view: Projection, version: int) -> None:
        super().__init__(f"{view.name} is kept in version {version}; this program knows {view.version}")


async def rebuild_views(
    pool: AsyncConnectionPool,
    histories: Histories,
    vault: TextVault,
    *views: Projection,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> int:
    """Rebuild the views, and return the number of events that this call folded.

    `progress` receives the number of events done and the number of all events. Views with the same fold are built by
    one read of the log. The function waits while another process builds one of the views. Raise NewerVersion if a later
    version of the program keeps one of them, LogDamaged if the log has a hole or an unreadable event, and RuntimeError
    if an event was missed or somebody else wrote the new tables.
    """
    table_sets = [TableSet(view, REBUILD_SCHEMA, " (rebuild)") for view in sorted(views, key=lambda view: view.name)]
    folded = 0
    async with (
        # A pool of its own: builders that hold a connection and wait for a second one would wait for each other.
        async_pool(str(pool.conninfo), min_size=1, max_size=3, role=PROJECTOR_ROLE) as own_pool,
        own_pool.connection() as connection,
        AsyncExitStack() as locks,
    ):
        for table_set in table_sets:
            await locks.enter_async_context(_builder_lock(connection, table_set))
        head = await histories.last_mark()
        checkpoints = [await _begin_or_resume(connection, table_set, head) for table_set in table_sets]
        for last_position, together in _group_for_loading(table_sets, checkpoints):
            await load_tables(own_pool, vault, together, last_position, progress)
        for table_set, checkpoint in zip(table_sets, checkpoints, strict=True):
            reached = await _follow_and_swap(own_pool, vault, connection, table_set, checkpoint.mark, progress)
            folded = max(folded, reached.position - checkpoint.events)
    return folded


async def _begin_or_resume(connection: Connection, table_set: TableSet, head: LogMark) -> Checkpoint:
    """Return the checkpoint from which the build continues.

    If a builder of the same version died, this is the checkpoint of its tables, as long as they are of this log;
    otherwise new empty tables are created.
    """
    async with connection.transaction():
        await create_checkpoint_tables(connection)
        serving = await read_checkpoint(connection, TableSet(table_set.view))
        if serving is not None and serving.version > table_set.view.version:
            raise NewerVersion(table_set.view, serving.version)
        unfinished = await read_checkpoint(connection, table_set)
        if (
            unfinished is None
            or unfinished.version != table_set.view.version
            or not await is_in_log(connection, unfinished.mark)
        ):
            begun = await create_tables(connection, table_set, to_load=head)
            await divide_into_ranges(connection, table_set, head.position)
            return begun
        if unfinished.is_loading:
            return replace(unfinished, events=await count_loaded_events(connection, table_set))
        return unfinished


def _group_for_loading(
    table_sets: Sequence[TableSet], checkpoints: Sequence[Checkpoint]
) -> list[tuple[int, list[TableSet]]]:
    """Return the table sets that are to be loaded together, with the position up to which (inclusive) to load them.

    Views with the same fold are loaded together. A view that is half loaded is loaded alone, since its ranges may
    differ.
    """
    groups: dict[tuple[Any, ...], list[TableSet]] = {}
    for table_set, checkpoint in zip(table_sets, checkpoints, strict=True):
        if checkpoint.is_loading:
            resumed_key = table_set.key if checkpoint.events else None
            groups.setdefault((checkpoint.position, table_set.view.fold, resumed_key), []).append(table_set)
    return [(last_position, together) for (last_position, *_), together in groups.items()]


async def _follow_and_swap(
    pool: AsyncConnectionPool,
    vault: TextVault,
    connection: Connection,
    table_set: TableSet,
    mark: LogMark,
    progress: Callable[[int, int], None],
) -> LogMark:
    """Follow the log from the mark on until the new tables serve; return the mark that they have then."""
    texts = RowTexts(vault, pool.connection)
    shared_fold = SharedFold(pool, vault, table_set.view.fold, mark)
    async with aclosing(shared_fold):
        while True:
            mark = await _follow_log(connection, table_set, shared_fold, texts, mark, progress)
            try:
                async with pool.connection() as swapping, swapping.transaction():
                    locked_at = await _lock_serving_tables(swapping, TableSet(table_set.view))
                    mark = await _follow_log(connection, table_set, shared_fold, texts, mark, progress, to=locked_at)
                    await _swap_tables(swapping, table_set)
            except psycopg.errors.LockNotAvailable:
                await asyncio.sleep(LOCK_RETRY_SECONDS)  # a long read or write holds the old tables
            else:
                progress(mark.position, mark.position)
                return mark


async def _follow_log(
    connection: Connection,
    table_set: TableSet,
    shared_fold: SharedFold,
    texts: RowTexts,
    mark: LogMark,
    progress: Callable[[int, int], None],
    *,
    to: int | None = None,
) -> LogMark:
    """Apply the log until a page is small, or at least up to the position `to`. Return the mark reached."""
    while to is None or mark.position < to:
        until, changes = await shared_fold.read_changes(mark)
        events = until.position - mark.position
        if events:
            row_diff = await diff_rows(table_set.view, changes, texts)
            async with connection.transaction():
                await set_search_path(connection, table_set)
                if not await apply_changes(connection, TableChange(table_set, mark, until, row_diff)):
                    raise RuntimeError(f"{table_set.key} was moved by somebody else")
            mark = until
            progress(mark.position, max(mark.position, shared_fold.end.position))
        if not events or (to is None and events < SWAP_BELOW_EVENTS):
            break
    return mark


async def _lock_serving_tables(connection: Connection, serving: TableSet) -> int:
    """Lock the serving tables against writes, but not reads, until the transaction ends. Return their position.

    Raises psycopg.errors.LockNotAvailable when a lock is not granted within 100 ms.
    """
    await create_checkpoint_tables(connection)
    # Everyone who comes later queues behind this lock, so it waits only a moment: less than deadlock_timeout.
    await connection.execute("SET LOCAL lock_timeout = '100ms'")
    for name in await find_tables(connection, serving):
        await connection.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(name))
    checkpoint = await read_checkpoint(connection, serving)
    return 0 if checkpoint is None else checkpoint.position


async def _swap_tables(connection: Connection, table_set: TableSet) -> None:
    """Drop the serving tables and put the new ones, with their checkpoint, in their place.

    The swap writes no rows, so a reader whose snapshot is older than the swap, and who had to wait for it, sees all
    rows. The swap locks the tables before the checkpoints. The statement that writes a page does the same, because the
    planner locks the tables before the statement runs.
    """
    serving = TableSet(table_set.view)
    await drop_tables(connection, serving)
    for table in table_set.view.tables:
        name = sql.Identifier(table_set.schema, table.name)
        await connection.execute(sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(name, sql.Identifier(serving.schema)))
    built = await read_checkpoint(connection, table_set, locked=True)
    assert built is not None, "there is only one builder"
    if built.events != built.position:
        if (damaged := await find_hole(connection, built.position)) is not None:
            raise damaged
        raise RuntimeError(
            f"{built.events} events went into {table_set.view.name}, which is at position {built.position}"
        )
    await connection.execute("DELETE FROM kiennghi_views.positions WHERE view = %s", [serving.key])
    await connection.execute(
        "UPDATE kiennghi_views.positions SET view = %s WHERE view = %s", [serving.key, table_set.key]
    )


@asynccontextmanager
async def _builder_lock(connection: Connection, table_set: TableSet) -> AsyncIterator[None]:
    """Hold the lock that only one builder of this view can have. Wait while another process has it.

    The database session holds the lock, so the lock is released when the process ends, even after a crash.
    """
    while not await _call_lock_function(connection, "SELECT pg_try_advisory_lock(hashtext(%s))", table_set):
        await asyncio.sleep(LOCK_RETRY_SECONDS)
    try:
        yield
    finally:
        if not connection.closed:
            await _call_lock_function(connection, "SELECT pg_advisory_unlock(hashtext(%s))", table_set)


async def _call_lock_function(connection: Connection, statement: str, table_set: TableSet) -> bool:
    """Run a statement with an advisory lock function on the key of the table set, and return its answer."""
    row = await (await connection.execute(statement.encode(), [f"kiennghi {table_set.key}"])).fetchone()
    return row is not None and bool(row[0])
