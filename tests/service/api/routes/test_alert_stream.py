"""Open pages get alerts as they happen: their own, from the last position, until the stream ends."""

import asyncio
import json
from datetime import date
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from domain.actor import SERVICE_CREDENTIALS, Credentials, Role
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, WatchedClock
from domain.events import AlertRaised
from domain.vocabulary import PetitionId, UnitId
from service.alerts import feed as the_feed
from service.alerts.feed import AlertFeed, StreamPlace
from tests.service.api.interface import UNIT, Interface, bearer

pytestmark = pytest.mark.anyio

OTHER = "so-khac"


def credentials_of(officer: str = "cb-vidu", unit: str = UNIT, *roles: Role) -> Credentials:
    return Credentials(officer=officer, unit=unit, position="Chuyên viên", roles=frozenset(roles))


async def raise_alert(interface: Interface, unit: str = UNIT, step: str = "due-day") -> int:
    """Raise an alert and return its position, once the view of alerts has it."""
    office = interface.office
    petition_id = PetitionId((await office.queries.petition_id_of((await interface.receive())["reference"])) or uuid4())
    raised = AlertRaised(
        occurred_on=date(2026, 7, 8),
        clock=WatchedClock.TRIAGE,
        due_on=date(2026, 7, 8),
        step=step,
        round=1,
        to=(AlertRole.HEAD,),
        by=(AlertChannel.EMAIL,),
        does=Does.TELL,
        unit=UnitId(unit),
        rule="due-day@1",
        calendar="VN-2026.1",
    )
    done = await office.writer.append_facts(
        petition_id, [raised], SERVICE_CREDENTIALS, after=1, command_id=uuid4(), digest=b""
    )
    assert await interface.runner.wait_for(done.position, "alerts", 10)
    return done.position


