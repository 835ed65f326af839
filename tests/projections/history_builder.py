"""Histories for the views: told by commands that the domain decides on, and put into tables."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid5

import psycopg

from domain.commands import PetitionCommand
from domain.decide import decide
from domain.envelope import EventEnvelope
from domain.events import Fact, PetitionEvent
from domain.evolve import evolve
from domain.follow_on_events import opened_by, told_by
from domain.meetings.commands import MeetingCommand
from domain.meetings.decide import decide as decide_on_meeting
from domain.meetings.meeting import Meeting
from domain.meetings.meeting import evolve as evolve_meeting
from domain.petition import Petition
from domain.units.unit import Units
from domain.vocabulary import PetitionId
from projections.projection import Connection, Projection, ddl
from projections.views import VIEWS
from service.projector.row_diff import Difference, Moved, written
from tests.domain.scenario import CLERK, HEAD, PETITION, UNITS, circumstances, whose

F = TypeVar("F", bound=Fact)
T = TypeVar("T")


def id_of(number: int) -> PetitionId:
    return PetitionId(uuid5(PETITION, str(number)))


class Register:
    """The log of an office, in memory."""

    def __init__(self) -> None:
        self.log: list[EventEnvelope[Any]] = []
        self.petitions: dict[UUID, Petition] = {}
        self.meetings: dict[UUID, Meeting] = {}

    def __repr__(self) -> str:
        """One word an event, so that a failed example can be read."""
        numbers = {of: number for number, of in enumerate(dict.fromkeys(r.originator_id for r in self.log))}
        told = (f"{numbers[r.originator_id]}:{type(r.fact).__name__} {r.fact.occurred_on:%d/%m}" for r in self.log)
        return f"<Register {', '.join(told)}>"

    def perform(self, petition_id: PetitionId, command: PetitionCommand, *, duplicate_of: UUID | None = None) -> None:
        """Refused when the domain refuses it."""
        petition = self.petitions.get(petition_id)
        other = None if duplicate_of is None else self.petitions.get(duplicate_of)
        around = circumstances(whose(command), meeting_on=command.occurred_on, other=other)
        around = around._replace(petition_id=petition_id)
        named = getattr(command, "meeting_id", None)
        if named in self.meetings:
            around = around._replace(meeting=self.meetings[named])
        for fact in decide(command, petition, around):
            self.tell(petition_id, fact)
            for opened in opened_by(petition, fact, around) if petition else ():
                for its_fact in opened.facts:
                    self.tell(opened.petition_id, its_fact)
            for told in told_by(petition, fact, around) if petition else ():
                self.tell(told.of.petition_id, told.fact)

    def meet(self, meeting_id: UUID, command: MeetingCommand, units: Units = UNITS) -> None:
        """Refused when the domain refuses it. Petitions that name a meeting that nobody told of find it held."""
        known = self.meetings.get(meeting_id)
        around = circumstances(HEAD)._replace(units=units)
        for fact in decide_on_meeting(command, known, around):
            recorded = self.record(meeting_id, fact, after=known.version if known else 0)
            known = self.meetings[meeting_id] = evolve_meeting(known, recorded)

    def tell(self, petition_id: UUID, fact: PetitionEvent) -> None:
        known = self.petitions.get(petition_id)
        recorded = self.record(petition_id, fact, after=known.version if known else 0)
        self.petitions[petition_id] = evolve(known, recorded)

    def record(self, originator_id: UUID, fact: F, *, after: int = 0) -> EventEnvelope[F]:
        """As the log does: the next position, and a number for what is opened."""
        position = len(self.log) + 1
        recorded = EventEnvelope(
            originator_id=originator_id,
            originator_version=after + 1,
            fact=fact,
            by=CLERK,
            position=position,
            reference=None if after else f"TD-2026-{position:06d}",
        )
        self.log.append(recorded)
        return recorded

    def facts(self, petition_id: UUID) -> list[PetitionEvent]:
        return [recorded.fact for recorded in self.log if recorded.originator_id == petition_id]


def told(commands: Iterable[PetitionCommand], number: int = 1, register: Register | None = None) -> Register:
    """One petition's life, all of which must be allowed."""
    register = register or Register()
    for command in commands:
        register.perform(id_of(number), command)
    return register


async def put_into_tables(
    connection: Connection,
    log: Sequence[EventEnvelope[Any]],
    *,
    page: int = 1000,
    views: Iterable[type[Projection]] = VIEWS,
) -> None:
    """The views' tables with these events in them, in the connection's first schema."""
    for view in views:
        for statement in ddl(view):
            await connection.execute(statement)
        states: dict[UUID, Any] = {}
        for begin in range(0, len(log), page):
            before = dict(states)
            for recorded in log[begin : begin + page]:
                of = recorded.originator_id
                states[of] = view.fold(states.get(of), recorded)
            difference = Difference(view())
            difference.add(Moved(before.get(of), state) for of, state in states.items())
            statement, asked = written([(view(), difference)], f"SELECT '{view.name}' AS name")
            await connection.execute(statement, asked)


@asynccontextmanager
async def tables(
    dsn: str, log: Sequence[EventEnvelope[Any]], *, page: int = 1000, views: Iterable[type[Projection]] = VIEWS
) -> AsyncIterator[Connection]:
    """A connection that sees the views of this log; they vanish with it."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await connection.execute("SET search_path = kiennghi_views")
        await put_into_tables(connection, log, page=page, views=views)
        try:
            yield connection
        finally:
            await connection.rollback()


def asked(dsn: str, register: Register, question: Callable[[Connection], Awaitable[T]], *, page: int = 1000) -> T:
    """What a view answers when it has followed the register."""

    async def ask() -> T:
        async with tables(dsn, register.log, page=page) as connection:
            return await question(connection)

    return asyncio.run(ask())


def days(first: date, last: date) -> Iterator[date]:
    """Both inclusive."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
