"""Recording what was decided: one append a command, and what it came to."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import Fact
from domain.evolve import evolve
from domain.petition import Petition
from service.commands.idempotency import already_done
from service.commands.results import Done
from service.commands.state_cache import Petitions
from service.commands.unit_of_work import Draft
from service.event_store.group_commit import Append, Appended, Committer, Identity, VersionConflict


class Recording:
    def __init__(self, pool: AsyncConnectionPool, committer: Committer, petitions: Petitions) -> None:
        self._pool = pool
        self._committer = committer
        self._petitions = petitions

    async def record(
        self,
        draft: Draft,
        petition: Petition | None,
        identities: tuple[Identity, ...],
        command_id: UUID,
        digest: bytes,
    ) -> Done:
        """What was decided on a petition, or opens one; remembered. Raises the committer's errors."""
        answer = self._committer.submit(Append(command_id, tuple(draft.events), identities, digest))
        after = petition
        if petition is not None:  # while the database writes
            for recorded in draft.records:
                if recorded.originator_id is draft.subject:
                    after = evolve(after, recorded)
        appended = await answer
        if appended.replayed:
            return await self._replayed(command_id, digest)
        if petition is not None and after is not None:
            self._petitions.move(petition, after)
        for told in draft.told:
            self._petitions.forget(told)
        if petition is None or draft.opened:
            self._petitions.begin(self._opened(draft, petition, appended, command_id))
        return self._done(draft, appended, petition.reference if petition else None)

    async def record_unremembered(self, draft: Draft, command_id: UUID, digest: bytes) -> Done:
        """For a subject to which hardly anything more happens soon."""
        appended = await self._committer.append(Append(command_id, tuple(draft.events), (), digest))
        return await self._replayed(command_id, digest) if appended.replayed else self._done(draft, appended)

    async def record_entry(self, draft: Draft, facts: Sequence[Fact], command_id: UUID, digest: bytes) -> Done:
        """Of a meeting or a unit, which are rarely two people's at once."""
        for fact in facts:
            draft.then(fact)
        try:
            return await self.record_unremembered(draft, command_id, digest)
        except VersionConflict:
            raise Refused("somebody else entered this at the same moment") from None

    async def found(self, command_id: UUID, digest: bytes) -> Done | None:
        """What the command came to when it was first sent, if it was; KeyReused if its id was another request's."""
        return await already_done(self._pool, command_id, digest)

    async def done_before(self, no: Exception, command_id: UUID, digest: bytes) -> Done:
        """As `found`; raises `no` if it was never sent."""
        done = await self.found(command_id, digest)
        if done is None:
            raise no
        return done

    async def _replayed(self, command_id: UUID, digest: bytes) -> Done:
        return await self.done_before(
            RuntimeError(f"command {command_id} is stored and cannot be found"), command_id, digest
        )

    @staticmethod
    def _done(draft: Draft, appended: Appended, reference: str | None = None) -> Done:
        """`reference` is what the subject bears already, if it does."""
        return Done(
            draft.subject,
            appended.references.get(draft.subject, reference) if appended.references else reference,
            draft.version,
            appended.first_position + len(draft.events) - 1,
            appended.recorded_at,
            opened=tuple(draft.opened),
        )

    @staticmethod
    def _opened(
        draft: Draft, petition: Petition | None, appended: Appended, command_id: UUID
    ) -> list[EventEnvelope[Any]]:
        """The events of the petitions that the command opened, with what the database has given them."""
        return [
            recorded.stored(
                recorded_at=appended.recorded_at,
                position=position,
                reference=appended.references.get(recorded.originator_id) if recorded.originator_version == 1 else None,
                command_id=command_id,
            )
            for position, recorded in enumerate(draft.records, start=appended.first_position)
            if petition is None or recorded.originator_id is not draft.subject
        ]
