"""Declares erasures of personal data as reviewed changes: the approval is on record before any key is destroyed."""

from collections.abc import Sequence
from uuid import UUID

from domain.actor import Credentials, Officer
from domain.command import Command
from domain.erasures.commands import ApproveErasure, ProposeErasure
from domain.erasures.decide import (
    Erasure,
    ErasureReview,
    Erasures,
    PetitionToErase,
    erase_personal_data,
    propose_erasure,
    require_erasable,
)
from domain.events import Fact, PersonalDataErased
from domain.vocabulary import ErasureId, PetitionId
from projections.projection import Connection
from service.approvals.chunked_application import NextFacts
from service.approvals.reviewed_change import ReviewedChangeService
from service.commands.office import ApplicationService
from service.security.erasure import count_destroyed_keys, count_persons_with_keys, destroy_keys


class ErasureService(ReviewedChangeService[Erasures, ProposeErasure, ErasureReview, Erasure]):
    """Proposes and approves erasures, destroys the keys, and records in the petition what was erased.

    An interruption between the two is seen by `kiennghi doctor`; applying the change again completes it.
    """

    changes = Erasures
    propose_command = ProposeErasure
    approve_command = ApproveErasure
    counted_facts = (PersonalDataErased,)

    async def review(
        self, office: ApplicationService, connection: Connection, command: ProposeErasure
    ) -> ErasureReview:
        """Return the petition, with the number of persons whose keys are there."""
        return await _review(office, connection, command.reference)

    def proposal(
        self,
        office: ApplicationService,
        command: ProposeErasure,
        change_id: UUID,
        review: ErasureReview,
        changes: Erasures,
    ) -> Fact:
        """Return the proposal. Raise Refused where nothing may be erased."""
        del changes
        return propose_erasure(command, ErasureId(change_id), review, office.today)

    async def approval(self, office: ApplicationService, command: Command, changes: Erasures, by: Officer) -> Fact:
        """Return the approval. Raise Refused if the petition was opened again since."""
        petition_id = str(changes.require(self.id_of(command)).proposed.petition_id)
        async with office.pool.connection() as connection:
            require_erasable(petition_id, await _review(office, connection, petition_id))
        return await super().approval(office, command, changes, by)

    async def plan(self, office: ApplicationService, changes: Erasures, change_id: UUID) -> Erasure:
        """Return the change itself: its proposal says all."""
        del office
        return changes.require(change_id)

    async def prepare(self, office: ApplicationService, plan: Erasure, credentials: Credentials) -> None:
        """Destroy the keys, and forget what this process holds of them."""
        petition_id = plan.proposed.petition_id
        async with office.pool.connection() as connection:
            await destroy_keys(connection, petition_id, credentials.officer, plan.proposed.decision_no)
        office.vault.forget(petition_id)

    async def candidates(self, connection: Connection, plan: Erasure) -> Sequence[UUID]:
        """Return the petition."""
        del connection
        return [plan.proposed.petition_id]

    async def next_facts(self, office: ApplicationService, petition_id: PetitionId, plan: Erasure) -> NextFacts | None:
        """Return the event that counts what was erased; None if it is there.

        The keys are destroyed again after the history is read: a corrected identity that came into the vault meanwhile
        is in it, and one that comes later makes the append conflict, and this is asked once more.
        """
        history = await office.queries.history(petition_id)
        by = plan.approved_by or plan.proposed_by
        async with office.pool.connection() as connection:
            await destroy_keys(connection, petition_id, by.officer, plan.proposed.decision_no)
            destroyed = await count_destroyed_keys(connection, petition_id)
        fact = erase_personal_data(history, plan.proposed, destroyed.persons, destroyed.text_keys, office.today)
        return None if fact is None else NextFacts([fact], history[-1].originator_version)


async def _review(office: ApplicationService, connection: Connection, reference: str) -> ErasureReview:
    petition_id = await office.queries.petition_id_of(reference)
    petition = None if petition_id is None else await office.queries.fresh_petition(petition_id)
    if petition_id is None or petition is None:
        return ErasureReview(office.today, ())
    persons = await count_persons_with_keys(connection, petition_id)
    known_as = petition.reference or reference
    return ErasureReview(office.today, (PetitionToErase(petition_id, known_as, petition.stage.is_open, persons),))


ERASURES = ErasureService()
