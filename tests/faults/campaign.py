"""Kills the service and PostgreSQL under load, again and again, and counts what is wrong afterwards.

`make faults CYCLES=200 SEED=1` runs it. One server with fsync on lasts through all cycles; a new database is taken
every few of them, so that the whole log can be folded after each.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import psutil
import psycopg
from psycopg.conninfo import make_conninfo

from projections.views import VIEWS
from service.observability import logging
from service.postgres.embedded.server import embedded_postgres
from service.postgres.embedded.supervisor import postmaster
from service.postgres.migrate import migrate
from tests.faults.checker import Verdict, verdict, views_unlike_the_log
from tests.faults.services import Service
from tests.faults.workload_clients import Ledger, Writers
from tests.service.office_fixtures import open_office, open_units

CYCLES_OF_A_DATABASE = 20
SETTLED_WITHIN = 60.0
"""Seconds after the load in which the services serve again and the views have caught up."""


class Wrong(AssertionError):
    """A cycle that left something behind that may not be; says which cycle and what."""


@dataclass
class Tally:
    """What a campaign has done and seen."""

    seed: int
    cycles: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    wrongs: Counter[str] = field(default_factory=Counter)
    """Of all cycles together, by the verdict's own names."""
    started_again: int = 0
    """Services that PostgreSQL left while they started: they end, and whoever looks after them starts them again."""
    given_up_and_recorded: int = 0
    events: int = 0
    began_at: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        lines = [
            f"seed {self.seed}: {self.cycles} cycles in {time.monotonic() - self.began_at:.0f} s",
            *(f"  killed: {what}, {times} times" for what, times in sorted(self.kills.items())),
            f"  started again, as PostgreSQL was away while they started: {self.started_again} services",
            *(f"  commands answered or not: {what}, {times}" for what, times in sorted(self.answers.items())),
            f"  of those given up {self.given_up_and_recorded} were recorded",
            f"  {self.events} events recorded",
            *(f"  wrong: {wrong.replace('_', ' ')}, {times}" for wrong, times in self.wrongs.items()),
        ]
        return "\n".join(lines)


class Ground:
    """A database on the campaign's own server, and two services that work on it."""

    def __init__(self, dsn: str, home: Path, name: str) -> None:
        self.dsn = dsn
        self.home = home
        self.services = [Service(dsn, home / f"{name}-{n}.log") for n in range(2)]
        self.ledger = Ledger(home / f"{name}-promises.jsonl")
        self.started_again = 0

    @classmethod
    @contextmanager
    def prepared(cls, server: str, home: Path, name: str) -> Iterator["Ground"]:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        ground = cls(make_conninfo(server, dbname=name), home, name)
        migrate(ground.dsn)
        try:
            for service in ground.services:
                service.start()
            yield ground
        finally:
            for service in ground.services:
                service.kill()

    async def strike(self, what: str) -> None:
        """Kills, and starts the killed services again at once; PostgreSQL has its guardian for that."""
        services, _, server = what.partition(" + ")
        killed = {"one service": self.services[:1], "both services": self.services}.get(services, [])
        for service in killed:
            service.kill()
        match server or services:
            case "PostgreSQL":
                await self._kill_server(lambda pid: pid)
            case "one of PostgreSQL's processes":
                await self._kill_server(_a_child)
            case "the guardian and PostgreSQL":
                os.kill(self._guardian(), signal.SIGKILL)
                await self._kill_server(lambda pid: pid)
        for service in killed:
            service.start()
        self.services.reverse()

    async def _kill_server(self, chosen: Callable[[int], int]) -> None:
        while (server := postmaster(self.home / "postgres" / "cluster")) is None or not server.ready:
            await asyncio.sleep(0.01)  # the stroke before has not been recovered from
        with suppress(ProcessLookupError):
            os.kill(chosen(server.pid), signal.SIGKILL)

    def _guardian(self) -> int:
        server = postmaster(self.home / "postgres" / "cluster")
        for process in psutil.process_iter(["cmdline"]):
            line = process.info["cmdline"] or []
            if "-I" in line and str(self.home / "postgres") in line and (server is None or process.pid != server.pid):
                return process.pid
        raise Wrong("there is no guardian")

    async def settled(self) -> None:
        """Returns once both services answer and the views have passed the end of the log, by themselves."""
        async with asyncio.timeout(SETTLED_WITHIN):
            while not (await self.serving() and await asyncio.to_thread(self._caught_up)):
                await asyncio.sleep(0.02)

    async def serving(self) -> bool:
        """Whether both services take requests, whatever they then say."""
        for service in self.services:
            self.started_again += service.look_after()
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
                writer.write(b"GET /livez HTTP/1.1\r\nHost: kiennghi\r\nConnection: close\r\n\r\n")
                status = await reader.readline()
                writer.close()
            except ConnectionError:
                return False
            if b" 200 " not in status:
                return False
        return True

    def _caught_up(self) -> bool:
        try:
            with psycopg.connect(self.dsn) as connection:
                found = connection.execute(
                    "SELECT count(*) FROM kiennghi_views.positions, kiennghi.log_head AS head"
                    " WHERE positions.position = head.position"
                ).fetchone()
        except psycopg.Error:
            return False
        return found == (len(VIEWS),)


