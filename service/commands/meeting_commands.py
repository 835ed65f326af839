"""Handles the commands on meetings, on the state in the log."""

from uuid import UUID

from domain import permissions
from domain.actor import Credentials
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.meetings.commands import MeetingCommand
from domain.meetings.decide import decide_meeting
from domain.vocabulary import MeetingId
from service.commands.decision_contexts import DecisionContexts
from service.commands.persistence import DecisionWriter
from service.commands.queries import Queries
from service.commands.results import CommandResult


class MeetingCommands:
    """Decides commands on meetings and records the decisions."""

    def __init__(self, queries: Queries, contexts: DecisionContexts, writer: DecisionWriter) -> None:
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
    ) -> CommandResult:
        """Decide a command on a meeting, using its state in the log, and record the decision.

        Raise NotAllowed, Refused, and AppendFailed of the event store.
        """
        permissions.require_permission(command, credentials.roles)

        async def attempt(context: DecisionContext) -> CommandResult:
            meeting = await self._queries.fresh_meeting(meeting_id)
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

        try:
            return await self._contexts.decide_on_present_facts(credentials.acting_officer, attempt)
        except Refused as refusal:
            return await self._writer.find_result_or_raise(refusal, command_id, digest)
