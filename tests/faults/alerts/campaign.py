"""Kills workers that alert, and who is alerted, at every point between deciding and confirming; counts what is wrong.

`make faults-alerts KILLS=2000 SEED=1` runs it. Two workers and a receiver (a web server and a mail server) are forked
from this process, which has loaded everything and has neither a thread nor a loop: a restart takes milliseconds.
"""

import argparse
import asyncio
import json
import mmap
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from service.config.law_files import law_of
from service.config.settings import Settings
from service.observability import logging
from service.postgres.embedded.server import embedded_postgres
from service.postgres.migrate import migrate
from tests.faults.alerts.checker import verdict
from tests.faults.alerts.children import Child
from tests.faults.alerts.letters import EVERYBODY, FIRST_DAY, enter, ladder, still_due
from tests.faults.alerts.mutants import SENDERS
from tests.faults.alerts.receiver import RECEIVED, TAKEN, Journal, Receiver, free_port
from tests.faults.alerts.tally import Tally
from tests.faults.alerts.views import follow
from tests.faults.alerts.worker import POINTS, SELDOM, Fate, Ground, run

REFUSALS = 0.1
"""Of the receiver's answers; half of them after it has taken the message."""

KILLS_OF_A_DATABASE = 250
PATIENCE = 5.0
"""Seconds after which a worker that has not come to its point is killed where it is."""

BACKLOG = len(EVERYBODY)
"""Messages below which a new day begins: so many that some wait behind others to the same recipient."""

LOOKS = 0.05
"""Seconds between one look at what is sent and the next."""

SETTLED_WITHIN = 60.0


class Campaign:
    def __init__(self, dsn: str, home: Path, seed: int, mutant: str, days: int) -> None:
        self.tally = Tally(seed, mutant)
        self._random = Random(seed)
        self._days = mmap.mmap(-1, 16)  # shared with the children: the day that it is, the latest that was looked at
        self._day_is(FIRST_DAY)
        self._workers_say, self._receivers_say = Journal(home / "workers.jsonl"), Journal(home / "received.jsonl")
        self._deaths = Journal(home / "receivers.jsonl")
        self._ground = Ground(
            dsn, law_of(Settings()), free_port(), free_port(), ladder(), self._today, self._looked_on, mutant
        )
        asyncio.run(enter(dsn, self._ground.law, self._ground.http_port, days))
        self._points: list[str] = []
        self._killed = 0
        self._looked_at = 0.0
        self._may_die = True
        self._workers = [Child(self._work) for _ in range(2)]
        self._receiver = Child(self._receive)
        self._views = Child(lambda: asyncio.run(follow(dsn, self._ground.law)))

    def _today(self) -> date:
        return date.fromordinal(int.from_bytes(self._days[:8]))

    def _day_is(self, day: date) -> None:
        self._days[:8] = day.toordinal().to_bytes(8)

    def _looked_on(self, day: date) -> None:
        self._days[8:] = day.toordinal().to_bytes(8)

    def _is_looked_at(self) -> bool:
        return self._days[8:] == self._days[:8]

    # -- in the children

    def _work(self) -> None:
        run(self._ground, self._fate, self._workers_say)

    def _receive(self) -> None:
        point, left = self._receivers_fate

        def reached(at: str) -> None:
            nonlocal left
            left -= at == point
            if at == point and left == 0:
                self._deaths.add(died=point)
                os.kill(os.getpid(), signal.SIGKILL)

        receiver = Receiver(self._receivers_say, reached, self._receivers_seed, REFUSALS if self._may_die else 0)
        asyncio.run(receiver.serve(self._ground.http_port, self._ground.smtp_port))

    # -- in the parent

    def _start_worker(self, worker: Child) -> None:
        if not self._points:  # each as often as the others
            self._points = list(POINTS)
            self._random.shuffle(self._points)
        point = self._points.pop() if self._may_die else ""
        nth = 1 if point in SELDOM else self._random.randint(1, 3)
        self._fate = Fate(point, nth, self._random.randrange(2**32))
        worker.start()

    def _start_receiver(self) -> None:
        point = self._random.choice([RECEIVED, TAKEN]) if self._may_die else ""
        self._receivers_fate = point, self._random.randint(5, 40)
        self._receivers_seed = self._random.randrange(2**32)
        self._receiver.start()

    def strike(self, kills: int) -> Tally:
        """So many kills of workers and receivers; then nobody dies any more, and what is left to do is done."""
        began = time.monotonic()
        with psycopg.connect(self._ground.dsn, autocommit=True) as connection, ExitStack() as children:
            for child in (*self._workers, self._receiver, self._views):
                children.callback(child.kill)
            self._views.start()
            while connection.execute("SELECT to_regclass('kiennghi_views.alerts')").fetchone() == (None,):
                time.sleep(0.01)
            self._start_receiver()
            for worker in self._workers:
                self._start_worker(worker)
            while self._killed < kills:
                self._look_after(connection)
            self._may_die = False
            for worker in self._workers:
                self._kill(worker)
                self._start_worker(worker)
            self._receiver.kill()
            self._start_receiver()
            settled_by = time.monotonic() + SETTLED_WITHIN
            self._looked_on(FIRST_DAY)
            while not (self._is_looked_at() and self._waiting(connection) == 0) and time.monotonic() < settled_by:
                time.sleep(0.01)
        self._count()
        self.tally.seconds = time.monotonic() - began
        return self.tally

    def _look_after(self, connection: psycopg.Connection[Any]) -> None:
        if self._receiver.has_ended():
            self._killed += 1
            self._start_receiver()
        for worker in self._workers:
            if worker.has_ended():
                self._killed += 1
                self._start_worker(worker)
            elif time.monotonic() - worker.since > PATIENCE:
                self._kill(worker)
                self._start_worker(worker)
        if self._random.random() < 0.0005:
            self._views.kill()
            self.tally.kills["who follows the log"] += 1
            self._views.start()
        if time.monotonic() - self._looked_at > LOOKS:
            self._looked_at = time.monotonic()
            if self._is_looked_at() and self._waiting(connection) < BACKLOG:
                self._day_is(self._today() + timedelta(days=1))
        time.sleep(0.003)

    def _kill(self, worker: Child) -> None:
        """Where it is; the journal hears of it first, as of all deaths."""
        self._workers_say.add(pid=worker.pid, died="wherever it was")
        worker.kill()
        self._killed += 1

    @staticmethod
    def _waiting(connection: psycopg.Connection[Any]) -> int:
        """Messages that are composed and not sent."""
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE topic = 'MessageComposed')"
            " - count(DISTINCT originator_id) FILTER (WHERE topic = 'MessageSent')"
            " FROM kiennghi.log WHERE topic IN ('MessageComposed', 'MessageSent')"
        ).fetchone()
        assert row is not None
        return int(row[0])

    def _count(self) -> None:
        said = list(self._workers_say.lines())
        self.tally.kills.update(f"a worker, {line['died']}" for line in said if "died" in line)
        self.tally.kills.update(f"a receiver, {line['died']}" for line in self._deaths.lines())
        found = verdict(self._ground.dsn, self._receivers_say.lines(), said)
        found.wrongs["due_and_not_raised"] = asyncio.run(
            still_due(self._ground.dsn, self._ground.law, self._ground.ladder, self._today())
        )
        self.tally.days = (self._today() - FIRST_DAY).days + 1
        self.tally.messages, self.tally.received, self.tally.repeated = found.messages, found.received, found.repeated
        self.tally.wrongs = found.wrongs


