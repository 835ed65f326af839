"""Makes appends for the tests of the log, and checks that the log is complete."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine
from typing import Any
from uuid import UUID, uuid4

import psycopg

from domain.actor import Officer
from domain.vocabulary import Category, OfficerId, UnitId
from service.event_store.append import Append, Appended, NewEvent

OFFICER = Officer(officer=OfficerId("cv-1"), unit=UnitId("so-xd"), position="Chuyên viên")


def event(stream: UUID, version: int = 1, **given: Any) -> NewEvent:
    given = {"category": Category.PETITION, "topic": "PetitionReceived", "state": b"{}", "by": OFFICER, **given}
    return NewEvent(stream, version, **given)


def append(*events: NewEvent, **given: Any) -> Append:
    return Append(given.pop("command_id", None) or uuid4(), events or (event(uuid4()),), **given)


def rows(dsn: str, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(query.encode(), parameters or None).fetchall()


def assert_log_complete(dsn: str) -> None:
    """Assert that positions, versions and register numbers have no gap or repetition, and that commands fit the log."""
    log = rows(
        dsn,
        "SELECT position, stream, version, recorded_at, command_id, reference FROM kiennghi.log ORDER BY position",
    )
    assert [position for position, *_ in log] == list(range(1, len(log) + 1))
    assert rows(dsn, "SELECT position FROM kiennghi.log_head") == [(len(log),)]
    assert [row[3] for row in log] == sorted(row[3] for row in log)
    versions = defaultdict(list)
    for _, stream, version, *_ in log:
        versions[stream].append(version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())
    last = {command: (position, stream, version) for position, stream, version, _, command, _ in log}
    commands = rows(
        dsn, "SELECT command_id, position, stream, version FROM kiennghi.log WHERE request_digest IS NOT NULL"
    )
    assert len(commands) == len(last)
    assert rows(dsn, "SELECT count(*) FROM kiennghi.log WHERE (context IS NULL) <> (request_digest IS NULL)") == [(0,)]
    assert {command: tuple(rest) for command, *rest in commands} == last
    for book, year, number in rows(dsn, "SELECT book, year, last_number FROM kiennghi.registers"):
        given = [row[5] for row in log if row[5] and row[5].startswith(f"{book}-{year}-")]
        assert sorted(given) == [f"{book}-{year}-{i:06d}" for i in range(1, number + 1)]


async def outcomes(*appends: Coroutine[Any, Any, Appended]) -> list[Appended | BaseException]:
    return await asyncio.gather(*appends, return_exceptions=True)
