"""Questions over all petitions, put to the views."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from domain.actor import Credentials
from domain.commands import Day
from domain.deadlines.calendar import CalendarRunsOut
from domain.status import DueState
from domain.text import Code
from projections import overdue, unit_workload
from projections.labels.events import PROTECTED
from projections.overdue import Cursor, OverdueItem
from projections.unit_workload import UnitFigures
from service.api.dependencies import Asking, AtDesk, Desk, officer
from service.api.openapi.responses import problems
from service.api.queries import reading_view, wrong
from service.api.query_parameters import After, On
from service.api.routes.unit_tables import By, by_successor
from service.api.schemas.petitions import Answer
from service.security.visibility import may_read_protected

router = APIRouter(dependencies=[Depends(officer)], tags=["views"], responses=problems(401, 422, 503))


class OverdueList(Answer):
    """`total` counts all pages; `next` is the `cursor` of the following one, as in the header Link."""

    on: date
    total: int
    items: list[OverdueItem]
    next: str | None = Field(description="opaque")


class UnitTable(Answer):
    """`first` is None for figures from the beginning; both days are inclusive."""

    first: date | None
    last: date
    units: list[UnitFigures]


@router.get(
    "/overdue",
    operation_id="list_overdue",
    response_model=OverdueList,
    responses={200: {"headers": {"Link": {"schema": {"type": "string"}, "description": "rel=next"}}}},
)
async def list_overdue(
    credentials: Asking,
    desk: AtDesk,
    request: Request,
    on: On = None,
    unit: Annotated[Code | None, Query(description="the lead unit; all units if left out")] = None,
    state: Annotated[list[DueState], Query(max_length=6, description="may be repeated")] = [DueState.OVERDUE],  # noqa: B006 - FastAPI copies it
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before")] = None,
    after: After = None,
) -> Response:
    """Open petitions that stand so against a day, the longest due first. Late is computed for the day asked for."""
    position = None if cursor is None else _opened(cursor)
    await desk.caught_up(overdue.Overdue.name, after)
    day = on or desk.office.today

    async def listed() -> Response:
        async with reading_view(desk, overdue.Overdue.name, after) as connection:
            page = await overdue.overdue_on(
                connection,
                day,
                soon_until=_soon_until(desk, day),
                unit=unit,
                states=frozenset(state) or frozenset({DueState.OVERDUE}),
                after=position,
                limit=limit,
                today=desk.office.today,
                law=desk.office.law,
            )
        following = None if page.next is None else _closed(page.next)
        shown = [
            replace(item, summary=PROTECTED, place=PROTECTED)
            if item.identity_protected and not may_read_protected(credentials, item.unit)
            else item
            for item in page.items
        ]
        return _answered(
            OverdueList(on=page.on, total=page.total, items=shown, next=following),
            {} if following is None else {"Link": _link(request, following)},
        )

    return await desk.remembered.answer((*_asked(request, desk, overdue.Overdue.name), *_reads(credentials)), listed)


def _link(request: Request, following: str) -> str:
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f'</overdue?{urlencode([*asked, ("cursor", following)])}>; rel="next"'


@router.get("/units", operation_id="list_units", response_model=UnitTable)
async def list_units(
    desk: AtDesk,
    request: Request,
    on: On = None,
    first: Annotated[Day | None, Query(alias="from", description="first day of a period, with `to`")] = None,
    last: Annotated[Day | None, Query(alias="to", description="last day of the period")] = None,
    by: By = "time",
    after: After = None,
) -> Response:
    """How each unit stands: up to a day, or for a period with its first and last day."""
    await desk.caught_up(unit_workload.UnitWorkload.name, after)
    if by == "successor":
        return _answered(await _by_successor(desk, on, first, last))
    question = _asked(request, desk, unit_workload.UnitWorkload.name)
    if first is None and last is None:
        day = on or desk.office.today

        async def up_to() -> Response:
            async with reading_view(desk, unit_workload.UnitWorkload.name, after) as connection:
                figures = await unit_workload.units_on(connection, day, today=desk.office.today)
            return _answered(UnitTable(first=None, last=day, units=figures))

        return await desk.remembered.answer(question, up_to)
    if on is not None:
        raise wrong("on", "ask for a day or for a period, not for both")
    begins, ends = _period(first, last)

    async def between() -> Response:
        async with reading_view(desk, unit_workload.UnitWorkload.name, after) as connection:
            figures = await unit_workload.units_between(connection, begins, ends)
        return _answered(UnitTable(first=begins, last=ends, units=figures))

    return await desk.remembered.answer(question, between)


async def _by_successor(desk: Desk, on: date | None, first: date | None, last: date | None) -> UnitTable:
    """Not remembered: the register of units may change without the view."""
    if first is None and last is None:
        begins, ends = None, on or desk.office.today
    elif on is not None:
        raise wrong("on", "ask for a day or for a period, not for both")
    else:
        begins, ends = _period(first, last)
    return UnitTable(first=begins, last=ends, units=await by_successor(desk, begins, ends))


def _asked(request: Request, desk: Desk, view: str) -> tuple[Hashable, ...]:
    """What an answer follows from, but for who asks: the question, the day that is today, and how far the view is."""
    position = desk.readers.progress[view].position
    return request.url.path, request.scope["query_string"], desk.office.today, position


def _reads(credentials: Credentials) -> tuple[Hashable, ...]:
    """Alike for those who see the same of protected petitioners."""
    return credentials.unit, credentials.roles


def _answered(answer: Answer, headers: Mapping[str, str] | None = None) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json", headers=headers)


def _soon_until(desk: Desk, on: date) -> date:
    days = desk.office.settings.due_soon_working_days
    try:
        return desk.office.law.calendar.add_working_days(on, days)
    except CalendarRunsOut:  # a year without a calendar has a list all the same
        return on + timedelta(days=days)


def _period(first: date | None, last: date | None) -> tuple[date, date]:
    if first is None:
        raise wrong("from", "the first day is missing")
    if last is None:
        raise wrong("to", "the last day is missing")
    if last < first:
        raise wrong("to", "the period ends before it begins")
    return first, last


def _closed(cursor: Cursor) -> str:
    return urlsafe_b64encode(cursor.due_on.toordinal().to_bytes(4) + cursor.petition_id.bytes).decode().rstrip("=")


def _opened(text: str) -> Cursor:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return Cursor(date.fromordinal(int.from_bytes(raw[:4])), UUID(bytes=raw[4:]))
    except (ValueError, OverflowError, binascii.Error):
        raise wrong("cursor", "this is not the cursor of a page") from None