def campaign(server: str, home: Path, *, kills: int, seed: int, mutant: str = "") -> Iterator[Tally]:
    """Each tally is that of a database of its own, which is dropped in the end."""
    for n, first in enumerate(range(0, kills, KILLS_OF_A_DATABASE)):
        some, name = min(KILLS_OF_A_DATABASE, kills - first), f"alerts_{uuid4().hex}"
        journals = home / f"{n}"
        journals.mkdir()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        dsn = make_conninfo(server, dbname=name)
        migrate(dsn)
        yield Campaign(dsn, journals, seed + n, mutant, 5 + some // 6).strike(some)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def main() -> None:
    parser = argparse.ArgumentParser(prog="make faults-alerts")
    parser.add_argument("--kills", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=None, help="drawn and printed if left out")
    parser.add_argument("--mutant", choices=sorted(SENDERS), default="", help="a sender with a guard taken out")
    parser.add_argument("--server", default=None, help="DSN of a server to work on; one of its own if left out")
    parser.add_argument("--json", action="store_true", help="what was done and seen, as JSON")
    asked = parser.parse_args()
    tally = Tally(Random().randrange(1_000_000) if asked.seed is None else asked.seed, asked.mutant)
    logging.configure("error")
    home = Path(tempfile.mkdtemp(prefix="kiennghi-alerts-"))
    home.chmod(0o711)  # started by root the server runs as another account, which must get in
    with nullcontext(asked.server) if asked.server else embedded_postgres(home / "postgres") as server:
        for part in campaign(server, home, kills=asked.kills, seed=tally.seed, mutant=asked.mutant):
            tally.add(part)
            if not asked.json:
                print(f"seed {part.seed}: {part.kills.total()} kills, {part.wrongs.total()} wrong", flush=True)
    print(json.dumps(vars(tally)) if asked.json else tally, flush=True)
    if tally.wrongs.total() and not asked.mutant:
        sys.exit(f"something is wrong; the journals are kept in {home}")
    shutil.rmtree(home)


if __name__ == "__main__":
    main()
