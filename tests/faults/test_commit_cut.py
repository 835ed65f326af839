"""Tests that a command is written once and answered truly when the connection is cut at the commit, or hangs."""

import asyncio
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import psycopg
import pytest

from service.event_store import connection
from service.event_store.append import Append, Appended
from service.event_store.errors import OutcomeUnknown, QueueFull, StorageUnavailable, VersionConflict
from service.event_store.group_commit import Committer
from tests.faults.tcp_proxy import Cut, open_proxy
from tests.service.event_store.appending import append, assert_log_complete, event, outcomes, rows

pytestmark = pytest.mark.anyio

WRITERS = 16
CUTS = 40


@pytest.mark.parametrize("cut", list(Cut))
async def test_a_commit_that_is_cut_anywhere_is_done_once_and_answered_as_done(
    database: str, tmp_path: Path, cut: Cut
) -> None:
    wanted = append(event(uuid4(), book="DON", year=2026))
    async with open_proxy(database, tmp_path) as (dsn, proxy), Committer(dsn) as committer:
        await committer.append(append())
        proxy.cut_next(cut)
        done = await committer.append(wanted)
        assert proxy.cuts == 1
    assert (done.first_position, done.replayed) == (2, False)
    assert done.references == {wanted.events[0].stream: "DON-2026-000001"}
    assert_log_complete(database)


async def test_a_command_that_another_process_wrote_while_the_wire_was_cut_is_told_as_written_before(
    database: str, tmp_path: Path
) -> None:
    """The officer's program sent it to both processes. What this process decided, with an id of its own, is nowhere."""
    mine = append(event(uuid4(), book="DON", year=2026))
    theirs = append(event(uuid4(), book="DON", year=2026), command_id=mine.command_id)
    async with (
        open_proxy(database, tmp_path) as (dsn, proxy),
        Committer(dsn) as committer,
        Committer(database) as other,
    ):
        await committer.append(append())
        proxy.cut_next(Cut.REQUEST)
        proxy.hold()  # so that the command is looked for only once the other one is there
        appending = asyncio.create_task(committer.append(mine))
        async with asyncio.timeout(20):
            while not proxy.is_cut:
                await asyncio.sleep(0.001)
        first = await other.append(theirs)
        proxy.release()
        told = await appending
    assert (told.first_position, told.replayed) == (first.first_position, True)
    assert_log_complete(database)


@pytest.mark.parametrize("cut", list(Cut))
@pytest.mark.parametrize("at", [b"hold_log", b"COMMIT"], ids=["the lock", "the commit"])
async def test_a_batch_with_a_loser_that_is_cut_on_the_slow_way_loses_that_one_alone(
    database: str, tmp_path: Path, cut: Cut, at: bytes
) -> None:
    contested = uuid4()
    async with (
        open_proxy(database, tmp_path) as (dsn, proxy),
        Committer(dsn) as committer,
        Committer(database) as other,
    ):
        await other.append(append(event(contested)))  # which this committer has not heard of
        proxy.cut_next(cut, at)
        won, lost, also_won = await outcomes(
            committer.append(append()), committer.append(append(event(contested))), committer.append(append())
        )
        assert proxy.cuts == 1
    assert isinstance(lost, VersionConflict)
    assert isinstance(won, Appended)
    assert isinstance(also_won, Appended)
    assert rows(database, "SELECT count(*) FROM kiennghi.log") == [(3,)]
    assert_log_complete(database)


@pytest.mark.parametrize("seed", [1, 2])
async def test_in_a_storm_of_cuts_no_command_conflicts_with_itself_or_is_written_twice(
    database: str, tmp_path: Path, seed: int
) -> None:
    """Each writer alone continues its stream, so that any conflict would be with its own command."""
    random = Random(seed)
    written: dict[UUID, int] = {}
    sent_again = 0

    async with open_proxy(database, tmp_path) as (dsn, proxy), Committer(dsn, max_batch=8) as committer:

        async def write() -> None:
            nonlocal sent_again
            stream, version = uuid4(), 0
            while proxy.cuts < CUTS:
                wanted = append(event(stream, version + 1), event(uuid4(), book="DON", year=2026))
                while wanted.command_id not in written:
                    try:
                        written[wanted.command_id] = (await committer.append(wanted)).first_position
                    except (StorageUnavailable, OutcomeUnknown):
                        sent_again += 1  # it was cut as often as it was sent
                version += 1
                if proxy.is_cut and random.random() < 0.3:
                    proxy.cut_next(random.choice(list(Cut)))

        await asyncio.gather(*(write() for _ in range(WRITERS)))
    stored = dict(rows(database, "SELECT command_id, position FROM kiennghi.log WHERE request_digest IS NOT NULL"))
    assert stored == {command: position + 1 for command, position in written.items()}
    assert_log_complete(database)


