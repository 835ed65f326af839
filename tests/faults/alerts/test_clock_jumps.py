"""The database's clock jumps under a running server: nothing is sent twice, and a leap ahead stops alerting.

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
from service.alerts.sending import Sender, WebhookChannel
from service.alerts.trusted_clock import MOST_LEAP, Clock, ClockNotTrusted, confirm_clock
from service.alerts.webhooks import Webhooks
from service.alerts.worker import one_round
from service.commands.office import Office
from service.config.law_files import law_of
from service.config.settings import Settings
from service.postgres.embedded.binaries import find_binaries
from service.postgres.embedded.server import embedded_postgres
from service.postgres.migrate import migrate
from service.projector.runner import Follower
from tests.faults.alerts.letters import enter, ladder
from tests.service.alerts.servers import HERE, Posted, Writer, answers, web_server
from tests.service.office_fixtures import VAULT_KEY


def _library() -> Path | None:
    if "LIBFAKETIME" not in os.environ:
        return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    named = Path(os.environ["LIBFAKETIME"])
    if not named.is_file():
        raise FileNotFoundError(f"LIBFAKETIME is {str(named)!r}, and there is no such file")
    return named


LIBRARY = _library()
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
class Moved:
    """A server whose clock is where the test puts it."""

    dsn: str
    offset: Path

    def to(self, moment: datetime) -> None:
        """Returns once the server's clock says so."""
        draft = self.offset.with_suffix(".new")
        draft.write_text(f"{round((moment - datetime.now(UTC)).total_seconds()):+d}\n")
        draft.replace(self.offset)
        with psycopg.connect(self.dsn) as connection:
            give_up_at = time.monotonic() + 30
            while abs(_clock(connection) - moment) > timedelta(minutes=1):
                assert time.monotonic() < give_up_at
                time.sleep(0.05)


def _clock(connection: psycopg.Connection) -> datetime:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    at: datetime = row[0]
    return at


@pytest.fixture
def moved(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moved]:
    """The library is loaded into the server alone: under it Python cannot even sleep."""
    offset, binaries = home / "offset", home / "bin"
    offset.write_text("+0\n")
    binaries.mkdir(mode=0o755)
    (binaries / "initdb").symlink_to(find_binaries() / "initdb")
    script = _POSTGRES.format(library=LIBRARY, offset=offset, postgres=find_binaries().resolve() / "postgres")
    (binaries / "postgres").write_text(script)
    (binaries / "postgres").chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(binaries))
    with embedded_postgres(home / "postgres", fsync=False) as dsn:
        migrate(dsn)
        yield Moved(dsn, offset)


class Worker:
    """Looks at what is due by the database's clock, and sends it."""

    def __init__(self, office: Office, views: Follower, sender: Sender) -> None:
        self.office, self._views, self._sender = office, views, sender
        self._ladder = replace(
            ladder(), rows=tuple(row.model_copy(update={"by": (AlertChannel.WEBHOOK,)}) for row in ladder().rows)
        )
        self._clock = Clock(office.pool, office.settings.zone)

    async def look(self) -> None:
        await one_round(self.office, self._ladder, self._clock)
        await self.send()

    async def send(self) -> None:
        for _ in range(10):
            assert await self._views.caught_up(60)
            await self._sender.deliver_due()

    async def stops(self) -> None:
        """Nothing is decided, however often it looks."""
        for _ in range(3):
            with pytest.raises(ClockNotTrusted):
                await self.look()

    async def confirm(self) -> None:
        await confirm_clock(self.office.pool, self.office.settings.zone, "quan-tri")


@asynccontextmanager
async def working(dsn: str) -> AsyncIterator[Worker]:
    channels = {AlertChannel.WEBHOOK: WebhookChannel(Webhooks(VAULT_KEY, HERE))}
    async with (
        Office.open(dsn, Settings(), vault_key=VAULT_KEY) as office,
        Follower.open(office.pool, office.histories, [Alerts, Outbox]) as views,
        Sender.open(office, channels, pauses=(timedelta(0),) * 100) as sender,
    ):
        yield Worker(office, views, sender)


@pytest.mark.parametrize(
    "jump",
    [timedelta(days=-400), timedelta(hours=-1), timedelta(hours=1), timedelta(days=400)],
    ids=["-400 d", "-1 h", "+1 h", "+400 d"],
)
async def test_a_jump_of_the_databases_clock_there_and_back_sends_nothing_twice(moved: Moved, jump: timedelta) -> None:
    refuses = 3

    async def not_at_first(one: Posted, writer: Writer) -> None:
        nonlocal refuses
        refuses -= 1
        await answers(204 if refuses < 0 else 503)(one, writer)

    async with web_server(not_at_first) as (port, posted):
        moved.to(BEGIN)
        await enter(moved.dsn, law_of(Settings()), port, days=3)
        async with working(moved.dsn) as worker:
            await worker.confirm()
            await worker.look()
            refuses = 3
            moved.to(BEGIN + jump)
            if jump > MOST_LEAP:
                await worker.stops()
                assert _raised_after(moved.dsn, BEGIN + timedelta(days=1)) == 0
                await worker.confirm()
            await worker.look()
            moved.to(BEGIN)
            if jump < -MOST_LEAP:
                await worker.stops()  # the way back is a leap ahead
                await worker.confirm()
            await worker.look()
            moved.to(BEGIN + timedelta(minutes=1))
            await worker.look()
    _all_arrived_once(moved.dsn, posted)


def _raised_after(dsn: str, moment: datetime) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT count(*) FROM kiennghi.log WHERE topic IN ('AlertRaised', 'MessageComposed') AND recorded_at > %s",
            [moment],
        ).fetchone()
    assert row is not None
    return int(row[0])


def _all_arrived_once(dsn: str, posted: list[Posted]) -> None:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT topic, count(*), count(DISTINCT originator_id) FROM kiennghi.log"
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
