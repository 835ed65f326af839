"""Serves the two main lists over all petitions: what is overdue, and the figures of each unit."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from domain.actor import Credentials
from domain.commands import CalendarDay
from domain.deadlines.calendar import CalendarRunsOut
from domain.deadlines.policy import Law
from domain.reporting_periods import day_or_period
from domain.status import DueState
from domain.text import Code
from domain.vocabulary import PetitionKind
from projections import overdue, owed_list, unit_figures, unit_workload
from projections.labels.events import PROTECTED_TEXT
from projections.owed_list import OverdueCursor, OverdueItem
from projections.owed_sql import Owed
from projections.unit_figures import UnitFigures
from service.api.cursors import decode_cursor, encode_cursor
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials, authenticate_officer
from service.api.known_at import KnownAtDep, KnownAtShown, requested_figures, requested_list, today_of
from service.api.openapi.responses import problem_responses
from service.api.queries import PageCursor, unusable_period_as_problem
from service.api.query_parameters import AfterPosition, OnDay
from service.api.register_filters import UnitFilter
from service.api.routes.unit_tables import UnitGrouping, read_figures_by_successor
from service.api.schemas.petitions import ResponseModel
from service.known_at.moment import KnownAt
from service.known_at.protection import Protection, protected_now
from service.security.visibility import may_read_protected

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)


class OverdueList(ResponseModel):
    """One page of what is owed: answers to petitions, and duties. `total` counts all pages; `next` is the `cursor` of
    the following page, as in the header Link.
    """

    on: date
    total: int
    items: list[OverdueItem]
    next: str | None = Field(description="opaque")
    known_at: KnownAtShown | None = Field(None, description="the moment, if `known_at` was asked for")


class UnitTable(ResponseModel):
    """The figures of each unit. Both days are inclusive; `first` is null for figures from the beginning."""

    first: date | None
    last: date
    units: list[UnitFigures]
    known_at: KnownAtShown | None = Field(None, description="the moment, if `known_at` was asked for")


@router.get(
    "/overdue",
    operation_id="list_overdue",
    response_model=OverdueList,
    responses={200: {"headers": {"Link": {"schema": {"type": "string"}, "description": "rel=next"}}}},
)
async def list_overdue(
    credentials: OfficerCredentials,
    context: ContextDep,
    request: Request,
    unit: UnitFilter,
    on: OnDay = None,
    officer: Annotated[Code | None, Query(description="the officer who has the petition")] = None,
    kind: Annotated[PetitionKind | None, Query(description="what the petition is now")] = None,
    state: Annotated[list[DueState], Query(max_length=6, description="may be repeated")] = [DueState.OVERDUE],  # noqa: B006 - FastAPI copies it
    owed: Annotated[Owed | None, Query(description="answers or duties alone; both if left out")] = None,
    waiting: Annotated[
        bool | None, Query(description="true: only those for which the citizen's supplement is waited for; false: not")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: PageCursor = None,
    after: AfterPosition = None,
    known: KnownAtDep = None,
) -> Response:
    """List what is owed by its due state on a day, the earliest due date first: the answers to open petitions, and the
    duties beside and after the answers. Lateness is that of the day. With `known_at`, the list is the one that was
    known then, of that day if `on` is left out.
    """
    position = decode_cursor(cursor, OverdueCursor)
    await context.require_view_at(overdue.Overdue.name, after)
    today = today_of(context, known)
    day = on or today

    async def read_page() -> Response:
        async with requested_list(context, known, after) as source:
            page = await owed_list.overdue_on(
                source.connection,
                source.texts,
                day,
                soon_until=due_soon_until(context, source.law, day),
                unit=unit,
                officer=officer,
                kind=kind,
                states=frozenset(state) or frozenset({DueState.OVERDUE}),
                owed=owed,
                after=position,
                limit=limit,
                today=today,
                law=source.law,
                waiting=waiting,
                past=source.past,
                has_day_sums=context.runner.progress[unit_workload.UnitWorkload.name].verified.is_set(),
            )
            ids = {item.petition_id for item in page.items}
            protected = {} if known is None else await protected_now(source.connection, ids)
        following = encode_cursor(page.next)
        shown = [_as_visible(item, protected.get(item.petition_id), credentials) for item in page.items]
        return _json_response(
            OverdueList(on=page.on, total=page.total, items=shown, next=following, known_at=KnownAtShown.of(known)),
            {} if following is None else {"Link": _next_page_link(request, known, following)},
        )

    return await context.response_cache.get(
        (*_question_key(request, context, overdue.Overdue.name), *_visibility_key(credentials)), read_page
    )


def _as_visible(item: OverdueItem, now: Protection | None, credentials: Credentials) -> OverdueItem:
    """Return the item as the officer may see it. Today's protection holds for a list as it was known, too."""
    if not item.identity_protected and not (now is not None and now.is_protected):
        return item
    if may_read_protected(credentials, item.unit if now is None else now.unit):
        return replace(item, identity_protected=True)
    return replace(item, identity_protected=True, summary=PROTECTED_TEXT, place=PROTECTED_TEXT)


