"""Tests that an event which a view cannot take stops that view alone, and that the view goes on after the repair."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from domain.events import official
from domain.meetings.events import MeetingDetails, MeetingHeld, MeetingKind
from domain.topics import CATEGORY_OF_TOPIC
from domain.units.events import Level
from domain.vocabulary import Category, MeetingId, UnitId
from projections.meetings import Meetings
from projections.views import VIEWS
from service.config.settings import Settings
from service.event_store.append import Appended
from service.event_store.group_commit import Committer
from service.projector import runner
from tests.service.api.interface import Interface, fresh_key, open_interface
from tests.service.event_store.appending import append, event
from tests.service.office_fixtures import assert_views_complete

pytestmark = pytest.mark.anyio

OTHERS = tuple(view.name for view in VIEWS if view is not Meetings)


@pytest.fixture
async def interface(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Interface]:
    monkeypatch.setattr(runner, "FIRST_RETRY_SECONDS", 0.02)
    monkeypatch.setattr(runner, "LONGEST_RETRY_SECONDS", 0.2)
    async with open_interface(database, Settings()) as interface:
        for n in range(5):
            await interface.receive(summary=f"Đơn {n}")
        assert await interface.runner.wait_until_current(20)
        yield interface


async def append_unchecked(dsn: str, stream: UUID, topic: str, fact: dict[str, Any]) -> Appended:
    """Append an event past every rule, as only a fault of the program would."""
    state = json.dumps(fact).encode()
    category = CATEGORY_OF_TOPIC.get(topic, Category.PETITION)
    async with Committer(dsn) as committer:
        return await committer.append(append(event(stream, category=category, topic=topic, state=state)))


async def read_checks(interface: Interface) -> tuple[int, dict[str, bool], str]:
    """Return what `/readyz` says: its status, which views are well, and the details of those that are not."""
    answer = await interface.client.get("/readyz")
    checks = [check for check in answer.json()["checks"] if check["name"].startswith("view ")]
    told = {check["name"].removeprefix("view "): check for check in checks}
    faults = " ".join(check["detail"] for check in told.values() if not check["is_well"])
    return answer.status_code, {name: check["is_well"] for name, check in told.items()}, faults


async def wait_until_status(interface: Interface, status: int) -> None:
    async with asyncio.timeout(30):
        while (await read_checks(interface))[0] != status:
            await asyncio.sleep(0.02)


def crowded_meeting() -> dict[str, Any]:
    """Return a meeting with more people than the column of the view can count."""
    held = MeetingHeld(
        occurred_on=date(2026, 7, 6),
        meeting_id=MeetingId(uuid4()),
        details=MeetingDetails(
            kind=MeetingKind.RECEPTION_DAY,
            level=Level.PROVINCE,
            organiser=UnitId("ubnd-tinh"),
            chair=official("chu-tich", "Chủ tịch"),
            title="Tiếp công dân định kỳ",
        ),
        attendance=2**31,
    )
    fields: dict[str, Any] = msgspec.to_builtins(held)
    return fields


async def test_a_poison_event_stops_one_view_at_its_place_and_it_goes_on_after_the_repair(
    interface: Interface, database: str
) -> None:
    before = interface.runner.status()["meetings"]["position"]
    fact = crowded_meeting()
    poison = await append_unchecked(database, UUID(fact["meeting_id"]), "MeetingHeld", fact)
    await wait_until_status(interface, 503)
    for n in range(3):  # officers go on meanwhile
        await interface.receive(summary=f"Đơn sau {n}")
    head = poison.first_position + 3
    for view in OTHERS:
        assert await interface.runner.wait_for(head, view, 20)

    status, well, told = await read_checks(interface)
    assert (status, well) == (503, {"meetings": False} | dict.fromkeys(OTHERS, True))
    assert told == f"NumericValueOutOfRange after position {before}"
    assert "Tiếp công dân" not in told
    answer = await interface.read("/overdue?on=2026-07-08&state=no_limit_set&state=not_yet_due&state=due_soon")
    assert answer.status_code == 200
    assert answer.json()["total"] == 8

    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE kiennghi_views.meetings ALTER COLUMN attendance TYPE bigint")
    assert await interface.runner.wait_for(head, "meetings", 30)
    await wait_until_status(interface, 200)
    held = await interface.read("/meetings?from=2026-07-01&to=2026-07-31")
    assert [meeting["attendance"] for meeting in held.json()["meetings"]] == [2**31]


async def test_an_event_of_a_newer_program_stops_all_views_and_no_officer(interface: Interface, database: str) -> None:
    """This program cannot say what the event means for a view. A program that knows it goes on from there."""
    before = {name: view["position"] for name, view in interface.runner.status().items()}
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("SELECT kiennghi.name_topic('PetitionBlessed', 'petition')")  # as its migration would
    newer = await append_unchecked(database, uuid4(), "PetitionBlessed", {"occurred_on": "2026-07-06"})
    await wait_until_status(interface, 503)
    stopped = {"meetings": False} | dict.fromkeys(OTHERS, False)
    async with asyncio.timeout(20):
        while (told := await read_checks(interface))[1] != stopped:
            await asyncio.sleep(0.02)
    assert "UnknownTopic" in told[2]
    assert {name: view["position"] for name, view in interface.runner.status().items()} == before

    entered = await interface.receive()
    assert entered["position"] == newer.first_position + 1
    classified = await interface.ask(
        f"/petitions/{entered['reference']}/classify-petition",
        {"occurred_on": "2026-07-07", "kind": "complaint"},
        {"If-Match": '"1"', **fresh_key()},
    )
    assert classified.status_code == 200
    history = await interface.read(f"/petitions/{entered['reference']}/history")
    assert len(history.json()) == 2

    with psycopg.connect(database, autocommit=True) as owner:
        # as if the program had learnt it: an event that this one knows, and no view counts
        owner.execute("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only")
        fact = b'{"unit":"phong-vi-du","name":"x","occurred_on":"2026-07-06"}'
        owner.execute(
            "UPDATE kiennghi.log SET category = 2, state = %s, topic ="
            " (SELECT number FROM kiennghi.number_topic('UnitOpened', 'unit')) WHERE position = %s",
            [fact, newer.first_position],
        )
    await wait_until_status(interface, 200)
    assert await interface.runner.wait_until_current(20)
    await assert_views_complete(interface.office)
