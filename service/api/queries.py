"""Provides what queries of views need: the days to report on, the parameters of pages, and connections to read from."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

from fastapi import Depends, Query
from psycopg.errors import UndefinedTable

from domain.commands import CalendarDay
from domain.reporting_periods import REPORTING_PERIOD_NAMES, ReportingWindow, UnusablePeriod, require_period
from projections.alerts import Alerts
from projections.overdue import Overdue
from projections.projection import Connection
from service.api.dependencies import ApiContext
from service.api.problem_details import Problem, invalid_parameter
from service.postgres.read_snapshot import read_snapshot

FirstDay = Annotated[CalendarDay | None, Query(alias="from", description="first day")]
LastDay = Annotated[CalendarDay | None, Query(alias="to", description="last day")]
PeriodName = Annotated[
    str | None,
    Query(
        max_length=10,
        description=f"in place of two days, a reporting period of Thông tư 01/2024: {REPORTING_PERIOD_NAMES}",
    ),
]


@contextmanager
def unusable_period_as_problem() -> Iterator[None]:
    """Raise Problem invalid, which names the parameter, for an UnusablePeriod."""
    try:
        yield
    except UnusablePeriod as unusable:
        raise invalid_parameter(unusable.part, str(unusable), unusable) from None


async def report_window(first: FirstDay = None, last: LastDay = None, period: PeriodName = None) -> ReportingWindow:
    """Return the days to report on, both inclusive.

    Raise Problem invalid if they are missing or contradict each other.
    """
    with unusable_period_as_problem():
        return require_period(first, last, period)


ReportWindow = Annotated[ReportingWindow, Depends(report_window)]
PageCursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]
PageLimit = Annotated[int, Query(ge=1, le=1000)]


@contextmanager
def unbuilt_view_as_problem() -> Iterator[None]:
    """Raise Problem view-behind if a view has no tables yet, because it is being loaded for the first time."""
    try:
        yield
    except UndefinedTable:
        raise Problem("view-behind", "the view is being built and has nothing to show yet") from None


@asynccontextmanager
async def view_connection(context: ApiContext, view: str, after: int | None) -> AsyncIterator[Connection]:
    """Yield a connection for one statement, once `view` has passed the position `after`.

    One statement sees one snapshot by itself. Raise Problem view-behind if the view has not reached the position in
    time or has no tables yet.
    """
    await context.require_view_at(view, after)
    with unbuilt_view_as_problem():
        async with context.office.pool.connection() as connection:
            yield connection


@asynccontextmanager
async def view_snapshot(context: ApiContext) -> AsyncIterator[Connection]:
    """Yield a connection on which several statements see the same snapshot, so that their figures agree.

    Raise Problem view-behind while a view has no tables yet, or those of another log.
    """
    for view in context.runner.progress:
        await context.require_view_at(view, None)
    with unbuilt_view_as_problem():
        async with read_snapshot(context.office.pool) as connection:
            yield connection


@asynccontextmanager
async def current_view_snapshot(context: ApiContext) -> AsyncIterator[Connection]:
    """Yield a connection as `view_snapshot` does, once the views contain every event that is in the log now.

    Raise Problem view-behind if that takes too long. The connection takes a slot of the batch limit, because the
    request reads as much as a batch does.
    """
    async with context.batch_limit.slot():
        position = await context.office.histories.last_position()
        for view in (Overdue, Alerts):  # the watched dates of the second are those of duties too
            await context.require_view_at(view.name, position)
        async with view_snapshot(context) as connection:
            yield connection
