"""What it costs to take the log into its tree, to sign, verify and prove it, and what that takes from the writers."""

import asyncio
import time
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, date
from hashlib import sha256
from random import Random

import psycopg

from service.commands.office import ApplicationService
from service.projector.runner import ProjectionRunner
from service.transparency.log_sealer import LogSealer
from service.transparency.log_verification import verify_log
from service.transparency.proofs import prove_inclusion, prove_stream
from service.transparency.signing import SigningKey
from service.transparency.unsealed_leaves import STREAMS_IN_MEMORY
from service.transparency.worker import SEALING_THREAD, sealing_at_work
from tests.benchmarks import commands
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.processor import process_seconds, server_seconds, thread_seconds
from tests.benchmarks.results import Figure, Outcome, Series, at_percent, first_of_each, in_turn

KEY = SigningKey.make("bench.example/kiennghi")
HISTORY = 4
"""Events of each history of the made log."""

EVENTS = HISTORY * STREAMS_IN_MEMORY * 2
"""So many that a history's last leaf was always forgotten when its next event comes: the costliest order."""

WRITERS = 64
TURNS = 3
"""Turns of two seconds in a round, so that the start of a sealer weighs little."""

PROOFS = 200
_FILL = """
    INSERT INTO kiennghi.log (position, recorded_at, stream, version, category, topic, officer, command_id,
                              request_digest, context, state)
    SELECT n, now() + n * interval '1 microsecond', md5('s' || (n - 1) %% (%(events)s / %(each)s))::uuid,
           (n - 1) / (%(events)s / %(each)s) + 1, t.category, t.number, 1, md5('c' || n)::uuid,
           sha256(n::text::bytea), '{"door": "http"}', convert_to(repeat(md5(n::text), 9), 'UTF8')
    FROM generate_series(1, %(events)s) AS n,
         (SELECT number, category FROM kiennghi.topics WHERE topic = 'PetitionReceived') AS t
"""


def fill_log(dsn: str, events: int) -> None:
    """Write a log of that many events, of some 300 bytes each, by SQL alone."""
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("INSERT INTO kiennghi.officers VALUES (1, 'cv-7', 'so-xd', 'Chuyên viên')")
        owner.execute(_FILL, {"events": events, "each": HISTORY})
        owner.execute(
            "UPDATE kiennghi.log_head SET position = l.position, recorded_at = l.recorded_at"
            " FROM kiennghi.log AS l WHERE l.position = %s",
            [events],
        )
        owner.execute("VACUUM ANALYZE kiennghi.log")


async def measure(ground: Ground) -> list[Outcome]:
    return [*await _measure_log(ground), *await _measure_writers(ground)]


async def _measure_log(ground: Ground) -> list[Outcome]:
    events = round(EVENTS * min(ground.scale, 2.5))
    row = bytes(500)
    hashing = Series((_processor(lambda: [sha256(row).digest() for _ in range(50_000)]) / 50_000 * 1e6,))
    alone = "SHA-256 of 500 bytes"
    with ground.database() as dsn:
        fill_log(dsn, events)
        sealer = await LogSealer.connect(dsn, KEY)

        async def seal() -> None:
            while (await sealer.seal_batch()).is_full:
                pass

        sealing = await _spent(seal)
        listing = await _spent(lambda: sealer.seal_heads(date(2026, 1, 1)))
        await sealer.sign()
        await sealer.close()
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:

            async def verify() -> None:
                found = await verify_log(connection, [KEY.public])
                if found.discrepancies or found.proven != events:
                    raise RuntimeError(f"the log is not verified: {found}")

            async def prove_events() -> None:
                chance = Random(18)
                for _ in range(PROOFS):
                    await prove_inclusion(connection, chance.randint(1, events))

            async def prove_history() -> None:
                async with connection.transaction():
                    cursor = await connection.execute("SELECT stream FROM kiennghi.log WHERE position = 1")
                    ((stream,),) = await cursor.fetchall()
                    await prove_stream(connection, stream)

            verifying, proving, dossier = await _spent(verify), await _spent(prove_events), await _spent(prove_history)
    an_event = f"of {events:,} events"

    def figure(name: str, seconds: float, target: float | None = None) -> Figure:
        return Figure(f"{name}, {an_event}", "µs", Series((seconds / events * 1e6,)), alone, hashing, target)

    def in_milliseconds(name: str, seconds: float, target: float | None = None) -> Figure:
        return Figure(
            f"{name}, {an_event}", "ms", Series((seconds * 1e3,)), f"a thousand times {alone}", hashing, target
        )

    return [
        figure("processor to seal an event, its history not in memory", sealing[0], 15),
        figure("processor to list the last events, an event", listing[0]),
        figure("processor to verify an event", verifying[0], 30),
        figure("time to verify an event", verifying[1], 60),
        in_milliseconds("processor to prove an event", proving[0] / PROOFS, 5),
        in_milliseconds("time to prove an event", proving[1] / PROOFS, 5),
        in_milliseconds("processor to prove a history and its end", dossier[0]),
        in_milliseconds("time to prove a history and its end", dossier[1]),
    ]


