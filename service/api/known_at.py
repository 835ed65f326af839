"""Answers queries as they were known at an earlier moment: reads the moment, and opens the views as they were."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends

from domain.deadlines.policy import Law
from domain.errors import Refused
from domain.labels import LANGUAGES
from projections.overdue import Overdue
from projections.unit_workload import UnitWorkload
from service.api.dependencies import ApiContext, ContextDep
from service.api.problem_details import Problem, invalid_parameter
from service.api.queries import unbuilt_view_as_problem, view_connection
from service.api.query_parameters import KnownAtMoment
from service.api.schemas.petitions import ResponseModel
from service.commands.refusals import ServiceRefusal
from service.known_at.law_and_units import law_at
from service.known_at.moment import KnownAt, find_known_at, parse_moment
from service.known_at.past_views import ViewBehindMoment
from service.known_at.sources import ViewSource, open_past_cases, open_past_figures, open_past_list


class KnownAtShown(ResponseModel):
    """The last event that was known: its position in the log, and when it was recorded (null before any event)."""

    position: int
    recorded_at: datetime | None

    @classmethod
    def of(cls, known: KnownAt | None) -> "KnownAtShown | None":
        return None if known is None else cls(position=known.position, recorded_at=known.recorded_at)


@contextmanager
def refused_moment_as_problem() -> Iterator[None]:
    """Raise Problem invalid, or not-found for a petition that was not on record yet, in both languages."""
    try:
        yield
    except Refused as refused:
        sentences = [refused.sentence(language) for language in LANGUAGES]
        if refused.instead("en"):
            sentences = [f"{says}: {refused.instead(lang)}" for says, lang in zip(sentences, LANGUAGES, strict=True)]
        detail = " / ".join(sentences)
        if refused.code is ServiceRefusal.NOT_ON_RECORD_YET:
            raise Problem("not-found", detail) from None
        raise invalid_parameter("known_at", detail) from None
    except ViewBehindMoment as behind:
        raise Problem("view-behind", str(behind)) from None


async def _moment_from_query(context: ContextDep, known_at: KnownAtMoment = None) -> KnownAt | None:
    """Return the moment of the query parameter `known_at`, None if it was left out. Raise Problem invalid."""
    if known_at is None:
        return None
    with refused_moment_as_problem():
        moment = parse_moment(known_at)
        async with context.office.pool.connection() as connection:
            return await find_known_at(connection, moment, context.office.settings.zone)


KnownAtDep = Annotated[KnownAt | None, Depends(_moment_from_query)]


def today_of(context: ApiContext, known: KnownAt | None) -> date:
    """Return the present day, or the day of the moment."""
    return context.office.today if known is None else known.on


async def law_of_moment(context: ApiContext, known: KnownAt | None) -> Law:
    """Return the law in force, or the one that was in force as far as it was known at the moment."""
    return context.office.law if known is None else await law_at(context.office, known.position)


@asynccontextmanager
async def requested_list(context: ApiContext, known: KnownAt | None, after: int | None) -> AsyncIterator[ViewSource]:
    """Yield what the list of what is owed is read from, now or as it was known."""
    if known is None:
        async with view_connection(context, Overdue.name, after) as connection:
            yield ViewSource.of_now(context.office, connection)
        return
    async with past_question(context, Overdue.name, known), open_past_list(context.office, known) as source:
        yield source


@asynccontextmanager
async def requested_figures(
    context: ApiContext, known: KnownAt | None, last: date, after: int | None
) -> AsyncIterator[ViewSource]:
    """Yield what the figures of units up to the day `last` are read from, now or as they were known."""
    if known is None:
        async with view_connection(context, UnitWorkload.name, after) as connection:
            yield ViewSource.of_now(context.office, connection)
        return
    async with (
        past_question(context, UnitWorkload.name, known),
        open_past_figures(context.office, known, last) as source,
    ):
        yield source


@asynccontextmanager
async def requested_cases(
    context: ApiContext, known: KnownAt | None, last: date, after: int | None
) -> AsyncIterator[ViewSource]:
    """Yield what the lists behind the figures up to the day `last` are read from, now or as they were known."""
    if known is None:
        async with view_connection(context, UnitWorkload.name, after) as connection:
            yield ViewSource.of_now(context.office, connection)
        return
    async with (
        past_question(context, UnitWorkload.name, known),
        open_past_cases(context.office, known, last) as source,
    ):
        yield source


@asynccontextmanager
async def past_question(context: ApiContext, view: str, known: KnownAt) -> AsyncIterator[None]:
    """Hold a slot of the batch limit for a question that may fold thousands of petitions, once the view is there.

    What it refuses is raised as Problem.
    """
    async with context.batch_limit.slot():
        await context.require_view_at(view, known.position)
        with refused_moment_as_problem(), unbuilt_view_as_problem():
            yield
