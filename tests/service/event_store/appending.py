"""Makes appends for the tests of the log, and checks that the log is complete."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine
from typing import Any
from uuid import UUID, uuid4

import psycopg

from service.event_store.append import Append, Appended, NewEvent


def event(stream: UUID, version: int = 1, **given: Any) -> NewEvent:
    return NewEvent(stream, version, "PetitionReceived", b'{"fact":{}}', **given)


def append(*events: NewEvent, **given: Any) -> Append:
    return Append(given.pop("command_id", None) or uuid4(), events or (event(uuid4()),), **given)


def rows(dsn: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(query.encode(), parameters or None).fetchall()


def assert_log_complete(dsn: str) -> None:
    """Assert that positions, versions and register numbers have no gap or repetition, and that commands fit the log."""
    log = rows(
        dsn,
        "SELECT notification_id, originator_id, originator_version, recorded_at, command_id, reference"
        " FROM kiennghi.log ORDER BY notification_id",
    )
    assert [position for position, *_ in log] == list(range(1, len(log) + 1))
    assert rows(dsn, "SELECT position FROM kiennghi.log_head") == [(len(log),)]
    assert [row[3] for row in log] == sorted(row[3] for row in log)
    versions = defaultdict(list)
    for _, stream, version, *_ in log:
        versions[stream].append(version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())
    last = {command: (position, stream, version) for position, stream, version, _, command, _ in log}
    commands = rows(dsn, "SELECT command_id, last_position, originator_id, last_version FROM kiennghi.commands")
    assert {command: tuple(rest) for command, *rest in commands} == last
    for book, year, number in rows(dsn, "SELECT book, year, last_number FROM kiennghi.registers"):
        given = [row[5] for row in log if row[5] and row[5].startswith(f"{book}-{year}-")]
        assert sorted(given) == [f"{book}-{year}-{i:06d}" for i in range(1, number + 1)]


async def outcomes(*appends: Coroutine[Any, Any, Appended]) -> list[Appended | BaseException]:
    return await asyncio.gather(*appends, return_exceptions=True)
