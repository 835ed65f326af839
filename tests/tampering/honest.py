"""Appends by several writers to a log that is sealed and verified meanwhile, and counts alarms: there must be none."""

import asyncio
from dataclasses import dataclass, field
from uuid import uuid4

from psycopg import AsyncConnection

from service.event_store.group_commit import Committer
from service.transparency.discrepancies import Discrepancy
from service.transparency.log_sealer import LogSealer
from service.transparency.log_verification import verify_log
from tests.conftest import login_of_service
from tests.service.event_store.appending import append, event
from tests.tampering.sealed_log import KEY

WRITERS = 16
COMMITTERS = 2


@dataclass
class HonestRun:
    """Holds how often an honest log was verified, and every discrepancy that was found in it."""

    events: int = 0
    verifications: int = 0
    alarms: list[Discrepancy] = field(default_factory=list)


async def append_honestly(dsn: str, events: int) -> HonestRun:
    """Append that many events by writers of two processes' committers, sealing and verifying meanwhile."""
    run, login = HonestRun(), login_of_service(dsn)
    connection = await AsyncConnection.connect(login, autocommit=True)
    sealer = await LogSealer.connect(login, KEY)
    kept: list[str] = []

    async def seal_and_verify() -> None:
        await sealer.seal_batch(200)
        if (note := await sealer.sign()) is not None and note not in kept[-1:]:
            kept.append(note)
        found = await verify_log(connection, [KEY.public], kept[-3:])
        run.verifications += 1
        run.alarms += found.discrepancies

    async def write(committer: Committer, number: int) -> None:
        for n in range(number):
            stream = uuid4()
            await committer.append(append(event(stream), event(stream, 2)) if n % 3 else append(event(stream)))

    async with connection, Committer(dsn) as one, Committer(dsn) as other:
        per_writer = events // WRITERS * 3 // 5 + 1
        writing = asyncio.gather(*(write((one, other)[n % COMMITTERS], per_writer) for n in range(WRITERS)))
        while not writing.done():
            await seal_and_verify()
        await writing
        while (await sealer.seal_batch()).leaves:
            pass
        await seal_and_verify()
        cursor = await connection.execute("SELECT position FROM kiennghi.log_head")
        run.events = (await cursor.fetchall())[0][0]
    await sealer.close()
    return run
