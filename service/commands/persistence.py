"""Writes decisions to the event store: one append for each command, and the result that follows from it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain.actor import Credentials
from domain.commands import (
    PetitionCommand,
    ProposeCorrection,
    ReceivePetition,
    RecordMandate,
    RecordProxy,
    WithdrawSignatory,
)
from domain.correcting.history import REWRITES_HISTORY
from domain.decision import Decision
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import CorrectionProposed, Fact
from domain.evolve import evolve
from domain.petition import Petition
from domain.petitioner import Petitioner
from domain.refusals.records import RecordRefusal
from domain.value import said
from domain.vocabulary import PetitionId
from service.commands.idempotency import find_command_result
from service.commands.reference_lookup import ReferenceLookup
from service.commands.refusals import ServiceRefusal
from service.commands.results import CommandRequest, CommandResult
from service.commands.state_cache import StateCache
from service.commands.unit_of_work import UnitOfWork, holds_texts_to_seal
from service.event_store.append import Appended, Identity
from service.event_store.errors import VersionConflict
from service.event_store.group_commit import Committer
from service.security.identity_vault import corrected_identities, encrypt_persons
from service.security.text_sealing import TextKeys
from service.security.text_vault import TextVault

_PERSONS_IN: Mapping[type[PetitionCommand], Callable[[Any], tuple[Petitioner, ...]]] = {
    ReceivePetition: attrgetter("petitioners"),
    **dict.fromkeys((RecordMandate, RecordProxy, WithdrawSignatory), attrgetter("persons")),
}


def _identities_brought(command: PetitionCommand) -> tuple[Petitioner, ...]:
    """Return the identities that the command brings into the vault, in order."""
    persons_in = _PERSONS_IN.get(type(command))
    return () if persons_in is None else persons_in(command)


class DecisionWriter:
    """Appends units of work, and updates the state cache with the events that the database confirmed."""

    def __init__(
        self,
        pool: AsyncConnectionPool,
        committer: Committer,
        states: StateCache,
        references: ReferenceLookup,
        vault: TextVault,
        vault_key: bytes,
    ) -> None:
        self._pool = pool
        self._committer = committer
        self._states = states
        self._references = references
        self._vault = vault
        self._vault_key = vault_key

    async def write_decision(
        self,
        decision: Decision,
        context: DecisionContext,
        petition: Petition | None,
        request: CommandRequest,
    ) -> CommandResult:
        """Append a decision on `petition`, or the receipt of a new one, and update the cache. Raise AppendFailed.

        The identities of petitioners are encrypted, and the texts of petitions sealed. After a conflict the cache has
        no state of the petition any more. `context` is that of the decision, which names a new petition.
        """
        subject = context.petition_id if petition is None else petition.petition_id
        assert subject is not None
        identities: tuple[Identity, ...] = ()
        command = request.command
        brought = _identities_brought(command)
        if type(command) is ProposeCorrection and command.persons:
            brought = await self._corrected_identities(request, decision, PetitionId(subject))
        if brought:
            decision, identities = encrypt_persons(decision, subject, brought, self._vault_key)
        keys: dict[int, TextKeys] = {}
        if petition is not None:
            for one in (petition, *(linked.petition for linked in decision.linked)) if decision.linked else (petition,):
                cached = self._vault.cached_keys(one.petition_id)
                keys[one.petition_id.int] = await self._text_keys(one.petition_id) if cached is None else cached
        version = 0 if petition is None else petition.version
        work = UnitOfWork(self._vault, context.by, subject, version, keys=keys, identities=identities)
        work.add_decision(decision, petition)
        pending = self._committer.submit(
            work.as_append(request.command_id, request.digest, context.facts_known, command.confirm)
        )
        after = None if petition is None else _state_after(petition, work)  # folded while the database writes
        try:
            appended = await pending
        except VersionConflict:
            self._states.evict(subject)
            raise
        if appended.replayed:
            return await self._first_result(request.command_id, request.digest)
        if work.made_keys:
            self._remember_keys(work)
        for stream, reference in appended.references.items():
            self._references.remember(reference, PetitionId(stream))
        result = self._result(work, appended, petition.reference if petition else None)
        if petition is not None and after is not None:
            self._states.replace(petition, after)
        elif petition is not None:
            self._states.evict(petition.petition_id)
        for stream in work.other_streams:
            self._states.evict(stream)
        if petition is None or work.opened_streams:
            self._states.add(self._opened_envelopes(work, petition, appended, request.command_id))
        return result

    async def _corrected_identities(
        self, request: CommandRequest, decision: Decision, petition_id: PetitionId
    ) -> tuple[Petitioner, ...]:
        """Return the identities as they should have been written. Raise Refused for one that was erased."""
        assert isinstance(request.command, ProposeCorrection)
        (proposed,) = (fact for fact in decision.facts if isinstance(fact, CorrectionProposed))
        identities = said(proposed.identities, ())
        parts = [person.corrected_parts() for person in request.command.persons]
        asked = [(one.former, part) for one, part in zip(identities, parts, strict=True)]
        async with self._pool.connection() as connection:
            found = await corrected_identities(connection, petition_id, asked, self._vault_key)
        for identity, corrected in zip(identities, found, strict=True):
            if corrected is None:
                raise Refused(RecordRefusal.IDENTITY_IS_ERASED, version=identity.version, number=identity.number)
        return tuple(one for one in found if one is not None)

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
        facts_known: int | None = None,
        confirmed: Iterable[str] = (),
    ) -> CommandResult:
        """Append facts that were decided elsewhere on the first `after` events of a stream, and cache nothing.

        `opens` are new streams with their first fact; they are written in the same append. `facts_known` is the
        position of the law and the units by which the facts were decided; None if neither counts. `confirmed` are the
        codes of the doubts that the officer confirmed. Raise VersionConflict if the stream has more than `after`
        events, SharedFactsMoved, and the other AppendFailed errors of the event store.
        """
        needs_keys = after and any(holds_texts_to_seal(type(fact)) for fact in facts)
        keys = {stream.int: await self._text_keys(stream)} if needs_keys else {}
        work = UnitOfWork(self._vault, credentials.acting_officer, stream, after, keys=keys)
        work.add_facts(facts)
        for new_stream, first in opens:
            work.open_stream(new_stream, [first])
        appended = await self._committer.append(work.as_append(command_id, digest, facts_known, confirmed))
        self._states.evict(stream)  # the cached state is now old
        if appended.replayed:
            return await self._first_result(command_id, digest)
        self._remember_keys(work)
        return self._result(work, appended)

    async def write_entry(
        self,
        stream: UUID,
        facts: Sequence[Fact],
        credentials: Credentials,
        *,
        after: int,
        command_id: UUID,
        digest: bytes,
        facts_known: int,
        confirmed: Iterable[str],
    ) -> CommandResult:
        """Append facts about a meeting or a unit, which two people rarely change at the same time.

        Raise Refused if somebody else changed it at the same time, SharedFactsMoved if the law or the units are not
        those of `facts_known`, and AppendFailed for other errors.
        """
        try:
            return await self.append_facts(
                stream,
                facts,
                credentials,
                after=after,
                command_id=command_id,
                digest=digest,
                facts_known=facts_known,
                confirmed=confirmed,
            )
        except VersionConflict:
            raise Refused(ServiceRefusal.ENTERED_AT_THE_SAME_MOMENT) from None

    async def find_result(self, command_id: UUID, digest: bytes) -> CommandResult | None:
        """Return the result of an earlier request with this id, or None.

        Raise KeyReused if that was a different request.
        """
        return await find_command_result(self._pool, command_id, digest)

    async def find_result_or_raise(self, error: Exception, command_id: UUID, digest: bytes) -> CommandResult:
        """Return the result of an earlier request with this id.

        Raise `error` if there was none, or KeyReused if it was a different one.
        """
        result = await self.find_result(command_id, digest)
        if result is None:
            raise error
        return result

    async def _first_result(self, command_id: UUID, digest: bytes) -> CommandResult:
        """Return the result of the earlier request, after the database reported that this one is a repetition."""
        return await self.find_result_or_raise(
            RuntimeError(f"command {command_id} is stored and cannot be found"), command_id, digest
        )

    async def _text_keys(self, petition_id: UUID) -> TextKeys:
        """Return the keys of a petition that exists, nearly always from memory. Raise UnusableTextKey."""
        keys = self._vault.cached_keys(petition_id)
        if keys is None and self._vault.seals:
            async with self._pool.connection() as connection:
                keys = (await self._vault.load_keys(connection, [petition_id]))[petition_id]
        return keys or {}

    def _remember_keys(self, work: UnitOfWork) -> None:
        """Cache the keys that the database has confirmed: the projector opens these events next."""
        for stored, data_key in work.made_keys:
            self._vault.remember(stored, data_key)

    @staticmethod
    def _result(work: UnitOfWork, appended: Appended, reference: str | None = None) -> CommandResult:
        """Return the result of an append. `reference` is the number that the petition already has, if it has one."""
        return CommandResult(
            work.subject,
            appended.references.get(work.subject, reference) if appended.references else reference,
            work.version,
            appended.first_position + len(work.envelopes) - 1,
            appended.recorded_at,
            False,
            *(_opened_with_references(work, appended) if work.opened_streams else ()),
        )

    @staticmethod
    def _opened_envelopes(
        work: UnitOfWork, petition: Petition | None, appended: Appended, command_id: UUID
    ) -> list[EventEnvelope[Any]]:
        """Return the events of the petitions that the command opened, with position, time and number filled in."""
        return [
            envelope.with_database_values(
                recorded_at=appended.recorded_at,
                position=position,
                reference=appended.references.get(envelope.originator_id) if envelope.originator_version == 1 else None,
                command_id=command_id,
            )
            for position, envelope in enumerate(work.envelopes, start=appended.first_position)
            if petition is None or envelope.originator_id is not work.subject
        ]


def _state_after(petition: Petition, work: UnitOfWork) -> Petition | None:
    """Return the petition after its new events; None where its whole history must be folded anew."""
    after: Petition | None = petition
    for envelope in work.envelopes:
        if type(envelope.fact) in REWRITES_HISTORY:
            return None
        if envelope.originator_id is work.subject:
            after = evolve(after, envelope)
    return after


def _opened_with_references(work: UnitOfWork, appended: Appended) -> tuple[tuple[UUID, ...], tuple[str | None, ...]]:
    """Return the streams that a command opened, and their register numbers where they have one."""
    references = (appended.references.get(stream, work.given_references.get(stream)) for stream in work.opened_streams)
    return tuple(work.opened_streams), tuple(references)
