"""Tests what is stored of a command beside its events: the door it came through, and nothing that is not known."""

import asyncio

import msgspec
import pytest

from domain.refusals.doubts import Doubt
from service.event_store.context import (
    CommandContext,
    Door,
    Via,
    current_context,
    decode_context,
    encode_context,
    entering_through,
)
from tests.domain.samples import RECEIVE, with_changes
from tests.service.event_store.appending import rows
from tests.service.office_fixtures import open_office, perform


def test_what_is_not_known_is_left_out_and_what_is_said_comes_back() -> None:
    assert encode_context(CommandContext(via=Via(door=Door.DEMO))) == b'{"via":{"door":"demo"}}'
    context = CommandContext(
        via=Via(door=Door.HTTP, run="r", program="0.1.0", session="s", client="c"), confirmed=(), decided_at=0
    )
    assert encode_context(context) == (
        b'{"via":{"door":"http","run":"r","program":"0.1.0","session":"s","client":"c"},"confirmed":[],"decided_at":0}'
    )
    assert decode_context(encode_context(context)) == context


@pytest.mark.parametrize(
    "stored", [b"{}", b'{"via":{}}', b'{"via":{"door":"window"}}', b'{"via":{"door":"cli"},"mood":1}']
)
def test_a_context_that_nobody_has_written_is_not_read(stored: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_context(stored)


def test_a_door_holds_for_the_tasks_of_its_block_and_no_longer() -> None:
    async def scenario() -> list[Door]:
        async def door() -> Door:
            await asyncio.sleep(0)
            return decode_context(current_context()).via.door

        with entering_through(Door.IMPORT, run="today"):
            within = asyncio.create_task(door())
            with entering_through(Door.SHEET):
                inner = asyncio.create_task(door())
        return list(await asyncio.gather(within, inner, door()))

    assert asyncio.run(scenario()) == [Door.IMPORT, Door.SHEET, Door.SERVICE]
    assert decode_context(current_context(decided_at=7, confirmed=("possible_duplicate",))).decided_at == 7


def test_a_commands_context_is_stored_with_its_last_event(database: str) -> None:
    code = Doubt.UNLIKELY_PHONE.code
    doubted = with_changes(RECEIVE, petitioners=[{"name": "Ví Dụ", "phone": "không có"}], confirm=[code, code])

    async def scenario() -> None:
        async with open_office(database) as office:
            with entering_through(Door.CLI):
                await perform(office, doubted)

    asyncio.run(scenario())
    ((stored,),) = rows(database, "SELECT context FROM kiennghi.log")
    assert decode_context(stored).via.door is Door.CLI
    assert decode_context(stored).confirmed == (code,), "what the officer confirmed is on record, each once"
