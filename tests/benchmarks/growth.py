"""Whether page and table stay as quick when the log grows: the same questions over ten and a hundred times as much.

The last size is `--petitions`; a million takes a quarter of an hour and 4 GB of disk.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack

from projections.overdue import Overdue
from projections.unit_workload import UnitWorkload
from service.commands.office import ApplicationService
from service.postgres.pools import async_pool
from service.projector.rebuild import rebuild_views
from tests.benchmarks.dataset import tell
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.results import Figure, Outcome, Series, at_percent, milliseconds
from tests.benchmarks.views import CALLS, questions

SMALLEST = 10_000
MOST = 1.3
"""Times what it took over the smallest log."""

Taken = dict[str, list[Sequence[float]]]


async def measure(ground: Ground) -> list[Outcome]:
    sizes = [SMALLEST * 10**n for n in range(3) if SMALLEST * 10**n <= ground.petitions]
    first, *larger = [(size, await _asked(ground, size)) for size in sizes]
    return [
        Figure(
            f"{question}, {size:,} petitions, p{percent}",
            "ms",
            _at(rounds, percent),
            f"the same, {first[0]:,} petitions",
            _at(first[1][question], percent),
            MOST * _at(first[1][question], percent).value,
        )
        for size, taken in larger
        for question, rounds in taken.items()
        for percent in (50, 99)
    ]


async def _asked(ground: Ground, petitions: int) -> Taken:
    """The rounds of every question over so many petitions."""
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        await tell(dsn, petitions, office.today)
        await rebuild_views(
            office.pool, office.histories, office.vault, Overdue(), UnitWorkload()
        )  # those that are asked
        pool = await stack.enter_async_context(async_pool(dsn, min_size=1, max_size=1))
        connection = await stack.enter_async_context(pool.connection())
        await connection.execute("SET search_path = kiennghi_views")
        await connection.execute("VACUUM (ANALYZE)")  # as autovacuum has it after a while
        ground.settle()
        return {
            name: [await milliseconds(once, CALLS) for _ in range(ground.rounds(3))]
            for name, once in questions(connection, office.texts, office.today).items()
        }


def _at(rounds: Sequence[Sequence[float]], percent: float) -> Series:
    return Series(tuple(at_percent(taken, percent) for taken in rounds))
