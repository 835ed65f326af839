"""Pages hear of alerts as they happen: their own, from where they were, and as long as they may."""

import asyncio
import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from domain.actor import THE_SERVICE, Credentials, Role
from domain.alerts.vocabulary import AlertRole, WatchedClock
from domain.events import AlertRaised
from domain.vocabulary import PetitionId, UnitId
from service.alerts import feed as the_feed
from service.alerts.feed import Feed
from tests.service.api.interface import UNIT, Interface, bearer

pytestmark = pytest.mark.anyio

OTHER = "so-khac"


def asks(officer: str = "cb-vidu", unit: str = UNIT, *roles: Role) -> Credentials:
    return Credentials(officer=officer, unit=unit, position="Chuyên viên", roles=frozenset(roles))


async def raise_one(interface: Interface, unit: str = UNIT, step: str = "due-day") -> int:
    """Position of the alert, once the view of alerts has it."""
    office = interface.office
    petition_id = PetitionId((await office.petition_id_of((await interface.receive())["reference"])) or uuid4())
    raised = AlertRaised(
        occurred_on=date(2026, 7, 8),
        clock=WatchedClock.TRIAGE,
        due_on=date(2026, 7, 8),
        step=step,
        to=(AlertRole.HEAD,),
        unit=UnitId(unit),
        rule="due-day@1",
        calendar="VN-2026.1",
    )
    done = await office.record(petition_id, [raised], THE_SERVICE, after=1, command_id=uuid4(), digest=b"")
    assert await interface.readers.wait_for(done.position, "alerts", 10)
    return done.position


def events(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Position, name and content of each."""
    told = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in fields:
            told.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return told


async def heard(
    feed: Feed, who: Credentials, after: int, leaving: asyncio.Event | None = None, lasts: float = 0
) -> list[int]:
    """Positions of what is told until the stream ends."""
    chunks = [chunk async for chunk in feed.stream(who, after, leaving or asyncio.Event(), lasts)]
    return [position for position, _, _ in events(b"".join(chunks).decode())]


async def test_who_comes_back_hears_what_was_raised_since(interface: Interface) -> None:
    first, second = await raise_one(interface), await raise_one(interface)
    answer = await interface.read("/alerts/feed", {"Last-Event-ID": str(first - 1)})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert [(position, event) for position, event, _ in events(answer.text)] == [
        (first, "alert_raised"),
        (second, "alert_raised"),
    ]
    told = events(answer.text)[0][2]
    assert (told["unit"], told["clock"], told["due_on"], told["step"]) == (UNIT, "triage", "2026-07-08", "due-day")
    assert told["reference"].startswith("TD-2026-")
    again = await interface.read("/alerts/feed", {"Last-Event-ID": str(first)})
    assert [position for position, _, _ in events(again.text)] == [second]
    assert events((await interface.read("/alerts/feed")).text) == []  # from now on


async def test_nobody_hears_of_another_unit_but_an_inspector(interface: Interface) -> None:
    theirs, ours = await raise_one(interface, OTHER), await raise_one(interface)
    feed = Feed(interface.office.pool, interface.readers)
    assert await heard(feed, asks(), theirs - 1) == [ours]
    assert await heard(feed, asks("khac", OTHER), theirs - 1) == [theirs]
    assert await heard(feed, asks("thanh-tra", "thanh-tra-tinh", Role.INSPECTOR), theirs - 1) == [theirs, ours]
    assert await heard(feed, asks("la", "don-vi-la"), theirs - 1) == []


async def test_a_stream_tells_what_is_raised_while_it_lasts(interface: Interface) -> None:
    feed = Feed(interface.office.pool, interface.readers)
    leaving = asyncio.Event()
    listening = [asyncio.create_task(heard(feed, asks(), feed.position, leaving, lasts=60)) for _ in range(20)]
    while feed.listeners < len(listening):
        await asyncio.sleep(0)
    positions = [await raise_one(interface, step=f"step-{n}") for n in range(3)]
    leaving.set()
    assert await asyncio.gather(*listening) == [positions] * len(listening)
    assert feed.listeners == 0


async def test_a_listener_who_was_away_for_long_is_told_from_the_log_what_memory_no_longer_holds(
    interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(the_feed, "KEPT", 2)
    monkeypatch.setattr(the_feed, "AT_ONCE", 2)
    monkeypatch.setattr(the_feed, "A_STRETCH", 3)
    feed = Feed(interface.office.pool, interface.readers)
    before = feed.position
    assert await heard(feed, asks(), before) == []
    positions = [await raise_one(interface, step=f"step-{n}") for n in range(7)]
    assert await heard(feed, asks(), before) == positions
    assert await heard(feed, asks(), positions[3]) == positions[4:]
    assert len(feed._recent) == 2


async def test_a_position_that_the_log_has_not_reached_spoils_nothing_for_others(interface: Interface) -> None:
    feed = Feed(interface.office.pool, interface.readers)
    assert await heard(feed, asks(), 2**62) == []
    position = await raise_one(interface)
    assert await heard(feed, asks(), position - 1) == [position]


async def test_without_a_token_or_with_another_mark_than_a_position_nothing_is_told(interface: Interface) -> None:
    assert (await interface.client.get("/alerts/feed")).status_code == 401
    answer = await interface.read("/alerts/feed", {"Last-Event-ID": "yesterday"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:kiennghi:problem:invalid")


async def test_beyond_a_bound_nobody_more_listens(interface: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.api.routes.alert_stream.MOST_LISTENERS", 0)
    answer = await interface.client.get("/alerts/feed", headers=bearer())
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:kiennghi:problem:busy")
