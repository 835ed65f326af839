"""The office at work: it loads a history, asks the domain to decide, and records what follows.

Everything a command brings about (events, register number, identities, the command's own id) is one unit: all of it
is in the log or nothing. A decision made on a history that somebody else has just continued is made again on the
fresh one.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID
from weakref import WeakValueDictionary

from psycopg_pool import AsyncConnectionPool

from domain import rights
from domain.actor import Credentials, Role
from domain.circumstances import Circumstances
from domain.commands import AnswerAtMeeting, MarkDuplicate, PetitionCommand, ReceivePetition
from domain.deadlines.policy import Law
from domain.decide import decide
from domain.events import Fact, PetitionEvent, PetitionReceived
from domain.history import PastCase, retell
from domain.linked import opened_by
from domain.meetings import decide as meetings_decide
from domain.meetings import meeting as meetings
from domain.meetings.commands import RecordMeeting
from domain.meetings.events import MeetingHeld
from domain.meetings.meeting import Meeting
from domain.petition import Petition, evolve, fold
from domain.recorded import Recorded
from domain.refused import Refused
from domain.rules.intake import petitioner_references
from domain.units import decide as units_decide
from domain.units import unit as unit_register
from domain.units.commands import UnitCommand
from domain.units.unit import Unit, Units
from domain.vocabulary import MeetingId, PetitionId, UnitId
from service.committer import Append, AppendFailed, Committer, Identity, KeyReused, NewEvent, VersionConflict
from service.database import async_pool
from service.event_store import Histories, LogRecorder
from service.law import national_law
from service.namespace import import_command_id, time_ordered_id
from service.settings import Settings
from service.vault import seal

ATTEMPTS = 10
"""Decisions on a fresh history before a petition that everybody writes to at once is given up on."""

PETITIONS_IN_MEMORY = 10_000
UNITS_ARE_FRESH_FOR = 2.0
"""Seconds for which a unit that another process opened or closed may go unseen."""


# A command's events stand together in the log, those of its subject first; `commands` knows where they end.
_ALREADY_DONE = """
    WITH RECURSIVE event AS (
        SELECT l.* FROM kiennghi.commands AS c JOIN kiennghi.log AS l ON l.notification_id = c.last_position
        WHERE c.command_id = %s
        UNION ALL
        SELECT l.* FROM event AS e JOIN kiennghi.log AS l ON l.notification_id = e.notification_id - 1
        WHERE l.command_id = e.command_id
    )
    SELECT e.originator_id, e.originator_version, e.notification_id, receipt.reference, e.recorded_at, c.request_digest
    FROM event AS e
    JOIN kiennghi.commands AS c USING (command_id)
    JOIN kiennghi.log AS receipt ON receipt.originator_id = e.originator_id AND receipt.originator_version = 1
    ORDER BY e.notification_id
"""


class UnknownPetition(LookupError):
    """No petition has this id or reference."""


class VersionMismatch(Exception):
    """The petition has moved on since the officer read it (If-Match)."""

    def __init__(self, current: int) -> None:
        super().__init__(f"the petition is at version {current}")
        self.current = current


class TooContended(Exception):
    """Others wrote to the same petition between each reading and writing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One of many commands that are sent together; the fields are those of `Office.perform`."""

    command: PetitionCommand
    command_id: UUID
    digest: bytes
    petition_id: PetitionId | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to. For a meeting or a unit `petition_id` is the id of its own history."""

    petition_id: UUID
    reference: str | None
    version: int
    position: int
    recorded_at: datetime
    replayed: bool = False
    opened: tuple[UUID, ...] = ()


NotDone = Refused | UnknownPetition | VersionMismatch | TooContended | AppendFailed
"""Why one command came to nothing; NotAllowed is a Refused, and whatever the committer says an AppendFailed."""


