"""Decides how many persons must be represented before their petition is accepted."""

from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.petition import Petition
from domain.refusals.intake import IntakeRefusal
from domain.refusals.mandates import MandateRefusal
from domain.vocabulary import PetitionKind

MASS_PERSON_COUNT = 5
"""Number of persons on one content from which a petition is a mass petition (đoàn đông người), reported separately."""


def require_lawful_number(representatives: int, persons: int) -> None:
    """Raise Refused for more than 2 representatives of up to 10 persons, 5 of more than 10 (Law 42/2013 Art 29)."""
    allowed = 2 if persons <= 10 else 5
    if representatives > allowed:
        raise Refused(IntakeRefusal.TOO_MANY_REPRESENTATIVES, persons=persons, allowed=allowed)


def require_representation(petition: Petition, kind: PetitionKind | None) -> None:
    """Raise Refused where many persons ask for the settlement of this kind and are not represented as the law asks.

    A complaint is accepted with all signatures and the mandate (Decree 124/2020 Art 16.1, by Decree 155/2026 Art 10).
    That it needs them from five persons on follows from Law 42/2013 Art 29; fewer need them where they sent somebody. A
    denunciation names its representative (Law 25/2018 Art 23; not verified). Proposals are not accepted in that way.
    """
    persons, representatives = petition.standing_count, petition.representatives
    are_many = persons >= MASS_PERSON_COUNT or (persons > 1 and (representatives or petition.mandate is not None))
    if kind not in {PetitionKind.COMPLAINT, PetitionKind.DENUNCIATION} or not are_many:
        return
    if kind is PetitionKind.COMPLAINT and petition.mandate is None:
        raise Refused(MandateRefusal.COMPLAINT_NEEDS_MANDATE, persons=persons)
    if not representatives:
        raise Refused(MandateRefusal.MANY_PERSONS_NEED_REPRESENTATIVE, persons=persons)
    if kind is PetitionKind.COMPLAINT and petition.mandate is not None and petition.mandate.signatures < persons:
        raise Refused(MandateRefusal.SIGNATURES_ARE_MISSING, persons=persons, signatures=petition.mandate.signatures)


def require_represented(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused where the petition, as it is classified, is not represented as the law asks."""
    require_representation(petition, petition.kind)
