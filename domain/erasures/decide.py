"""Decides the erasure of the personal data of a petition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.envelope import EventEnvelope
from domain.erasures.commands import ProposeErasure
from domain.erasures.events import ErasureApplied, ErasureApproved, ErasureProposed
from domain.errors import Refused, require_not_in_future
from domain.events import PersonalDataErased, PetitionEvent
from domain.refusals.erasures import ErasureRefusal
from domain.reviewed_changes import ReviewedChange, ReviewedChanges
from domain.vocabulary import ErasureId, PetitionId

ERASURES_STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40018")
"""Id of the one history of all erasures."""

Erasure = ReviewedChange[ErasureProposed]


class Erasures(ReviewedChanges[ErasureProposed]):
    """Holds all erasures."""

    stream = ERASURES_STREAM
    name = "personal data erasure"
    vietnamese_name = "đề nghị xóa dữ liệu cá nhân"
    short_name = "erasure"
    id_field = "erasure_id"
    proposed_fact = ErasureProposed
    approved_fact = ErasureApproved
    applied_fact = ErasureApplied


@dataclass(frozen=True, slots=True)
class PetitionToErase:
    """Holds the petition of an erasure, with the number of persons whose keys are still there."""

    petition_id: UUID
    reference: str
    is_open: bool
    persons: int


@dataclass(frozen=True, slots=True)
class ErasureReview:
    """Holds what an erasure would do, as seen on the day `on`: it concerns one petition."""

    on: date
    petitions: tuple[PetitionToErase, ...]


def propose_erasure(
    command: ProposeErasure, erasure_id: ErasureId, review: ErasureReview, today: date
) -> ErasureProposed:
    """Return the proposal. Raise Refused for a future day, an unknown petition, and one that is not closed."""
    require_not_in_future(command.occurred_on, today)
    petition = require_erasable(command.reference, review)
    return ErasureProposed(
        occurred_on=command.occurred_on,
        erasure_id=erasure_id,
        petition_id=PetitionId(petition.petition_id),
        decision_no=command.decision_no,
        decided_by=command.decided_by,
        persons=petition.persons,
    )


def require_erasable(reference: str, review: ErasureReview) -> PetitionToErase:
    """Return the petition. Raise Refused if there is none, or if it is still open."""
    if not review.petitions:
        raise Refused(ErasureRefusal.NO_PETITION_TO_ERASE, reference=reference)
    (petition,) = review.petitions
    if petition.is_open:
        raise Refused(ErasureRefusal.ERASED_ONLY_WHEN_CLOSED, reference=petition.reference)
    return petition


def erase_personal_data(
    history: Sequence[EventEnvelope[PetitionEvent]], erasure: ErasureProposed, persons: int, keys: int, today: date
) -> PersonalDataErased | None:
    """Return the event that stays of what was erased; None if it was recorded before."""
    done = (event.fact for event in history if isinstance(event.fact, PersonalDataErased))
    if any(fact.erasure_id == erasure.erasure_id for fact in done):
        return None
    return PersonalDataErased(
        occurred_on=today,
        erasure_id=erasure.erasure_id,
        decision_no=erasure.decision_no,
        decided_by=erasure.decided_by,
        persons=persons,
        text_keys=keys,
    )
