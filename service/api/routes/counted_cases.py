"""Serves the lists behind the figures of the table of units."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field

from domain.commands import CalendarDay
from domain.reporting_periods import day_or_period
from domain.text import Code
from domain.vocabulary import PetitionKind
from projections import counted_cases
from projections.counted_cases import FIGURES_WITH_LIST, CountedCase, CountedCursor
from projections.labels.events import PROTECTED_TEXT
from projections.unit_workload import UnitWorkload
from service.api.cursors import decode_cursor, encode_cursor
from service.api.dependencies import ContextDep, OfficerCredentials, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.queries import PageCursor, unusable_period_as_problem, view_connection
from service.api.query_parameters import AfterPosition, OnDay
from service.api.register_filters import UnitFilter
from service.api.schemas.petitions import ResponseModel
from service.security.visibility import may_read_protected

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)


def _with_list(figure: str) -> str:
    if figure not in FIGURES_WITH_LIST:
        raise ValueError(f"no figure with a list; there are: {', '.join(FIGURES_WITH_LIST)}")
    return figure


CountedFigure = Annotated[str, AfterValidator(_with_list), Field(json_schema_extra={"enum": list(FIGURES_WITH_LIST)})]
"""A figure that has a list."""


class CountedCases(ResponseModel):
    """One page of the petitions that a figure counts. `total` is the figure: it counts all pages."""

    figure: str
    first: date | None
    last: date
    total: int
    cases: list[CountedCase]
    next: str | None = Field(description="opaque")


@router.get("/cases", operation_id="list_counted_cases")
async def list_counted_cases(
    credentials: OfficerCredentials,
    context: ContextDep,
    figure: Annotated[CountedFigure, Query(description="a figure of the table of units")],
    unit: UnitFilter,
    officer: Annotated[Code | None, Query(description="who had the petition then")] = None,
    kind: Annotated[PetitionKind | None, Query(description="what the petition is now")] = None,
    on: OnDay = None,
    first: Annotated[CalendarDay | None, Query(alias="from", description="first day of a period, with `to`")] = None,
    last: Annotated[CalendarDay | None, Query(alias="to", description="last day of the period")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: PageCursor = None,
    after: AfterPosition = None,
) -> CountedCases:
    """List the petitions that a figure of the table of units counts, up to a day or in a period, by unit and day."""
    position = decode_cursor(cursor, CountedCursor)
    with unusable_period_as_problem():
        window = day_or_period(on, first, last)
    begins, ends = (None, on or context.office.today) if window is None else (window.first, window.last)
    async with view_connection(context, UnitWorkload.name, after) as connection:
        page = await counted_cases.counted_cases(
            connection,
            context.office.texts,
            figure,
            begins,
            ends,
            unit=unit,
            officer=officer,
            kind=kind,
            after=position,
            limit=limit,
        )
    shown = [
        replace(item, summary=PROTECTED_TEXT, place=PROTECTED_TEXT)
        if item.identity_protected and not may_read_protected(credentials, item.unit)
        else item
        for item in page.items
    ]
    return CountedCases(
        figure=figure, first=begins, last=ends, total=page.total, cases=shown, next=encode_cursor(page.next)
    )
