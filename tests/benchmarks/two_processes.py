"""Commands a second by two processes on one database, against one with as many writers; the log is checked after.

`python -m tests.benchmarks.two_processes DSN WRITERS` is one such process: it says when it is ready, begins when it is
told to, and prints how many commands were acknowledged to it.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence

import psycopg

from service.bootstrap import run_coroutine
from service.commands.office import ApplicationService
from service.config.settings import Settings
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.results import Figure, Outcome, first_of_each, in_turn

WRITERS = 64
SECONDS = 2
ROUNDS = 3


async def measure(ground: Ground) -> Outcome:
    from tests.benchmarks import commands  # which measures this, too

    with ground.database() as dsn:
        acknowledged = 0
        async with ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY) as office:
            await commands.open_units(office)

        async def by(processes: int) -> Sequence[float]:
            nonlocal acknowledged
            ground.settle()
            done = await asyncio.to_thread(_work, dsn, processes)
            acknowledged += sum(done)
            return [sum(done) / SECONDS]

        two, one = await in_turn(ground.rounds(ROUNDS), lambda: by(2), lambda: by(1))
        check(dsn, acknowledged)
    return Figure(
        f"commands, two processes of {WRITERS // 2} writers",
        "commands/s",
        first_of_each(two),
        f"one process of {WRITERS}",
        first_of_each(one),
    )


def check(dsn: str, acknowledged: int) -> None:
    """RuntimeError unless all that was acknowledged is in the log, without a hole and in the order of time."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT count(*), max(position), (SELECT position FROM kiennghi.log_head),"
            " (SELECT count(*) FROM kiennghi.log WHERE request_digest IS NOT NULL),"
            " (SELECT count(*) FROM (SELECT recorded_at < lag(recorded_at) OVER (ORDER BY position) AS earlier"
            "                        FROM kiennghi.log) AS l WHERE l.earlier),"
            " (SELECT count(*) FROM (SELECT stream FROM kiennghi.log GROUP BY stream"
            "                        HAVING count(*) <> max(version)) AS h)"
            " FROM kiennghi.log"
        ).fetchone()
    if found is None or len(set(found[:4])) != 1 or found[3] < acknowledged or any(found[4:]):
        raise RuntimeError(f"the log is not whole after {acknowledged} commands were acknowledged: {found}")


def _work(dsn: str, processes: int) -> list[int]:
    """What each of them was acknowledged; all begin at the same time, as far as pipes allow."""
    asked = [sys.executable, "-m", "tests.benchmarks.two_processes", dsn, str(WRITERS // processes)]
    started = [
        subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    try:
        pipes = [(process.stdin, process.stdout) for process in started if process.stdin and process.stdout]
        for _, answers in pipes:
            if answers.readline() != "ready\n":
                raise RuntimeError("a writing process did not begin")
        for orders, _ in pipes:
            orders.write("go\n")
            orders.flush()
        return [int(process.communicate(timeout=60)[0]) for process in started]
    finally:
        for process in started:
            process.kill()
            process.wait()


async def _write(dsn: str, writers: int) -> int:
    from tests.benchmarks import commands  # which measures this, too

    async with ApplicationService.open(dsn, Settings(), vault_key=VAULT_KEY) as office:
        await office.queries.units()
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        until = time.perf_counter() + SECONDS
        return sum(await asyncio.gather(*(commands.write(office, until) for _ in range(writers))))


if __name__ == "__main__":
    print(run_coroutine(_write(sys.argv[1], int(sys.argv[2]))))
