"""Exports random lives and imported cases, and looks at what left: its form, its counts, and no text that must stay."""

import gzip
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest

from domain.envelope import EventEnvelope
from domain.evolve import fold
from domain.sealed_text import replace_texts
from service.commands.office import ApplicationService
from service.exports.exporting import LogFormat, export_log
from service.exports.petition_pages import ExportScope
from service.security.text_sealing import TextKeys
from service.security.visibility import is_protected
from tests.service.exports.ocel_standard import assert_is_ocel, read_ocel
from tests.service.exports.xes_standard import assert_is_xes, read_log, traces_of
from tests.service.known_at.past_log import random_register, record
from tests.service.office_fixtures import open_office

pytestmark = pytest.mark.anyio

SEED = 11
CANARY = "canary<&\"'>\x01]]>\n"
"""Stands in every text: an export must hold none of it where texts stay, and be well-formed where they leave."""


def with_canaries(log: list[EventEnvelope[Any]]) -> list[EventEnvelope[Any]]:
    numbers = count()
    return [
        event._replace(fact=replace_texts(event.fact, lambda _text, _name: f"{CANARY}{next(numbers)}")) for event in log
    ]


LOG = with_canaries(random_register(Random(SEED), 10, 5).log)
"""Random lives, of which every text has the canary."""


@pytest.fixture
async def lives(database: str) -> AsyncIterator[ApplicationService]:
    async with open_office(database) as office:
        await record(office, database, LOG)
        yield office


async def test_exports_are_valid_tell_every_event_and_hold_no_text_that_must_stay(
    lives: ApplicationService, tmp_path: Path
) -> None:
    head = await lives.histories.last_position()
    petitions: dict[UUID, list[EventEnvelope[Any]]] = defaultdict(list)
    for event in LOG:
        petitions[event.originator_id].append(event)
    for with_texts in (False, True):
        scope = ExportScope(head, with_texts)
        counted = await export_log(lives, tmp_path / f"{with_texts}.xes", LogFormat.XES, scope)
        await export_log(lives, tmp_path / f"{with_texts}.xes.gz", LogFormat.XES, scope)
        await export_log(lives, tmp_path / f"{with_texts}.json", LogFormat.OCEL, scope)
        xes, ocel = read_log(tmp_path / f"{with_texts}.xes"), read_ocel(tmp_path / f"{with_texts}.json")
        assert_is_xes(xes)
        assert_is_ocel(ocel)
        packed = gzip.decompress((tmp_path / f"{with_texts}.xes.gz").read_bytes())
        assert packed == (tmp_path / f"{with_texts}.xes").read_bytes()

        traces = traces_of(xes)
        told = {trace["petition_id"]: [int(event["position"]) for event in events] for trace, events in traces}
        assert told == {str(one): [event.position for event in events] for one, events in petitions.items()}
        assert (counted.petitions, counted.events) == (len(petitions), len(LOG))
        assert [event["id"] for event in ocel["events"]] == [f"event:{n}" for one in told.values() for n in one]

        leaving = {
            trace["petition_id"]
            for trace, events in traces
            if any("canary" in str(value) for one in (trace, *events) for value in one.values())
        }
        assert leaving == {
            one["id"] for one in ocel["objects"] if any("canary" in str(a["value"]) for a in one["attributes"])
        }
        open_ones = {str(one) for one, events in petitions.items() if not is_protected(events, _folded(events))}
        assert 0 < len(open_ones) < len(petitions)
        assert leaving == (open_ones if with_texts else set())
        assert "canary" not in json.dumps(ocel["events"])


def _folded(events: list[EventEnvelope[Any]]) -> Any:
    petition = fold(events)
    assert petition is not None
    return petition


async def test_an_export_as_known_then_is_the_one_that_was_made_then(database: str, tmp_path: Path) -> None:
    log = random_register(Random(SEED + 1), 6, 4).log
    then = len(log) // 2
    async with open_office(database) as office:
        keys: dict[int, TextKeys] = {}
        await record(office, database, log[:then], keys)
        for form in LogFormat:
            await export_log(office, tmp_path / f"then.{form}", form, ExportScope(then))
        await record(office, database, log[then:], keys)
        for form in LogFormat:
            await export_log(office, tmp_path / f"now.{form}", form, ExportScope(then))
            assert (tmp_path / f"now.{form}").read_bytes() == (tmp_path / f"then.{form}").read_bytes()


async def test_pages_join_without_a_gap_and_no_file_is_overwritten(lives: ApplicationService, tmp_path: Path) -> None:
    head = await lives.histories.last_position()
    await export_log(lives, tmp_path / "whole", LogFormat.XES, ExportScope(head))
    await export_log(lives, tmp_path / "pages", LogFormat.XES, ExportScope(head, page=3))
    assert (tmp_path / "pages").read_bytes() == (tmp_path / "whole").read_bytes()
    with pytest.raises(FileExistsError):
        await export_log(lives, tmp_path / "pages", LogFormat.XES, ExportScope(head))
    assert (tmp_path / "pages").read_bytes() == (tmp_path / "whole").read_bytes()
