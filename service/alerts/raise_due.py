"""Raises each step that has fallen due, once: finds petitions in the view and decides on their history in the log.

The view only gives the candidates. A decision is recorded only if the petition's history has not changed meanwhile. If
two workers decide on one petition at once, they write the same command id, or one of them must decide again.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.actor import SERVICE_CREDENTIALS
from domain.alerts.ladder import ClockDueDate, Ladder
from domain.alerts.raising import decide_due_alerts, with_last_day
from domain.alerts.vocabulary import WatchedClock
from domain.decision_context import DecisionContext
from domain.events import AlertRaised, PetitionEvent
from domain.meetings.events import MeetingEvent
from domain.meetings.task_alerts import decide_due_task_alerts
from domain.petition import Petition
from domain.vocabulary import Category, MeetingId
from projections.pending_notifications import DueWindow, watched_dates
from service.alerts.recording import record_decision, record_for_petition
from service.commands.chunked_read import fold_petitions, read_histories_in_chunks
from service.commands.office import ApplicationService
from service.commands.shared_facts import SharedFacts

PETITIONS_RAISED_AT_ONCE = 256
"""The number of petitions in progress at the same time, so that the committer can write many of them in one commit."""

_ROWS_BETWEEN_YIELDS = 500
"""The number of rows of the view after which other tasks of the event loop get a turn."""


@dataclass(slots=True)
class RaisedCounts:
    """Counts what was recorded: `alerts` counts raised steps, `petitions` counts petitions with at least one event."""

    petitions: int = 0
    alerts: int = 0

    def add(self, facts: Sequence[PetitionEvent]) -> None:
        """Add the events of one petition."""
        self.petitions += bool(facts)
        self.alerts += sum(isinstance(fact, AlertRaised) for fact in facts)


async def raise_due_alerts(office: ApplicationService, ladder: Ladder, today: date) -> RaisedCounts:
    """Record every step that has fallen due by the end of the day `today`, and return the counts.

    Raise TooContended, psycopg.Error, and the committer's errors. What was recorded before the error remains, and the
    next round finds the rest.
    """
    counts = RaisedCounts()
    candidates = await find_candidates(office, ladder, today)
    for meeting_id in candidates[Category.MEETING]:
        counts.alerts += len(await _raise_for_meeting(office, ladder, MeetingId(meeting_id), today))
    petitions = candidates[Category.PETITION]
    async with office.pool.connection() as connection:
        async for chunk in read_histories_in_chunks(connection, office.vault, petitions, PETITIONS_RAISED_AT_ONCE):
            recording = (
                _raise_for_petition(office, ladder, petition, today)
                for petition in fold_petitions(chunk, skip_unopenable=True)
            )
            for facts in await asyncio.gather(*recording):
                counts.add(facts)
    return counts


async def preview_due_alerts(
    office: ApplicationService, ladder: Ladder, today: date
) -> AsyncIterator[tuple[Petition, list[PetitionEvent]]]:
    """Yield each petition with the events that `raise_due_alerts` would record, without recording them."""
    context = _make_decision_context(await office.shared_facts.load(), today)
    candidates = (await find_candidates(office, ladder, today))[Category.PETITION]
    async with office.pool.connection() as connection:
        async for chunk in read_histories_in_chunks(connection, office.vault, candidates, PETITIONS_RAISED_AT_ONCE):
            for petition in fold_petitions(chunk, skip_unopenable=True):
                if facts := decide_due_alerts(petition, ladder, context):
                    yield petition, facts


async def find_candidates(office: ApplicationService, ladder: Ladder, today: date) -> Mapping[Category, list[UUID]]:
    """Return the ids of the petitions and meetings that have a step due, as far as the view has followed the log."""
    law, candidates = office.law, {category: dict[UUID, None]() for category in (Category.PETITION, Category.MEETING)}
    reaches = [
        DueWindow(clock, *between)
        for clock in WatchedClock
        if (between := ladder.due_date_range(clock, today)) is not None
    ]
    if not reaches:
        return {category: [] for category in candidates}
    async with office.pool.connection() as connection, connection.transaction():
        looked_at = 0
        # Many petitions share a date, and the steps due on it are the same for all of one kind and unit.
        due_by_conditions: dict[tuple[ClockDueDate, str | None, str], frozenset[str]] = {}
        async for watched in watched_dates(connection, reaches):
            conditions = (watched.segment, watched.kind, watched.unit)
            due = due_by_conditions.get(conditions)
            if due is None:
                due_date = with_last_day(watched.segment, watched.kind, law)
                steps = [] if due_date is None else ladder.steps_due(due_date, *conditions[1:], today, law.calendar)
                due = due_by_conditions[conditions] = frozenset(step.key.text for step in steps)
            if not due <= watched.raised:
                candidates[watched.category][watched.petition_id] = None
            looked_at += 1
            if looked_at % _ROWS_BETWEEN_YIELDS == 0:
                await asyncio.sleep(0)  # gives other tasks of the event loop a turn
    return {category: list(found) for category, found in candidates.items()}


async def _raise_for_petition(
    office: ApplicationService, ladder: Ladder, petition: Petition, today: date
) -> list[PetitionEvent]:
    """Decide and record the due steps of one petition; return the recorded events."""
    return await record_for_petition(
        office, petition, lambda now, shared: decide_due_alerts(now, ladder, _make_decision_context(shared, today))
    )


async def _raise_for_meeting(
    office: ApplicationService, ladder: Ladder, meeting_id: MeetingId, today: date
) -> list[MeetingEvent]:
    """Decide and record the due steps of one meeting's tasks; return the recorded events."""
    meeting = await office.queries.meeting(meeting_id)
    return await record_decision(
        office,
        meeting_id,
        meeting,
        lambda now, shared: decide_due_task_alerts(now, ladder, shared.law, today),
        lambda: office.queries.meeting(meeting_id),
    )


def _make_decision_context(shared: SharedFacts, today: date) -> DecisionContext:
    return DecisionContext(
        today, SERVICE_CREDENTIALS.acting_officer, shared.law, shared.units, facts_known=shared.position
    )
