"""Compares the log with what was seen of it, again and again, and keeps what was seen outside the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool

from service.event_store.continuity import LogContinuity
from service.postgres.cancellation import running_beside

LOOK_SECONDS = 1.0
"""Seconds between two looks at the log."""

SAVE_SECONDS = 10.0
"""Least seconds between two writes of what was seen. A restore to a moment this short before the end goes unnoticed."""

log = structlog.get_logger("kiennghi.log")


@asynccontextmanager
async def watching_log(pool: AsyncConnectionPool, continuity: LogContinuity) -> AsyncIterator[None]:
    """Watch the log until the end of the block; what was seen is written there too."""
    try:
        async with running_beside(_watch(pool, continuity), "log watch"):
            yield
    finally:
        await _save(continuity)


async def _watch(pool: AsyncConnectionPool, continuity: LogContinuity) -> None:
    saved_at, saved = -SAVE_SECONDS, None
    while True:
        try:
            async with pool.connection() as connection:
                await continuity.check(connection)
        except psycopg.OperationalError as error:  # the pool's time-outs too; whoever connects next compares
            log.warning("log_watch_waits_for_database", error=type(error).__name__)
        if continuity.seen != saved and monotonic() >= saved_at + SAVE_SECONDS:
            saved_at, saved = monotonic(), continuity.seen
            await _save(continuity)
        await asyncio.sleep(LOOK_SECONDS)


async def _save(continuity: LogContinuity) -> None:
    try:
        await asyncio.to_thread(continuity.save)
    except OSError as error:
        log.warning("seen_log_not_written", error=type(error).__name__, reason=error.strerror)
