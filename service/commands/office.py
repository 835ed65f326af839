"""Offers the actions of officers: loads a history, lets the domain decide, and records the decision.

Everything that one command causes (events, register number, identities, the command's own id) is written together: the
log has all of it or nothing. If somebody else changes the petition in between, the decision is made again on the new
history.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain import permissions
from domain.actor import Credentials, Role
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused, require_not_in_future
from domain.events import Fact, PetitionEvent
from domain.imported_history import ImportedCase, facts_of_imported_case
from domain.meetings import decide as meetings_decide
from domain.meetings import meeting as meetings
from domain.meetings.commands import MeetingCommand, RecordMeeting
from domain.meetings.events import MeetingEvent, MeetingHeld, MeetingPlanned
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.units import decide as units_decide
from domain.units.commands import UnitCommand
from domain.units.unit import UnitRegister, unit_stream_id
from domain.vocabulary import MeetingId, PetitionId, UnitId
from service.commands.business_day import BusinessDay
from service.commands.handler import CommandHandler
from service.commands.persistence import DecisionWriter
from service.commands.reference_lookup import ReferenceLookup
from service.commands.results import CommandError, CommandRequest, CommandResult
from service.commands.state_cache import StateCache, petition_history
from service.commands.unit_cache import UnitCache
from service.commands.unit_of_work import UnitOfWork, holds_texts_to_seal
from service.config.law_files import law_of
from service.config.settings import Settings
from service.event_store.group_commit import Committer
from service.event_store.ids import time_ordered_id
from service.event_store.recorder import Histories, LogRecorder
from service.observability.append_observer import AppendObserver
from service.postgres.pools import async_pool
from service.security.text_vault import TextVault
from service.security.view_texts import ViewTexts


class ApplicationService:
    """Decides on commands, records the decisions, and reads histories.

    A process has one of them: `async with ApplicationService.open(...)`.
    """

    def __init__(
        self,
        pool: AsyncConnectionPool,
        committer: Committer,
        histories: Histories,
        settings: Settings,
        vault_key: bytes,
        law: Law,
        clock: Callable[[], datetime],
        observer: AppendObserver,
    ) -> None:
        self.pool = pool
        self.histories = histories
        self.settings = settings
        self.law = self.law_on_file = law
        self.vault_key = vault_key
        self.vault = TextVault(vault_key, seals=settings.seal_texts)
        self.texts = ViewTexts(self.vault)
        self._committer = committer
        self._today = BusinessDay(clock, settings.zone)
        self._states = StateCache(pool, self.vault)
        self._references = ReferenceLookup(pool)
        self._meetings: dict[UUID, Meeting] = {}
        self._units = UnitCache(histories)
        self._writer = DecisionWriter(pool, committer, self._states, self.vault)
        self._handler = CommandHandler(
            self._writer,
            self._states,
            self._units,
            self.meeting,
            self._today,
            lambda: self.law,
            vault_key,
            self.vault,
            observer,
        )

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        dsn: str,
        settings: Settings,
        *,
        vault_key: bytes,
        law: Law | None = None,
        on_committed: Callable[[int], None] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pool_size: int = 8,
        max_waiting: int = 10_000,
        observer: AppendObserver | None = None,
    ) -> AsyncIterator["ApplicationService"]:
        """Open the service on the migrated database `dsn`, and close its connections at the end.

        `on_committed` is called with the last position of every committed batch; `observer` observes the appends.
        Without `law` the law files of the settings are used.
        """
        observer = observer or AppendObserver()
        async with (
            async_pool(dsn, min_size=2, max_size=pool_size) as pool,
            Committer(dsn, max_waiting=max_waiting, on_committed=on_committed, observer=observer) as committer,
        ):
            recorder = LogRecorder(pool, committer, asyncio.get_running_loop())
            yield cls(
                pool, committer, Histories(recorder), settings, vault_key, law or law_of(settings), clock, observer
            )

    @property
    def today(self) -> date:
        """Return the present day in the authority's time zone."""
        return self._today()

    @property
    def waiting(self) -> int:
        """Return the number of appends that are not yet sent to the database."""
        return self._committer.waiting

    # -- commands

    async def perform(self, request: CommandRequest, credentials: Credentials) -> CommandResult:
        """Decide on a command and record the decision. A `command_id` is executed once, however often it is sent.

        Raise NotAllowed, Refused, UnknownPetition, VersionMismatch when `expected_version` is not the present one,
        TooContended, UnopenableText, and AppendFailed of the event store.
        """
        return await self._handler.perform(request, credentials)

    async def perform_all(
        self, requests: Sequence[CommandRequest], credentials: Credentials
    ) -> list[CommandResult | CommandError]:
        """Decide on each command separately. Return a result or an error for each, in the order of `requests`.

        Commands on the same petition are decided in the order given, so that each sees the effect of the previous one;
        all others share commits. Raise only errors that belong to no single command: psycopg.Error if petitions cannot
        be read. If the same requests are sent again after such an error, the commands that were recorded get their
        results.
        """
        return await self._handler.perform_all(requests, credentials)

    async def import_case(
        self, case: ImportedCase, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> CommandResult:
        """Record a case of another system as it is.

        `command_id` is derived from (source, key), so each case is recorded once. Raise NotAllowed without the role of
        an importer, and AppendFailed of the event store.
        """
        permissions.require_role(Role.IMPORTER, credentials.roles)
        work = UnitOfWork(self.vault, credentials.acting_officer, time_ordered_id())
        work.add_facts(facts_of_imported_case(case, self.today))
        return await self._writer.write_uncached(work, command_id, digest)

    async def record_meeting(
        self, command: RecordMeeting, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> CommandResult:
        """Record a meeting that was held. Raises the same errors as `change_meeting`."""
        return await self.change_meeting(command, command.meeting_id, credentials, command_id=command_id, digest=digest)

    async def change_meeting(
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
        try:
            meeting = await self._read_meeting(meeting_id)
            context = DecisionContext(
                today=self.today, by=credentials.acting_officer, law=self.law, units=await self.units()
            )
            facts = meetings_decide.decide_meeting(command, meeting, context)
            work = UnitOfWork(self.vault, credentials.acting_officer, meeting_id, meeting.version if meeting else 0)
            return await self._writer.write_entry(work, facts, command_id, digest)
        except Refused as refusal:
            return await self._writer.find_result_or_raise(refusal, command_id, digest)

    async def change_unit(
        self, command: UnitCommand, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> CommandResult:
        """Decide on a change of the register of units and record it.

        Raise NotAllowed, Refused, and AppendFailed of the event store.
        """
        permissions.require_permission(command, credentials.roles)
        return await self.change_unit_as_approved(command, credentials, command_id=command_id, digest=digest)

    async def change_unit_as_approved(
        self, command: UnitCommand, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> CommandResult:
        """Change the register of units without a check of roles, for a reorganisation that two officers approved.

        Raises the same errors as `change_unit`, except NotAllowed.
        """
        require_not_in_future(command.occurred_on, self.today)
        self._units.invalidate()
        units = await self.units()
        unit = units.by_id.get(UnitId(command.unit))
        try:
            facts = units_decide.decide_unit(command, units)
            stream = unit_stream_id(UnitId(command.unit))
            work = UnitOfWork(self.vault, credentials.acting_officer, stream, unit.version if unit else 0)
            return await self._writer.write_entry(work, facts, command_id, digest)
        except Refused as refusal:
            return await self._writer.find_result_or_raise(refusal, command_id, digest)
        finally:
            self._units.invalidate()  # another command may have read the units again in the meantime

    async def append_facts(
        self,
        stream: UUID,
        facts: Sequence[Fact],
        credentials: Credentials,
        *,
        after: int,
        command_id: UUID,
        digest: bytes,
        opens: Iterable[tuple[UUID, Fact]] = (),
    ) -> CommandResult:
        """Append facts that were decided elsewhere on the first `after` events of a stream.

        `opens` are new streams with their first fact; they are written in the same append. Raise VersionConflict if the
        stream has more than `after` events, and the other AppendFailed errors of the event store.
        """
        needs_keys = after and any(map(holds_texts_to_seal, facts))
        keys = {stream: await self._states.text_keys(stream)} if needs_keys else {}
        work = UnitOfWork(self.vault, credentials.acting_officer, stream, after, keys=keys)
        work.add_facts(facts)
        for new_stream, first in opens:
            work.open_stream(new_stream, [first])
        result = await self._writer.write_uncached(work, command_id, digest)
        self._states.evict(stream)  # the cached state is now old
        return result

    def use_law(self, law: Law) -> None:
        """Apply this law to all decisions from now on."""
        self.law = law

    # -- reading

    async def history(self, petition_id: PetitionId) -> list[EventEnvelope[PetitionEvent]]:
        """Return every event of a petition in order, with its texts; an empty list when there is no such petition.

        Raise UnopenableText and UnusableTextKey.
        """
        return petition_history(await self._states.load_history(petition_id))

    async def petition(self, petition_id: PetitionId) -> Petition | None:
        """Return the state of a petition, from the cache if possible; None when there is no such petition.

        A cached state may be older than the log. The version check at the append detects that.
        """
        return self._states.get(petition_id) or await self._states.load(petition_id)

    async def fresh_petition(self, petition_id: PetitionId) -> Petition | None:
        """Return the state of a petition, read from the log; None when there is no such petition."""
        return await self._states.load(petition_id)

    async def petition_id_of(self, reference: str) -> PetitionId | None:
        """Return the id of the petition with this register number ("TD-2026-000123"), id or import "source:key".

        Return None when no petition has such a number or import key. An id is returned unchecked.
        """
        return await self._references.find_petition_id(reference)

    async def meeting(self, meeting_id: MeetingId) -> Meeting | None:
        """Return the state of a meeting, None when there is none. A held meeting is cached, since nothing undoes it."""
        meeting = self._meetings.get(meeting_id)
        if meeting is None:
            meeting = await self._read_meeting(meeting_id)
            if meeting is not None and meeting.held_on is not None:
                self._meetings[meeting_id] = meeting
        return meeting

    async def meeting_history(self, meeting_id: MeetingId) -> list[EventEnvelope[MeetingEvent]]:
        """Return every event of a meeting in order; an empty list when there is no such meeting."""
        history = await self.histories.history(meeting_id)
        return history if history and isinstance(history[0].fact, MeetingPlanned | MeetingHeld) else []

    async def _read_meeting(self, meeting_id: MeetingId) -> Meeting | None:
        return meetings.fold_meeting(await self.meeting_history(meeting_id))

    async def units(self) -> UnitRegister:
        """Return all units, including former ones. Changes by other processes are seen after at most two seconds."""
        return await self._units.load()