def _a_child(server: int) -> int:
    """Of the sessions; PostgreSQL then ends all of them and recovers."""
    for process in psutil.Process(server).children():
        with suppress(psutil.NoSuchProcess):
            if "kiennghi" in " ".join(process.cmdline()):
                return process.pid
    return server


STROKES = (
    "one service",
    "PostgreSQL",
    "both services",
    "one of PostgreSQL's processes",
    "one service + PostgreSQL",
    "the guardian and PostgreSQL",
)


def strokes(random: Random, cycles: int) -> list[str]:
    """Service and PostgreSQL in turn, each kind as often as the others."""
    rounds = -(-cycles // len(STROKES))
    chosen = [stroke for _ in range(rounds) for stroke in random.sample(STROKES, len(STROKES))]
    return chosen[:cycles]


async def campaign(server: str, home: Path, *, cycles: int, seed: int, say: Callable[[str], None]) -> Tally:
    """`server` is that of `home / "postgres"`, with fsync on. Raises Wrong after the first cycle that left a wrong."""
    random = Random(seed)
    tally = Tally(seed)
    todo = strokes(random, cycles)
    for first in range(0, cycles, CYCLES_OF_A_DATABASE):
        with Ground.prepared(server, home, f"faults_{first}") as ground:
            async with open_office(ground.dsn) as office:
                await open_units(office)
            setting_up = _commands(ground.dsn)
            await ground.settled()
            for cycle in range(first, min(first + CYCLES_OF_A_DATABASE, cycles)):
                await _cycle(ground, random, todo[cycle], f"{seed} {cycle}", tally)
                tally.wrongs.update(await _judged(ground, setting_up))
                if tally.wrongs.total():
                    raise Wrong(f"cycle {cycle} ({todo[cycle]}): {tally}, answers: {ground.ledger.wrong}")
                say(f"cycle {cycle + 1} of {cycles}: {todo[cycle]}; {len(ground.ledger.promised)} promises are kept")
            tally.answers += ground.ledger.answers
            tally.started_again += ground.started_again
            recorded = _commands(ground.dsn)
            tally.events += len(recorded)
            tally.given_up_and_recorded += len(recorded - setting_up - ground.ledger.promised.keys())
    return tally


async def _cycle(ground: Ground, random: Random, stroke: str, seed: str, tally: Tally) -> None:
    writers = Writers(ground.services, ground.ledger, seed)
    before = len(ground.ledger.promised)
    writers.start()
    while len(ground.ledger.promised) == before:
        await asyncio.sleep(0.001)
    await asyncio.sleep(random.uniform(0, 0.5))
    await ground.strike(stroke)
    tally.kills[stroke] += 1
    if random.random() < 0.25:  # while it is still recovering
        await asyncio.sleep(random.uniform(0, 0.5))
        await ground.strike(again := random.choice(STROKES[:4]))
        tally.kills[f"{again}, before it had recovered"] += 1
    async with asyncio.timeout(SETTLED_WITHIN):
        while not await ground.serving():
            await asyncio.sleep(0.02)
    await asyncio.sleep(random.uniform(0, 0.2))
    await writers.stop()
    tally.cycles += 1


async def _judged(ground: Ground, setting_up: set[UUID]) -> dict[str, int]:
    """How many there are of each wrong."""
    await ground.settled()
    ledger = ground.ledger
    found: Verdict = verdict(ground.dsn, list(ledger.promised.values()), setting_up | ledger.sent)
    async with open_office(ground.dsn) as office, office.pool.connection() as connection:
        log = await office.histories.page(0, 10_000_000)
        unlike = await views_unlike_the_log(connection, log)
    return {**asdict(found), "tables_of_views_unlike_the_log": len(unlike), "answers_unforeseen": len(ledger.wrong)}


def _commands(dsn: str) -> set[UUID]:
    with psycopg.connect(dsn) as connection:
        return {command for (command,) in connection.execute("SELECT command_id FROM kiennghi.commands").fetchall()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="drawn and printed if left out")
    asked = parser.parse_args()
    seed = Random().randrange(1_000_000) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    logging.configure("warning")
    home = Path(tempfile.mkdtemp(prefix="kiennghi-faults-"))
    home.chmod(0o711)  # started by root the server runs as another account, which must get in
    print(f"promises and logs, kept if something is wrong: {home}", flush=True)
    with embedded_postgres(home / "postgres") as server:
        try:
            tally = asyncio.run(
                campaign(server, home, cycles=asked.cycles, seed=seed, say=lambda line: print(line, flush=True))
            )
        except Wrong as wrong:
            sys.exit(str(wrong))
    shutil.rmtree(home)
    print(tally)


if __name__ == "__main__":
    main()
