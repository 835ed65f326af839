"""The office and its views, opened for the time of one command."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from time import monotonic
from typing import Annotated, TypeVar

import typer
from pydantic import TypeAdapter, ValidationError

from domain.commands import Day
from projections.projection import Connection
from service.bootstrap import at_work, reachable_database, require_migrated, run_to_end
from service.cli.output import bar, say
from service.commands.office import Office
from service.config.settings import Settings, read_settings
from service.postgres.read_snapshot import one_moment
from service.projector.runner import Follower

PATIENCE = 600
"""Seconds for which a command waits while the views come after the log."""

_T = TypeVar("_T")
_day = TypeAdapter(Day)


def day(text: str) -> date:
    """As typed: 2026-07-06."""
    try:
        return _day.validate_strings(text, strict=True)
    except ValidationError:
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-07-06") from None


On = Annotated[
    date | None, typer.Option("--on", parser=day, metavar="DAY", help="Today in the authority's zone if left out.")
]
From = Annotated[date | None, typer.Option("--from", parser=day, metavar="DAY", help="First day, inclusive.")]
To = Annotated[date | None, typer.Option("--to", parser=day, metavar="DAY", help="Last day, inclusive.")]


def period(first: date | None, last: date | None) -> tuple[date, date]:
    if first is None or last is None:
        raise typer.BadParameter("a period has a first and a last day: --from DAY --to DAY")
    if last < first:
        raise typer.BadParameter(f"the period ends on {last}, before it begins on {first}")
    return first, last


def read(work: Callable[[Office, Connection], Awaitable[_T]], *, in_one_statement: bool = False) -> _T:
    """What the work reads from the views, brought up to the log and seen at one moment.

    One statement is of one moment by itself: it needs no transaction around it.
    """

    async def reading(dsn: str, settings: Settings) -> _T:
        async with at_work(dsn, settings) as (office, views):
            await caught_up(views)
            async with office.pool.connection() if in_one_statement else one_moment(office.pool) as connection:
                return await work(office, connection)

    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        return run_to_end(reading(dsn, settings))


async def caught_up(views: Follower) -> None:
    """Returns once the views have passed what is in the log now, or says why they have not."""
    waits_until = monotonic() + PATIENCE
    with bar("views") as moved:
        while not await views.caught_up(timeout=0.5):
            behind = {name: status for name, status in views.status().items() if status["lag"]}
            moved(min(status["position"] for status in views.status().values()), views.head)
            if all(status["broken"] for status in behind.values()) or monotonic() > waits_until:
                for name, status in behind.items():
                    reason = status["broken"] or "still reading"
                    say(f"the view {name} is {status['lag']} events behind the log ({reason})")
                return
            await asyncio.sleep(0)
