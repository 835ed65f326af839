"""Serves the lists behind the figures of the table of units."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field

from domain.actor import Credentials
from domain.commands import CalendarDay
from domain.reporting_periods import day_or_period
from domain.status import DueState
from domain.text import Code
from domain.vocabulary import PetitionKind
from projections import counted_cases
from projections.counted_cases import FIGURES_WITH_LIST, OWED_FIGURES, CountedCase, CountedCursor
from projections.labels.events import PROTECTED_TEXT
from service.api.cursors import decode_cursor, encode_cursor
from service.api.dependencies import ContextDep, OfficerCredentials, authenticate_officer
from service.api.known_at import KnownAtDep, KnownAtShown, requested_cases, today_of
from service.api.openapi.responses import problem_responses
from service.api.queries import PageCursor, unusable_period_as_problem
from service.api.query_parameters import AfterPosition, OnDay
from service.api.register_filters import UnitFilter
from service.api.schemas.petitions import ResponseModel
from service.known_at.protection import Protection, protected_now
from service.security.visibility import may_read_protected

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)


def _with_list(figure: str) -> str:
    if owed := OWED_FIGURES.get(figure):
        states = "&".join(f"state={state}" for state in DueState if state in owed.states)
        raise ValueError(f"listed by GET /overdue?owed={owed.owed}&{states}")
    if figure not in FIGURES_WITH_LIST:
        raise ValueError(f"no figure with a list; there are: {', '.join(FIGURES_WITH_LIST)}")
    return figure


CountedFigure = Annotated[str, AfterValidator(_with_list), Field(json_schema_extra={"enum": list(FIGURES_WITH_LIST)})]
"""A figure that has a list."""


class CountedCases(ResponseModel):
    """One page of the petitions that a figure counts. `total` is the figure, over all pages."""

    figure: str
    first: date | None
    last: date
    total: int
    cases: list[CountedCase]
    next: str | None = Field(description="opaque; with `known_at` send the position that this answer names")
    known_at: KnownAtShown | None = Field(None, description="the moment, if `known_at` was asked for")


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
    known: KnownAtDep = None,
) -> CountedCases:
    """List the petitions that a figure of the table of units counts, up to a day or in a period, by unit and day. With
    `known_at`, they are those that were known then, up to that day if no other is asked for.
    """
    position = decode_cursor(cursor, CountedCursor)
    with unusable_period_as_problem():
        begins, ends = day_or_period(on, first, last) or (None, on or today_of(context, known))
    async with requested_cases(context, known, ends, after) as source:
        page = await counted_cases.counted_cases(
            source.connection,
            source.texts,
            figure,
            begins,
            ends,
            unit=unit,
            officer=officer,
            kind=kind,
            after=position,
            limit=limit,
            past=source.past,
        )
        ids = {item.petition_id for item in page.items}
        protected = {} if known is None else await protected_now(source.connection, ids)
    return CountedCases(
        figure=figure,
        first=begins,
        last=ends,
        total=page.total,
        cases=[_as_visible_case(item, protected.get(item.petition_id), credentials) for item in page.items],
        next=encode_cursor(page.next),
        known_at=KnownAtShown.of(known),
    )


def _as_visible_case(item: CountedCase, now: Protection | None, credentials: Credentials) -> CountedCase:
    """Return the item as the officer may see it. Today's protection holds for a list as it was known, too."""
    if not item.identity_protected and not (now is not None and now.is_protected):
        return item
    if may_read_protected(credentials, item.unit if now is None else now.unit):
        return replace(item, identity_protected=True)
    return replace(item, identity_protected=True, summary=PROTECTED_TEXT, place=PROTECTED_TEXT)
