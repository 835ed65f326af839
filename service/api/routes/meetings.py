"""Questions about meetings: figures, and the lists behind them."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from domain.actor import Credentials
from domain.labels import Language
from domain.meetings.meeting import fold
from domain.meetings.words import Audience, HeadOf, MeetingKind, ReceptionType
from domain.text import Code, Line
from domain.units.events import Level
from projections import meeting_counts as asked
from projections import meeting_file
from projections import meeting_lists as listed
from projections.labels.events import PROTECTED
from projections.meeting_counts import DAY_FIGURES, GROUPS, PETITION_FIGURES, MeetingFigures, Which
from projections.meeting_file import MeetingLine
from projections.meeting_lists import MeetingItem, PetitionItem
from projections.meetings import Meetings
from service.api.dependencies import Asking, AtDesk, officer
from service.api.openapi.responses import problems
from service.api.problem_details import Problem
from service.api.queries import Asked, Cursor, Limit, closed, opened, reading_view
from service.api.query_parameters import After, On
from service.api.routes.meeting_commands import MeetingNamed
from service.api.schemas.petitions import Answer
from service.security.visibility import may_read_protected

router = APIRouter(dependencies=[Depends(officer)], tags=["views"], responses=problems(401, 422, 503))

if TYPE_CHECKING:
    DayFigure = str
    PetitionFigure = str
    Group = str
else:  # one word each, so that a wrong one is told and the description lists the right ones
    DayFigure, PetitionFigure = Literal[tuple(DAY_FIGURES)], Literal[tuple(PETITION_FIGURES)]
    Group = Literal[tuple(GROUPS)]


async def _which(
    of: Asked,
    level: Annotated[Level | None, Query()] = None,
    head_of: Annotated[HeadOf | None, Query()] = None,
    organiser: Annotated[Code | None, Query()] = None,
    audience: Annotated[Audience | None, Query()] = None,
    kind: Annotated[MeetingKind | None, Query()] = None,
    reception: Annotated[ReceptionType | None, Query()] = None,
    topic: Annotated[Line | None, Query()] = None,
) -> Which:
    return Which(of.first, of.last, level, head_of, organiser, audience, kind, reception, topic)


OfMeetings = Annotated[Which, Depends(_which)]


class MeetingList(Answer):
    """`total` counts all pages; `next` is the `cursor` of the following one."""

    first: date
    last: date
    total: int
    meetings: list[MeetingItem]
    next: str | None = Field(description="opaque")


class MeetingTable(Answer):
    """`on` is the day that lateness is judged against; `total` is the sum of the lines."""

    first: date
    last: date
    on: date
    by: str
    lines: list[MeetingFigures]
    total: MeetingFigures


class MeetingPetitions(Answer):
    first: date
    last: date
    total: int
    petitions: list[PetitionItem]
    next: str | None = Field(description="opaque")


class MeetingFile(Answer):
    """All that happened to a meeting, in order."""

    meeting_id: str
    version: int
    stage: str
    organiser: str
    planned_for: date | None
    held_on: date | None
    events: list[MeetingLine]


@router.get("/meetings", operation_id="list_meetings")
async def list_meetings(
    desk: AtDesk,
    which: OfMeetings,
    figure: Annotated[DayFigure, Query(description="what is counted of them")] = "held",
    on: On = None,
    limit: Limit = 1000,
    cursor: Cursor = None,
    after: After = None,
) -> MeetingList:
    """Meetings from the first to the last day that a figure counts, with the petitions of each."""
    position = None
    if cursor is not None:
        day, nth, (meeting_id,) = opened(cursor, 1)
        position = listed.Cursor(day, meeting_id, nth)
    async with reading_view(desk, Meetings.name, after) as connection:
        page = await listed.meeting_days(
            connection, which, on=on or desk.office.today, figure=figure, after=position, limit=limit
        )
    following = None if page.next is None else closed(page.next.day, page.next.meeting_id, nth=page.next.nth)
    return MeetingList(first=which.first, last=which.last, total=page.total, meetings=page.items, next=following)


@router.get("/meetings/figures", operation_id="count_meetings")
async def count_meetings(
    desk: AtDesk,
    which: OfMeetings,
    by: Annotated[Group, Query(description="one line a value of it")] = "level",
    on: On = None,
    after: After = None,
) -> MeetingTable:
    """Meetings and their petitions, counted: planned, held, moved, cancelled; raised, answered, assigned, late.

    Every figure of `days` is a `figure` of `/meetings`, every one of `petitions` a `figure` of `/meetings/petitions`:
    asked for the same, the list has as many lines.
    """
    day = on or desk.office.today
    async with reading_view(desk, Meetings.name, after) as connection:
        lines = await asked.meeting_figures(connection, which, on=day, by=by)
    return MeetingTable(first=which.first, last=which.last, on=day, by=by, lines=lines, total=asked.summed(lines))


@router.get("/meetings/petitions", operation_id="list_meeting_petitions")
async def list_meeting_petitions(
    desk: AtDesk,
    credentials: Asking,
    which: OfMeetings,
    figure: Annotated[PetitionFigure, Query(description="what is counted of them")] = "raised",
    unit: Annotated[Code | None, Query(description="the lead unit")] = None,
    meeting: Annotated[UUID | None, Query(description="of one meeting alone")] = None,
    on: On = None,
    limit: Limit = 200,
    cursor: Cursor = None,
    after: After = None,
) -> MeetingPetitions:
    """The petitions of meetings that a figure counts: raised, prepared, answered there, assigned, outstanding."""
    position = None
    if cursor is not None:
        day, _, (petition_id, meeting_id) = opened(cursor, 2)
        position = listed.PetitionCursor(day, petition_id, meeting_id)
    if meeting is not None:
        which = replace(which, meeting_id=meeting)
    async with reading_view(desk, Meetings.name, after) as connection:
        page = await listed.petitions_of_meetings(
            connection,
            which,
            on=on or desk.office.today,
            figure=figure,
            unit=unit,
            after=position,
            limit=limit,
        )
    last = page.next
    return MeetingPetitions(
        first=which.first,
        last=which.last,
        total=page.total,
        petitions=[_shown(item, credentials) for item in page.items],
        next=None if last is None else closed(last.received_on, last.petition_id, last.meeting_id),
    )


@router.get("/meetings/{meeting_id}", operation_id="read_meeting", responses=problems(404))
async def read_meeting(
    meeting_id: MeetingNamed,
    desk: AtDesk,
    lang: Annotated[Language, Query(description="language of the sentences")] = "vi",
) -> MeetingFile:
    """What happened to a meeting: planned, announced, moved, held or cancelled, concluded."""
    history = await desk.office.meeting_history(meeting_id)
    meeting = fold(history)
    if meeting is None:
        raise Problem("not-found", "there is no meeting with this id")
    return MeetingFile(
        meeting_id=str(meeting_id),
        version=meeting.version,
        stage=meeting.stage,
        organiser=meeting.organiser,
        planned_for=meeting.planned_for,
        held_on=meeting.held_on,
        events=meeting_file.lines(history, lang, desk.office.settings.zone),
    )


def _shown(item: PetitionItem, credentials: Credentials) -> PetitionItem:
    if not item.identity_protected or may_read_protected(credentials, item.unit):
        return item
    return replace(item, summary=PROTECTED, place=PROTECTED, topic=PROTECTED)
