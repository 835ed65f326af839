"""An event that a view cannot take stops that view alone, which says so, and goes on by itself once it is mended."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.meetings.events import MeetingHeld, MeetingKind
from domain.units.events import Level
from domain.vocabulary import MeetingId, OfficerId, UnitId
from projections.meetings import Meetings
from projections.views import VIEWS
from service.config.settings import Settings
from service.event_store.group_commit import Appended, Committer, NewEvent
from service.projector import runner
from tests.service.api.interface import Interface, key, opened
from tests.service.event_store.appending import append
from tests.service.office_fixtures import assert_whole

pytestmark = pytest.mark.anyio

OTHERS = tuple(view.name for view in VIEWS if view is not Meetings)
BY = {"officer": "van-thu", "unit": "ban-tcd", "position": "Văn thư"}


@pytest.fixture
async def interface(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Interface]:
    monkeypatch.setattr(runner, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(runner, "LONGEST_PAUSE", 0.2)
    async with opened(database, Settings()) as interface:
        for n in range(5):
            await interface.receive(summary=f"Đơn {n}")
        assert await interface.readers.caught_up(20)
        yield interface


async def stored(dsn: str, stream: UUID, topic: str, fact: dict[str, Any]) -> Appended:
    """As only a fault of the program would write it: past every rule."""
    state = json.dumps({"by": BY, "fact": fact}).encode()
    async with Committer(dsn) as committer:
        return await committer.append(append(NewEvent(stream, 1, topic, state)))


async def checks(interface: Interface) -> tuple[int, dict[str, bool], str]:
    """What `/readyz` says: status, which view is well, and what is told of those that are not."""
    answer = await interface.client.get("/readyz")
    told = {check["name"].removeprefix("view "): check for check in answer.json()["checks"]}
    faults = " ".join(check["detail"] for check in told.values() if not check["is_well"])
    return answer.status_code, {name: check["is_well"] for name, check in told.items()}, faults


async def until_ready(interface: Interface, status: int) -> None:
    async with asyncio.timeout(30):
        while (await checks(interface))[0] != status:
            await asyncio.sleep(0.02)


def crowd() -> dict[str, Any]:
    """A meeting with more people than the column of the view can count."""
    held = MeetingHeld(
        occurred_on=date(2026, 7, 6),
        meeting_id=MeetingId(uuid4()),
        kind=MeetingKind.RECEPTION_DAY,
        level=Level.PROVINCE,
        organiser=UnitId("ubnd-tinh"),
        chair=OfficerId("chu-tich"),
        chair_position="Chủ tịch",
        title="Tiếp công dân định kỳ",
        attendance=2**31,
    )
    return held.model_dump(mode="json")


async def test_a_poison_event_stops_one_view_at_its_place_and_it_goes_on_after_the_repair(
    interface: Interface, database: str
) -> None:
    before = interface.readers.status()["meetings"]["position"]
    fact = crowd()
    poison = await stored(database, UUID(fact["meeting_id"]), "MeetingHeld", fact)
    await until_ready(interface, 503)
    for n in range(3):  # officers go on meanwhile
        await interface.receive(summary=f"Đơn sau {n}")
    head = poison.first_position + 3
    for view in OTHERS:
        assert await interface.readers.wait_for(head, view, 20)

    status, well, told = await checks(interface)
    assert (status, well) == (503, {"database": True, "meetings": False} | dict.fromkeys(OTHERS, True))
    assert told == f"NumericValueOutOfRange after position {before}"
    assert "Tiếp công dân" not in told
    answer = await interface.read("/overdue?on=2026-07-08&state=no_limit_set&state=not_yet_due&state=due_soon")
    assert answer.status_code == 200
    assert answer.json()["total"] == 8

    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE kiennghi_views.meetings ALTER COLUMN attendance TYPE bigint")
    assert await interface.readers.wait_for(head, "meetings", 30)
    await until_ready(interface, 200)
    held = await interface.read("/meetings?from=2026-07-01&to=2026-07-31")
    assert [meeting["attendance"] for meeting in held.json()["meetings"]] == [2**31]


async def test_an_event_of_a_newer_program_stops_all_views_and_no_officer(interface: Interface, database: str) -> None:
    """Nobody here can say what it means for a view. A program that knows it takes them on from there."""
    before = {name: view["position"] for name, view in interface.readers.status().items()}
    newer = await stored(database, uuid4(), "PetitionBlessed", {"occurred_on": "2026-07-06"})
    await until_ready(interface, 503)
    stopped = {"database": True, "meetings": False} | dict.fromkeys(OTHERS, False)
    async with asyncio.timeout(20):
        while (told := await checks(interface))[1] != stopped:
            await asyncio.sleep(0.02)
    assert "UnknownTopic" in told[2]
    assert {name: view["position"] for name, view in interface.readers.status().items()} == before

    entered = await interface.receive()
    assert entered["position"] == newer.first_position + 1
    classified = await interface.ask(
        f"/petitions/{entered['reference']}/classify-petition",
        {"occurred_on": "2026-07-07", "kind": "complaint"},
        {"If-Match": '"1"', **key()},
    )
    assert classified.status_code == 200
    history = await interface.read(f"/petitions/{entered['reference']}/history")
    assert len(history.json()) == 2

    with psycopg.connect(database, autocommit=True) as owner:
        # as if the program had learnt it: an event that this one knows, and no view counts
        owner.execute("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only")
        fact = b'{"unit":"phong-vi-du","name":"x","occurred_on":"2026-07-06"}'
        owner.execute(
            "UPDATE kiennghi.log SET topic = 'UnitOpened', state = %s WHERE notification_id = %s",
            [b'{"by":' + json.dumps(BY).encode() + b',"fact":' + fact + b"}", newer.first_position],
        )
    await until_ready(interface, 200)
    assert await interface.readers.caught_up(20)
    await assert_whole(interface.office)
