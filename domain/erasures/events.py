"""Defines the events of erasures. All of them share one history, so that they come one after the other.

What an erasure leaves in a petition is `PersonalDataErased`.
"""

from domain.events import Fact
from domain.stored_values import Count, NonEmptyStr
from domain.vocabulary import ErasureId, PetitionId


class ErasureProposed(Fact):
    """Records that an officer proposed to erase the personal data of a petition, and under which decision.

    `persons` counts the identities in the vault whose keys would be destroyed; one that was corrected has several.
    """

    erasure_id: ErasureId
    petition_id: PetitionId
    decision_no: NonEmptyStr
    decided_by: NonEmptyStr
    persons: Count


class ErasureApproved(Fact):
    """Records that another officer than the one who proposed it approved the erasure. Only then keys are destroyed."""

    erasure_id: ErasureId


class ErasureApplied(Fact):
    """Records that the keys are destroyed; `petitions` is the number of petitions that got `PersonalDataErased`."""

    erasure_id: ErasureId
    petitions: Count


ErasureEvent = ErasureProposed | ErasureApproved | ErasureApplied
