"""Handles the commands on the register of units."""

import asyncio
from uuid import UUID

from domain import permissions
from domain.actor import Credentials
from domain.decision_context import DecisionContext
from domain.errors import Refused, require_not_in_future
from domain.units.commands import UnitCommand
from domain.units.decide import decide_unit
from domain.units.unit import unit_stream_id
from domain.vocabulary import UnitId
from service.commands.decision_contexts import DecisionContexts
from service.commands.persistence import DecisionWriter
from service.commands.results import CommandResult


class UnitCommands:
    """Decides commands on units and records the decisions."""

    def __init__(self, contexts: DecisionContexts, writer: DecisionWriter) -> None:
        self._contexts = contexts
        self._writer = writer
        self._one_at_a_time = asyncio.Lock()  # each change makes the register old for all others

    async def perform(
        self, command: UnitCommand, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> CommandResult:
        """Decide on a change of the register of units and record it.

        Raise NotAllowed, Refused, and AppendFailed of the event store.
        """
        permissions.require_permission(command, credentials.roles)
        return await self.perform_as_approved(command, credentials, command_id=command_id, digest=digest)

    async def perform_as_approved(
        self, command: UnitCommand, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> CommandResult:
        """Change the register of units without a check of roles, for a reorganisation that two officers approved.

        Raises the same errors as `perform`, except NotAllowed.
        """
        require_not_in_future(command.occurred_on, self._contexts.today)
        unit_id = UnitId(command.unit)

        async def attempt(context: DecisionContext) -> CommandResult:
            unit = context.units.by_id.get(unit_id)
            return await self._writer.write_entry(
                unit_stream_id(unit_id),
                decide_unit(command, context.units),
                credentials,
                after=unit.version if unit else 0,
                command_id=command_id,
                digest=digest,
                facts_known=context.facts_known,
                confirmed=command.confirm,
            )

        async with self._one_at_a_time:
            self._contexts.shared_facts.invalidate()
            try:
                return await self._contexts.decide_on_present_facts(credentials.acting_officer, attempt)
            except Refused as refusal:
                return await self._writer.find_result_or_raise(refusal, command_id, digest)
            finally:
                self._contexts.shared_facts.invalidate()  # others may have read the units again in the meantime
