"""Opens the HTTP interface over an office, for tests."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
from fastapi import FastAPI
from psycopg_pool import AsyncConnectionPool

from domain.actor import Credentials, Role
from service.api.metrics import Metrics
from service.api.server.app import create_app
from service.commands.office import ApplicationService
from service.config.settings import Settings
from service.projector.runner import ProjectionRunner
from service.security.tokens import issue_token

TOKEN_KEY = b"t" * 32
VAULT_KEY = b"k" * 32
NOW = datetime(2026, 7, 8, 3, 0, tzinfo=UTC)
UNIT = "phong-kinh-te"

ROLES = frozenset(Role) - {Role.CUSTODIAN}


def bearer(*roles: Role, officer: str = "cb-vidu", unit: str = UNIT) -> dict[str, str]:
    """Return the header of an officer with these roles; with all roles but the custodian's if none is named."""
    credentials = Credentials(officer=officer, unit=unit, position="Chuyên viên", roles=frozenset(roles) or ROLES)
    return {"Authorization": f"Bearer {issue_token(credentials, TOKEN_KEY, hours=1)}"}


def count_events(dsn: str) -> int:
    """Return the number of events in the log."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM kiennghi.log").fetchone()
    assert row is not None
    return int(row[0])


def fresh_key() -> dict[str, str]:
    """Return a header with a fresh Idempotency-Key."""
    return {"Idempotency-Key": str(uuid4())}


@contextmanager
def impatient(pool: AsyncConnectionPool) -> Iterator[None]:
    """Have a pool of a database that is away say so soon: to wait for it the usual time shows nothing more."""
    usual, pool.timeout = pool.timeout, 0.3
    yield
    pool.timeout = usual


class OfficeClock:
    """Returns 8 July 2026 at ten, or noon on the day that a test has set for what it enters then."""

    def __init__(self) -> None:
        self._now = NOW

    def __call__(self) -> datetime:
        return self._now

    @contextmanager
    def on(self, day: date) -> Iterator[None]:
        """Let it be that day, at noon in Vietnam, within the block."""
        self._now = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        try:
            yield
        finally:
            self._now = NOW


@dataclass(frozen=True)
class Interface:
    """Holds a client of the interface, and the office and views behind it."""

    app: FastAPI
    office: ApplicationService
    runner: ProjectionRunner
    dsn: str
    client: httpx2.AsyncClient
    clock: OfficeClock

    async def ask(self, path: str, body: Any, headers: dict[str, str] | None = None) -> httpx2.Response:
        """Send a POST as an officer with a fresh key; `headers` are added and win."""
        return await self.client.post(path, json=body, headers={**bearer(), **fresh_key(), **(headers or {})})

    async def read(self, path: str, headers: dict[str, str] | None = None) -> httpx2.Response:
        return await self.client.get(path, headers={**bearer(), **(headers or {})})

    async def receive(self, **fields: Any) -> dict[str, Any]:
        """Receive a petition and return the body of the answer."""
        answer = await self.receive_answer(**fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def receive_answer(self, **fields: Any) -> httpx2.Response:
        body = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường", **fields}
        return await self.ask("/petitions", body)


@asynccontextmanager
async def open_interface(dsn: str, settings: Settings, **options: Any) -> AsyncIterator[Interface]:
    """Open an interface on the database; the options are those of the office."""
    readers: list[ProjectionRunner] = []

    def committed(position: int) -> None:
        for reader in readers:
            reader.notice_append(position)

    metrics, clock = Metrics(), OfficeClock()
    async with (
        ApplicationService.open(
            dsn,
            settings,
            vault_key=VAULT_KEY,
            on_committed=committed,
            clock=clock,
            observer=metrics,
            **options,
        ) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as follower,
    ):
        readers.append(follower)
        app = create_app(
            office, follower, token_key=TOKEN_KEY, view_timeout_seconds=2.0, stream_seconds=0, metrics=metrics
        )
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://kiennghi.example") as client:
            yield Interface(app, office, follower, dsn, client, clock)
