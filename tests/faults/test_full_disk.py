"""Tests that requests are refused while the disk is full, nothing promised is lost, and room is enough to go on."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.config.settings import Settings
from service.postgres.embedded.server import embedded_postgres
from service.postgres.migrate import migrate_database
from tests.service.api.interface import Interface, fresh_key, impatient, open_interface
from tests.service.event_store.appending import assert_log_complete
from tests.service.office_fixtures import assert_views_complete as assert_views_whole

pytestmark = pytest.mark.anyio

SIZE = "256m"
BODY = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường " + "x" * 5_000}


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    """Provide a file system in memory with little room."""
    folder = home / "disk"
    folder.mkdir(mode=0o711)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=711", "kiennghi-faults", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"this account may not mount a file system: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill_disk(disk: Path) -> Path:
    """Take all the room there is; return the file to remove for it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue
    return ballast


async def receive_petition(interface: Interface, headers: dict[str, str]) -> Any:
    return await interface.ask("/petitions", BODY, headers)


async def receive_until_refused(interface: Interface, promised: dict[str, Any]) -> dict[str, str]:
    """Enter petitions until one is refused again and again; return the idempotency key of that one.

    A write that found no room gives back what it had taken, which can be enough for the same petition the next time: a
    key that is entered after a refusal is a petition like any other, and the disk is a little fuller.
    """
    headers, refusals = fresh_key(), 0
    for _ in range(2_000):
        answer = await receive_petition(interface, headers)
        if answer.status_code == 201:
            promised[answer.json()["reference"]] = answer.json()["position"]
            headers, refusals = fresh_key(), 0
            continue
        assert answer.status_code == 503, answer.text
        assert answer.json()["type"].split(":")[-1] in {"storage-unavailable", "outcome-unknown"}
        assert int(answer.headers["retry-after"]) > 0
        refusals += 1
        if refusals == 5:  # it is no matter of a moment
            return headers
    raise AssertionError("the disk was not full")


async def retry_until_entered(interface: Interface, headers: dict[str, str]) -> Any:
    async with asyncio.timeout(60):
        while (answer := await receive_petition(interface, headers)).status_code == 503:
            await asyncio.sleep(0.05)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize("what", ["tables", "the write-ahead log"])
async def test_a_full_disk_is_said_to_be_so_and_room_is_enough_to_go_on(small_disk: Path, what: str) -> None:
    promised: dict[str, int] = {}
    with embedded_postgres(small_disk / "postgres", fsync=False) as dsn:
        migrate_database(dsn)
        async with open_interface(dsn, Settings(home=small_disk), reconnect_for=2) as interface:
            await receive_petition(interface, fresh_key())
            ballast = fill_disk(small_disk)
            if what == "the write-ahead log":
                end_wal_segment(dsn)
            with impatient(interface.office.pool):
                refused = await receive_until_refused(interface, promised)
            ballast.unlink()
            entered = await retry_until_entered(interface, refused)
            assert entered["reference"] not in promised
            assert (await receive_petition(interface, refused)).json()["position"] == entered["position"]
            promised[entered["reference"]] = entered["position"]
            assert await interface.runner.wait_until_current(60)
            await assert_views_whole(interface.office)
        with psycopg.connect(dsn) as connection:
            found: dict[str, int] = dict(
                connection.execute("SELECT reference, position FROM kiennghi.log WHERE reference <> ''").fetchall()
            )
        assert promised.items() <= found.items()
        assert len(found) == len(promised) + 1  # the first
        assert_log_complete(dsn)


def end_wal_segment(dsn: str) -> None:
    """Have PostgreSQL make a new segment, for which there is no room: it stops, and comes back when there is."""
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            while True:
                connection.execute("SELECT pg_switch_wal()")
                connection.execute("SELECT pg_logical_emit_message(true, 'faults', repeat('x', 100000))")
    except psycopg.OperationalError:
        return
