"""Seals and signs for as long as a process runs: every second what was committed meanwhile, each day the heads."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from threading import Thread

import psycopg
import structlog

from service.postgres.cancellation import cancel_and_wait
from service.transparency.checkpoint_files import write_checkpoint
from service.transparency.log_sealer import LogSealer
from service.transparency.offline_verifier import PublicKey
from service.transparency.signing import SigningKey
from service.transparency.tree_store import TreeHead
from service.transparency.unsealed_leaves import NotSealable

SEALING_PAUSE_SECONDS = 1.0
"""Seconds between two batches when nothing waits, which say most about how long an event waits for its signature."""

SEALING_PAUSE_AFTER_FAULT_SECONDS = 10.0
SEALING_THREAD = "sealing"
SWITCH_SECONDS = 0.0005
"""Longest time for which one thread computes while another waits. By itself Python lets it be 5 ms, by which the sealer
would hold up what is answered, many times a second."""

log = structlog.get_logger("kiennghi.sealing")

Signed = Callable[[str], None]


async def seal_once(sealer: LogSealer, folder: Path | None, *, heads_of: date | None = None) -> str | None:
    """Take everything that is committed into the tree, sign it, and return the note; None without a key.

    With `heads_of` the tree gets a list of the last events of all streams, made on that day.
    Raise NotSealable, psycopg.Error, OSError.
    """
    await seal_committed(sealer)
    if heads_of is not None:
        await sealer.seal_heads(heads_of)
    return await _sign_and_keep(sealer, folder)


async def seal_committed(sealer: LogSealer) -> TreeHead:
    """Take everything that is committed into the tree, and return its head. Raise NotSealable, psycopg.Error."""
    while (batch := await sealer.seal_batch()).is_full:
        await asyncio.sleep(0)
    return batch.head


async def _sign_and_keep(sealer: LogSealer, folder: Path | None) -> str | None:
    note = await sealer.sign()
    if note is not None and folder is not None:
        await asyncio.to_thread(write_checkpoint, folder, note, datetime.now(UTC))
    return note


async def run_sealing(
    dsn: str,
    key: SigningKey | None,
    former_keys: Sequence[PublicKey],
    folder: Path | None,
    zone: tzinfo,
    *,
    pause: float = SEALING_PAUSE_SECONDS,
    signed: Signed | None = None,
) -> None:
    """Seal and sign for ever, `pause` seconds after each batch. What fails is logged and tried again.

    With the first batch of each day in the zone, the last events of all streams are listed. `signed` is called with
    each new note.
    """
    while True:
        try:
            sealer = await LogSealer.connect(dsn, key, former_keys)
            try:
                await _seal_until_fault(sealer, folder, zone, pause, signed)
            finally:
                await sealer.close()
        except NotSealable as error:
            log.error("log_not_sealable", found=str(error))
        except (psycopg.Error, OSError) as error:
            log.warning("sealing_interrupted", error=type(error).__name__)
        await asyncio.sleep(SEALING_PAUSE_AFTER_FAULT_SECONDS)


async def _seal_until_fault(
    sealer: LogSealer, folder: Path | None, zone: tzinfo, pause: float, signed: Signed | None
) -> None:
    last = None
    while True:
        head = await seal_committed(sealer)
        today = datetime.now(zone).date()
        has_heads = sealer.are_heads_due(today) and await sealer.seal_heads(today)
        if head != last or has_heads:
            note = await _sign_and_keep(sealer, folder)
            if note is not None and signed is not None:
                signed(note)
            last = head
        await asyncio.sleep(pause)


@asynccontextmanager
async def sealing_at_work(
    dsn: str,
    key: SigningKey | None,
    former_keys: Sequence[PublicKey],
    folder: Path | None,
    zone: tzinfo,
    *,
    signed: Signed | None = None,
) -> AsyncIterator[None]:
    """Seal and sign in the background for as long as the context lasts.

    It has a thread and an event loop of its own: a batch takes a dozen answers of the database, and each would wait for
    a turn of the loop, which is busy with requests. `signed` is called in that thread.
    """
    begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = Future()

    async def seal() -> None:
        task = asyncio.create_task(run_sealing(dsn, key, former_keys, folder, zone, signed=signed))
        begun.set_result((asyncio.get_running_loop(), task))
        try:
            await task
        except asyncio.CancelledError:
            return
        except Exception as error:
            log.error("sealing_ended", error=type(error).__name__)

    switch_seconds = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    thread = Thread(target=lambda: asyncio.run(seal()), name=SEALING_THREAD, daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop, task = await asyncio.wrap_future(begun)
        if not task.done():
            asyncio.run_coroutine_threadsafe(cancel_and_wait([task]), loop)
        await asyncio.to_thread(thread.join)
        sys.setswitchinterval(switch_seconds)
