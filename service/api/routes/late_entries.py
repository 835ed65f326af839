"""Serves the acts that were recorded after their days, and the figures that count them."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from domain.commands import CalendarDay
from domain.reporting_periods import day_or_period
from domain.text import Code
from domain.vocabulary import UnitId
from projections.late_entries import (
    LateEntries,
    LateEntryCount,
    LateEntryCursor,
    LateEntryFigure,
    LateEntryFilter,
    LateEntryLine,
    count_late_entries,
    list_late_entries,
)
from service.api.cursors import decode_cursor, encode_cursor
from service.api.dependencies import ContextDep, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.queries import PageCursor, unusable_period_as_problem, view_connection
from service.api.query_parameters import AfterPosition, OnDay
from service.api.register_filters import UnitFilter
from service.api.schemas.petitions import ResponseModel

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)


class LateEntryList(ResponseModel):
    """One page of the acts that were recorded after their days. `total` counts all pages."""

    first: date | None
    last: date
    total: int
    entries: list[LateEntryLine]
    next: str | None = Field(description="opaque")


class LateEntryCounts(ResponseModel):
    """The figures by unit and officer who recorded the acts."""

    first: date | None
    last: date
    officers: list[LateEntryCount]


async def wanted_entries(
    context: ContextDep,
    unit: UnitFilter,
    officer: Annotated[Code | None, Query(description="who recorded the act")] = None,
    figure: Annotated[LateEntryFigure | None, Query(description="one of the two figures; both if left out")] = None,
    on: OnDay = None,
    first: Annotated[CalendarDay | None, Query(alias="from", description="first day of recording, with `to`")] = None,
    last: Annotated[CalendarDay | None, Query(alias="to", description="last day of recording")] = None,
) -> LateEntryFilter:
    """Return what is asked for: what was recorded in a period, or up to a day."""
    with unusable_period_as_problem():
        window = day_or_period(on, first, last)
    begins, ends = (None, on or context.office.today) if window is None else (window.first, window.last)
    return LateEntryFilter(
        first=begins, last=ends, unit=None if unit is None else UnitId(unit), officer=officer, figure=figure
    )


WantedEntries = Annotated[LateEntryFilter, Depends(wanted_entries)]


@router.get("/late-entries", operation_id="list_late_entries")
async def list_entries(
    context: ContextDep,
    wanted: WantedEntries,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: PageCursor = None,
    after: AfterPosition = None,
) -> LateEntryList:
    """List the acts that were entered more than one working day late, or are dated before a due date that had passed.

    The lines are in the order of the unit that recorded them and the day on which it did.
    """
    position = decode_cursor(cursor, LateEntryCursor)
    async with view_connection(context, LateEntries.name, after) as connection:
        page = await list_late_entries(connection, context.office.law.calendar, wanted, after=position, limit=limit)
    return LateEntryList(
        first=wanted.first, last=wanted.last, total=page.total, entries=page.items, next=encode_cursor(page.next)
    )


@router.get("/late-entries/figures", operation_id="count_late_entries")
async def count_entries(context: ContextDep, wanted: WantedEntries, after: AfterPosition = None) -> LateEntryCounts:
    """Count the acts that were entered late, by unit and officer who recorded them."""
    async with view_connection(context, LateEntries.name, after) as connection:
        counts = await count_late_entries(connection, context.office.law.calendar, wanted)
    return LateEntryCounts(first=wanted.first, last=wanted.last, officers=counts)