def parse_events(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """Return position, name and content of each event of a stream."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "data" in fields:
            found.append((StreamPlace.parse(fields["id"]).position, fields["event"], json.loads(fields["data"])))
    return found


async def heard_positions(
    feed: AlertFeed, who: Credentials, after: int, leaving: asyncio.Event | None = None, lasts: float = 0
) -> list[int]:
    """Return the positions of the events until the stream ends."""
    since = StreamPlace(feed.place.epoch, after)
    chunks = [chunk async for chunk in feed.stream(who, since, leaving or asyncio.Event(), lasts)]
    return [position for position, _, _ in parse_events(b"".join(chunks).decode())]


async def test_who_comes_back_hears_what_was_raised_since(interface: Interface) -> None:
    first, second = await raise_alert(interface), await raise_alert(interface)
    answer = await interface.read("/alerts/feed", {"Last-Event-ID": f"1.{first - 1}"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert [(position, event) for position, event, _ in parse_events(answer.text)] == [
        (first, "alert_raised"),
        (second, "alert_raised"),
    ]
    event = parse_events(answer.text)[0][2]
    assert (event["unit"], event["clock"], event["due_on"], event["step"]) == (UNIT, "triage", "2026-07-08", "due-day")
    assert event["reference"].startswith("TD-2026-")
    again = await interface.read("/alerts/feed", {"Last-Event-ID": f"1.{first}"})
    assert [position for position, _, _ in parse_events(again.text)] == [second]
    assert parse_events((await interface.read("/alerts/feed")).text) == []  # from now on


async def test_nobody_hears_of_another_unit_but_an_inspector(interface: Interface) -> None:
    theirs, ours = await raise_alert(interface, OTHER), await raise_alert(interface)
    feed = AlertFeed(interface.office.pool, interface.runner)
    assert await heard_positions(feed, credentials_of(), theirs - 1) == [ours]
    assert await heard_positions(feed, credentials_of("khac", OTHER), theirs - 1) == [theirs]
    assert await heard_positions(feed, credentials_of("thanh-tra", "thanh-tra-tinh", Role.INSPECTOR), theirs - 1) == [
        theirs,
        ours,
    ]
    assert await heard_positions(feed, credentials_of("la", "don-vi-la"), theirs - 1) == []


async def test_a_stream_tells_what_is_raised_while_it_lasts(interface: Interface) -> None:
    feed = AlertFeed(interface.office.pool, interface.runner)
    leaving = asyncio.Event()
    listening = [
        asyncio.create_task(heard_positions(feed, credentials_of(), feed.position, leaving, lasts=60))
        for _ in range(20)
    ]
    while feed.listeners < len(listening):
        await asyncio.sleep(0)
    positions = [await raise_alert(interface, step=f"step-{n}") for n in range(3)]
    leaving.set()
    assert await asyncio.gather(*listening) == [positions] * len(listening)
    assert feed.listeners == 0


async def test_a_listener_who_was_away_for_long_is_told_from_the_log_what_memory_no_longer_holds(
    interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(the_feed, "RECENT_EVENTS_KEPT", 2)
    monkeypatch.setattr(the_feed, "ALERT_EVENTS_A_READ", 2)
    monkeypatch.setattr(the_feed, "POSITIONS_A_READ", 3)
    feed = AlertFeed(interface.office.pool, interface.runner)
    before = feed.position
    assert await heard_positions(feed, credentials_of(), before) == []
    positions = [await raise_alert(interface, step=f"step-{n}") for n in range(7)]
    assert await heard_positions(feed, credentials_of(), before) == positions
    assert await heard_positions(feed, credentials_of(), positions[3]) == positions[4:]
    assert len(feed._recent) == 2


async def test_a_position_that_the_log_has_not_reached_spoils_nothing_for_others(interface: Interface) -> None:
    feed = AlertFeed(interface.office.pool, interface.runner)
    assert await heard_positions(feed, credentials_of(), 2**62) == []
    position = await raise_alert(interface)
    assert await heard_positions(feed, credentials_of(), position - 1) == [position]


async def test_without_a_token_or_with_another_mark_than_a_position_nothing_is_told(interface: Interface) -> None:
    assert (await interface.client.get("/alerts/feed")).status_code == 401
    for mark in ("yesterday", "7", "0.", ".7", "-1.7", "0.7.7", "0.1e3", "0." + "9" * 19):
        answer = await interface.read("/alerts/feed", {"Last-Event-ID": mark})
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:kiennghi:problem:invalid"), mark


async def test_beyond_a_bound_nobody_more_listens(interface: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.api.routes.alert_stream.MAX_LISTENERS", 0)
    answer = await interface.client.get("/alerts/feed", headers=bearer())
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:kiennghi:problem:busy")


async def test_when_the_log_turns_out_to_be_another_one_its_streams_end_and_nothing_of_it_is_told_again(
    interface: Interface,
) -> None:
    feed = AlertFeed(interface.office.pool, interface.runner)
    first = await raise_alert(interface)
    assert await heard_positions(feed, credentials_of(), first - 1) == [first]
    listening = asyncio.create_task(heard_positions(feed, credentials_of(), feed.position, lasts=60))
    while not feed.listeners:
        await asyncio.sleep(0)
    async with interface.office.pool.connection() as connection, asyncio.timeout(60):
        with psycopg.connect(interface.dsn, autocommit=True) as owner:
            owner.execute("SELECT kiennghi.raise_epoch()")
        await interface.office.continuity.check(connection)
        await raise_alert(interface)  # wakes the stream, which ends without telling it
        assert await listening == []
        assert not feed._recent
        third = await raise_alert(interface)
        for mark in (f"1.{first}", "1.999999", "7.1"):  # of the log before, or of one that nobody knows
            told = (await interface.read("/alerts/feed", {"Last-Event-ID": mark})).text
            assert [(at, event) for at, event, _ in parse_events(told)] == [(feed.position, "log_restored")]
        since = (await interface.read("/alerts/feed", {"Last-Event-ID": f"2.{third - 1}"})).text
        assert [(at, event) for at, event, _ in parse_events(since)] == [(third, "alert_raised")]
