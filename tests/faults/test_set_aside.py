"""Tests that an event which cannot be read or folded stops its own petition in the views, and nobody else."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.alerts.vocabulary import OperatorSubject
from domain.law_changes.law_change import LAW_CHANGES_STREAM
from domain.topics import CATEGORY_OF_TOPIC
from domain.units.unit import unit_stream_id
from domain.vocabulary import UnitId
from projections.views import VIEWS
from service.alerts.operator_alerts import find_set_aside
from service.config.settings import Settings
from service.doctor.finding import Verdict
from service.doctor.views import examine_views
from service.event_store.group_commit import Committer
from service.projector import set_aside
from service.projector.rebuild import rebuild_views
from tests.service.api.interface import Interface, fresh_key, open_interface
from tests.service.event_store.appending import append, event
from tests.service.office_fixtures import view_rows

pytestmark = pytest.mark.anyio


async def append_raw(dsn: str, stream: UUID, version: int, topic: str, state: bytes) -> int:
    """Append an event past every rule, as somebody who has the service's login could. Return its position."""
    async with Committer(dsn) as committer:
        one = event(stream, version, category=CATEGORY_OF_TOPIC[topic], topic=topic, state=state)
        return (await committer.append(append(one))).first_position


async def rows_of_views(interface: Interface) -> dict[str, list[tuple[Any, ...]]]:
    async with interface.office.pool.connection() as connection:
        return await view_rows(connection)


async def open_figures(interface: Interface) -> int:
    answer = await interface.read("/overdue?on=2026-07-08&state=no_limit_set&state=not_yet_due&state=due_soon")
    assert answer.status_code == 200, answer.text
    return int(answer.json()["total"])


async def test_what_cannot_be_read_stops_its_petition_and_nobody_else(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_interface(database, Settings()) as interface:
        first, second, third = [await interface.receive(summary=f"Đơn {n}") for n in range(3)]
        mine, other = UUID(first["petition_id"]), UUID(second["petition_id"])
        assert await interface.runner.wait_until_current(20)
        opened = b'{"occurred_on":"2020-01-01","unit":"xa-vi-du","name":"Xa Vi Du"}'
        await append_raw(database, unit_stream_id(UnitId("xa-vi-du")), 1, "UnitOpened", opened)
        assert await interface.runner.wait_until_current(20)
        before = await rows_of_views(interface)
        poison = {
            await append_raw(database, uuid4(), 1, "PetitionReceived", b"{}"),
            await append_raw(database, mine, 2, "PetitionClassified", b'{"occurred_on":"2026-07-06","kind":7}'),
            await append_raw(database, other, 2, "AnsweredInWriting", b"not even JSON"),
            await append_raw(database, uuid4(), 1, "MeetingHeld", b'{"occurred_on":"2026-07-06"}'),
            await append_raw(database, unit_stream_id(UnitId("xa-vi-du")), 2, "UnitRenamed", b"{}"),
            await append_raw(database, uuid4(), 1, "UnitOpened", b"{}"),
        }
        after_poison = b'{"occurred_on":"2026-07-06","kind":"complaint"}'
        await append_raw(database, mine, 3, "PetitionClassified", after_poison)  # rests on what cannot be read
        assert await interface.runner.wait_until_current(20)
        assert await rows_of_views(interface) == before

        await interface.receive(summary="Đơn sau")
        answer = await interface.ask(
            f"/petitions/{third['reference']}/classify-petition",
            {"occurred_on": "2026-07-07", "kind": "complaint"},
            {"If-Match": '"1"', **fresh_key()},
        )
        assert answer.status_code == 200
        assert await interface.runner.wait_until_current(20)
        assert await open_figures(interface) == 4
        units = (await interface.read("/units/tree?on=2026-07-08")).json()
        assert "Xa Vi Du" in str(units)  # it stays as it was before what cannot be read
        assert (await interface.client.get("/readyz")).status_code == 200
        refused = await interface.ask(
            f"/petitions/{first['reference']}/classify-petition",
            {"occurred_on": "2026-07-07", "kind": "complaint"},
            {"If-Match": '"3"', **fresh_key()},
        )
        assert (refused.status_code, refused.json()["code"]) == (500, "event_unreadable")
        assert "không đọc được sự kiện" in refused.json()["says"]["vi"]

        async with interface.office.pool.connection() as connection:
            findings = [one for one in await examine_views(connection, deep=True) if one.verdict is Verdict.WRONG]
            assert {
                position for position in poison if any(f"position {position} " in one.found for one in findings)
            } == poison
            assert len(findings) == len(poison)
            (told,) = await find_set_aside(connection, date(2026, 7, 8))
            assert (told.subject, told.about, told.count) == (
                OperatorSubject.EVENT_SET_ASIDE, f"position {min(poison)}", len(poison),
            )  # fmt: skip

    async with open_interface(database, Settings()) as interface:  # another process, which reads the histories first
        await interface.receive(summary="Đơn sau nữa")
        await append_raw(database, mine, 4, "PetitionClassified", after_poison)
        assert await interface.runner.wait_until_current(20)
        followed = await rows_of_views(interface)
        views = [view() for view in VIEWS]
        await rebuild_views(interface.office.pool, interface.office.histories, interface.office.vault, *views)
        assert await rows_of_views(interface) == followed

        with psycopg.connect(database, autocommit=True) as owner:  # the backup has it whole
            owner.execute("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only")
            owner.execute("UPDATE kiennghi.log SET state = %s WHERE stream = %s AND version = 2", [after_poison, mine])
        await rebuild_views(interface.office.pool, interface.office.histories, interface.office.vault, *views)
        assert await rows_of_views(interface) != followed
        async with interface.office.pool.connection() as connection:
            assert len(await set_aside.select_set_aside(connection)) == len(poison) - 1

        # Without the law no date can be told: nobody is served, and readiness says why.
        broken_law = await append_raw(database, LAW_CHANGES_STREAM, 1, "LawChangeApproved", b"{}")
        assert await interface.runner.wait_until_current(20)
        interface.office.shared_facts.invalidate()
        unready = await interface.client.get("/readyz")
        checks = {check["name"]: check for check in unready.json()["checks"] if not check["is_well"]}
        assert (unready.status_code, [*checks]) == (503, ["law"])
        assert f"ở vị trí {broken_law}" in checks["law"]["detail"]
        assert f"at position {broken_law}" in checks["law"]["detail"]

        # So many are no damaged event but a fault of the program: the views stop where they are.
        monkeypatch.setattr(set_aside, "MOST_SET_ASIDE", len(poison) - 1)
        await append_raw(database, uuid4(), 1, "PetitionReceived", b"{}")
        async with asyncio.timeout(20):
            while "TooManySetAside" not in (await interface.client.get("/readyz")).text:
                await asyncio.sleep(0.02)
