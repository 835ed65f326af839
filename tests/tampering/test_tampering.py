"""Tests that no change of a sealed log goes unseen, and that the first position is named. `make tamper` makes many."""

import pytest

from tests.examples import seeds
from tests.tampering.campaign import Tally, tamper
from tests.tampering.changes import CHANGES
from tests.tampering.honest import append_honestly
from tests.tampering.sealed_log import sealed_log

pytestmark = pytest.mark.anyio


async def test_every_kind_of_change_is_named_at_its_first_position(database: str) -> None:
    tally = Tally()
    async with sealed_log(database, petitions=24) as log:
        for seed in seeds(4):
            await tamper(log, seed, 0, tally, kinds=list(CHANGES))
    assert tally.unseen == []


async def test_what_is_appended_honestly_by_many_at_once_raises_no_alarm(database: str) -> None:
    honest = await append_honestly(database, events=400)
    assert (honest.alarms, honest.events >= 400, honest.verifications >= 2) == ([], True, True)
