"""More requests come than can be written: nothing is lost, and each request beyond the limit is refused at once."""

import asyncio
from pathlib import Path

import psycopg
import pytest

from service.config.settings import Settings
from tests.service.api.interface import UNIT, Interface, bearer, count_events, open_interface

pytestmark = pytest.mark.anyio

MAX_WAITING = 5
RECEIPT = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường"}


async def wait_until_blocked(dsn: str, behind: int) -> None:
    """Wait until a session of the database waits for a lock that the server process `behind` holds."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
    async with asyncio.timeout(20), await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        while (await (await connection.execute(waits, [behind])).fetchone()) == (0,):
            await asyncio.sleep(0)


async def wait_for_queue(interface: Interface, amount: int) -> None:
    async with asyncio.timeout(20):
        while interface.office.waiting < amount:
            await asyncio.sleep(0)


async def test_beyond_the_room_for_those_who_wait_everybody_is_told_to_come_again(
    database: str, tmp_path: Path
) -> None:
    async with open_interface(database, Settings(home=tmp_path), max_waiting=MAX_WAITING) as interface:
        unit = {"unit": UNIT, "name": "Phòng Kinh tế (ví dụ)", "occurred_on": "2020-01-01"}
        assert (await interface.ask("/units", unit)).status_code == 201
        assert await interface.runner.wait_until_current()
        before = count_events(database)
        with psycopg.connect(database) as somebody:
            somebody.execute("SELECT position FROM kiennghi.log_head FOR UPDATE")  # every append waits for it
            first = asyncio.create_task(interface.receive_answer())
            await wait_until_blocked(database, somebody.info.backend_pid)
            patient = [asyncio.create_task(interface.receive_answer()) for _ in range(MAX_WAITING)]
            await wait_for_queue(interface, MAX_WAITING)
            sent_away = await asyncio.gather(*(interface.receive_answer() for _ in range(20)))
            batch = [{"command": "receive-petition", "key": f"batch-{n}", "body": RECEIPT} for n in range(3)]
            answer = await interface.client.post("/commands", json={"commands": batch}, headers=bearer())
            page = await interface.read("/overdue")
        for refusal in sent_away:
            assert (refusal.status_code, refusal.json()["type"]) == (503, "urn:kiennghi:problem:busy")
            assert int(refusal.headers["retry-after"]) > 0
        assert [one["status"] for one in answer.json()["answers"]] == [503] * 3
        assert page.status_code == 200  # who only reads is not held up
        assert {done.status_code for done in await asyncio.gather(first, *patient)} == {201}
        assert count_events(database) == before + 1 + MAX_WAITING
        again = await interface.client.post("/commands", json={"commands": batch}, headers=bearer())
        assert [one["status"] for one in again.json()["answers"]] == [201] * 3
