"""What a petition costs on the disk: the log, each view and all of them, with their indexes."""

import asyncio
from contextlib import AsyncExitStack

import psycopg

from domain.vocabulary import PetitionId
from projections.projection import Projection
from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.projector.runner import ProjectionRunner
from tests.benchmarks.commands import life, open_units, perform
from tests.benchmarks.environment import VAULT_KEY, Ground
from tests.benchmarks.results import Figure, Outcome, Series

PETITIONS = 4_000
AT_ONCE = 32
MOST_PLAIN, MOST_SEALED = 3_600, 3_850
"""Bytes of a petition of four steps, with plain and with sealed texts.

A Django service with a history row a step took 3,340 (see the page).
"""

WRITTEN = "the facts' own text"
_SIZES = """
    SELECT sum(pg_total_relation_size(c.oid))::float8
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname = ANY(%s)
"""


async def measure(ground: Ground) -> list[Outcome]:
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(ground.database())
        empty_log, empty_views, _ = _bytes(dsn)
        office = await stack.enter_async_context(ApplicationService.open(dsn, ground.settings, vault_key=VAULT_KEY))
        await open_units(office)
        follower = await stack.enter_async_context(ProjectionRunner.open(office.pool, office.histories, office.vault))
        await asyncio.gather(*(_live(office, PETITIONS // AT_ONCE) for _ in range(AT_ONCE)))
        assert await follower.wait_until_current()
        events = await office.histories.last_position()
        log, views, text = _bytes(dsn)
        by_view = {view.name: _bytes_of_view(dsn, view) for view in VIEWS}
    most = MOST_SEALED if ground.settings.seal_texts else MOST_PLAIN
    of_log, of_views = log - empty_log, views - empty_views
    return [
        Figure(f"{name} of {what}", "bytes", Series((size / amount,)), WRITTEN, Series((text / amount,)), target)
        for name, size, what, amount, target in (
            ("log and views", of_log + of_views, "a petition of four events", PETITIONS, most),
            ("log alone", of_log, "a petition of four events", PETITIONS, None),
            ("views alone", of_views, "a petition of four events", PETITIONS, None),
            ("log alone", of_log, "an event", events, None),
            *((f"view {name}", size, "a petition of four events", PETITIONS, None) for name, size in by_view.items()),
        )
    ]


async def _live(office: ApplicationService, petitions: int) -> None:
    for _ in range(petitions):
        petition_id: PetitionId | None = None
        for command in life(office.today):
            petition_id = PetitionId((await perform(office, command, petition_id)).petition_id)


def _bytes_of_view(dsn: str, view: type[Projection]) -> float:
    names = [f"kiennghi_views.{table.name}" for table in view.tables]
    with psycopg.connect(dsn) as connection:
        query = "SELECT sum(pg_total_relation_size(to_regclass(name)))::float8 FROM unnest(%s::text[]) AS t (name)"
        row = connection.execute(query, [names]).fetchone()
    return 0.0 if row is None else float(row[0])


def _bytes(dsn: str) -> tuple[float, float, float]:
    """Of the log with all that belongs to it, of the views, and of the facts as they were written."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        log, views = (
            (connection.execute(_SIZES, [schemas]).fetchone() or (0.0,))[0] or 0.0
            for schemas in (["kiennghi", "kiennghi_vault"], ["kiennghi_views", "kiennghi_rebuild"])
        )
        written = connection.execute("SELECT coalesce(sum(octet_length(state)), 0)::float8 FROM kiennghi.log")
        return log, views, (written.fetchone() or (0.0,))[0]
