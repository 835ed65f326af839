"""Provides a log that was written by the service and sealed at several sizes, for a superuser to change."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import AsyncConnection

from domain.petitioner import Petitioner
from service.security.identity_vault import read_identities
from service.transparency.log_sealer import LogSealer
from service.transparency.log_verification import VerifiedLog, verify_log, verify_snapshot
from service.transparency.signing import SigningKey
from tests.conftest import login_of_service
from tests.domain.samples import RECEIVE, with_changes
from tests.service.office_fixtures import CLERK, VAULT_KEY, open_office, open_units, perform, run_life_cycles

KEY = SigningKey.make("tinh-thu.example/kiennghi")
TABLES = (
    "kiennghi.log",
    "kiennghi.categories",
    "kiennghi.topics",
    "kiennghi.officers",
    "kiennghi_vault.identities",
    "kiennghi_vault.identity_accesses",
    "kiennghi_proof.other_leaves",
    "kiennghi_proof.checkpoints",
)


@dataclass(frozen=True)
class SealedLog:
    """Holds a superuser's connection to a sealed log without triggers, and a checkpoint that was kept elsewhere."""

    connection: AsyncConnection[Any]
    events: int
    kept: str

    async def verify(self) -> VerifiedLog:
        """Verify what the present transaction sees, against the checkpoint that was kept."""
        return await verify_snapshot(self.connection, [KEY.public], [self.kept])

    async def value(self, query: str, *parameters: object) -> Any:
        """Return the only value of a query."""
        row = await (await self.connection.execute(query.encode(), parameters)).fetchone()
        assert row is not None
        return row[0]


async def seal_all(sealer: LogSealer, batch: int = 100) -> None:
    while (await sealer.seal_batch(batch)).leaves:
        await sealer.sign()


@asynccontextmanager
async def sealed_log(dsn: str, petitions: int) -> AsyncIterator[SealedLog]:
    """Provide a log of that many petitions, about five events each, with a checkpoint after every hundred events."""
    async with open_office(dsn) as office:
        await open_units(office)
        await run_life_cycles(office, petitions)
        people = [Petitioner(name="Nguyễn Thị Ví Dụ"), Petitioner(name="Trần Văn Mẫu")]
        for _ in range(3):
            received = await perform(office, with_changes(RECEIVE, petitioners=people))
            async with office.pool.connection() as connection:
                await read_identities(connection, received.petition_id, CLERK, "để trả lời", VAULT_KEY)  # type: ignore[arg-type]
    sealer = await LogSealer.connect(login_of_service(dsn), KEY)
    await sealer.seal_batch(100)
    assert await sealer.seal_heads(date(2026, 1, 1))
    await seal_all(sealer)
    assert await sealer.seal_heads(date(2026, 1, 2))
    kept = await sealer.sign()
    assert kept is not None
    await sealer.close()
    connection = await AsyncConnection.connect(dsn, autocommit=True)
    async with connection:
        assert (await verify_log(connection, [KEY.public], [kept])).discrepancies == []
        for table in TABLES:
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
        await connection.execute("ALTER TABLE kiennghi_proof.tiles DISABLE TRIGGER ALL")
        await connection.execute("ALTER TABLE kiennghi.log DROP CONSTRAINT log_position_check")
        events = (await (await connection.execute("SELECT position FROM kiennghi.log_head")).fetchall())[0][0]
        yield SealedLog(connection, events, kept)
        assert (await verify_log(connection, [KEY.public], [kept])).discrepancies == []  # each change was taken back
