"""Tests that nothing is sent twice when the database's clock jumps, and that a leap ahead stops alerting.

PostgreSQL runs under libfaketime where the library is on the machine (`apt install libfaketime`, or LIBFAKETIME names
it); the clock of the test itself stays.
"""

import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from domain.alerts.vocabulary import AlertChannel
from projections.alerts import Alerts
from projections.outbox import Outbox
from service.alerts.sending import MessageSender, WebhookChannel
from service.alerts.trusted_clock import MAX_CLOCK_LEAP, ClockNotTrusted, TrustedClock, confirm_database_clock
from service.alerts.webhooks import WebhookClient
from service.alerts.worker import run_alert_round
from service.commands.office import ApplicationService
from service.config.law_files import law_of
from service.config.settings import Settings
from service.postgres.embedded.binaries import find_binaries
from service.postgres.embedded.server import embedded_postgres
from service.postgres.migrate import migrate_database
from service.projector.runner import ProjectionRunner
from tests.faults.alerts.petitions import enter_petitions, sleepless_ladder
from tests.service.alerts.servers import LOCAL_NETWORKS, PostedRequest, Writer, answer_with, web_server
from tests.service.office_fixtures import VAULT_KEY


def _find_library() -> Path | None:
    if "LIBFAKETIME" not in os.environ:
        return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    named = Path(os.environ["LIBFAKETIME"])
    if not named.is_file():
        raise FileNotFoundError(f"LIBFAKETIME is {str(named)!r}, and there is no such file")
    return named


LIBRARY = _find_library()
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not on this machine: no clock to move under PostgreSQL"),
]

BEGIN = datetime(2026, 8, 7, 2, tzinfo=UTC)
"""A Friday morning in Vietnam; the petitions fall due from the Tuesday before on."""

_POSTGRES = """#!/bin/sh
export LD_PRELOAD={library} FAKETIME_TIMESTAMP_FILE={offset} FAKETIME_NO_CACHE=1
export FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1
exec {postgres} "$@"
"""


@dataclass(frozen=True)
class MovableClock:
    """Is a server whose clock the test moves."""

    dsn: str
    offset: Path

    def move_to(self, moment: datetime) -> None:
        """Move the clock; return once the server's clock says so."""
        draft = self.offset.with_suffix(".new")
        draft.write_text(f"{round((moment - datetime.now(UTC)).total_seconds()):+d}\n")
        draft.replace(self.offset)
        with psycopg.connect(self.dsn) as connection:
            give_up_at = time.monotonic() + 30
            while abs(_read_clock(connection) - moment) > timedelta(minutes=1):
                assert time.monotonic() < give_up_at
                time.sleep(0.05)


def _read_clock(connection: psycopg.Connection) -> datetime:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    at: datetime = row[0]
    return at


@pytest.fixture
def server_clock(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MovableClock]:
    """Start a server with a clock that moves; the library is loaded into it alone, as under it Python cannot sleep."""
    offset, binaries = home / "offset", home / "bin"
    offset.write_text("+0\n")
    binaries.mkdir(mode=0o755)
    (binaries / "initdb").symlink_to(find_binaries() / "initdb")
    script = _POSTGRES.format(library=LIBRARY, offset=offset, postgres=find_binaries().resolve() / "postgres")
    (binaries / "postgres").write_text(script)
    (binaries / "postgres").chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(binaries))
    with embedded_postgres(home / "postgres", fsync=False) as dsn:
        migrate_database(dsn)
        yield MovableClock(dsn, offset)


class Worker:
    """Raises what is due by the database's clock, and sends it."""

    def __init__(self, office: ApplicationService, views: ProjectionRunner, sender: MessageSender) -> None:
        self.office, self._views, self._sender = office, views, sender
        ladder = sleepless_ladder()
        rows = tuple(row.model_copy(update={"by": (AlertChannel.WEBHOOK,)}) for row in ladder.rows)
        self._ladder = replace(ladder, rows=rows)
        self._clock = TrustedClock(office.pool, office.settings.zone)

    async def look(self) -> None:
        await run_alert_round(self.office, self._ladder, self._clock)
        await self.send()

    async def send(self) -> None:
        for _ in range(10):
            assert await self._views.wait_until_current(60)
            await self._sender.deliver_due()

    async def stops(self) -> None:
        """Assert that nothing is decided, however often the worker looks."""
        for _ in range(3):
            with pytest.raises(ClockNotTrusted):
                await self.look()

    async def confirm(self) -> None:
        await confirm_database_clock(self.office.pool, self.office.settings.zone, "quan-tri")


@asynccontextmanager
async def open_worker(dsn: str) -> AsyncIterator[Worker]:
    channels = {AlertChannel.WEBHOOK: WebhookChannel(WebhookClient(VAULT_KEY, LOCAL_NETWORKS))}
    async with (
        ApplicationService.open(dsn, Settings(), vault_key=VAULT_KEY) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault, [Alerts, Outbox]) as views,
        MessageSender.open(office, channels, pauses=(timedelta(0),) * 100) as sender,
    ):
        yield Worker(office, views, sender)


@pytest.mark.parametrize(
    "jump",
    [timedelta(days=-400), timedelta(hours=-1), timedelta(hours=1), timedelta(days=400)],
    ids=["-400 d", "-1 h", "+1 h", "+400 d"],
)
async def test_a_jump_of_the_databases_clock_there_and_back_sends_nothing_twice(
    server_clock: MovableClock, jump: timedelta
) -> None:
    refuses = 3

    async def not_at_first(one: PostedRequest, writer: Writer) -> None:
        nonlocal refuses
        refuses -= 1
        await answer_with(204 if refuses < 0 else 503)(one, writer)

    async with web_server(not_at_first) as (port, posted):
        server_clock.move_to(BEGIN)
        await enter_petitions(server_clock.dsn, law_of(Settings()), port, days=3)
        async with open_worker(server_clock.dsn) as worker:
            await worker.confirm()
            await worker.look()
            refuses = 3
            server_clock.move_to(BEGIN + jump)
            if jump > MAX_CLOCK_LEAP:
                await worker.stops()
                assert _count_alerts_after(server_clock.dsn, BEGIN + timedelta(days=1)) == 0
                await worker.confirm()
            await worker.look()
            server_clock.move_to(BEGIN)
            if jump < -MAX_CLOCK_LEAP:
                await worker.stops()  # the way back is a leap ahead
                await worker.confirm()
            await worker.look()
            server_clock.move_to(BEGIN + timedelta(minutes=1))
            await worker.look()
    _assert_all_arrived_once(server_clock.dsn, posted)


def _count_alerts_after(dsn: str, moment: datetime) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT count(*) FROM kiennghi.readable_log WHERE topic IN ('AlertRaised', 'MessageComposed')"
            " AND recorded_at > %s",
            [moment],
        ).fetchone()
    assert row is not None
    return int(row[0])


def _assert_all_arrived_once(dsn: str, posted: list[PostedRequest]) -> None:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT topic, count(*), count(DISTINCT stream) FROM kiennghi.readable_log"
            " WHERE topic IN ('MessageComposed', 'MessageSent') GROUP BY topic ORDER BY topic"
        ).fetchall()
    (_, composed, _), (_, sent, messages) = rows
    assert composed == sent == messages > 0
    bodies = {one.headers["webhook-id"]: one.json["data"] for one in posted}
    assert len(bodies) == composed
    told = Counter(
        (said["addressee"], alert["petition_id"], alert["clock"], alert["due_on"], step)
        for said in bodies.values()
        for alert in said["alerts"]
        for step in (alert["step"], *alert["folded"])
    )
    assert set(told.values()) == {1}
