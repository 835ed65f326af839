"""Builds histories from commands that the domain decides on, and puts them into the tables of the views."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid5

import psycopg

from domain.commands import PetitionCommand
from domain.correcting.history import REWRITES_HISTORY, corrected_history
from domain.decide import decide
from domain.envelope import EventEnvelope
from domain.events import Fact, PetitionEvent
from domain.meetings.commands import MeetingCommand
from domain.meetings.decide import decide_meeting as decide_on_meeting
from domain.meetings.meeting import Meeting, evolve_meeting
from domain.petition import Petition
from domain.units.unit import UnitRegister
from domain.vocabulary import PetitionId
from projections.projection import Connection, Projection, read_ddl
from projections.views import VIEWS
from service.projector.history_fold import fold_history
from service.projector.row_diff import RowDiff, StateChange, build_write_statement
from service.projector.row_texts import RowTexts
from service.security.text_vault import TextVault
from tests.domain.scenario import CLERK, HEAD, PETITION, UNITS, decision_context, fold_next, usual_officer

F = TypeVar("F", bound=Fact)
T = TypeVar("T")


def id_of(number: int) -> PetitionId:
    return PetitionId(uuid5(PETITION, str(number)))


class Register:
    """Holds the event log of an authority in memory."""

    def __init__(self) -> None:
        self.log: list[EventEnvelope[Any]] = []
        self.petitions: dict[UUID, Petition] = {}
        self.meetings: dict[UUID, Meeting] = {}

    def __repr__(self) -> str:
        """Return one word for each event, so that a failed example can be read."""
        numbers = {
            originator_id: number
            for number, originator_id in enumerate(dict.fromkeys(r.originator_id for r in self.log))
        }
        linked = (f"{numbers[r.originator_id]}:{type(r.fact).__name__} {r.fact.occurred_on:%d/%m}" for r in self.log)
        return f"<Register {', '.join(linked)}>"

    def perform(self, petition_id: PetitionId, command: PetitionCommand, *, duplicate_of: UUID | None = None) -> None:
        """Append the events that the domain decides on, with all events that follow: an act that is entered on its day.

        Raises Refused if it refuses.
        """
        petition = self.petitions.get(petition_id)
        other = None if duplicate_of is None else self.petitions.get(duplicate_of)
        context = decision_context(
            usual_officer(command), today=command.occurred_on, meeting_on=command.occurred_on, other=other
        )
        context = context._replace(petition_id=petition_id, history=self.history(petition_id))
        named = getattr(command, "meeting_id", None)
        if named in self.meetings:
            context = context._replace(meeting=self.meetings[named])
        decision = decide(command, petition, context)
        for fact in decision.facts:
            self.append_event(petition_id, fact)
        for stream in decision.opened:
            for first_fact in stream.facts:
                self.append_event(stream.petition_id, first_fact)
        for linked in decision.linked:
            self.append_event(linked.petition.petition_id, linked.fact)

    def perform_on_meeting(self, meeting_id: UUID, command: MeetingCommand, units: UnitRegister = UNITS) -> None:
        """Append the events of a command on a meeting. Raises Refused if the domain refuses it.

        A petition that names a meeting without events finds it held.
        """
        state = self.meetings.get(meeting_id)
        context = decision_context(HEAD)._replace(units=units)
        for fact in decide_on_meeting(command, state, context):
            envelope = self.record(meeting_id, fact, after=state.version if state else 0)
            state = self.meetings[meeting_id] = evolve_meeting(state, envelope)

    def append_event(self, petition_id: UUID, fact: PetitionEvent) -> None:
        """Append an event of a petition, whether or not the domain allows it."""
        state = self.petitions.get(petition_id)
        history = self.history(petition_id)
        envelope = self.record(petition_id, fact, after=state.version if state else 0)
        self.petitions[petition_id] = fold_next(state, envelope, history)

    def record(self, originator_id: UUID, fact: F, *, after: int = 0) -> EventEnvelope[F]:
        """Append an event with the next position; give the first event of a stream a register number."""
        position = len(self.log) + 1
        envelope = EventEnvelope(
            originator_id=originator_id,
            originator_version=after + 1,
            fact=fact,
            by=CLERK,
            position=position,
            reference=None if after else f"TD-2026-{position:06d}",
        )
        self.log.append(envelope)
        return envelope

    def history(self, petition_id: UUID) -> list[EventEnvelope[PetitionEvent]]:
        return [envelope for envelope in self.log if envelope.originator_id == petition_id]

    def facts(self, petition_id: UUID) -> list[PetitionEvent]:
        """Return what the facts of a petition should have said."""
        return [envelope.fact for envelope in corrected_history(self.history(petition_id))]


def build_register(commands: Iterable[PetitionCommand], number: int = 1, register: Register | None = None) -> Register:
    """Return the register after all commands on one petition, each of which must be allowed."""
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
    vault: TextVault | None = None,
) -> None:
    """Create the tables of the views in the first schema of the connection, and write these events page by page."""
    texts = RowTexts(vault or TextVault(b"k" * 32), lambda: nullcontext(connection))
    for view in views:
        for statement in read_ddl(view):
            await connection.execute(statement)
        states: dict[UUID, Any] = {}
        histories: dict[UUID, list[EventEnvelope[Any]]] = {}
        for begin in range(0, len(log), page):
            before = dict(states)
            for envelope in await texts.open_page(log[begin : begin + page]):
                originator_id = envelope.originator_id
                histories.setdefault(originator_id, []).append(envelope)
                states[originator_id] = (
                    fold_history(view.fold, histories[originator_id])
                    if type(envelope.fact) in REWRITES_HISTORY
                    else view.fold(states.get(originator_id), envelope)
                )
            row_diff = RowDiff(view())
            row_diff.add(StateChange(before.get(originator_id), state) for originator_id, state in states.items())
            await texts.seal(row_diff)
            statement, parameters = build_write_statement([(view(), row_diff)], f"SELECT '{view.name}' AS name")
            await connection.execute(statement, parameters)


@asynccontextmanager
async def tables(
    dsn: str, log: Sequence[EventEnvelope[Any]], *, page: int = 1000, views: Iterable[type[Projection]] = VIEWS
) -> AsyncIterator[Connection]:
    """Return a connection that sees the views of this log; the tables vanish with the connection."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await connection.execute("SET search_path = kiennghi_views")
        await put_into_tables(connection, log, page=page, views=views)
        try:
            yield connection
        finally:
            await connection.rollback()


def query_views(dsn: str, register: Register, question: Callable[[Connection], Awaitable[T]], *, page: int = 1000) -> T:
    """Return the answer of a query when the views have followed the register."""

    async def ask() -> T:
        async with tables(dsn, register.log, page=page) as connection:
            return await question(connection)

    return asyncio.run(ask())


def every_day(first: date, last: date) -> Iterator[date]:
    """Return all days from the first to the last, both inclusive."""
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
