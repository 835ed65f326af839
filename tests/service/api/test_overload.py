"""More is asked than can be written: nothing is lost, and whoever is sent away is told so at once."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from service.config.settings import Settings
from tests.service.api.interface import UNIT, Interface, bearer, count_events, opened

pytestmark = pytest.mark.anyio

ROOM = 5
RECEIPT = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường"}


async def stuck(dsn: str, behind: int) -> None:
    """Returns once somebody waits for what the server process `behind` holds."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
    async with asyncio.timeout(20), await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        while (await (await connection.execute(waits, [behind])).fetchone()) == (0,):
            await asyncio.sleep(0)


async def waiting(interface: Interface, amount: int) -> None:
    async with asyncio.timeout(20):
        while interface.office.waiting < amount:
            await asyncio.sleep(0)


async def test_beyond_the_room_for_those_who_wait_everybody_is_told_to_come_again(
    database: str, tmp_path: Path
) -> None:
    async with opened(database, Settings(home=tmp_path), max_waiting=ROOM) as interface:
        unit = {"unit": UNIT, "name": "Phòng Kinh tế (ví dụ)", "occurred_on": "2020-01-01"}
        assert (await interface.ask("/units", unit)).status_code == 201
        assert await interface.readers.caught_up()
        before = count_events(database)
        with psycopg.connect(database) as somebody:
            somebody.execute("SELECT position FROM kiennghi.log_head FOR UPDATE")  # every append waits for it
            first = asyncio.create_task(interface.receive_answer())
            await stuck(database, somebody.info.backend_pid)
            patient = [asyncio.create_task(interface.receive_answer()) for _ in range(ROOM)]
            await waiting(interface, ROOM)
            sent_away = await asyncio.gather(*(interface.receive_answer() for _ in range(20)))
            pile = [{"command": "receive-petition", "key": f"pile-{n}", "body": RECEIPT} for n in range(3)]
            answer = await interface.client.post("/commands", json={"commands": pile}, headers=bearer())
            page = await interface.read("/overdue")
        for told in sent_away:
            assert (told.status_code, told.json()["type"]) == (503, "urn:kiennghi:problem:busy")
            assert int(told.headers["retry-after"]) > 0
        assert [one["status"] for one in answer.json()["answers"]] == [503] * 3
        assert page.status_code == 200  # who only reads is not held up
        assert {told.status_code for told in await asyncio.gather(first, *patient)} == {201}
        assert count_events(database) == before + 1 + ROOM
        again = await interface.client.post("/commands", json={"commands": pile}, headers=bearer())
        assert [one["status"] for one in again.json()["answers"]] == [201] * 3