@dataclass(slots=True)
class _Unit:
    """What one command is about to record: facts by history, in order."""

    by: Credentials
    events: list[NewEvent] = field(default_factory=list)
    records: list[Recorded[Any]] = field(default_factory=list)

    def add(
        self,
        histories: Histories,
        stream: UUID,
        version: int,
        fact: Fact,
        *,
        book: str | None = None,
        year: int | None = None,
        reference: str | None = None,
    ) -> None:
        recorded = Recorded(originator_id=stream, originator_version=version, fact=fact, by=self.by.who)
        stored = histories.mapper.to_stored_event(recorded)
        self.records.append(recorded)
        self.events.append(
            NewEvent(stream, version, stored.topic, stored.state, reference=reference, book=book, year=year)
        )


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
    ) -> None:
        self.pool = pool
        self.histories = histories
        self.settings = settings
        self.law = law
        self.vault_key = vault_key
        self._committer = committer
        self._clock = clock
        self._petitions: OrderedDict[UUID, Petition] = OrderedDict()
        self._named: dict[str, PetitionId] = {}
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._meetings: dict[UUID, Meeting] = {}
        self._units = Units()
        self._units_read_at = self._units_changed_at = -UNITS_ARE_FRESH_FOR
        self._reading_units = asyncio.Lock()

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
    ) -> AsyncIterator["Office"]:
        """`dsn` of a migrated database; `on_committed` hears the last position of every batch."""
        async with (
            async_pool(dsn, min_size=2, max_size=pool_size) as pool,
            Committer(dsn, on_committed=on_committed) as committer,
        ):
            recorder = LogRecorder(pool, committer, asyncio.get_running_loop())
            yield cls(pool, committer, Histories(recorder), settings, vault_key, law or national_law(), clock)

    @property
    def today(self) -> date:
        """In the authority's zone."""
        return self._clock().astimezone(self.settings.zone).date()

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
        rights.require(command, credentials.roles)
        if petition_id is None:
            return await self._decide(command, credentials, command_id, digest, petition_id, expected_version)
        # Within this process the commands on one petition take turns, so that only other processes can come between.
        async with self._turns.setdefault(petition_id, asyncio.Lock()):
            return await self._decide(command, credentials, command_id, digest, petition_id, expected_version)

    async def perform_all(self, asked: Sequence[Asked], credentials: Credentials) -> list[Done | NotDone]:
        """Each command decided on its own, and its own answer in its place: none fails another.

        Those on the same petition take turns in the order given, so that each sees what the one before it did; all
        others share as few commits as there is room for. Raises only what is nobody's own: psycopg.Error when
        petitions cannot be read. What was recorded by then is answered when the same is sent again.
        """
        answers = await asyncio.gather(*(self._one_of_many(one, credentials) for one in asked), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, NotDone):
                raise answer
        return cast("list[Done | NotDone]", answers)

    async def _one_of_many(self, asked: Asked, credentials: Credentials) -> Done:
        return await self.perform(
            asked.command,
            credentials,
            command_id=asked.command_id,
            digest=asked.digest,
            petition_id=asked.petition_id,
            expected_version=asked.expected_version,
        )

    async def _decide(
        self,
        command: PetitionCommand,
        credentials: Credentials,
        command_id: UUID,
        digest: bytes,
        petition_id: PetitionId | None,
        expected_version: int | None,
    ) -> Done:
        """Once more, on the fresh history, as often as somebody else was quicker."""
        for attempt in range(ATTEMPTS):
            try:
                return await self._try(command, credentials, command_id, digest, petition_id, expected_version)
            except VersionConflict:
                self._forget(petition_id)
            except (Refused, UnknownPetition, VersionMismatch):
                # A repeated request finds a petition that its first sending has changed already.
                done = await self._already_done(command_id, digest)
                if done is not None:
                    return done
                if attempt > 0 or not self._forget(petition_id):
                    raise  # the no was given on the history as it is, not on a remembered one
        raise TooContended("this petition is being written to by too many at once")

    async def _try(
        self,
        command: PetitionCommand,
        credentials: Credentials,
        command_id: UUID,
        digest: bytes,
        petition_id: PetitionId | None,
        expected_version: int | None,
    ) -> Done:
        petition = None
        if petition_id is not None:
            petition = await self.petition(petition_id)
            if petition is None:
                raise UnknownPetition
            if expected_version is not None and expected_version != petition.version:
                raise VersionMismatch(petition.version)
        subject = petition_id or PetitionId(time_ordered_id())
        circumstances = await self._circumstances(command, credentials, subject)
        unit = _Unit(credentials)
        before = petition.version if petition else 0
        for n, fact in enumerate(decide(command, petition, circumstances), start=before + 1):
            self._add(unit, subject, n, fact)
            for other in opened_by(petition, fact, circumstances) if petition else ():
                suffix = None if other.suffix is None or petition is None else f"{petition.reference}.{other.suffix}"
                for m, its_fact in enumerate(other.facts, start=1):
                    self._add(unit, other.petition_id, m, its_fact, reference=suffix)
        identities: tuple[Identity, ...] = ()
        if isinstance(command, ReceivePetition) and command.petitioners:
            references = petitioner_references(subject, len(command.petitioners))
            identities = seal(subject, references, command.petitioners, self.vault_key)
        return await self._record(
            unit, subject, command_id, digest, identities, reference=petition.reference if petition else None
        )

    def _add(
        self, unit: _Unit, stream: UUID, version: int, fact: PetitionEvent, *, reference: str | None = None
    ) -> None:
        """The register of its book and of the year of receipt numbers a petition, unless it bears a letter's number."""
        if isinstance(fact, PetitionReceived) and reference is None:
            unit.add(self.histories, stream, version, fact, book=fact.book, year=fact.occurred_on.year)
        else:
            unit.add(self.histories, stream, version, fact, reference=reference)

    async def _record(
        self,
        unit: _Unit,
        subject: UUID,
        command_id: UUID,
        digest: bytes,
        identities: Sequence[Identity] = (),
        *,
        reference: str | None = None,
        remember: bool = True,
    ) -> Done:
        """`reference` is what the subject bears already, if it does; `remember` whether more is likely to follow."""
        appended = await self._committer.append(
            Append(
                command_id=command_id,
                events=tuple(unit.events),
                identities=tuple(identities),
                request_digest=digest,
            )
        )
        if appended.replayed:
            done = await self._already_done(command_id, digest)
            if done is None:
                raise RuntimeError(f"command {command_id} is stored and cannot be found")
            return done
        for n, recorded in enumerate(unit.records if remember else ()):
            stored = recorded.stored(
                recorded_at=appended.recorded_at,
                position=appended.first_position + n,
                reference=appended.references.get(recorded.originator_id) if recorded.originator_version == 1 else None,
                command_id=command_id,
            )
            self._remember(stored)
        return Done(
            petition_id=subject,
            reference=appended.references.get(subject, reference),
            version=max(event.version for event in unit.events if event.stream == subject),
            position=appended.first_position + len(unit.events) - 1,
            recorded_at=appended.recorded_at,
            opened=_others(subject, (event.stream for event in unit.events)),
        )

    async def _already_done(self, command_id: UUID, digest: bytes) -> Done | None:
        """What the command came to when it was first sent; KeyReused if its id was another request's."""
        async with self.pool.connection() as connection:
            cursor = await connection.execute(_ALREADY_DONE, [command_id])
            events = await cursor.fetchall()
        if not events:
            return None
        stream, _, _, reference, recorded_at, first_digest = events[0]
        if first_digest != digest:
            raise KeyReused(command_id)
        return Done(
            petition_id=stream,
            reference=reference,
            version=max(version for of, version, *_ in events if of == stream),
            position=events[-1][2],
            recorded_at=recorded_at,
            replayed=True,
            opened=_others(stream, (of for of, *_ in events)),
        )

    async def _circumstances(
        self, command: PetitionCommand, credentials: Credentials, subject: PetitionId
    ) -> Circumstances:
        meeting = None
        if isinstance(command, ReceivePetition | AnswerAtMeeting) and command.meeting_id is not None:
            meeting = await self.meeting(command.meeting_id)
        # No version of the other one is checked at the append, so memory will not do.
        other = await self.fresh_petition(command.duplicate_of) if isinstance(command, MarkDuplicate) else None
        return Circumstances(
            today=self.today,
            by=credentials.who,
            law=self.law,
            units=await self.units(),
            petition_id=subject,
            meeting=meeting,
            other=other,
        )

    async def retell(self, case: PastCase, credentials: Credentials, *, command_id: UUID, digest: bytes) -> Done:
        """Record a case of another system as it is. Done once for each (source, key), by `command_id`.

        Raises NotAllowed without the role of an importer, and the committer's errors.
        """
        rights.require_role(Role.IMPORTER, credentials.roles)
        unit = _Unit(credentials)
        subject = PetitionId(time_ordered_id())
        for n, fact in enumerate(retell(case, self.today), start=1):
            self._add(unit, subject, n, fact)
        return await self._record(unit, subject, command_id, digest, remember=False)

    async def record_meeting(
        self, command: RecordMeeting, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> Done:
        """Enter a meeting. Raises as `perform`."""
        rights.require(command, credentials.roles)
        _not_in_future(command.occurred_on, self.today)
        try:
            facts = meetings_decide.decide(command, await self.meeting(command.meeting_id), await self.units())
            return await self._record_first(command.meeting_id, facts, credentials, command_id, digest)
        except Refused:
            # A repeated request finds what its first sending has entered already.
            done = await self._already_done(command_id, digest)
            if done is None:
                raise
            return done

    async def change_unit(
        self, command: UnitCommand, credentials: Credentials, *, command_id: UUID, digest: bytes
    ) -> Done:
        """Open or close a unit. Raises as `perform`."""
        rights.require(command, credentials.roles)
        _not_in_future(command.occurred_on, self.today)
        self._units_changed_at = time.monotonic()
        unit = (await self.units()).by_id.get(UnitId(command.unit))
        before = unit.version if unit else 0
        stream = unit_register.stream_of(UnitId(command.unit))
        try:
            facts = units_decide.decide(command, unit)
            return await self._record_first(stream, facts, credentials, command_id, digest, before=before)
        except Refused:
            # A repeated request finds what its first sending has entered already.
            done = await self._already_done(command_id, digest)
            if done is None:
                raise
            return done
        finally:
            self._units_changed_at = time.monotonic()  # others may have read them again in the meantime

    async def _record_first(
        self,
        stream: UUID,
        facts: Sequence[Fact],
        credentials: Credentials,
        command_id: UUID,
        digest: bytes,
        *,
        before: int = 0,
    ) -> Done:
        unit = _Unit(credentials)
        for n, fact in enumerate(facts, start=before + 1):
            unit.add(self.histories, stream, n, fact)
        try:
            return await self._record(unit, stream, command_id, digest)
        except VersionConflict:
            raise Refused("somebody else entered this at the same moment") from None

    # -- reading

    async def history(self, petition_id: PetitionId) -> list[Recorded[PetitionEvent]]:
        """Every event of a petition in order; empty when there is none."""
        history = await self.histories.history(petition_id)
        return history if history and isinstance(history[0].fact, PetitionReceived) else []

    async def petition(self, petition_id: PetitionId) -> Petition | None:
        """The present state, from memory where it is known; the version check at the append keeps memory honest."""
        known = self._petitions.get(petition_id)
        if known is not None:
            self._petitions.move_to_end(petition_id)
            return known
        petition = fold(await self.history(petition_id))
        if petition is not None:
            self._keep(petition)
        return petition

    async def fresh_petition(self, petition_id: PetitionId) -> Petition | None:
        """The present state as the log has it, whoever wrote last."""
        self._forget(petition_id)
        return await self.petition(petition_id)

    async def petition_id_of(self, reference: str) -> PetitionId | None:
        """By register number ("TD-2026-000123"), by id, or by an import's "source:key"."""
        try:
            return PetitionId(UUID(reference))
        except ValueError:
            pass
        if (known := self._named.get(reference)) is not None:
            return known  # a reference never names another petition
        async with self.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT originator_id FROM kiennghi.log WHERE reference = %s", [reference]
            )
            row = await cursor.fetchone()
            if row is None and ":" in reference:
                source, _, key = reference.partition(":")
                cursor = await connection.execute(
                    "SELECT originator_id FROM kiennghi.commands WHERE command_id = %s",
                    [import_command_id(source, key)],
                )
                row = await cursor.fetchone()
        if row is None:
            return None
        if len(self._named) >= PETITIONS_IN_MEMORY:
            self._named.clear()
        self._named[reference] = PetitionId(row[0])
        return self._named[reference]

    async def meeting(self, meeting_id: MeetingId) -> Meeting | None:
        if meeting_id not in self._meetings:
            meeting: Meeting | None = None
            for recorded in await self.histories.history(meeting_id):
                if not isinstance(recorded.fact, MeetingHeld):
                    return None  # the id of something else
                meeting = meetings.evolve(meeting, recorded)
            if meeting is None:
                return None
            self._meetings[meeting_id] = meeting
        return self._meetings[meeting_id]

    async def units(self) -> Units:
        """Every unit there is or was; at most two seconds behind what other processes entered."""
        if self._units_are_fresh:
            return self._units
        async with self._reading_units:  # one of all that wait reads them
            if not self._units_are_fresh:
                began_at = time.monotonic()
                by_id: dict[UUID, Unit] = {}
                for recorded in await self.histories.of_units():
                    by_id[recorded.originator_id] = unit_register.evolve(by_id.get(recorded.originator_id), recorded)
                self._units, self._units_read_at = Units.of(by_id.values()), began_at
            return self._units

    @property
    def _units_are_fresh(self) -> bool:
        return max(self._units_changed_at, time.monotonic() - UNITS_ARE_FRESH_FOR) < self._units_read_at

    # -- memory

    def _remember(self, recorded: Recorded[Any]) -> None:
        """Continue a petition that is in memory; a new one is remembered from its receipt on."""
        known = self._petitions.get(recorded.originator_id)
        if known is None and not isinstance(recorded.fact, PetitionReceived):
            return
        if known is not None and known.version != recorded.originator_version - 1:
            self._forget(recorded.originator_id)
            return
        self._keep(evolve(known, recorded))

    def _keep(self, petition: Petition) -> None:
        self._petitions[petition.petition_id] = petition
        self._petitions.move_to_end(petition.petition_id)
        if len(self._petitions) > PETITIONS_IN_MEMORY:
            self._petitions.popitem(last=False)

    def _forget(self, petition_id: UUID | None) -> bool:
        """Whether there was something to forget."""
        return petition_id is not None and self._petitions.pop(petition_id, None) is not None


def _others(subject: UUID, streams: Iterable[UUID]) -> tuple[UUID, ...]:
    """Each once, in order, without the subject."""
    return tuple(dict.fromkeys(stream for stream in streams if stream != subject))


def _not_in_future(occurred_on: date, today: date) -> None:
    if occurred_on > today:
        raise Refused(f"{occurred_on} lies in the future; today is {today}")
