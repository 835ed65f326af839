"""Handles the commands on meetings, on the state in the log."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain import permissions
from domain.actor import Credentials
from domain.correcting.history import corrected_history
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.meetings.commands import (
    ApproveMeetingCorrection,
    ApproveMeetingWithdrawal,
    MeetingCommand,
    PlanMeeting,
    ProposeMeetingCorrection,
    ProposeMeetingWithdrawal,
    RecordMeeting,
)
from domain.meetings.decide import decide_meeting
from domain.meetings.events import MeetingEvent
from domain.meetings.meeting import MeetingNeighbours, fold_meeting
from domain.vocabulary import MeetingId
from service.commands.decision_contexts import DecisionContexts
from service.commands.keyed_lock import KeyedLock
from service.commands.meeting_neighbours import meetings_of_same_day, petitions_resting_on
from service.commands.persistence import DecisionWriter
from service.commands.queries import Queries
from service.commands.results import CommandResult


class MeetingCommands:
    """Decides commands on meetings and records the decisions."""

    def __init__(
        self, pool: AsyncConnectionPool, queries: Queries, contexts: DecisionContexts, writer: DecisionWriter
    ) -> None:
        self._pool = pool
        self._locks = KeyedLock()
        self._queries = queries
        self._contexts = contexts
        self._writer = writer

    async def perform(
        self,
        command: MeetingCommand,
        meeting_id: MeetingId,
        credentials: Credentials,
        *,
        command_id: UUID,
        digest: bytes,
        entered_on: date | None = None,
    ) -> CommandResult:
        """Decide a command on a meeting, using its state in the log, and record the decision.

        A step of a made-up life is decided as if it had been entered on the day `entered_on`.
        Raise NotAllowed, Refused, and AppendFailed of the event store.
        """
        permissions.require_permission(command, credentials.roles)

        async def attempt(context: DecisionContext) -> CommandResult:
            history = await self._queries.meeting_history(meeting_id)
            meeting = fold_meeting(history)
            context = context._replace(
                today=min(context.today, entered_on or context.today),
                neighbours=await self._neighbours(command, meeting_id, history),
            )
            return await self._writer.write_entry(
                meeting_id,
                decide_meeting(command, meeting, context),
                credentials,
                after=meeting.version if meeting else 0,
                command_id=command_id,
                digest=digest,
                facts_known=context.facts_known,
                confirmed=command.confirm,
            )

        async with self._locks.holding(_entered_on(command)):
            try:
                return await self._contexts.decide_on_present_facts(credentials.acting_officer, attempt)
            except Refused as refusal:
                return await self._writer.find_result_or_raise(refusal, command_id, digest)

    async def _neighbours(
        self, command: MeetingCommand, meeting_id: MeetingId, history: Sequence[EventEnvelope[MeetingEvent]]
    ) -> MeetingNeighbours:
        """Return what a decision on this command reads beside the state of the meeting."""
        if isinstance(command, ProposeMeetingCorrection | ApproveMeetingCorrection):
            return MeetingNeighbours(facts=tuple(event.fact for event in corrected_history(history)))
        if isinstance(command, ProposeMeetingWithdrawal | ApproveMeetingWithdrawal):
            async with self._pool.connection() as connection:
                return MeetingNeighbours(resting=await petitions_resting_on(connection, meeting_id))
        if isinstance(command, RecordMeeting | PlanMeeting):
            async with self._pool.connection() as connection:
                same_day = await meetings_of_same_day(
                    connection, meeting_id, command.organiser, command.chair, _day_of(command)
                )
                return MeetingNeighbours(same_day=same_day)
        return MeetingNeighbours()


def _day_of(command: RecordMeeting | PlanMeeting) -> date:
    return command.planned_for if isinstance(command, PlanMeeting) else command.occurred_on


def _entered_on(command: MeetingCommand) -> list[int]:
    """Return the day of an entry, so that two entries of one meeting are decided one after the other."""
    return [_day_of(command).toordinal()] if isinstance(command, RecordMeeting | PlanMeeting) else []
