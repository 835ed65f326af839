"""What questions of views have in common: two days or a reporting period, the cursors of pages, the reading."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from psycopg.errors import UndefinedTable

from domain.commands import Day
from domain.errors import Refused
from domain.reporting_periods import NAMES, Window, named
from projections.overdue import Overdue
from projections.projection import Connection
from service.api.dependencies import Desk
from service.api.problem_details import Problem
from service.postgres.read_snapshot import one_moment

First = Annotated[Day | None, Query(alias="from", description="first day")]
Last = Annotated[Day | None, Query(alias="to", description="last day")]
Period = Annotated[
    str | None,
    Query(max_length=10, description=f"in place of two days, a reporting period of Thông tư 01/2024: {NAMES}"),
]


async def window(first: First = None, last: Last = None, period: Period = None) -> Window:
    """Both days inclusive; Problem invalid for a question without them."""
    if period is not None:
        if first is not None or last is not None:
            raise wrong("period", "ask for two days or for a reporting period, not for both")
        try:
            return named(period)
        except Refused as no:
            raise wrong("period", str(no)) from None
    if first is None:
        raise wrong("from", "the first day is missing")
    if last is None:
        raise wrong("to", "the last day is missing")
    if last < first:
        raise wrong("to", "the period ends before it begins")
    return Window(first, last)


Asked = Annotated[Window, Depends(window)]
Cursor = Annotated[str | None, Query(max_length=200, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=1000)]


def wrong(parameter: str, detail: str) -> Problem:
    return Problem("invalid", "see errors", errors=[{"parameter": parameter, "detail": detail}])


def closed(day: date, *ids: UUID, nth: int = 0) -> str:
    """The cursor of a page whose last line has this day and these ids."""
    raw = day.toordinal().to_bytes(4) + nth.to_bytes(4) + b"".join(one.bytes for one in ids)
    return urlsafe_b64encode(raw).decode().rstrip("=")


def opened(text: str, ids: int) -> tuple[date, int, list[UUID]]:
    """Problem invalid for what `closed` has not made."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if len(raw) != 8 + 16 * ids:
            raise ValueError
        found = [UUID(bytes=raw[at : at + 16]) for at in range(8, len(raw), 16)]
        return date.fromordinal(int.from_bytes(raw[:4])), int.from_bytes(raw[4:8]), found
    except (ValueError, OverflowError, binascii.Error):
        raise wrong("cursor", "this is not the cursor of a page") from None


@contextmanager
def being_built() -> Iterator[None]:
    """Problem view-behind for a view without tables: it is loaded from a long log for the first time."""
    try:
        yield
    except UndefinedTable:
        raise Problem("view-behind", "the view is being built and has nothing to show yet") from None


@asynccontextmanager
async def reading_view(desk: Desk, view: str, after: int | None) -> AsyncIterator[Connection]:
    """For one statement, which is of one moment by itself.

    Problem view-behind while the view has not come so far, or has no tables yet.
    """
    await desk.caught_up(view, after)
    with being_built():
        async with desk.office.pool.connection() as connection:
            yield connection


@asynccontextmanager
async def views_at_one_moment(desk: Desk) -> AsyncIterator[Connection]:
    """For several statements, so that figures agree. Problem view-behind while the view has no tables yet."""
    with being_built():
        async with one_moment(desk.office.pool) as connection:
            yield connection


@asynccontextmanager
async def fresh_views(desk: Desk) -> AsyncIterator[Connection]:
    """At one moment, with all that is in the log by now; Problem view-behind when that takes too long.

    In one of the places of piles: it reads as much as they do.
    """
    async with desk.piles.place():
        await desk.caught_up(Overdue.name, await desk.office.histories.last_position())
        async with views_at_one_moment(desk) as connection:
            yield connection