async def _measure_writers(ground: Ground) -> list[Outcome]:
    committed: list[tuple[int, float]] = []
    waited: list[float] = []
    with ground.database() as dsn:
        async with (
            ApplicationService.open(
                dsn,
                ground.settings,
                vault_key=VAULT_KEY,
                on_committed=lambda position: committed.append((position, time.perf_counter())),
            ) as office,
            ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
        ):
            await commands.open_units(office)
            async with office.pool.connection() as connection:
                backend = connection.info.backend_pid

            def on_signed(note: str) -> None:
                now, position = time.perf_counter(), int(note.split("\nposition ")[1].split("\n")[0])
                reached = bisect_left(committed, position + 1, key=lambda one: one[0])
                waited.extend((now - at) * 1e3 for _, at in committed[:reached])
                del committed[:reached]

            async def write(*, sealed: bool) -> Sequence[float]:
                committed.clear()
                ground.settle()
                sealing = 0.0, 0.0
                async with sealing_at_work(dsn, KEY, [], None, UTC, signed=on_signed) if sealed else nullcontext():
                    began = time.process_time(), server_seconds(backend)
                    turns = [await commands.commands_per_second(office, WRITERS) for _ in range(TURNS)]
                    while sealed and committed:
                        await asyncio.sleep(0.01)
                    if sealed:
                        sealing = thread_seconds(SEALING_THREAD), await _sealers_server(dsn)
                await views.wait_until_current(60)
                spent = (time.process_time() - began[0], server_seconds(backend) - began[1])
                done = sum(number for _, number in turns)
                rate = sum(rate for rate, _ in turns) / TURNS
                return [rate, *(seconds / done * 1e6 for seconds in (*sealing, *spent))]

            async def catch_up_and_write() -> Sequence[float]:
                sealer = await LogSealer.connect(dsn, KEY)
                while (await sealer.seal_batch()).is_full:
                    pass
                await sealer.close()
                return await write(sealed=True)

            sealed, plain = await in_turn(ground.rounds(4), catch_up_and_write, lambda: write(sealed=False))
    latencies = [Series((at_percent(waited, percent),)) for percent in (99, 50)]
    return [
        Figure(
            f"commands, {WRITERS} at once, all views following, sealed in the same process",
            "commands/s",
            first_of_each(sealed),
            "without sealing",
            first_of_each(plain),
            target_ratio=0.97,
        ),
        Figure(
            "processor of the sealing thread a command, meanwhile",
            "µs",
            commands.nth_of_each(sealed, 1),
            "that of all of Python a command",
            commands.nth_of_each(plain, 3),
            target_ratio=0.03,
        ),
        Figure(
            "processor of the sealer's backend a command",
            "µs",
            commands.nth_of_each(sealed, 2),
            "that of all of PostgreSQL a command",
            commands.nth_of_each(plain, 4),
            target_ratio=0.03,
        ),
        Figure("from a commit to its signed checkpoint, p99", "ms", latencies[0], "the median", latencies[1], 2_000),
    ]


async def _sealers_server(dsn: str) -> float:
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        cursor = await connection.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE application_name = 'kiennghi sealer' AND datname = current_database()"
        )
        return sum([process_seconds(pid) for (pid,) in await cursor.fetchall()])


def _processor(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


async def _spent(work: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return the seconds of this process's processor, and of time, that the work took."""
    processor, began = time.process_time(), time.perf_counter()
    await work()
    return time.process_time() - processor, time.perf_counter() - began
