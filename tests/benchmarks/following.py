"""Views that catch up, that are built anew, and that follow commands as they come."""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import psutil
from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from domain.commands import ReceivePetition
from domain.vocabulary import Channel
from projections.projection import Projection
from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from service.event_store.log_rows import SELECT_LOG_ROWS
from service.postgres.pools import async_pool
from service.projector.rebuild import rebuild_views
from service.projector.runner import ProjectionRunner
from service.projector.shared_fold import EVENTS_A_PAGE
from tests.benchmarks.dataset import SUMMARY, tell
from tests.benchmarks.environment import DIGEST, OFFICER, VAULT_KEY, Ground
from tests.benchmarks.results import Figure, Outcome, Series, first_of_each, in_turn, latencies

PETITIONS = 36_000
"""About 100,000 events; `--petitions 360000` makes it a million, from which the first view alone is built."""

PAGED = 3_000
"""Petitions that the views follow page by page."""

A_SECOND, SECONDS = 1_000, 5
"""Commands, while views follow."""

READING = "SELECT of the same pages, not decoded"
MEMORY = "the process before"
Contender = Callable[[], Awaitable[Sequence[float]]]


async def measure(ground: Ground) -> list[Outcome]:
    if ground.petitions > PETITIONS:
        return await _built(ground, ground.petitions, VIEWS[:1])
    return [*await _built(ground, PETITIONS, VIEWS), *await _paged(ground), *await _visible(ground)]


async def _built(ground: Ground, petitions: int, views: Sequence[type[Projection]]) -> list[Outcome]:
    """All views from nothing, and each view anew, in a process of its own so that its memory is known."""
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        events = await tell(dsn, petitions, office.today)
        pool = await stack.enter_async_context(async_pool(dsn, min_size=1, max_size=1))

        async def caught_up() -> Sequence[float]:
            await _forget_views(office.pool)
            ground.settle()
            began = time.perf_counter()
            async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
                assert await follower.wait_until_current()
            return [events / (time.perf_counter() - began)]

        async def rebuilt(view: type[Projection]) -> Sequence[float]:
            ground.settle()
            return await asyncio.to_thread(_rebuilt_apart, dsn, ground, view, events)

        async def read() -> Sequence[float]:
            return [events / await _seconds_to_read(pool, events)]

        contenders: list[Contender] = [read, *(partial(rebuilt, view) for view in views)]
        if views == VIEWS:
            contenders.append(caught_up)
        reading, *measured = await in_turn(ground.rounds(2), *contenders)
    rebuilding, catching_up = measured[: len(views)], measured[len(views) :]
    baseline, size = first_of_each(reading), f"{events:,} events"
    outcomes: list[Outcome] = [
        Figure(f"all views from nothing, {size}", "events/s", first_of_each(rounds), READING, baseline, 40_000)
        for rounds in catching_up
    ]
    for view, rounds in zip(views, rebuilding, strict=True):
        rate, peak, before = (Series(tuple(values)) for values in zip(*rounds, strict=True))
        outcomes += [
            Figure(f"rebuilding {view.name}, {size}", "events/s", rate, READING, baseline, 200_000),
            Figure(f"rebuilding {view.name}, {size}, peak memory", "MB", peak, MEMORY, before, 500),
        ]
    return outcomes


def _rebuilt_apart(dsn: str, ground: Ground, view: type[Projection], events: int) -> Sequence[float]:
    context = multiprocessing.get_context("spawn")
    told: Any = context.SimpleQueue()
    process = context.Process(target=_rebuild, args=(dsn, ground.settings, view, events, told))
    process.start()
    peak = 0.0
    while process.is_alive():
        peak = max(peak, _megabytes(process.pid))
        time.sleep(0.05)
    process.join()
    assert process.exitcode == 0
    rate, before = told.get()
    return [rate, peak, before]


