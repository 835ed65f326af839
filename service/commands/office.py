"""The office at work: it loads a history, asks the domain to decide, and records what follows.

Everything a command brings about (events, register number, identities, the command's own id) is one unit: all of it
is in the log or nothing. A decision made on a history that somebody else has just continued is made again on the
fresh one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain import permissions
from domain.actor import Credentials, Role
from domain.commands import PetitionCommand
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused, not_in_future
from domain.events import Fact, PetitionEvent
from domain.imported_history import PastCase, retell
from domain.meetings import decide as meetings_decide
from domain.meetings import meeting as meetings
from domain.meetings.commands import MeetingCommand, RecordMeeting
from domain.meetings.events import MeetingEvent, MeetingHeld, MeetingPlanned
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.units import decide as units_decide
from domain.units.commands import UnitCommand
from domain.units.unit import Units, stream_of
from domain.vocabulary import MeetingId, PetitionId, UnitId
from service.commands.business_day import Today
from service.commands.handler import Deciding
from service.commands.persistence import Recording
from service.commands.reference_lookup import References
from service.commands.results import Asked, Done, NotDone, TooContended, UnknownPetition, VersionMismatch
from service.commands.state_cache import Petitions, petition_history
from service.commands.unit_cache import UnitRegister
from service.commands.unit_of_work import Draft
from service.config.law_files import law_of
from service.config.settings import Settings
from service.event_store.group_commit import Committer
from service.event_store.ids import time_ordered_id
from service.event_store.recorder import Histories, LogRecorder
from service.observability.append_observer import Watch
from service.postgres.pools import async_pool

__all__ = ["Asked", "Done", "NotDone", "Office", "TooContended", "UnknownPetition", "VersionMismatch"]


class Office:
    """Decides and records. One for each process; open it with `async with Office.open(...)`."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        committer: Committer,
        histories: Histories,
        settings: Settings,
        vault_key: bytes,
        law: Law,
        clock: Callable[[], datetime],
        watch: Watch,
    ) -> None:
        self.pool = pool
        self.histories = histories
        self.settings = settings
        self.law = self.law_on_file = law
        self.vault_key = vault_key
        self._committer = committer
        self._today = Today(clock, settings.zone)
        self._petitions = Petitions(pool)
        self._references = References(pool)
        self._meetings: dict[UUID, Meeting] = {}
        self._units = UnitRegister(histories)
        self._recording = Recording(pool, committer, self._petitions)
        self._deciding = Deciding(
            self._recording,
            self._petitions,
            self._units,
            self.meeting,
            self._today,
            lambda: self.law,
            vault_key,
            watch,
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
        watch: Watch | None = None,
    ) -> AsyncIterator["Office"]:
        """`dsn` of a migrated database; `on_committed` hears the last position of every batch, `watch` of appends."""
        watch = watch or Watch()
        async with (
            async_pool(dsn, min_size=2, max_size=pool_size) as pool,
            Committer(dsn, max_waiting=max_waiting, on_committed=on_committed, watch=watch) as committer,
        ):
            recorder = LogRecorder(pool, committer, asyncio.get_running_loop())
            yield cls(pool, committer, Histories(recorder), settings, vault_key, law or law_of(settings), clock, watch)

    @property
    def today(self) -> date:
        """In the authority's zone."""
        return self._today()

    @property
    def waiting(self) -> int:
        """Appends that are not yet sent."""
        return self._committer.waiting

    # -- what officers ask for

    async def perform(
        self,
        command: PetitionCommand,
        credentials: Credentials,
        *,
        command_id: UUID,
        digest: bytes,
        petition_id: PetitionId | None = None,
        expected_version: int | None = None,
    ) -> Done:
        """Decide on a command and record what follows; the same `command_id` is done once, however often it is sent.

        `petition_id` is None for a receipt alone. Raises NotAllowed, Refused, UnknownPetition, VersionMismatch when
        `expected_version` is not the present one, TooContended, and the committer's errors.
        """
        return await self._deciding.perform(
            Asked(command, command_id, digest, petition_id, expected_version), credentials
        )

    async def perform_all(self, asked: Sequence[Asked], credentials: Credentials) -> list[Done | NotDone]:
        """Each command decided on its own, and its own answer in its place: none fails another.

        Those on the same petition take turns in the order given, so that each sees what the one before it did; all
        others share commits. Raises only what is nobody's own: psycopg.Error when petitions cannot be read. What was
        recorded by then is answered when the same is sent again.
        """
        return await self._deciding.perform_all(asked, credentials)

    async def retell(self, case: PastCase, credentials: Credentials, *, command_id: UUID, digest: bytes) -> Done:
        """Record a case of another system as it is. Done once for each (source, key), by `command_id`.

        Raises NotAllowed without the role of an importer, and the committer's errors.
        """
        permissions.require_role(Role.IMPORTER, credentials.roles)
        draft = Draft(credentials.who, time_ordered_id())
        for fact in retell(case, self.today):
            draft.then(fact)
        return await self._recording.record_unremembered(draft, command_id, digest)

    async def record_meeting(
        self, command: RecordMeeting, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> Done:
        """Enter a meeting that was held. Raises as `perform`."""
        return await self.change_meeting(command, command.meeting_id, credentials, command_id=command_id, digest=digest)

    async def change_meeting(
        self,
        command: MeetingCommand,
        meeting_id: MeetingId,
        credentials: Credentials,
        *,
        command_id: UUID,
        digest: bytes,
    ) -> Done:
        """Decide on a meeting as the log has it and record what follows. Raises as `perform`."""
        permissions.require(command, credentials.roles)
        try:
            meeting = await self._read_meeting(meeting_id)
            around = DecisionContext(today=self.today, by=credentials.who, law=self.law, units=await self.units())
            facts = meetings_decide.decide(command, meeting, around)
            draft = Draft(credentials.who, meeting_id, meeting.version if meeting else 0)
            return await self._recording.record_entry(draft, facts, command_id, digest)
        except Refused as no:
            return await self._recording.done_before(no, command_id, digest)

    async def change_unit(
        self, command: UnitCommand, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> Done:
        """Enter something in the register of units. Raises as `perform`."""
        permissions.require(command, credentials.roles)
        return await self.enter_unit(command, credentials, command_id=command_id, digest=digest)

    async def enter_unit(
        self, command: UnitCommand, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> Done:
        """As `change_unit`, of what was allowed elsewhere: a reorganisation that two officers have agreed on."""
        not_in_future(command.occurred_on, self.today)
        self._units.changed()
        units = await self.units()
        unit = units.by_id.get(UnitId(command.unit))
        try:
            facts = units_decide.decide(command, units)
            stream = stream_of(UnitId(command.unit))
            draft = Draft(credentials.who, stream, unit.version if unit else 0)
            return await self._recording.record_entry(draft, facts, command_id, digest)
        except Refused as no:
            return await self._recording.done_before(no, command_id, digest)
        finally:
            self._units.changed()  # others may have read them again in the meantime

    async def record(
        self,
        stream: UUID,
        facts: Sequence[Fact],
        credentials: Credentials,
        *,
        after: int,
        command_id: UUID,
        digest: bytes,
        opens: Iterable[tuple[UUID, Fact]] = (),
    ) -> Done:
        """What was decided on a history of `after` events elsewhere, in one with the histories that it opens.

        Raises the committer's errors.
        """
        draft = Draft(credentials.who, stream, after)
        for fact in facts:
            draft.then(fact)
        for opened, first in opens:
            draft.open(opened, [first])
        done = await self._recording.record_unremembered(draft, command_id, digest)
        self._petitions.forget(stream)  # or it would be remembered as it was
        return done

    def take_law(self, law: Law) -> None:
        """Decide by this law from now on."""
        self.law = law

    # -- reading

    async def history(self, petition_id: PetitionId) -> list[EventEnvelope[PetitionEvent]]:
        """Every event of a petition in order; empty when there is none."""
        return petition_history(await self.histories.history(petition_id))

    async def petition(self, petition_id: PetitionId) -> Petition | None:
        """The present state, from memory where it is known; the version check at the append keeps memory honest."""
        return self._petitions.known(petition_id) or await self._petitions.read(petition_id)

    async def fresh_petition(self, petition_id: PetitionId) -> Petition | None:
        """The present state as the log has it, whoever wrote last."""
        return await self._petitions.read(petition_id)

    async def petition_id_of(self, reference: str) -> PetitionId | None:
        """By register number ("TD-2026-000123"), by id, or by an import's "source:key"."""
        return await self._references.petition_id(reference)

    async def meeting(self, meeting_id: MeetingId) -> Meeting | None:
        """As petitions ask for it: what was held is remembered, since nothing undoes it."""
        known = self._meetings.get(meeting_id)
        if known is None:
            known = await self._read_meeting(meeting_id)
            if known is not None and known.held_on is not None:
                self._meetings[meeting_id] = known
        return known

    async def meeting_history(self, meeting_id: MeetingId) -> list[EventEnvelope[MeetingEvent]]:
        """Every event of a meeting in order; empty when there is none."""
        history = await self.histories.history(meeting_id)
        return history if history and isinstance(history[0].fact, MeetingPlanned | MeetingHeld) else []

    async def _read_meeting(self, meeting_id: MeetingId) -> Meeting | None:
        return meetings.fold(await self.meeting_history(meeting_id))

    async def units(self) -> Units:
        """Every unit there is or was; at most two seconds behind what other processes entered."""
        return await self._units.read()
