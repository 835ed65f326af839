"""Tests that writers share flushes when each flush takes long, and that nothing unflushed is confirmed."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import anyio
import psutil
import psycopg
import pytest

from service.event_store.group_commit import Committer
from service.postgres.embedded.server import embedded_postgres
from service.postgres.embedded.supervisor import find_postmaster
from service.postgres.migrate import migrate_database
from tests.service.event_store.appending import append, assert_log_complete, event

pytestmark = pytest.mark.anyio

WRITERS, EACH = 32, 4
CGROUP = Path("/sys/fs/cgroup/blkio")
BYTES_PER_SECOND = 256 * 1024


async def count_flushes(dsn: str) -> int:
    """Return how many commits it took to append everything that all writers have."""
    positions: list[int] = []
    async with Committer(dsn, on_committed=positions.append) as committer, anyio.create_task_group() as writers:

        async def write() -> None:
            stream = uuid4()
            for version in range(1, EACH + 1):
                await committer.append(append(event(stream, version)))

        for _ in range(WRITERS):
            writers.start_soon(write)
    assert positions[-1] == WRITERS * EACH
    assert_log_complete(dsn)
    return len(positions)


async def test_when_the_server_waits_before_each_flush_the_writers_share_them(home: Path) -> None:
    """PostgreSQL itself waits for 0.1 s before each flush, and leaves none out."""
    with embedded_postgres(home / "postgres") as dsn:
        migrate_database(dsn)
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute("ALTER DATABASE postgres SET commit_delay = 100000")
            owner.execute("ALTER DATABASE postgres SET commit_siblings = 0")
        assert await count_flushes(dsn) <= 2 * EACH  # one a round, and the beginning


@contextmanager
def throttle_disk(home: Path) -> Iterator[None]:
    """Limit how fast the server of this home writes to its disk; skip the test without cgroups of version 1."""
    group = CGROUP / f"kiennghi-faults-{os.getpid()}"
    device = home.stat().st_dev
    server = find_postmaster(home / "postgres" / "cluster")
    assert server is not None
    try:
        group.mkdir()
        limit = group / "blkio.throttle.write_bps_device"
        limit.write_text(f"{os.major(device)}:{os.minor(device)} {BYTES_PER_SECOND}")
    except OSError as error:
        if group.exists():
            group.rmdir()
        pytest.skip(f"no disk can be throttle_disk here: {error}")
    try:
        _move_processes((server.pid, *(child.pid for child in psutil.Process(server.pid).children())), group)
        yield
    finally:
        while pids := (group / "cgroup.procs").read_text().split():
            _move_processes(map(int, pids), CGROUP)
        group.rmdir()


def _move_processes(processes: Iterable[int], group: Path) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):  # it has ended
            (group / "cgroup.procs").write_text(str(pid))


async def test_on_a_disk_of_256_kilobytes_a_second_all_is_written_and_shared(home: Path) -> None:
    with embedded_postgres(home / "postgres") as dsn:
        migrate_database(dsn)
        with throttle_disk(home):
            assert await count_flushes(dsn) <= 2 * EACH