def _megabytes(pid: int | None) -> float:
    """Of a process and those it has started, what they share counted once for each."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(one.memory_info().rss for one in family if not one.name().startswith("postgres")) / 2**20
    except psutil.NoSuchProcess:
        return 0.0


def _rebuild(dsn: str, settings: Any, view: type[Projection], events: int, told: Any) -> None:
    async def build() -> tuple[float, float]:
        async with ApplicationService.open(dsn, settings, vault_key=VAULT_KEY) as office:
            await office.histories.last_position()
            before, began = _megabytes(None), time.perf_counter()
            assert await rebuild_views(office.pool, office.histories, office.vault, view()) == events
            return events / (time.perf_counter() - began), before

    told.put(asyncio.run(build()))


async def _paged(ground: Ground) -> list[Outcome]:
    """The views were there, and the log has grown while nobody followed."""

    async def caught_up() -> Sequence[float]:
        with ground.database() as dsn:
            async with ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY) as office:
                async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
                    assert await follower.wait_until_current()
                events = await tell(dsn, PAGED, office.today)
                ground.settle()
                began = time.perf_counter()
                async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
                    assert await follower.wait_until_current()
                seconds = time.perf_counter() - began
                return [events / seconds, events / await _seconds_to_read(office.pool, events)]

    (rounds,) = await in_turn(ground.rounds(2), caught_up)
    rate, reading = (Series(tuple(values)) for values in zip(*rounds, strict=True))
    return [Figure("catching up page by page, all views", "events/s", rate, READING, reading)]


async def _visible(ground: Ground) -> list[Outcome]:
    """From the commit of a command until every view shows it, at a steady rate; what is left out is their own time."""
    receipt = ReceivePetition(occurred_on=date(2026, 7, 6), channel=Channel.POST, summary=SUMMARY)
    rounds: list[list[float]] = []
    plain: list[list[float]] = []
    for _ in range(ground.rounds(2)):
        with ground.database() as dsn:
            committed: asyncio.Queue[tuple[int, float]] = asyncio.Queue()
            async with (
                ApplicationService.open(
                    dsn,
                    ground.settings,
                    vault_key=VAULT_KEY,
                    on_committed=lambda position, committed=committed: committed.put_nowait(  # type: ignore[misc]
                        (position, time.perf_counter())
                    ),
                ) as office,
                ProjectionRunner.open(office.pool, office.histories, office.vault) as follower,
            ):
                assert await follower.wait_until_current()
                rounds.append(await _seen(office, follower, receipt, committed))
    for _ in range(ground.rounds(2)):
        with ground.database() as dsn:
            async with ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY) as office:
                plain.append(await _taken(office, receipt))
    name = f"commit to visible in all views, {A_SECOND:,} commands/s"
    return latencies(name, rounds, "the command itself, no view following", plain, p50=3.0, p99=15.0)


async def _seen(
    office: ApplicationService,
    follower: ProjectionRunner,
    receipt: ReceivePetition,
    committed: "asyncio.Queue[tuple[int, float]]",
) -> list[float]:
    seen: list[float] = []

    async def watch(position: int, at: float) -> None:
        for progress in follower.progress.values():
            await progress.wait_until_passed(position)
        seen.append((time.perf_counter() - at) * 1000)

    async def notice() -> None:
        async with asyncio.TaskGroup() as watching:
            while len(seen) < 10 * A_SECOND * SECONDS:
                position, at = await committed.get()
                follower.notice_append(position)
                watching.create_task(watch(position, at))

    noticing = asyncio.create_task(notice())
    await _taken(office, receipt)
    assert await follower.wait_until_current()
    noticing.cancel()
    await asyncio.gather(noticing, return_exceptions=True)
    return seen


async def _taken(office: ApplicationService, receipt: ReceivePetition) -> list[float]:
    """Milliseconds that each command took; they come at their rate, however long the ones before take."""
    taken: list[float] = []

    async def perform() -> None:
        began = time.perf_counter()
        await office.petitions.perform(CommandRequest(receipt, command_id=uuid4(), digest=DIGEST), OFFICER)
        taken.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as performing:
        for n in range(A_SECOND * SECONDS):
            await asyncio.sleep(began + n / A_SECOND - time.perf_counter())
            performing.create_task(perform())
    return taken


async def _forget_views(pool: AsyncConnectionPool) -> None:
    """As if the log had never been looked at."""
    async with pool.connection() as connection, connection.transaction():
        cursor = await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'kiennghi_views'")
        for (table,) in await cursor.fetchall():
            await connection.execute(sql.SQL("DROP TABLE kiennghi_views.{}").format(sql.Identifier(table)))


_PAGE = f"{SELECT_LOG_ROWS} WHERE log.position > %s ORDER BY log.position LIMIT %s"


async def _seconds_to_read(pool: AsyncConnectionPool, events: int) -> float:
    began = time.perf_counter()
    async with pool.connection() as connection:
        for after in range(0, events, EVENTS_A_PAGE):
            cursor: Any = await connection.execute(
                _PAGE,
                [after, EVENTS_A_PAGE],
                binary=True,
            )
            assert await cursor.fetchall()
    return time.perf_counter() - began
