"""Handles the commands on the register of units."""

from uuid import UUID

from domain import permissions
from domain.actor import Credentials
from domain.errors import Refused, require_not_in_future
from domain.units.commands import UnitCommand
from domain.units.decide import decide_unit
from domain.units.unit import unit_stream_id
from domain.vocabulary import UnitId
from service.commands.decision_contexts import DecisionContexts
from service.commands.persistence import DecisionWriter
from service.commands.results import CommandResult
from service.commands.unit_cache import UnitCache


class UnitCommands:
    """Decides commands on units and records the decisions."""

    def __init__(self, units: UnitCache, contexts: DecisionContexts, writer: DecisionWriter) -> None:
        self._units = units
        self._contexts = contexts
        self._writer = writer

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
        self._units.invalidate()
        units = await self._units.load()
        unit_id = UnitId(command.unit)
        unit = units.by_id.get(unit_id)
        try:
            facts = decide_unit(command, units)
            after = unit.version if unit else 0
            return await self._writer.write_entry(
                unit_stream_id(unit_id), facts, credentials, after=after, command_id=command_id, digest=digest
            )
        except Refused as refusal:
            return await self._writer.find_result_or_raise(refusal, command_id, digest)
        finally:
            self._units.invalidate()  # another command may have read the units again in the meantime
