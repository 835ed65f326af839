"""Seals and signs for as long as a process runs: every second what was committed meanwhile, each day the heads."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path

import psycopg
import structlog

from service.transparency.checkpoint_files import write_checkpoint
from service.transparency.log_sealer import LogSealer
from service.transparency.offline_verifier import PublicKey
from service.transparency.signing import SigningKey
from service.transparency.unsealed_leaves import NotSealable

SEALING_PAUSE_SECONDS = 1.0
"""Seconds between two batches when nothing waits."""

SEALING_PAUSE_AFTER_FAULT_SECONDS = 10.0
log = structlog.get_logger("kiennghi.sealing")

Signed = Callable[[str], None]


async def seal_once(sealer: LogSealer, folder: Path | None, *, heads_of: date | None = None) -> str | None:
    """Take everything that is committed into the tree, sign it, and return the note; None without a key.

    With `heads_of` the tree gets a list of the last events of all streams, made on that day.
    Raise NotSealable, psycopg.Error, OSError.
    """
    while (await sealer.seal_batch()).is_full:
        await asyncio.sleep(0)
    if heads_of is not None:
        await sealer.seal_heads(heads_of)
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
        head = (await sealer.seal_batch()).head
        today = datetime.now(zone).date()
        is_due = sealer.are_heads_due(today)
        if head != last or is_due:
            note = await seal_once(sealer, folder, heads_of=today if is_due else None)
            if note is not None and signed is not None:
                signed(note)
            last = head
        await asyncio.sleep(pause)


@asynccontextmanager
async def sealing_at_work(
    dsn: str, key: SigningKey | None, former_keys: Sequence[PublicKey], folder: Path | None, zone: tzinfo
) -> AsyncIterator[None]:
    """Seal and sign in the background for as long as the context lasts."""
    task = asyncio.create_task(run_sealing(dsn, key, former_keys, folder, zone), name="sealing")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
