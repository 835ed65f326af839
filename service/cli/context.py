"""Opens the service and its views for the time of one command, and reads days and periods as they are typed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date
from time import monotonic
from typing import Annotated, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError

from domain.commands import CalendarDay
from domain.labels import LANGUAGES
from domain.reporting_periods import UnusablePeriod
from projections.projection import Connection
from service.bootstrap import reachable_database, require_migrated, run_coroutine, running_office
from service.cli.output import bar, say
from service.commands.office import ApplicationService
from service.config.settings import Settings, read_settings
from service.postgres.read_snapshot import read_snapshot
from service.projector.runner import ProjectionRunner
from service.security.keys import load_or_create_keys

VIEWS_CURRENT_WITHIN = 600
"""Seconds for which a command waits until the views have passed the end of the log."""

_T = TypeVar("_T")
_day = TypeAdapter(CalendarDay)


def parse_day(text: str) -> date:
    """Return the day that was typed, such as 2026-07-06; BadParameter for anything else."""
    try:
        return _day.validate_strings(text, strict=True)
    except ValidationError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-07-06") from None


On = Annotated[
    date | None,
    typer.Option("--on", parser=parse_day, metavar="DAY", help="Today in the authority's zone if left out."),
]
From = Annotated[date | None, typer.Option("--from", parser=parse_day, metavar="DAY", help="First day, inclusive.")]
To = Annotated[date | None, typer.Option("--to", parser=parse_day, metavar="DAY", help="Last day, inclusive.")]


@contextmanager
def unusable_period_as_usage_error() -> Iterator[None]:
    """Raise BadParameter, which names the option, for an UnusablePeriod."""
    try:
        yield
    except UnusablePeriod as unusable:
        told = " / ".join(unusable.sentence(language) for language in LANGUAGES)
        raise typer.BadParameter(told, param_hint=f"--{unusable.part}") from None


def read_from_views(
    work: Callable[[ApplicationService, Connection], Awaitable[_T]], *, in_one_statement: bool = False
) -> _T:
    """Return what `work` reads from the views, once they have passed the end of the log, in one snapshot.

    With `in_one_statement` no transaction is opened: one statement sees one snapshot by itself.
    """

    async def reading(dsn: str, settings: Settings) -> _T:
        async with running_office(dsn, settings, vault_key=load_or_create_keys(settings).vault) as (office, views):
            await wait_for_views(views)
            async with office.pool.connection() if in_one_statement else read_snapshot(office.pool) as connection:
                return await work(office, connection)

    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        return run_coroutine(reading(dsn, settings))


async def wait_for_views(views: ProjectionRunner) -> None:
    """Wait until the views have passed what is in the log now, or say on stderr which have not, and why.

    Raise LogRolledBack if the log is not the one that was seen.
    """
    waits_until = monotonic() + VIEWS_CURRENT_WITHIN
    with bar("views") as moved:
        views.continuity.require()
        while not await views.wait_until_current(timeout=0.5):
            # A view without tables is behind an empty log too, although no event is missing from it.
            behind = {
                name: status for name, status in views.status().items() if views.progress[name].position < views.head
            }
            moved(min(status["position"] for status in views.status().values()), views.head)
            if all(status["broken"] for status in behind.values()) or monotonic() > waits_until:
                views.continuity.require()
                for name, status in behind.items():
                    reason = status["broken"] or "still reading"
                    say(f"the view {name} is {status['lag']} events behind the log ({reason})")
                return
            await asyncio.sleep(0)
