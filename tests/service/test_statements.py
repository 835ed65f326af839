"""How many statements reach the server: each is a round trip that somebody waits for."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from httpx2 import ASGITransport, AsyncClient
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from domain.vocabulary import PetitionId, PetitionKind, Stage
from service.api import create_app
from service.commands import unit_cache
from service.commands.office import Asked, Done, Office
from service.projector.runner import Follower
from tests.conftest import SHARED_HOME
from tests.domain.samples import CLASSIFY, RECEIVE, SUPPLEMENT, ways
from tests.service.api.interface import TOKEN_KEY, bearer, key
from tests.service.office_fixtures import CLERK, live, open_office, open_units, perform

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def units_stay_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read again every two seconds, however many commands there are: that statement is nobody's own."""
    monkeypatch.setattr(unit_cache, "FRESH_FOR", 3600)


class Heard:
    """What the server wrote into its log since it was last asked; only this test's database has it write statements."""

    def __init__(self) -> None:
        self._log = Path(os.environ[SHARED_HOME]) / "postgres" / "server.log"
        self._end = 0
        self.statements()

    def statements(self) -> list[str]:
        with self._log.open(encoding="utf-8") as log:
            log.seek(self._end)
            said = log.read()
            self._end = log.tell()
        return re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", said)


@pytest.fixture
def logged(database: str) -> str:
    """The database of the test, which logs what is sent to it."""
    name = sql.Identifier(str(conninfo_to_dict(database)["dbname"]))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} SET log_statement = 'all'").format(name))
    return database


@asynccontextmanager
async def office_with_units_read(dsn: str) -> AsyncIterator[Office]:
    async with open_office(dsn) as office:
        await office.units()
        yield office


async def test_a_command_alone_is_one_statement_and_two_on_a_petition_that_is_not_in_memory(logged: str) -> None:
    async with open_office(logged) as office:
        await open_units(office)
        letter = PetitionId((await perform(office, RECEIVE)).petition_id)
        heard = Heard()
        await perform(office, RECEIVE)
        assert len(heard.statements()) == 1
        await perform(office, CLASSIFY, letter)
        assert len(heard.statements()) == 1
    async with office_with_units_read(logged) as office:
        heard = Heard()
        await perform(office, SUPPLEMENT, letter)
        first, second = heard.statements()
        assert first.startswith("SELECT originator_id")
        assert "kiennghi.append_event" in second


async def test_the_histories_of_commands_that_come_together_are_read_together(logged: str) -> None:
    async with open_office(logged) as office:
        await open_units(office)
        letters = [PetitionId((await perform(office, RECEIVE)).petition_id) for _ in range(50)]
    async with office_with_units_read(logged) as office:
        heard = Heard()
        asked = [Asked(CLASSIFY, uuid4(), b"", letter) for letter in letters]
        done = await office.perform_all(asked, CLERK)
        assert all(isinstance(answer, Done) for answer in done)
        assert len(heard.statements()) <= 4
        first, *_ = [await office.petition(letter) for letter in letters]
        assert first is not None
        assert heard.statements() == []


async def test_what_is_asked_for_while_histories_are_read_is_read_as_it_is_then(logged: str) -> None:
    async with open_office(logged) as office, open_office(logged) as other:
        await open_units(office)
        letter = await live(office, ways(PetitionKind.PROPOSAL_FEEDBACK)[Stage.RECEIVED])
        reading = asyncio.create_task(other.petition(letter))
        await asyncio.sleep(0)
        await perform(office, CLASSIFY, letter)
        now = await other.fresh_petition(letter)
        assert now == await office.petition(letter)
        assert (await reading) is not None


async def test_what_all_views_make_of_new_events_is_one_statement(logged: str) -> None:
    async with open_office(logged) as office, Follower.open(office.pool, office.histories) as views:
        await open_units(office)
        assert await views.caught_up()
        heard = Heard()
        for _ in range(2):
            await perform(office, RECEIVE)
            assert await views.caught_up()
            written = [statement for statement in heard.statements() if statement.startswith("WITH moved")]
            assert len(written) == 1, written


async def test_over_http_a_command_on_a_cold_petition_is_three_statements_and_a_read_of_it_at_most_two(
    logged: str,
) -> None:
    async with open_office(logged) as office:
        await open_units(office)
        received = await perform(office, RECEIVE)
        async with Follower.open(office.pool, office.histories) as views:
            assert await views.caught_up()
    async with office_with_units_read(logged) as office:
        idle = Follower(office.pool, office.histories, views.views)  # it would send statements of its own
        app = create_app(office, idle, token_key=TOKEN_KEY)
        async with AsyncClient(transport=ASGITransport(app), base_url="http://test", headers=bearer()) as client:
            path, heard = f"/petitions/{received.reference}", Heard()
            body = CLASSIFY.model_dump(mode="json")
            answer = await client.post(f"{path}/classify-petition", json=body, headers={**key(), "If-Match": '"1"'})
            assert answer.status_code == 200, answer.text
            assert len(heard.statements()) == 3
            period = "from=2026-01-01&to=2026-06-30"
            for read in (path, f"{path}/history", "/overdue", f"/meetings?{period}", "/units", f"/units?{period}"):
                assert (await client.get(read)).status_code == 200
                assert len(heard.statements()) <= 2, read
