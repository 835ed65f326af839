"""Tests what the sealer takes into the tree, and that it signs nothing where log or tree were changed."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from service.event_store.group_commit import Committer
from service.transparency import unsealed_leaves, worker
from service.transparency.discrepancies import DiscrepancyCode
from service.transparency.log_sealer import LogSealer
from service.transparency.log_verification import verify_log, verify_snapshot
from service.transparency.offline_verifier import open_checkpoint
from service.transparency.signing import SigningKey, sign_checkpoint
from service.transparency.unsealed_leaves import NotSealable
from service.transparency.worker import seal_once
from tests.conftest import login_of_service
from tests.service.event_store.appending import append, event

pytestmark = pytest.mark.anyio

KEY = SigningKey.make("tinh-thu.example/kiennghi")
TREE_TABLES = ("tiles", "other_leaves", "tree_head", "checkpoints")
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)


@pytest.fixture
async def sealer(database: str) -> AsyncIterator[LogSealer]:
    made = await LogSealer.connect(login_of_service(database), KEY)
    yield made
    await made.close()


async def append_events(database: str, number: int = 3) -> None:
    async with Committer(database) as committer:
        for _ in range(number):
            await committer.append(append(event(uuid4())))


async def test_the_last_events_are_listed_once_a_day_on_demand_and_never_twice_of_one_log(
    database: str, sealer: LogSealer
) -> None:
    await seal_once(sealer, None, heads_of=MONDAY)
    assert not sealer.are_heads_due(MONDAY)  # there is no event to list

    await append_events(database)
    await sealer.seal_batch()
    assert sealer.are_heads_due(MONDAY)
    assert await sealer.seal_heads(MONDAY)
    await append_events(database)
    batch = await sealer.seal_batch()
    assert (batch.head, sealer.are_heads_due(MONDAY), sealer.are_heads_due(TUESDAY)) == ((7, 6), False, True)
    note = await seal_once(sealer, None, heads_of=MONDAY)  # on demand, on the same day again
    assert open_checkpoint(note or "", [KEY.public]).size == 8
    assert (await sealer.seal_heads(TUESDAY), sealer.are_heads_due(TUESDAY)) == (False, False)

    again = await LogSealer.connect(login_of_service(database), KEY)
    assert (await again.seal_batch()).leaves == 0
    await append_events(database, 1)
    await again.seal_batch()
    assert (again.are_heads_due(MONDAY), again.are_heads_due(TUESDAY)) == (False, True)  # known from the tree
    await again.close()
    async with await psycopg.AsyncConnection.connect(database) as connection:
        assert (await verify_log(connection, [KEY.public], [note or ""])).discrepancies == []


DAMAGES = (
    "DELETE FROM kiennghi_proof.tiles",
    "UPDATE kiennghi_proof.tiles SET hashes = substr(hashes, 33) WHERE octet_length(hashes) > 32",
    "UPDATE kiennghi_proof.tiles SET hashes = decode(repeat('00', octet_length(hashes)), 'hex')",
    "UPDATE kiennghi_proof.other_leaves SET data = 'x'",
    "UPDATE kiennghi_proof.other_leaves SET kind = 'reads', data = E'x\\n7'",
    "UPDATE kiennghi_proof.tree_head SET position = 2, size = 3",
    "UPDATE kiennghi_proof.checkpoints SET note = replace(note, 'position', 'Position')",
    "DELETE FROM kiennghi.log WHERE position = 5",
    "UPDATE kiennghi.log SET version = 2 WHERE position = 5",
)


async def test_nothing_is_signed_where_log_or_tree_are_not_as_they_were_sealed(
    database: str, sealer: LogSealer
) -> None:
    await append_events(database)
    note = await seal_once(sealer, None, heads_of=MONDAY)
    await append_events(database)
    signed_anyway = []
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as owner:
        for table in ("kiennghi.log", *(f"kiennghi_proof.{name}" for name in TREE_TABLES)):
            await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        for damage in DAMAGES:
            async with owner.transaction(force_rollback=True):
                await owner.execute(damage.encode())
                try:
                    signed_anyway.append((damage, await seal_once(LogSealer(owner, KEY), None, heads_of=TUESDAY)))
                except NotSealable:
                    continue
        assert signed_anyway == []
        healthy = await seal_once(LogSealer(owner, KEY), None, heads_of=TUESDAY)
        assert open_checkpoint(healthy or "", [KEY.public]).size > open_checkpoint(note or "", [KEY.public]).size


async def test_histories_that_are_no_longer_in_memory_go_on_from_the_tree(
    database: str, sealer: LogSealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsealed_leaves, "STREAMS_IN_MEMORY", 4)
    streams = [uuid4() for _ in range(9)]
    async with Committer(database) as committer:
        for version in range(1, 4):
            for stream in streams[version:] + streams[:version]:
                await committer.append(append(event(stream, version)))
    while (await sealer.seal_batch(5)).events:
        assert len(sealer._unsealed._last_leaves) <= 4 + 5  # a batch is whole
    note = await sealer.sign()
    async with await psycopg.AsyncConnection.connect(database) as connection:
        found = await verify_log(connection, [KEY.public], [note or ""])
    assert (found.discrepancies, found.proven) == ([], 27)


async def test_a_new_key_goes_on_from_what_the_old_one_signed_only_where_the_old_one_is_known(
    database: str, sealer: LogSealer
) -> None:
    await append_events(database)
    first = await seal_once(sealer, None)
    await append_events(database)
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as owner:
        new = SigningKey.make(KEY.name)
        with pytest.raises(NotSealable, match="not this log's"):
            await seal_once(LogSealer(owner, new), None)
        second = await seal_once(LogSealer(owner, new, [KEY.public]), None)
        kept = [first or "", second or ""]
        both = await verify_log(owner, [KEY.public, new.public], kept)
        assert (both.discrepancies, both.proven) == ([], 6)
        alone = await verify_log(owner, [new.public], kept)
        assert {one.code for one in alone.discrepancies} == {
            DiscrepancyCode.CHECKPOINT
        }  # the old key is believed no more
        assert alone.proven == 6
        stranger = SigningKey.make(KEY.name)
        unknown = await verify_log(owner, [stranger.public], kept)
        assert (unknown.proven, len(unknown.discrepancies)) == (0, 4)


async def test_a_log_that_was_forked_after_a_checkpoint_and_another_log_are_told_apart(
    database: str, sealer: LogSealer
) -> None:
    """Two logs of one name begin alike; each of them is right by itself, and wrong by what was signed of the other."""
    await append_events(database)
    await seal_once(sealer, None)
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as owner:
        for table in ("kiennghi.log", "kiennghi.log_head", *(f"kiennghi_proof.{name}" for name in TREE_TABLES)):
            await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        notes = list[str]()
        for events in (2, 3):  # the second time over the same three events
            async with owner.transaction(force_rollback=len(notes) == 0):
                cursor = await owner.execute(
                    "INSERT INTO kiennghi.log SELECT l.position + 3, l.recorded_at, gen_random_uuid(), 1, l.category,"
                    " l.topic, l.officer, gen_random_uuid(), l.request_digest, l.context, NULL, l.state"
                    " FROM kiennghi.log AS l WHERE l.position <= %s RETURNING position",
                    [events],
                )
                assert cursor.rowcount == events
                await owner.execute(
                    "UPDATE kiennghi.log_head SET position = %s, recorded_at ="
                    " (SELECT recorded_at FROM kiennghi.log WHERE position = %s)",
                    [3 + events, 3 + events],
                )
                notes.append(await seal_once(LogSealer(owner, KEY), None) or "")
                assert (await verify_log_inside(owner, notes[-1])) == []
        forked, present = notes
        assert await verify_log_inside(owner, forked) == [(DiscrepancyCode.NOT_AS_SIGNED, 4, 5)]
        assert await verify_log_inside(owner, present) == []

        signed = open_checkpoint(present, [KEY.public])
        log_id = "00000000-0000-4000-8000-000000000018"
        other = sign_checkpoint(KEY, signed.size, signed.root, 6, log_id, datetime.now(UTC))
        assert await verify_log_inside(owner, other) == [(DiscrepancyCode.OTHER_LOG, None, None)]
        renamed = SigningKey("tinh-khac.example/kiennghi", KEY.kind, KEY.seed)
        theirs = sign_checkpoint(renamed, signed.size, signed.root, 6, str(signed.line("log")), datetime.now(UTC))
        assert await verify_log_inside(owner, theirs) == [(DiscrepancyCode.CHECKPOINT, None, None)]


async def verify_log_inside(
    connection: psycopg.AsyncConnection[Any], note: str
) -> list[tuple[DiscrepancyCode, int | None, int | None]]:
    """Return what differs from the log that the present transaction sees, by code and range."""
    async with connection.transaction():
        found = (await verify_snapshot(connection, [KEY.public], [note])).discrepancies
    return [(one.code, one.position, one.last) for one in found]


async def test_sealing_that_ends_by_a_fault_of_its_own_says_so_and_holds_nobody_up_at_the_end(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = threading.Event()

    async def fail(*_: object, **__: object) -> None:
        failed.set()
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "run_sealing", fail)
    with capture_logs() as told:
        async with worker.sealing_at_work(database, KEY, [], None, UTC):
            await asyncio.to_thread(failed.wait)
    assert [(line["event"], line["error"]) for line in told] == [("sealing_ended", "ZeroDivisionError")]
    assert all(thread.name != worker.SEALING_THREAD for thread in threading.enumerate())
