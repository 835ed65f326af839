"""Decides which petitioners are protected, and who may read what could reveal them."""

from collections.abc import Sequence

from domain.actor import Credentials, Role
from domain.envelope import EventEnvelope
from domain.events import PetitionClassified, PetitionEvent
from domain.petition import Petition
from domain.vocabulary import PetitionKind

_MAY_READ_PROTECTED = frozenset({Role.HEAD, Role.CLASSIFIER, Role.CUSTODIAN})


def is_protected(history: Sequence[EventEnvelope[PetitionEvent]], petition: Petition) -> bool:
    """Return True if the petitioner is protected.

    A denouncer is protected from the moment the letter is classified as a denunciation (tố cáo), and stays so even if
    the letter is classified otherwise later.
    """
    return petition.opening.identity_protected or any(
        isinstance(envelope.fact, PetitionClassified) and envelope.fact.kind is PetitionKind.DENUNCIATION
        for envelope in history
    )


def may_read_protected(credentials: Credentials, lead_unit: str) -> bool:
    """Return True for officers who decide on the petition, the custodian, and the officers of the answering unit."""
    if not _MAY_READ_PROTECTED.isdisjoint(credentials.roles):
        return True
    return Role.OFFICER in credentials.roles and credentials.unit == lead_unit
