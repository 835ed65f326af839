"""Finds the steps that have fallen due and records them, each once, whoever looks how often.

The view says where to look; what is due is decided on the petition's fresh history, and recorded only if that has not
gone on meanwhile. Two workers that decide the same write the same command, or one of them looks again.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from domain.actor import THE_SERVICE
from domain.alerts.keys import key_of
from domain.alerts.ladder import Ladder, Segment
from domain.alerts.raising import dated, raise_due
from domain.alerts.vocabulary import WatchedClock
from domain.decision_context import DecisionContext
from domain.events import AlertRaised, PetitionEvent
from domain.petition import Petition
from domain.vocabulary import PetitionId
from projections.pending_notifications import Reach, watched_dates
from service.commands.handler import ATTEMPTS
from service.commands.office import Office, TooContended
from service.event_store.chunked_read import petitions_in, portions
from service.event_store.group_commit import VersionConflict

AT_ONCE = 256
"""Petitions under way together: enough for the committer to write many in one commit."""

_A_SLICE = 500


@dataclass(slots=True)
class Decided:
    """What was recorded: `alerts` counts steps, `petitions` those that had any."""

    petitions: int = 0
    alerts: int = 0

    def add(self, facts: Sequence[PetitionEvent]) -> None:
        self.petitions += bool(facts)
        self.alerts += sum(isinstance(fact, AlertRaised) for fact in facts)


async def decide_due(office: Office, ladder: Ladder, today: date) -> Decided:
    """Record what has fallen due by the end of the day.

    Raises TooContended, psycopg.Error, and the committer's errors: what was recorded by then stays, and the next look
    finds the rest.
    """
    decided = Decided()
    wanted = await candidates(office, ladder, today)
    async with office.pool.connection() as connection:
        async for rows in portions(connection, wanted, AT_ONCE):
            recording = (_record(office, ladder, petition, today) for petition in petitions_in(rows))
            for facts in await asyncio.gather(*recording):
                decided.add(facts)
    return decided


async def due_now(office: Office, ladder: Ladder, today: date) -> AsyncIterator[tuple[Petition, list[PetitionEvent]]]:
    """What `decide_due` would record, and nothing is recorded."""
    circumstances = await _circumstances(office, today)
    wanted = await candidates(office, ladder, today)
    async with office.pool.connection() as connection:
        async for rows in portions(connection, wanted, AT_ONCE):
            for petition in petitions_in(rows):
                if facts := raise_due(petition, ladder, circumstances):
                    yield petition, facts


async def candidates(office: Office, ladder: Ladder, today: date) -> list[UUID]:
    """The petitions of which the view says that a step is due: as far as it has followed the log."""
    law, found = office.law, dict[UUID, None]()
    reaches = [Reach(clock, *between) for clock in WatchedClock if (between := ladder.reach(clock, today)) is not None]
    if not reaches:
        return []
    async with office.pool.connection() as connection, connection.transaction():
        looked_at = 0
        # Many petitions have the same date, and what is due on it is the same for all of a kind and unit.
        known: dict[tuple[Segment, str | None, str], frozenset[str]] = {}
        async for watched in watched_dates(connection, reaches):
            asked = (watched.segment, watched.kind, watched.unit)
            due = known.get(asked)
            if due is None:
                segment = dated(watched.segment, watched.kind, law)
                steps = [] if segment is None else ladder.due(segment, *asked[1:], today, law.calendar)
                due = known[asked] = frozenset(step.key.text for step in steps)
            if not due <= watched.raised:
                found[watched.petition_id] = None
            looked_at += 1
            if looked_at % _A_SLICE == 0:
                await asyncio.sleep(0)  # others on the event loop have their turn
    return list(found)


async def _record(office: Office, ladder: Ladder, petition: Petition | None, today: date) -> list[PetitionEvent]:
    """On the fresh history, as often as somebody else was quicker; the facts that were recorded."""
    assert petition is not None
    petition_id: PetitionId = petition.petition_id
    circumstances = await _circumstances(office, today)
    for _ in range(ATTEMPTS):
        facts = [] if petition is None else raise_due(petition, ladder, circumstances)
        if petition is None or not facts:
            return []
        keys = " ".join(key_of(fact).text for fact in facts if isinstance(fact, AlertRaised))
        try:
            await office.record(
                petition_id,
                facts,
                THE_SERVICE,
                after=petition.version,
                command_id=uuid5(petition_id, keys),
                digest=petition_id.bytes,
            )
        except VersionConflict:
            petition = await office.fresh_petition(petition_id)
            continue
        return facts
    raise TooContended("a petition is being written to by too many at once")


async def _circumstances(office: Office, today: date) -> DecisionContext:
    return DecisionContext(today=today, by=THE_SERVICE.who, law=office.law, units=await office.units())
