"""Handles commands on petitions: decides on the cached state, and again on the log if the cached state was old.

Most petitions are in the cache and up to date, so a command usually needs no read before its append.
"""

import asyncio
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from domain import permissions
from domain.actor import Credentials, Role
from domain.commands import MarkDuplicate
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.imported_history import ImportedCase, facts_of_imported_case
from service.commands.decision_contexts import DECISION_ATTEMPTS, DecisionContexts
from service.commands.keyed_lock import KeyedLock
from service.commands.persistence import DecisionWriter
from service.commands.results import (
    COMMAND_ERRORS,
    CommandError,
    CommandRequest,
    CommandResult,
    TooContended,
    UnknownPetition,
    VersionMismatch,
)
from service.commands.state_cache import StateCache
from service.event_store.errors import SharedFactsMoved, VersionConflict
from service.event_store.ids import time_ordered_id
from service.observability.append_observer import AppendObserver

REQUESTS_AT_ONCE = 256
"""Number of commands of one `perform_all` in flight at once. They share commits and leave room in the append queue."""


class PetitionCommands:
    """Lets the domain decide on petition commands and writes the decision, with optimistic retry."""

    def __init__(
        self,
        states: StateCache,
        contexts: DecisionContexts,
        writer: DecisionWriter,
        observer: AppendObserver,
    ) -> None:
        self._states = states
        self._contexts = contexts
        self._writer = writer
        self._observer = observer
        self._locks = KeyedLock()

    async def perform(self, request: CommandRequest, credentials: Credentials) -> CommandResult:
        """Decide on one command and record the decision. A `command_id` is executed once, however often it is sent.

        Raise NotAllowed, Refused, UnknownPetition, VersionMismatch when `expected_version` is not the present one,
        TooContended, UnopenableText, and AppendFailed of the event store.
        """
        command, petition_id = request.command, request.petition_id
        permissions.require_permission(command, credentials.roles)
        if petition_id is None:
            return await self._decide_with_retry(request, credentials)
        if type(command) is MarkDuplicate:  # it writes to the first letter too, which others may at once
            async with self._locks.holding((petition_id.int, command.duplicate_of.int)):
                return await self._decide_with_retry(request, credentials)
        if not self._locks.take_if_free(petition_id.int):
            await self._locks.acquire(petition_id.int)
        try:
            return await self._decide_with_retry(request, credentials)  # only other processes can interfere
        finally:
            self._locks.release(petition_id.int)

    async def perform_all(
        self, requests: Sequence[CommandRequest], credentials: Credentials
    ) -> list[CommandResult | CommandError]:
        """Decide on each command separately. Return a result or an error for each, in the order of `requests`.

        Commands on the same petition are decided in the order given, so that each sees the effect of the previous one;
        all others share commits. Raise only errors that belong to no single command: psycopg.Error if petitions cannot
        be read. If the same requests are sent again after such an error, the commands that were recorded get their
        results.
        """
        results: list[CommandResult | CommandError | None] = [None] * len(requests)
        remaining = iter(enumerate(requests))

        async def perform_remaining() -> None:
            for index, request in remaining:
                try:
                    results[index] = await self.perform(request, credentials)
                except COMMAND_ERRORS as failure:
                    results[index] = failure

        ended = await asyncio.gather(
            *(perform_remaining() for _ in range(min(REQUESTS_AT_ONCE, len(requests)))), return_exceptions=True
        )
        for error in ended:
            if error is not None:
                raise error
        return cast("list[CommandResult | CommandError]", results)

    async def import_case(
        self, case: ImportedCase, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> CommandResult:
        """Record a case of another system as it is.

        `command_id` is derived from (source, key), so each case is recorded once. Raise NotAllowed without the role of
        an importer, and AppendFailed of the event store.
        """
        permissions.require_role(Role.IMPORTER, credentials.roles)
        facts = facts_of_imported_case(case, self._contexts.today)
        return await self._writer.append_facts(
            time_ordered_id(), facts, credentials, after=0, command_id=command_id, digest=digest
        )

    async def _decide_with_retry(self, request: CommandRequest, credentials: Credentials) -> CommandResult:
        """Decide and write. After a conflict, decide again on the state that is read from the log."""
        petition = None if request.petition_id is None else self._states.get(request.petition_id)
        from_cache = petition is not None
        for _ in range(DECISION_ATTEMPTS):
            context: DecisionContext | None = None
            try:
                if petition is None and request.petition_id is not None:
                    petition = await self._states.load(request.petition_id)
                    if petition is None:
                        raise UnknownPetition
                if (
                    petition
                    and request.expected_version is not None
                    and not petition.is_current_for(request.expected_version)
                ):
                    raise VersionMismatch(petition.version)
                by = credentials.acting_officer
                context = self._contexts.without_reading(request.command, by, petition)
                if context is None:
                    context = await self._contexts.for_petition(request.command, by, petition)
                if request.entered_on is not None and request.entered_on < context.today:
                    context = context._replace(today=request.entered_on)
                decision = decide(request.command, petition, context)
            except (Refused, UnknownPetition, VersionMismatch) as refusal:
                # A request that is sent again may be refused only because its first sending changed the petition.
                if not from_cache and not await self._was_decided_on_old_facts(refusal, context):
                    return await self._writer.find_result_or_raise(refusal, request.command_id, request.digest)
                if (
                    from_cache
                    and (result := await self._writer.find_result(request.command_id, request.digest)) is not None
                ):
                    return result
            else:
                try:
                    return await self._writer.write_decision(decision, context, petition, request)
                except Refused as refusal:  # of the vault: the identity was erased
                    return await self._writer.find_result_or_raise(refusal, request.command_id, request.digest)
                except VersionConflict:
                    self._observer.on_conflict()
                except SharedFactsMoved:
                    self._contexts.shared_facts.invalidate()
            petition, from_cache = None, False
        raise TooContended("this petition is being written to by too many at once")

    async def _was_decided_on_old_facts(self, refusal: Exception, context: DecisionContext | None) -> bool:
        """Return whether the law or a unit has changed since a rule refused the command."""
        return (
            isinstance(refusal, Refused)
            and context is not None
            and await self._contexts.shared_facts.have_moved_since(context.facts_known)
        )
