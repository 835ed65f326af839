"""Which petitioners are protected, and who may read what could tell who they are."""

from collections.abc import Sequence

from domain.actor import Credentials, Role
from domain.envelope import EventEnvelope
from domain.events import PetitionClassified, PetitionEvent
from domain.petition import Petition
from domain.vocabulary import PetitionKind

_MAY_READ_PROTECTED = frozenset({Role.HEAD, Role.CLASSIFIER, Role.CUSTODIAN})


def is_protected(history: Sequence[EventEnvelope[PetitionEvent]], petition: Petition) -> bool:
    """A denouncer is protected from the day the letter is known to be a denunciation, whatever it is called later."""
    return petition.receipt.identity_protected or any(
        isinstance(recorded.fact, PetitionClassified) and recorded.fact.kind is PetitionKind.DENUNCIATION
        for recorded in history
    )


def may_read_protected(credentials: Credentials, lead_unit: str) -> bool:
    """Those who decide on it, who keep the identities, and the officers of the unit that answers."""
    if not _MAY_READ_PROTECTED.isdisjoint(credentials.roles):
        return True
    return Role.OFFICER in credentials.roles and credentials.unit == lead_unit
