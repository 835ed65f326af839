"""Compares lists and figures as they were known at a moment with those of now, and names the events in between."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from domain.commands import CalendarDay
from domain.labels import Language
from domain.reporting_periods import day_or_period
from domain.status import DueState
from projections.labels.events import PETITION_EVENT_LABELS
from projections.overdue import Overdue
from projections.owed_sql import Owed
from projections.unit_workload import UnitWorkload
from service.api.dependencies import ContextDep, authenticate_officer
from service.api.known_at import KnownAtDep, KnownAtShown, law_of_moment, past_question
from service.api.openapi.responses import problem_responses
from service.api.problem_details import invalid_parameter
from service.api.queries import unusable_period_as_problem
from service.api.query_parameters import OnDay
from service.api.register_filters import UnitFilter
from service.api.routes.overdue_and_workload import due_soon_until
from service.api.schemas.petitions import ResponseModel
from service.known_at.moment import KnownAt
from service.known_at.past_views import past_snapshot
from service.known_at.restatement import (
    MEDIAN,
    CellOfFigures,
    OwedLine,
    RestatedFigure,
    RestatingEvent,
    restate_figures,
    restate_list,
)

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)

EventsAfter = Annotated[
    int, Query(ge=0, le=2**62, description="`next` of the page before: only events after this position")
]
EventLimit = Annotated[int, Query(ge=1, le=1000, description="most events of the page")]


class FigureEffect(ResponseModel):
    """By how much an event changed a figure of a unit; null for the median, which no amount says."""

    unit: str
    figure: str
    by: int | None


class LineEffect(ResponseModel):
    """A line that an event put on the list (1) or took off it (-1), as it stood on the day."""

    unit: str
    owed: Owed
    due_on: date | None
    state: DueState
    by: int


class RestatingEventShown(ResponseModel):
    """An event that was recorded after the moment, and who recorded it."""

    position: int
    recorded_at: datetime
    occurred_on: date
    petition_id: UUID
    reference: str | None
    event: str
    title: str
    officer: str
    officer_unit: str

    @staticmethod
    def fields_of(found: RestatingEvent, language: Language) -> dict[str, object]:
        event, kind = found.event, type(found.event.fact).__name__
        return {
            "position": event.position,
            "recorded_at": event.recorded_at,
            "occurred_on": event.fact.occurred_on,
            "petition_id": event.originator_id,
            "reference": found.reference,
            "event": kind,
            "title": PETITION_EVENT_LABELS[kind][language],
            "officer": event.by.officer,
            "officer_unit": event.by.unit,
        }


class FigureEvent(RestatingEventShown):
    effects: list[FigureEffect]

    @classmethod
    def of(cls, found: RestatingEvent, language: Language) -> "FigureEvent":
        return cls.model_validate({**cls.fields_of(found, language), "effects": _figure_effects(found.effects)})


class LineEvent(RestatingEventShown):
    effects: list[LineEffect]

    @classmethod
    def of(cls, found: RestatingEvent, language: Language) -> "LineEvent":
        effects: Sequence[tuple[OwedLine, int]] = found.effects
        lines = [{**line._asdict(), "by": by} for line, by in effects]
        return cls.model_validate({**cls.fields_of(found, language), "effects": lines})


class RestatedUnits(ResponseModel):
    """The figures that are not what they were, and a page of the events that made the difference.

    `position` is that of the figures of now. `total` counts the events of all pages; `next` is the `after_event` of the
    following page. A figure of null had no value.
    """

    known_at: KnownAtShown
    position: int
    first: date | None
    last: date
    figures: list[RestatedFigure]
    total: int
    events: list[FigureEvent]
    next: int | None


class RestatedOverdue(ResponseModel):
    """A page of the events that changed the list. `position` is that of the list of now."""

    known_at: KnownAtShown
    position: int
    on: date
    total: int
    events: list[LineEvent]
    next: int | None


async def _require_moment(known: KnownAtDep = None) -> KnownAt:
    if known is None:
        detail = "thiếu thời điểm cần so với hiện nay / the moment to compare with now is missing"
        raise invalid_parameter("known_at", detail)
    return known


RequiredMoment = Annotated[KnownAt, Depends(_require_moment)]


@router.get("/units/restated", operation_id="list_restated_units")
async def list_restated_units(
    context: ContextDep,
    known: RequiredMoment,
    on: OnDay = None,
    first: Annotated[CalendarDay | None, Query(alias="from", description="first day of a period, with `to`")] = None,
    last: Annotated[CalendarDay | None, Query(alias="to", description="last day of the period")] = None,
    lang: Annotated[Language, Query(description="language of the titles")] = "vi",
    limit: EventLimit = 200,
    after_event: EventsAfter = 0,
) -> RestatedUnits:
    """Compare the figures of units as they were known with those of now, and name what made the difference.

    The day or period is that of `list_units`; the day of the moment if both are left out.
    """
    with unusable_period_as_problem():
        begins, ends = day_or_period(on, first, last) or (None, on or known.on)
    async with past_question(context, UnitWorkload.name, known), past_snapshot(context.office.pool) as connection:
        found = await restate_figures(connection, known.position, begins, ends)
    page, following = _page(found.events, after_event, limit)
    return RestatedUnits(
        known_at=KnownAtShown(position=known.position, recorded_at=known.recorded_at),
        position=found.serving,
        first=begins,
        last=ends,
        figures=list(found.figures),
        total=len(found.events),
        events=[FigureEvent.of(one, lang) for one in page],
        next=following,
    )


@router.get("/overdue/restated", operation_id="list_restated_overdue")
async def list_restated_overdue(
    context: ContextDep,
    known: RequiredMoment,
    unit: UnitFilter,
    on: OnDay = None,
    state: Annotated[list[DueState], Query(max_length=6, description="may be repeated")] = [DueState.OVERDUE],  # noqa: B006 - FastAPI copies it
    owed: Annotated[Owed | None, Query(description="answers or duties alone; both if left out")] = None,
    lang: Annotated[Language, Query(description="language of the titles")] = "vi",
    limit: EventLimit = 200,
    after_event: EventsAfter = 0,
) -> RestatedOverdue:
    """Compare the list of what is owed as it was known with that of now, and name the events that changed it.

    Day, unit, state and what is owed are those of `list_overdue`; the day is that of the moment if it is left out.
    """
    day = on or known.on
    soon_until = due_soon_until(context, await law_of_moment(context, known), day)
    async with past_question(context, Overdue.name, known), past_snapshot(context.office.pool) as connection:
        found = await restate_list(
            connection,
            known.position,
            day,
            soon_until=soon_until,
            unit=unit,
            states=frozenset(state) or frozenset({DueState.OVERDUE}),
            owed=owed,
        )
    page, following = _page(found.events, after_event, limit)
    return RestatedOverdue(
        known_at=KnownAtShown(position=known.position, recorded_at=known.recorded_at),
        position=found.serving,
        on=day,
        total=len(found.events),
        events=[LineEvent.of(one, lang) for one in page],
        next=following,
    )


def _page(events: Sequence[RestatingEvent], after: int, limit: int) -> tuple[Sequence[RestatingEvent], int | None]:
    """Return the events of a page, and the position after which the next page begins."""
    following = [one for one in events if one.event.position is not None and one.event.position > after]
    page = following[:limit]
    return page, page[-1].event.position if len(following) > limit else None


def _figure_effects(effects: Sequence[tuple[CellOfFigures, int]]) -> list[FigureEffect]:
    """Return the effects on figures; an answer that counts in the median otherwise is one effect on it."""
    medians = dict.fromkeys(cell.unit for cell, _ in effects if cell.figure == MEDIAN)
    return [
        *(FigureEffect(unit=cell.unit, figure=cell.figure, by=by) for cell, by in effects if cell.figure != MEDIAN),
        *(FigureEffect(unit=unit, figure=MEDIAN, by=None) for unit in medians),
    ]
