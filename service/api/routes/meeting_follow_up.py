"""Serves the follow-up of meetings: the duties of heads, notices and conclusion tasks, hot spots."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from domain.commands import CalendarDay
from domain.errors import Refused
from projections import hot_spots as hot
from projections import meeting_follow_up as followed
from projections.hot_spots import HOT_SPOT_FIGURES as HOT_FIGURES
from projections.hot_spots import HotPetition, HotSpot, HotSpots
from projections.meeting_follow_up import TASK_FIGURES, DutyLine, TaskItem, UnitFollowing
from projections.meetings import Meetings
from projections.topic_filters import require_topic_of_petitions
from service.api.cursors import decode_cursor, encode_cursor
from service.api.dependencies import ContextDep, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.problem_details import invalid_parameter
from service.api.queries import PageCursor, PageLimit, ReportWindow, view_connection
from service.api.query_parameters import AfterPosition, OnDay
from service.api.register_filters import UnitFilter
from service.api.schemas.petitions import ResponseModel
from service.config.duty_files import duties_of

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)

if TYPE_CHECKING:
    TaskFigure = str
    HotFigure = str
else:  # one literal each, so that a wrong one is refused and the description lists the right ones
    TaskFigure, HotFigure = Literal[tuple(TASK_FIGURES)], Literal[tuple(HOT_FIGURES)]
MOST_DAYS_OF_DUTIES = 1_100
"""Three years, in days. The period is limited because the duty of every head in every week is computed one by one."""


class HeadsDuties(ResponseModel):
    """The duties of heads in the periods that end from `first` to `last`. A period that has not ended is not missed
    yet.
    """

    first: date
    last: date
    duties: list[DutyLine]


class UnitsFollowing(ResponseModel):
    first: date
    last: date
    on: date
    units: list[UnitFollowing]


class ConclusionTasks(ResponseModel):
    first: date
    last: date
    total: int
    tasks: list[TaskItem]


class HotSpotTable(ResponseModel):
    first: date
    last: date
    on: date
    long_running_days: int
    places: list[HotSpot]


class HotPetitions(ResponseModel):
    first: date
    last: date
    total: int
    petitions: list[HotPetition]
    next: str | None = Field(description="opaque")


@router.get("/heads-duties", operation_id="list_heads_duties")
async def list_heads_duties(
    context: ContextDep,
    window: ReportWindow,
    unit: UnitFilter,
    missing: Annotated[bool, Query(description="only where meetings are missing")] = False,
    after: AfterPosition = None,
) -> HeadsDuties:
    """List how often each head had to meet the people, and how often the head did.

    Heads who never did are listed, too.
    """
    last = min(window.last, context.office.today)
    if (last - window.first).days > MOST_DAYS_OF_DUTIES:
        raise invalid_parameter("from", f"ask for {MOST_DAYS_OF_DUTIES} days at most")
    units = [one for one in (await context.office.queries.units()).by_id.values() if unit in (None, one.unit)]
    required = duties_of(context.office.settings).required_meetings(units, window.first, last)
    async with view_connection(context, Meetings.name, after) as connection:
        lines = await followed.heads_duties(connection, required)
    return HeadsDuties(
        first=window.first, last=window.last, duties=[line for line in lines if line.missing or not missing]
    )


@router.get("/conclusions/units", operation_id="list_units_following")
async def list_units_following(
    context: ContextDep, window: ReportWindow, on: OnDay = None, after: AfterPosition = None
) -> UnitsFollowing:
    """List the units that issue notices after meetings, and the units that carry out the tasks that they were given."""
    day = on or context.office.today
    async with view_connection(context, Meetings.name, after) as connection:
        units = await followed.read_unit_follow_up(connection, window.first, window.last, on=day)
    return UnitsFollowing(first=window.first, last=window.last, on=day, units=units)


@router.get("/conclusions/tasks", operation_id="list_conclusion_tasks")
async def list_conclusion_tasks(
    context: ContextDep,
    window: ReportWindow,
    unit: UnitFilter,
    figure: Annotated[TaskFigure, Query(description="the figure that counts the tasks")] = "tasks_given",
    on: OnDay = None,
    limit: PageLimit = 200,
    after: AfterPosition = None,
) -> ConclusionTasks:
    """List the tasks of conclusion notices that a figure counts, for meetings held from the first to the last day."""
    async with view_connection(context, Meetings.name, after) as connection:
        page = await followed.tasks_of_conclusions(
            connection, window.first, window.last, on=on or context.office.today, figure=figure, unit=unit, limit=limit
        )
    return ConclusionTasks(first=window.first, last=window.last, total=page.total, tasks=page.items)


LongRunningDays = Annotated[
    int,
    Query(
        ge=1,
        le=36_500,
        description="a petition that is open for more days is long-running; no rule of law sets the number",
    ),
]


@router.get("/hot-spots", operation_id="list_hot_spots")
async def list_hot_spots(
    context: ContextDep,
    window: ReportWindow,
    on: OnDay = None,
    long_running_days: LongRunningDays = hot.LONG_RUNNING_DAYS,
    limit: PageLimit = 200,
    after: AfterPosition = None,
) -> HotSpotTable:
    """Count mass, level-skipping, repeated and long-running petitions by place and topic, among those received from the
    first to the last day. Each place says whether a meeting is planned or was held about it, and how many petitions
    came after it.
    """
    day = on or context.office.today
    async with view_connection(context, HotSpots.name, after) as connection:
        places = await hot.read_hot_spots(
            connection,
            context.office.texts,
            window.first,
            window.last,
            on=day,
            long_running_days=long_running_days,
            limit=limit,
        )
    return HotSpotTable(
        first=window.first, last=window.last, on=day, long_running_days=long_running_days, places=places
    )


@router.get("/hot-spots/petitions", operation_id="list_hot_petitions")
async def list_hot_petitions(
    context: ContextDep,
    window: ReportWindow,
    figure: Annotated[
        HotFigure | None, Query(description="the figure that counts the petitions; any figure if left out")
    ] = None,
    place: Annotated[str | None, Query(max_length=300, description='"" where none is known')] = None,
    topic: Annotated[str | None, Query(max_length=300, description='"" where none is known')] = None,
    received_after: Annotated[
        CalendarDay | None,
        Query(description="all petitions received after this day, such as that of a dialogue, in place of `from`"),
    ] = None,
    on: OnDay = None,
    long_running_days: LongRunningDays = hot.LONG_RUNNING_DAYS,
    limit: PageLimit = 200,
    cursor: PageCursor = None,
    after: AfterPosition = None,
) -> HotPetitions:
    """List the petitions that a hot spot counts."""
    position = decode_cursor(cursor, hot.HotPetitionCursor)
    async with view_connection(context, HotSpots.name, after) as connection:
        try:
            await require_topic_of_petitions(connection, topic)
        except Refused as unknown:
            detail = f"{unknown.sentence('vi')} / {unknown.sentence('en')}"
            raise invalid_parameter("topic", detail, unknown) from None
        page = await hot.read_hot_petitions(
            connection,
            context.office.texts,
            window.first,
            window.last,
            on=on or context.office.today,
            figure=figure,
            place=place,
            topic=topic,
            received_after=received_after,
            long_running_days=long_running_days,
            after=position,
            limit=limit,
        )
    return HotPetitions(
        first=window.first,
        last=window.last,
        total=page.total,
        petitions=page.items,
        next=encode_cursor(page.next),
    )
