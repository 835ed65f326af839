"""Serves the queries about meetings: figures, and lists of what the figures count."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from domain.actor import Credentials
from domain.labels import Language
from domain.meetings.meeting import fold_meeting
from domain.meetings.words import Audience, HeadOf, MeetingKind, ReceptionType
from domain.text import SingleLine
from domain.units.events import Level
from projections import meeting_counts, meeting_file, meeting_lists
from projections.labels.events import PROTECTED_TEXT
from projections.meeting_counts import DAY_FIGURES, MEETING_GROUPS, PETITION_FIGURES, MeetingFigures, MeetingFilter
from projections.meeting_file import MeetingLine
from projections.meeting_lists import MeetingItem, PetitionItem
from projections.meetings import Meetings
from service.api.cursors import decode_cursor, encode_cursor
from service.api.dependencies import ContextDep, OfficerCredentials, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.problem_details import Problem
from service.api.queries import PageCursor, PageLimit, ReportWindow, view_connection
from service.api.query_parameters import AfterPosition, OnDay
from service.api.register_filters import OrganiserFilter, UnitFilter, meetings_of_known_topic
from service.api.routes.meeting_commands import MeetingFromPath
from service.api.schemas.petitions import ResponseModel
from service.security.visibility import may_read_protected

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)

if TYPE_CHECKING:
    DayFigure = str
    PetitionFigure = str
    FigureGrouping = str
else:  # one literal each, so that a wrong one is refused and the description lists the right ones
    DayFigure, PetitionFigure = Literal[tuple(DAY_FIGURES)], Literal[tuple(PETITION_FIGURES)]
    FigureGrouping = Literal[tuple(MEETING_GROUPS)]


async def _meeting_filter(
    window: ReportWindow,
    organiser: OrganiserFilter,
    level: Annotated[Level | None, Query()] = None,
    head_of: Annotated[HeadOf | None, Query()] = None,
    audience: Annotated[Audience | None, Query()] = None,
    kind: Annotated[MeetingKind | None, Query()] = None,
    reception: Annotated[ReceptionType | None, Query()] = None,
    topic: Annotated[SingleLine | None, Query()] = None,
) -> MeetingFilter:
    return MeetingFilter(window.first, window.last, level, head_of, organiser, audience, kind, reception, topic)


MeetingFilterDep = Annotated[MeetingFilter, Depends(_meeting_filter)]


class MeetingList(ResponseModel):
    """One page of meetings. `total` counts all pages; `next` is the `cursor` of the following page."""

    first: date
    last: date
    total: int
    meetings: list[MeetingItem]
    next: str | None = Field(description="opaque")


class MeetingTable(ResponseModel):
    """The figures of meetings. Lateness is judged on the day `on`. `total` is the sum of the lines."""

    first: date
    last: date
    on: date
    by: str
    lines: list[MeetingFigures]
    total: MeetingFigures


class MeetingPetitions(ResponseModel):
    first: date
    last: date
    total: int
    petitions: list[PetitionItem]
    next: str | None = Field(description="opaque")


class MeetingFile(ResponseModel):
    """The state of a meeting and all its events, in order."""

    meeting_id: str
    version: int
    stage: str
    organiser: str
    planned_for: date | None
    held_on: date | None
    events: list[MeetingLine]


@router.get("/meetings", operation_id="list_meetings")
async def list_meetings(
    context: ContextDep,
    meetings: MeetingFilterDep,
    figure: Annotated[DayFigure, Query(description="the figure that counts the meetings")] = "held",
    on: OnDay = None,
    limit: PageLimit = 1000,
    cursor: PageCursor = None,
    after: AfterPosition = None,
) -> MeetingList:
    """List the meetings from the first to the last day that a figure counts, with the petitions of each."""
    position = decode_cursor(cursor, meeting_lists.MeetingDayCursor)
    async with view_connection(context, Meetings.name, after) as connection:
        meetings = await meetings_of_known_topic(connection, meetings)
        page = await meeting_lists.meeting_days(
            connection, meetings, on=on or context.office.today, figure=figure, after=position, limit=limit
        )
    return MeetingList(
        first=meetings.first,
        last=meetings.last,
        total=page.total,
        meetings=page.items,
        next=encode_cursor(page.next),
    )


@router.get("/meetings/figures", operation_id="count_meetings")
async def count_meetings(
    context: ContextDep,
    meetings: MeetingFilterDep,
    by: Annotated[FigureGrouping, Query(description="the table has one line for each of its values")] = "level",
    on: OnDay = None,
    after: AfterPosition = None,
) -> MeetingTable:
    """Count meetings (planned, held, moved, cancelled) and their petitions (raised, answered, assigned, late).

    Each figure in `days` is a `figure` of `/meetings`, each figure in `petitions` is a `figure` of
    `/meetings/petitions`: with the same parameters, the list has as many lines as the figure counts.
    The `name` of a line is empty for the meetings of which nobody said the value.
    """
    day = on or context.office.today
    async with view_connection(context, Meetings.name, after) as connection:
        meetings = await meetings_of_known_topic(connection, meetings)
        lines = await meeting_counts.meeting_figures(connection, meetings, on=day, by=by)
    return MeetingTable(
        first=meetings.first,
        last=meetings.last,
        on=day,
        by=by,
        lines=lines,
        total=meeting_counts.sum_meeting_figures(lines),
    )


@router.get("/meetings/petitions", operation_id="list_meeting_petitions")
async def list_meeting_petitions(
    context: ContextDep,
    credentials: OfficerCredentials,
    meetings: MeetingFilterDep,
    unit: UnitFilter,
    figure: Annotated[PetitionFigure, Query(description="the figure that counts the petitions")] = "raised",
    meeting: Annotated[UUID | None, Query(description="one meeting alone; all meetings if left out")] = None,
    on: OnDay = None,
    limit: PageLimit = 200,
    cursor: PageCursor = None,
    after: AfterPosition = None,
) -> MeetingPetitions:
    """List the petitions of meetings that a figure counts: raised, prepared, answered there, assigned, outstanding."""
    position = decode_cursor(cursor, meeting_lists.MeetingPetitionCursor)
    if meeting is not None:
        meetings = replace(meetings, meeting_id=meeting)
    async with view_connection(context, Meetings.name, after) as connection:
        meetings = await meetings_of_known_topic(connection, meetings)
        page = await meeting_lists.petitions_of_meetings(
            connection,
            context.office.texts,
            meetings,
            on=on or context.office.today,
            figure=figure,
            unit=unit,
            after=position,
            limit=limit,
        )
    return MeetingPetitions(
        first=meetings.first,
        last=meetings.last,
        total=page.total,
        petitions=[_hide_protected(item, credentials) for item in page.items],
        next=encode_cursor(page.next),
    )


@router.get("/meetings/{meeting_id}", operation_id="read_meeting", responses=problem_responses(404))
async def read_meeting(
    meeting_id: MeetingFromPath,
    context: ContextDep,
    lang: Annotated[Language, Query(description="language of the sentences")] = "vi",
) -> MeetingFile:
    """Return the history of a meeting: planned, announced, moved, held or cancelled, concluded."""
    history = await context.office.queries.meeting_history(meeting_id)
    meeting = fold_meeting(history)
    if meeting is None:
        raise Problem("not-found", "there is no meeting with this id")
    return MeetingFile(
        meeting_id=str(meeting_id),
        version=meeting.version,
        stage=meeting.stage,
        organiser=meeting.organiser,
        planned_for=meeting.planned_for,
        held_on=meeting.held_on,
        events=meeting_file.meeting_file_lines(
            history, context.office.law.policies, lang, context.office.settings.zone
        ),
    )


def _hide_protected(item: PetitionItem, credentials: Credentials) -> PetitionItem:
    """Return the line of the list, without its texts when the officer may not read protected petitions of the unit."""
    if not item.identity_protected or may_read_protected(credentials, item.unit):
        return item
    return replace(item, summary=PROTECTED_TEXT, place=PROTECTED_TEXT, topic=PROTECTED_TEXT)
