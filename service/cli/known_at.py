"""Reads the option --known-at, and what lists, figures and files are read from at that moment."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from domain.deadlines.calendar import CalendarRunsOut
from domain.deadlines.policy import Law
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent
from projections.projection import Connection
from service.cli.output import say
from service.commands.office import ApplicationService
from service.known_at.law_and_units import law_at
from service.known_at.moment import KnownAt, find_known_at, parse_moment
from service.known_at.petition_then import history_then
from service.known_at.sources import ViewSource, open_past_cases, open_past_figures, open_past_list

KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        metavar="MOMENT",
        help="As it was known at a position of the log (1234), a day (its end) or an instant with its zone.",
    ),
]


@dataclass(frozen=True)
class PetitionAsKnown:
    """Holds the events of a petition that were on record, and the law and the day of the moment."""

    history: Sequence[EventEnvelope[PetitionEvent]]
    law: Law
    today: date


async def find_moment(office: ApplicationService, typed: str) -> KnownAt:
    """Return the moment that was typed. Raise Refused for one that is none or has not come yet."""
    moment = parse_moment(typed)
    async with office.pool.connection() as connection:
        return await find_known_at(connection, moment, office.settings.zone)


@asynccontextmanager
async def typed_list(
    office: ApplicationService, connection: Connection, known_at: str | None
) -> AsyncIterator[ViewSource]:
    """Yield what the list of what is owed is read from: `connection`, or the views as they were."""
    if known_at is None:
        yield ViewSource.of_now(office, connection)
        return
    async with open_past_list(office, await find_moment(office, known_at)) as source:
        yield source


@asynccontextmanager
async def typed_figures(
    office: ApplicationService, connection: Connection, known_at: str | None, last: date | None
) -> AsyncIterator[ViewSource]:
    """Yield what the figures of units up to a day are read from. `last` None means the day of the moment."""
    if known_at is None:
        yield ViewSource.of_now(office, connection)
        return
    async with open_past_figures(office, await find_moment(office, known_at), last) as source:
        yield source


@asynccontextmanager
async def typed_cases(
    office: ApplicationService, connection: Connection, known_at: str | None, last: date | None
) -> AsyncIterator[ViewSource]:
    """Yield what the lists behind the figures up to a day are read from. `last` None means the day of the moment."""
    if known_at is None:
        yield ViewSource.of_now(office, connection)
        return
    async with open_past_cases(office, await find_moment(office, known_at), last) as source:
        yield source


async def petition_as_known(
    office: ApplicationService, history: Sequence[EventEnvelope[PetitionEvent]], known_at: str | None
) -> PetitionAsKnown:
    """Return what was on record of a petition. Raise Refused if nothing was."""
    if known_at is None:
        return PetitionAsKnown(history, office.law, office.today)
    known = await find_moment(office, known_at)
    return PetitionAsKnown(history_then(history, known.position), await law_at(office, known.position), known.on)


def soon_until(office: ApplicationService, law: Law, on: date) -> date:
    """Return the last day that counts as soon."""
    days = office.settings.due_soon_working_days
    try:
        return law.calendar.add_working_days(on, days)
    except CalendarRunsOut:  # a year without a calendar has a list all the same
        return on + timedelta(days=days)


def known_at_json(known: KnownAt | None) -> dict[str, Any]:
    """Return the member of an answer that names the moment; nothing for an answer of now."""
    if known is None:
        return {}
    return {"known_at": {"position": known.position, "recorded_at": known.recorded_at}}


def say_known_at(known: KnownAt | None) -> None:
    """Tell the person on stderr up to which event of the log an answer goes."""
    if known is not None:
        say(f"theo nhật ký đến vị trí {known.position} / as known at position {known.position} of the log")
