"""Tests that no change of a sealed log goes unseen, and that the first position is named. `make tamper` makes many."""

import pytest

from service.transparency.offline_verifier import heads_data
from service.transparency.other_leaves import LeafKind, ListedRow, list_data
from tests.examples import seeds
from tests.tampering.campaign import Tally, tamper
from tests.tampering.changes import CHANGES
from tests.tampering.honest import append_honestly
from tests.tampering.sealed_log import SealedLog, sealed_log

pytestmark = pytest.mark.anyio


async def test_every_kind_of_change_is_named_at_its_first_position(database: str) -> None:
    tally = Tally()
    async with sealed_log(database, petitions=24) as log:
        for seed in seeds(4):
            await tamper(log, seed, 0, tally, kinds=list(CHANGES))
        await assert_that_any_leaf_is_verified_to_the_end(log)
    assert tally.unseen == []


STRANGE = (
    *(
        list_data(kind, [ListedRow(key, bytes(32))])
        for kind in LeafKind
        for key in ("<", "", "-", "\x1b[2J", "9" * 5000)
    ),
    b"",
    b"\n5:",
    b"\n-1:x,",
    b"\n1:\xff,32:" + bytes(32) + b",",
    heads_data("2026-01-02", 10**30, 0, b""),
)
"""Data that no sealer has made for a leaf."""


async def assert_that_any_leaf_is_verified_to_the_end(log: SealedLog) -> None:
    for kind in LeafKind:
        for data in STRANGE:
            async with log.connection.transaction(force_rollback=True):
                changed = await log.connection.execute(
                    "UPDATE kiennghi_proof.other_leaves SET data = %s WHERE leaf ="
                    " (SELECT max(leaf) FROM kiennghi_proof.other_leaves WHERE kind = %s)",
                    [data, kind],
                )
                found = await log.verify()
            assert (changed.rowcount, found.discrepancies != []) == (1, True), (kind, data)


async def test_what_is_appended_honestly_by_many_at_once_raises_no_alarm(database: str) -> None:
    honest = await append_honestly(database, events=400)
    assert (honest.alarms, honest.events >= 400, honest.verifications >= 2) == ([], True, True)