def _next_page_link(request: Request, known: KnownAt | None, following: str) -> str:
    """Return the header of the next page. It names a moment by its position, so that pages never shift."""
    parameters = [
        (name, str(known.position) if known is not None and name == "known_at" else value)
        for name, value in request.query_params.multi_items()
        if name != "cursor"
    ]
    return f'</overdue?{urlencode([*parameters, ("cursor", following)])}>; rel="next"'


@router.get("/units", operation_id="list_units", response_model=UnitTable)
async def list_units(
    context: ContextDep,
    request: Request,
    on: OnDay = None,
    first: Annotated[CalendarDay | None, Query(alias="from", description="first day of a period, with `to`")] = None,
    last: Annotated[CalendarDay | None, Query(alias="to", description="last day of the period")] = None,
    by: UnitGrouping = "time",
    after: AfterPosition = None,
    known: KnownAtDep = None,
) -> Response:
    """List the figures of each unit: up to a day, or for a period with its first and last day. With `known_at`, they
    are those that were known then, up to that day if no other is asked for.
    """
    await context.require_view_at(unit_workload.UnitWorkload.name, after)
    today = today_of(context, known)
    with unusable_period_as_problem():
        begins, ends = day_or_period(on, first, last) or (None, on or today)

    async def read_figures() -> Response:
        if by == "successor":
            figures = await read_figures_by_successor(context, begins, ends, known)
        else:
            async with requested_figures(context, known, ends, after) as source:
                figures = await (
                    unit_figures.unit_figures_on(source.connection, ends, today=today, past=source.past)
                    if begins is None
                    else unit_figures.unit_figures_between(source.connection, begins, ends, past=source.past)
                )
        return _json_response(UnitTable(first=begins, last=ends, units=figures, known_at=KnownAtShown.of(known)))

    if by == "successor":  # the units may change without the view
        return await read_figures()
    return await context.response_cache.get(
        _question_key(request, context, unit_workload.UnitWorkload.name), read_figures
    )


def _question_key(request: Request, context: ApiContext, view: str) -> tuple[Hashable, ...]:
    """Return what an answer depends on, except the caller: path, query, the day today and the position of the view."""
    position = context.runner.progress[view].position
    return request.url.path, request.scope["query_string"], context.office.today, position


def _visibility_key(credentials: Credentials) -> tuple[Hashable, ...]:
    """Return a key that is equal for callers who may see the same of protected petitions."""
    return credentials.unit, credentials.roles


def _json_response(answer: ResponseModel, headers: Mapping[str, str] | None = None) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json", headers=headers)


def due_soon_until(context: ApiContext, law: Law, on: date) -> date:
    days = context.office.settings.due_soon_working_days
    try:
        return law.calendar.add_working_days(on, days)
    except CalendarRunsOut:  # the list must also work in a year without a calendar
        return on + timedelta(days=days)
