"""Counts the statements that reach the server: each one is a round trip for which a caller waits."""

import asyncio
import fcntl
import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from httpx2 import ASGITransport, AsyncClient
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from domain.vocabulary import PetitionId, PetitionKind, Stage
from service.api.server.app import create_app
from service.commands import shared_facts
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest, CommandResult
from service.projector.runner import ProjectionRunner
from tests.conftest import SHARED_HOME
from tests.domain.samples import CLASSIFY, RECEIVE, SUPPLEMENT, commands_to_stages
from tests.service.api.interface import TOKEN_KEY, bearer, fresh_key
from tests.service.office_fixtures import CLERK, open_office, open_units, perform, run_life_cycle

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def shared_facts_stay_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep law and units cached: the service asks for them every two seconds, for no one command."""
    monkeypatch.setattr(shared_facts, "FACTS_FRESH_SECONDS", 3600)


class StatementLog:
    """Reads what the server has logged since the last call; it logs the statements of this test's database only."""

    def __init__(self) -> None:
        self._log = Path(os.environ[SHARED_HOME]) / "postgres" / "server.log"
        self._end = 0
        self.statements()

    def statements(self) -> list[str]:
        with self._log.open(encoding="utf-8") as log:
            log.seek(self._end)
            text = log.read()
            self._end = log.tell()
        return re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", text)


@pytest.fixture
def logged(database: str) -> Iterator[str]:
    """Provide the test's database, with statement logging.

    All workers of a test run share one server and its log, so one test at a time may count: the lock is a file's.
    """
    name = sql.Identifier(str(conninfo_to_dict(database)["dbname"]))
    with (Path(os.environ[SHARED_HOME]) / "statements.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(sql.SQL("ALTER DATABASE {} SET log_statement = 'all'").format(name))
        yield database


@asynccontextmanager
async def filled_office(dsn: str) -> AsyncIterator[ApplicationService]:
    """Open an office and wait until its pool is filled: each new connection sends statements of its own."""
    async with open_office(dsn) as office:
        await office.pool.wait()
        yield office


@asynccontextmanager
async def office_with_units_read(dsn: str) -> AsyncIterator[ApplicationService]:
    async with filled_office(dsn) as office:
        await office.queries.units()
        yield office


async def test_a_command_alone_is_one_statement_and_three_on_a_petition_that_is_not_in_memory(logged: str) -> None:
    async with filled_office(logged) as office:
        await open_units(office)
        petition_id = PetitionId((await perform(office, RECEIVE)).petition_id)
        statement_log = StatementLog()
        await perform(office, RECEIVE)
        assert len(statement_log.statements()) == 1
        await perform(office, CLASSIFY, petition_id)
        assert len(statement_log.statements()) == 1
    async with office_with_units_read(logged) as office:
        statement_log = StatementLog()
        await perform(office, SUPPLEMENT, petition_id)
        history, keys, append = statement_log.statements()
        assert history.startswith("SELECT log.stream")
        assert "kiennghi_vault.text_keys" in keys
        assert "kiennghi.append_event" in append


async def test_the_histories_of_commands_that_come_together_are_read_together(logged: str) -> None:
    async with filled_office(logged) as office:
        await open_units(office)
        petition_ids = [PetitionId((await perform(office, RECEIVE)).petition_id) for _ in range(50)]
    async with office_with_units_read(logged) as office:
        statement_log = StatementLog()
        requests = [CommandRequest(CLASSIFY, uuid4(), b"", petition_id) for petition_id in petition_ids]
        results = await office.petitions.perform_all(requests, CLERK)
        assert all(isinstance(answer, CommandResult) for answer in results)
        assert len(statement_log.statements()) <= 6
        first, *_ = [await office.queries.petition(petition_id) for petition_id in petition_ids]
        assert first is not None
        assert statement_log.statements() == []


async def test_what_is_asked_for_while_histories_are_read_is_read_as_it_is_then(logged: str) -> None:
    async with filled_office(logged) as office, filled_office(logged) as other:
        await open_units(office)
        petition_id = await run_life_cycle(office, commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.RECEIVED])
        reading = asyncio.create_task(other.queries.petition(petition_id))
        await asyncio.sleep(0)
        await perform(office, CLASSIFY, petition_id)
        now = await other.queries.fresh_petition(petition_id)
        assert now == await office.queries.petition(petition_id)
        assert (await reading) is not None


async def test_what_all_views_make_of_new_events_is_one_statement(logged: str) -> None:
    async with (
        filled_office(logged) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
    ):
        await open_units(office)
        assert await views.wait_until_current()
        statement_log = StatementLog()
        for _ in range(2):
            await perform(office, RECEIVE)
            assert await views.wait_until_current()
            written = [statement for statement in statement_log.statements() if statement.startswith("WITH moved")]
            assert len(written) == 1, written


async def test_over_http_a_command_on_a_cold_petition_is_four_statements_and_a_read_of_it_at_most_three(
    logged: str,
) -> None:
    async with filled_office(logged) as office:
        await open_units(office)
        received = await perform(office, RECEIVE)
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
            assert await views.wait_until_current()
    async with office_with_units_read(logged) as office:
        # It is not opened: a running one would send statements of its own.
        idle = ProjectionRunner(office.pool, office.histories, office.vault, views.views)
        for progress in idle.progress.values():
            progress.verified.set()  # as the one before it has found
        app = create_app(office, idle, token_key=TOKEN_KEY)
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test", headers=bearer()) as client:
            path, statement_log = f"/petitions/{received.reference}", StatementLog()
            body = CLASSIFY.model_dump(mode="json")
            answer = await client.post(
                f"{path}/classify-petition", json=body, headers={**fresh_key(), "If-Match": '"1"'}
            )
            assert answer.status_code == 200, answer.text
            assert len(statement_log.statements()) == 4
            period = "from=2026-01-01&to=2026-06-30"
            for read in (path, f"{path}/history", "/overdue", f"/meetings?{period}", "/units", f"/units?{period}"):
                assert (await client.get(read)).status_code == 200
                assert len(statement_log.statements()) <= 3, read
