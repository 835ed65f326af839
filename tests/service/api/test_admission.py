"""Whoever is let in is answered within the bound, whatever the load, and nobody is turned away without need."""

import asyncio
from collections import deque
from pathlib import Path

import httpx2
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api import admission
from service.api.admission import ALWAYS_LET_IN, ANSWERED_WITHIN_SECONDS, RATE_SECONDS, Admission
from service.config.settings import Settings
from tests.examples import examples
from tests.service.api.interface import Interface, count_events, open_interface

pytestmark = pytest.mark.anyio

STEP = 0.01
"""Seconds of one step of the service that is acted here: it answers the oldest requests first."""


@examples(25)
@given(
    rate=st.integers(3, 30),
    load=st.lists(st.tuples(st.integers(1, 200), st.integers(0, 300)), min_size=1, max_size=6),
)
def test_who_is_let_in_is_answered_in_time(rate: int, load: list[tuple[int, int]]) -> None:
    """The service answers `rate` requests a step; so many steps long, so many requests come in each."""
    now, turned_away = 0.0, 0
    let_in, waits = deque[float](), list[float]()
    counted = Admission(clock=lambda: now)
    for steps, arriving in [*load, (200, 0), (100, rate)]:  # in the end the load is what the service can take
        turned_away = 0
        for _ in range(steps):
            now += STEP
            for _ in range(arriving):
                if counted.lets_in():
                    let_in.append(now)
                else:
                    turned_away += 1
            for _ in range(min(rate, len(let_in))):
                waits.append(now - let_in.popleft())
                counted.leave()
    longest = max(ANSWERED_WITHIN_SECONDS, ALWAYS_LET_IN / rate * STEP)
    assert max(waits, default=0) <= longest + STEP
    assert turned_away == 0, "a second after the overload everybody is let in"
    assert counted.in_progress == len(let_in)


def test_a_request_that_waits_for_somebody_else_is_no_load() -> None:
    counted = Admission(clock=lambda: 0.0)
    assert counted.lets_in()
    with counted.waiting():
        assert counted.in_progress == 0
    assert counted.in_progress == 1
    counted.leave()
    assert counted.in_progress == 0
    assert RATE_SECONDS > 0


async def test_while_nothing_can_be_written_changes_are_turned_away_and_reads_are_not(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "ALWAYS_LET_IN", 5)
    monkeypatch.setattr(admission, "RATE_SECONDS", 0.05)  # what was answered before the lock is soon forgotten
    async with open_interface(database, Settings(home=tmp_path)) as interface:
        await interface.receive(summary="Sửa đường")
        assert await interface.runner.wait_until_current()
        before = count_events(database)
        with psycopg.connect(database) as somebody:
            somebody.execute("SELECT position FROM kiennghi.log_head FOR UPDATE")  # every append waits for it
            asked = await ask_until_turned_away(interface)
            page, probe = await interface.read("/overdue"), await interface.client.get("/livez")
        assert (page.status_code, probe.status_code) == (200, 200)
        answers = [answer.status_code for answer in await asyncio.gather(*asked)]
        assert answers.count(201) >= 5
        assert set(answers) == {201, 503}
        assert count_events(database) == before + answers.count(201)
        assert (await interface.receive_answer()).status_code == 201


async def ask_until_turned_away(interface: Interface) -> list[asyncio.Task[httpx2.Response]]:
    """Send changes until one is turned away; return all of them."""
    asked = []
    async with asyncio.timeout(20):
        while True:
            asked.append(asyncio.create_task(interface.receive_answer()))
            await asyncio.sleep(0.01)
            for answer in (one.result() for one in asked if one.done()):
                assert (answer.status_code, answer.json()["type"]) == (503, "urn:kiennghi:problem:busy")
                assert int(answer.headers["retry-after"]) > 0
                return asked
