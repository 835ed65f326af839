"""Tests group commit when connections, statements and standbys fail: nothing is lost, doubled or wrongly claimed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.event_store.append import Appended
from service.event_store.errors import OutcomeUnknown, StorageUnavailable
from service.event_store.group_commit import Committer
from service.postgres.embedded.server import embedded_postgres
from service.postgres.migrate import migrate_database
from tests.service.event_store.appending import append, assert_log_complete, event, outcomes, rows


def terminate_committers(dsn: str) -> int:
    return len(
        rows(
            dsn,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name LIKE 'kiennghi append%' AND datname = current_database()",
        )
    )


def test_nothing_is_lost_or_doubled_when_the_connection_is_killed_under_load(database: str) -> None:
    answered: dict[UUID, Appended] = {}
    failed: list[BaseException] = []

    async def scenario() -> int:
        killed = 0
        async with Committer(database, max_batch=8) as committer:

            async def write() -> None:
                stream = uuid4()
                version = 0
                while len(answered) < 1500:
                    wanted = append(event(stream, version + 1), event(uuid4(), book="DON", year=2026))
                    try:
                        answered[wanted.command_id] = await committer.append(wanted)
                        version += 1
                    except (StorageUnavailable, OutcomeUnknown) as error:
                        failed.append(error)
                        stream, version = uuid4(), 0

            writers = [asyncio.ensure_future(write()) for _ in range(16)]
            for threshold in range(100, 1500, 100):
                while len(answered) < threshold:
                    await asyncio.sleep(0.001)
                killed += await asyncio.to_thread(terminate_committers, database)
            await asyncio.gather(*writers)
        return killed

    assert asyncio.run(asyncio.wait_for(scenario(), 60)) >= 10
    stored = dict(rows(database, "SELECT command_id, position FROM kiennghi.log WHERE request_digest IS NOT NULL"))
    assert answered.keys() <= stored.keys()
    assert all(stored[command] == answer.first_position + 1 for command, answer in answered.items())
    unknown = sum(isinstance(error, OutcomeUnknown) for error in failed)
    assert len(answered) <= len(stored) <= len(answered) + unknown
    assert_log_complete(database)


@asynccontextmanager
async def cuttable_connection(dsn: str, folder: Path) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Provide a DSN that leads through a relay; once the event is set, the relay cuts off the server's next answer."""
    cut = asyncio.Event()
    server = conninfo_to_dict(dsn)
    server_socket = f"{server['host']}/.s.PGSQL.{server.get('port') or 5432}"

    relays: set[asyncio.Task[None]] = set()

    async def relay(client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        relays.add(cast("asyncio.Task[None]", asyncio.current_task()))
        upstream, to_upstream = await asyncio.open_unix_connection(server_socket)

        async def send_requests() -> None:
            while sent := await client.read(65536):
                to_upstream.write(sent)

        async def send_answers() -> None:
            while answer := await upstream.read(65536):
                if cut.is_set():
                    cut.clear()
                    break
                to_client.write(answer)

        _, unfinished = await asyncio.wait(
            [asyncio.ensure_future(send_requests()), asyncio.ensure_future(send_answers())],
            return_when=asyncio.FIRST_COMPLETED,
        )
        for direction in unfinished:
            direction.cancel()
        for writer in (to_client, to_upstream):
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    listening = await asyncio.start_unix_server(relay, folder / ".s.PGSQL.5432")
    try:
        yield make_conninfo(dsn, host=str(folder), port=5432), cut
    finally:
        listening.close()
        await asyncio.gather(*relays)


def test_a_commit_whose_answer_is_lost_is_found_by_its_command_id(database: str, tmp_path: Path) -> None:
    wanted = append(event(uuid4(), book="DON", year=2026))

    async def scenario() -> list[Appended]:
        async with cuttable_connection(database, tmp_path) as (dsn, cut), Committer(dsn) as committer:
            first = await committer.append(append())
            cut.set()
            return [first, await committer.append(wanted), await committer.append(append())]

    answers = asyncio.run(asyncio.wait_for(scenario(), 60))

    assert [answer.first_position for answer in answers] == [1, 2, 3]
    assert answers[1].references == {wanted.events[0].stream: "DON-2026-000001"}
    assert_log_complete(database)


def test_while_the_database_is_gone_nothing_is_written_and_afterwards_all_goes_on(
    database: str, tmp_path: Path
) -> None:
    async def scenario() -> list[Appended | BaseException]:
        async with (
            cuttable_connection(database, tmp_path) as (dsn, cut),
            Committer(dsn, reconnect_for=0.2) as committer,
        ):
            await committer.append(append())
            socket = tmp_path / ".s.PGSQL.5432"
            socket.rename(tmp_path / "away")
            cut.set()
            lost = asyncio.ensure_future(committer.append(append()))
            while not committer.waiting and cut.is_set():
                await asyncio.sleep(0.001)
            answers = await outcomes(*(committer.append(append()) for _ in range(3)))
            (tmp_path / "away").rename(socket)
            return [*await outcomes(asyncio.wait_for(lost, 5)), *answers, await committer.append(append())]

    lost, *waited, after = asyncio.run(asyncio.wait_for(scenario(), 60))

    assert isinstance(lost, OutcomeUnknown)
    assert [type(answer) for answer in waited] == [StorageUnavailable] * 3
    assert isinstance(after, Appended)
    assert after.first_position == 3  # the one whose outcome was unknown had been written
    assert_log_complete(database)


def test_no_database_at_the_start_is_said_plainly(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with Committer(make_conninfo(host=str(tmp_path)), reconnect_for=0.1):
            pass

    with pytest.raises(StorageUnavailable, match="cannot be reached"):
        asyncio.run(asyncio.wait_for(scenario(), 60))


def test_a_statement_that_an_operator_cancels_is_sent_again(database: str) -> None:
    async def scenario() -> Appended:
        async with Committer(database) as committer:
            holder = await psycopg.AsyncConnection.connect(database)
            async with holder:
                await holder.execute("SELECT kiennghi.hold_log()")
                wanted = asyncio.ensure_future(committer.append(append()))
                while not await asyncio.to_thread(
                    rows,
                    database,
                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND application_name LIKE 'kiennghi append%' AND datname = current_database()",
                ):
                    await asyncio.sleep(0.001)
            return await wanted

    assert asyncio.run(asyncio.wait_for(scenario(), 60)).first_position == 1
    assert_log_complete(database)


def test_a_cancelled_wait_for_the_standby_is_no_success_until_a_later_commit_vouches_for_it(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o711)
    waits = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"

    async def scenario(dsn: str) -> list[Appended | BaseException]:
        wanted = append()
        async with Committer(dsn) as committer:
            name_standby(dsn, "nowhere")
            lost = asyncio.ensure_future(committer.append(wanted))
            while not await asyncio.to_thread(rows, dsn, waits):
                await asyncio.sleep(0.001)
            while not lost.done():  # the append's own wait, and that of the commit that should confirm it
                await asyncio.to_thread(rows, dsn, waits)
                await asyncio.sleep(0.001)
            name_standby(dsn, "")
            return await outcomes(asyncio.wait_for(lost, 5), committer.append(wanted), committer.append(append()))

    # The test has a server of its own: its settings name a standby that never connects, and the role may be created.
    with embedded_postgres(tmp_path / "own", fsync=False) as dsn:
        migrate_database(dsn)
        unknown, found, after = asyncio.run(asyncio.wait_for(scenario(dsn), 60))
        assert isinstance(unknown, OutcomeUnknown)
        assert isinstance(found, Appended)
        assert found.replayed
        assert isinstance(after, Appended)
        assert_log_complete(dsn)


def name_standby(dsn: str, name: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'".encode())
        connection.execute("SELECT pg_reload_conf()")
    while rows(dsn, "SELECT current_setting('synchronous_standby_names')") != [(name,)]:
        pass
