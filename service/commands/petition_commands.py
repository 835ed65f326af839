"""Handles commands on petitions: decides on the cached state, and again on the log if the cached state was old.

Most petitions are in the cache and up to date, so a command usually needs no read before its append.
"""

import asyncio
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from domain import permissions
from domain.actor import Credentials, Role
from domain.commands import (
    AnswerAtMeeting,
    AssignPetition,
    MarkDuplicate,
    PetitionCommand,
    PrepareForMeeting,
    ReceivePetition,
    UnmarkDuplicate,
)
from domain.decide import decide
from domain.decision import Decision
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.imported_history import ImportedCase, facts_of_imported_case
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.vocabulary import PetitionId
from service.commands.decision_contexts import DecisionContexts
from service.commands.keyed_lock import KeyedLock
from service.commands.persistence import DecisionWriter
from service.commands.queries import Queries
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
from service.event_store.append import Identity
from service.event_store.errors import VersionConflict
from service.event_store.ids import time_ordered_id
from service.observability.append_observer import AppendObserver
from service.security.identity_vault import encrypt_petitioners

DECISION_ATTEMPTS = 10
"""Number of attempts to decide on one petition. After the last conflict `TooContended` is raised."""

REQUESTS_AT_ONCE = 256
"""Number of commands of one `perform_all` in flight at once. They share commits and leave room in the append queue."""

_NAMES_A_MEETING = ReceivePetition | AnswerAtMeeting | PrepareForMeeting | AssignPetition
_NAMES_ANOTHER = _NAMES_A_MEETING | MarkDuplicate | UnmarkDuplicate


class PetitionCommands:
    """Lets the domain decide on petition commands and writes the decision, with optimistic retry."""

    def __init__(
        self,
        states: StateCache,
        queries: Queries,
        contexts: DecisionContexts,
        writer: DecisionWriter,
        vault_key: bytes,
        observer: AppendObserver,
    ) -> None:
        self._states = states
        self._queries = queries
        self._contexts = contexts
        self._writer = writer
        self._vault_key = vault_key
        self._observer = observer
        self._locks = KeyedLock()

    async def perform(self, request: CommandRequest, credentials: Credentials) -> CommandResult:
        """Decide on one command and record the decision. A `command_id` is executed once, however often it is sent.

        Raise NotAllowed, Refused, UnknownPetition, VersionMismatch when `expected_version` is not the present one,
        TooContended, UnopenableText, and AppendFailed of the event store.
        """
        permissions.require_permission(request.command, credentials.roles)
        if request.petition_id is None:
            return await self._decide_with_retry(request, credentials)
        if isinstance(request.command, MarkDuplicate):  # it writes to the first letter too, which others may at once
            return await self._perform_locked(
                sorted({request.petition_id.int, request.command.duplicate_of.int}), request, credentials
            )
        return await self._perform_locked([request.petition_id.int], request, credentials)

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

    async def _perform_locked(
        self, petition_ids: Sequence[int], request: CommandRequest, credentials: Credentials
    ) -> CommandResult:
        """Decide on the command while the locks of `petition_ids` are held, so that only other processes can interfere.

        `petition_ids` are sorted: two commands that take two locks in different orders would wait for each other.
        """
        first, *others = petition_ids
        async with self._locks.holding(first):
            if others:
                return await self._perform_locked(others, request, credentials)
            return await self._decide_with_retry(request, credentials)

    async def _decide_with_retry(self, request: CommandRequest, credentials: Credentials) -> CommandResult:
        """Decide and write. After a conflict, decide again on the state that is read from the log."""
        petition = None if request.petition_id is None else self._states.get(request.petition_id)
        from_cache = petition is not None
        for _ in range(DECISION_ATTEMPTS):
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
                context = await self._make_context(request.command, credentials, petition)
                decision = decide(request.command, petition, context)
            except (Refused, UnknownPetition, VersionMismatch) as refusal:
                # A request that is sent again may be refused only because its first sending changed the petition.
                if not from_cache:
                    return await self._writer.find_result_or_raise(refusal, request.command_id, request.digest)
                if (result := await self._writer.find_result(request.command_id, request.digest)) is not None:
                    return result
            else:
                try:
                    return await self._write(decision, context, petition, request)
                except VersionConflict:
                    self._observer.on_conflict()
            petition, from_cache = None, False
        raise TooContended("this petition is being written to by too many at once")

    async def _make_context(
        self, command: PetitionCommand, credentials: Credentials, petition: Petition | None
    ) -> DecisionContext:
        """Return what the decision reads besides the petition. A receipt gets the id of the petition that it opens."""
        meeting, other = (
            await self._load_named(command, petition) if isinstance(command, _NAMES_ANOTHER) else (None, None)
        )
        subject = petition.petition_id if petition else PetitionId(time_ordered_id())
        return await self._contexts.make(credentials.acting_officer, petition_id=subject, meeting=meeting, other=other)

    async def _write(
        self, decision: Decision, context: DecisionContext, petition: Petition | None, request: CommandRequest
    ) -> CommandResult:
        """Write a decision, with the encrypted identities of a receipt."""
        command = request.command
        identities: tuple[Identity, ...] = ()
        if isinstance(command, ReceivePetition) and command.petitioners and context.petition_id is not None:
            decision, identities = encrypt_petitioners(
                decision, context.petition_id, command.petitioners, self._vault_key
            )
        return await self._writer.write_decision(decision, context, petition, request, identities)

    async def _load_named(
        self, command: PetitionCommand, petition: Petition | None
    ) -> tuple[Meeting | None, Petition | None]:
        """Load the meeting and the other petition that the command names.

        Each is None if the command does not name it.
        """
        if isinstance(command, MarkDuplicate | UnmarkDuplicate):
            first_id = (
                command.duplicate_of if isinstance(command, MarkDuplicate) else petition and petition.duplicate_of
            )
            # The first petition is written to as well. Its cached state may be old, and a conflict would not evict it.
            return None, await self._states.load(first_id) if first_id else None
        if isinstance(command, _NAMES_A_MEETING) and command.meeting_id is not None:
            return await self._queries.meeting(command.meeting_id), None
        return None, None