async def test_of_two_processes_that_are_cut_and_race_none_is_told_of_a_conflict_about_what_it_wrote(
    database: str, tmp_path: Path
) -> None:
    random = Random(5)
    streams = [uuid4() for _ in range(4)]
    heads = dict.fromkeys(streams, 0)
    told: dict[UUID, Appended | None] = {}
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()

    async with (
        open_proxy(database, folders[0]) as (first, one),
        open_proxy(database, folders[1]) as (second, two),
        Committer(first, max_batch=4) as left,
        Committer(second, max_batch=4) as right,
    ):

        async def write(committer: Committer) -> None:
            while one.cuts + two.cuts < CUTS:
                stream = random.choice(streams)
                wanted = append(event(stream, heads[stream] + 1))
                while wanted.command_id not in told:
                    try:
                        told[wanted.command_id] = await committer.append(wanted)
                        heads[stream] = max(heads[stream], wanted.events[0].version)
                    except VersionConflict as conflict:
                        told[wanted.command_id] = None
                        heads[stream] = max(heads[stream], conflict.actual)
                    except (StorageUnavailable, OutcomeUnknown):
                        continue
                proxy = random.choice((one, two))
                if proxy.is_cut and random.random() < 0.4:
                    proxy.cut_next(random.choice(list(Cut)))

        await asyncio.gather(*(write(committer) for committer in (left, right) for _ in range(6)))
    stored = {
        command for (command,) in rows(database, "SELECT command_id FROM kiennghi.log WHERE request_digest IS NOT NULL")
    }
    assert stored == {command for command, answer in told.items() if answer is not None}
    assert None in told.values()
    assert_log_complete(database)


async def _answers_while_log_is_held(dsn: str, wanted: Append) -> list[Appended | BaseException]:
    """Return the answers while somebody holds the log for longer than anybody waits, and the answer after that."""
    async with Committer(dsn) as committer:
        async with await psycopg.AsyncConnection.connect(dsn) as holder:
            await holder.execute("SELECT kiennghi.hold_log()")
            told = await outcomes(committer.append(wanted), committer.append(append()))
        return [*told, *await outcomes(committer.append(wanted))]


async def test_a_lock_or_a_statement_that_takes_too_long_is_unavailable_storage_and_nothing_is_written(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    monkeypatch.setitem(connection._SESSION_SETTINGS, "statement_timeout", "100ms")
    for n, setting in enumerate(("lock_timeout = '50ms'", "lock_timeout = 0"), start=1):
        with psycopg.connect(database, autocommit=True) as owner:
            owner.execute(f"ALTER DATABASE {name} SET {setting}".encode())
        first, second, after = await _answers_while_log_is_held(database, append())
        assert isinstance(first, StorageUnavailable)
        assert isinstance(second, StorageUnavailable)
        assert isinstance(after, Appended)
        assert (after.first_position, after.replayed) == (n, False)
    assert_log_complete(database)


async def test_a_server_that_only_lets_read_is_unavailable_storage_until_it_lets_write(database: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    wanted = append()
    async with Committer(database, reconnect_for=0.2) as committer:

        def turn(on_or_off: str) -> None:
            with psycopg.connect(database, autocommit=True) as owner:
                owner.execute("SET default_transaction_read_only = off")
                owner.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {on_or_off}".encode())
                owner.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

        turn("on")
        refused = await outcomes(committer.append(wanted))
        turn("off")
        done = await committer.append(wanted)
    assert isinstance(refused[0], StorageUnavailable | OutcomeUnknown)
    assert (done.first_position, done.replayed) == (1, False)
    assert_log_complete(database)


async def test_while_the_disk_hangs_requests_wait_up_to_a_bound_and_those_in_bounds_are_written(
    database: str, tmp_path: Path
) -> None:
    async with open_proxy(database, tmp_path) as (dsn, proxy), Committer(dsn, max_waiting=20) as committer:
        await committer.append(append())
        proxy.hold()
        at_the_disk = asyncio.create_task(committer.append(append()))
        await asyncio.sleep(0)
        while committer.waiting:
            await asyncio.sleep(0)
        waiting = [asyncio.create_task(committer.append(append())) for _ in range(20)]
        while committer.waiting < 20:
            await asyncio.sleep(0)
        with pytest.raises(QueueFull):
            await committer.append(append())
        proxy.release()
        done = await asyncio.gather(at_the_disk, *waiting)
    assert [answer.first_position for answer in done] == list(range(2, 23))
    assert_log_complete(database)


async def test_a_server_that_gives_no_answer_is_taken_for_lost_and_what_it_wrote_is_found(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "ANSWER_TIMEOUT_SECONDS", 0.2)
    async with open_proxy(database, tmp_path) as (dsn, proxy), Committer(dsn) as committer:
        await committer.append(append())
        proxy.hold()
        silent = asyncio.create_task(committer.append(append()))
        try:
            async with asyncio.timeout(20):
                while committer._connection.is_open:
                    await asyncio.sleep(0.01)
        finally:
            proxy.release()  # or whoever closes waits for the answer
        done = await silent
        after = await committer.append(append())
    assert [(one.first_position, one.replayed) for one in (done, after)] == [(2, False), (3, False)]
    assert_log_complete(database)
