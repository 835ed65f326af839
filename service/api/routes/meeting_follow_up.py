"""What follows meetings, asked for: heads' duties, notices and conclusions, hot spots."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from domain.text import Code
from projections import hot_spots as hot
from projections import meeting_follow_up as followed
from projections.hot_spots import FIGURES as HOT_FIGURES
from projections.hot_spots import HotPetition, HotSpot, HotSpots
from projections.meeting_follow_up import TASK_FIGURES, DutyLine, TaskItem, UnitFollowing
from projections.meetings import Meetings
from service.api.dependencies import AtDesk, officer
from service.api.openapi.responses import problems
from service.api.queries import Asked, Cursor, Limit, closed, opened, reading_view, wrong
from service.api.query_parameters import After, On
from service.api.schemas.petitions import Answer
from service.config.duty_files import duties_of

router = APIRouter(dependencies=[Depends(officer)], tags=["views"], responses=problems(401, 422, 503))

if TYPE_CHECKING:
    TaskFigure = str
    HotFigure = str
else:  # one word each, so that a wrong one is told and the description lists the right ones
    TaskFigure, HotFigure = Literal[tuple(TASK_FIGURES)], Literal[tuple(HOT_FIGURES)]
MOST_DAYS_OF_DUTIES = 1_100
"""Three years: what is required of every head in every week is worked out one by one."""


class HeadsDuties(Answer):
    """Of the periods that end in the time asked for; one that has not ended is not missed yet."""

    first: date
    last: date
    duties: list[DutyLine]


class UnitsFollowing(Answer):
    first: date
    last: date
    on: date
    units: list[UnitFollowing]


class ConclusionTasks(Answer):
    first: date
    last: date
    total: int
    tasks: list[TaskItem]


class HotSpotTable(Answer):
    first: date
    last: date
    on: date
    long_running_days: int
    places: list[HotSpot]


class HotPetitions(Answer):
    first: date
    last: date
    total: int
    petitions: list[HotPetition]
    next: str | None = Field(description="opaque")


@router.get("/heads-duties", operation_id="list_heads_duties")
async def list_heads_duties(
    desk: AtDesk,
    of: Asked,
    unit: Annotated[Code | None, Query(description="of one unit alone")] = None,
    missing: Annotated[bool, Query(description="only where meetings are missing")] = False,
    after: After = None,
) -> HeadsDuties:
    """How often each head was to meet the people and did; those who never did are listed like the others."""
    last = min(of.last, desk.office.today)
    if (last - of.first).days > MOST_DAYS_OF_DUTIES:
        raise wrong("from", f"ask for {MOST_DAYS_OF_DUTIES} days at most")
    units = [one for one in (await desk.office.units()).by_id.values() if unit in (None, one.unit)]
    required = duties_of(desk.office.settings).required(units, of.first, last)
    async with reading_view(desk, Meetings.name, after) as connection:
        lines = await followed.heads_duties(connection, required)
    return HeadsDuties(first=of.first, last=of.last, duties=[line for line in lines if line.missing or not missing])


@router.get("/conclusions/units", operation_id="list_units_following")
async def list_units_following(desk: AtDesk, of: Asked, on: On = None, after: After = None) -> UnitsFollowing:
    """Which units issue notices after meetings, and which carry out what they were given by them."""
    day = on or desk.office.today
    async with reading_view(desk, Meetings.name, after) as connection:
        units = await followed.units_following(connection, of.first, of.last, on=day)
    return UnitsFollowing(first=of.first, last=of.last, on=day, units=units)


@router.get("/conclusions/tasks", operation_id="list_conclusion_tasks")
async def list_conclusion_tasks(
    desk: AtDesk,
    of: Asked,
    figure: Annotated[TaskFigure, Query(description="what is counted of them")] = "tasks_given",
    unit: Annotated[Code | None, Query(description="the unit that was given them")] = None,
    on: On = None,
    limit: Limit = 200,
    after: After = None,
) -> ConclusionTasks:
    """The tasks of conclusion notices that a figure counts, of meetings held in that time."""
    async with reading_view(desk, Meetings.name, after) as connection:
        page = await followed.tasks_of_conclusions(
            connection, of.first, of.last, on=on or desk.office.today, figure=figure, unit=unit, limit=limit
        )
    return ConclusionTasks(first=of.first, last=of.last, total=page.total, tasks=page.items)


LongRunning = Annotated[
    int, Query(ge=1, le=36_500, description="open for more days than these is long-running; no rule of law says when")
]


@router.get("/hot-spots", operation_id="list_hot_spots")
async def list_hot_spots(
    desk: AtDesk,
    of: Asked,
    on: On = None,
    long_running_days: LongRunning = hot.LONG_RUNNING_DAYS,
    limit: Limit = 200,
    after: After = None,
) -> HotSpotTable:
    """Mass, level-skipping, repeated and long-running petitions by place and topic, of those received in that time."""
    day = on or desk.office.today
    async with reading_view(desk, HotSpots.name, after) as connection:
        places = await hot.hot_spots(
            connection, of.first, of.last, on=day, long_running_days=long_running_days, limit=limit
        )
    return HotSpotTable(first=of.first, last=of.last, on=day, long_running_days=long_running_days, places=places)


@router.get("/hot-spots/petitions", operation_id="list_hot_petitions")
async def list_hot_petitions(
    desk: AtDesk,
    of: Asked,
    figure: Annotated[HotFigure | None, Query(description="any of them if left out")] = None,
    place: Annotated[str | None, Query(max_length=300, description='"" where none is known')] = None,
    topic: Annotated[str | None, Query(max_length=300, description='"" where none is known')] = None,
    on: On = None,
    long_running_days: LongRunning = hot.LONG_RUNNING_DAYS,
    limit: Limit = 200,
    cursor: Cursor = None,
    after: After = None,
) -> HotPetitions:
    """The petitions that a hot spot counts."""
    position = None
    if cursor is not None:
        day, _, (petition_id,) = opened(cursor, 1)
        position = hot.Cursor(day, petition_id)
    async with reading_view(desk, HotSpots.name, after) as connection:
        page = await hot.hot_petitions(
            connection,
            of.first,
            of.last,
            on=on or desk.office.today,
            figure=figure,
            place=place,
            topic=topic,
            long_running_days=long_running_days,
            after=position,
            limit=limit,
        )
    following = None if page.next is None else closed(page.next.received_on, page.next.petition_id)
    return HotPetitions(first=of.first, last=of.last, total=page.total, petitions=page.items, next=following)
