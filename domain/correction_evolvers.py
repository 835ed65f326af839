"""Keeps what waits for another officer to put the record right: proposed corrections, and reversals of endings."""

from collections.abc import Callable, Mapping
from typing import Any

from domain import events as e
from domain.envelope import EventEnvelope
from domain.petition import PendingRequest, Petition
from domain.sealed_text import plain_text
from domain.value import replace, said
from domain.vocabulary import IdentityVersion


def _evolve_correction_proposed(petition: Petition, envelope: EventEnvelope[e.CorrectionProposed]) -> Petition:
    fact = envelope.fact
    request = PendingRequest(
        parties=envelope.by.parties,
        requested_by=envelope.by.officer,
        corrections=fact.corrections,
        persons=said(fact.persons, ()),
        identities=said(fact.identities, ()),
        why=plain_text(fact.why),
    )
    versions = dict(petition.identity_versions)
    if petition.pending_correction is not None:  # this proposal takes its place
        versions |= {person.ref: IdentityVersion.NOT_APPROVED for person in petition.pending_correction.persons}
    versions |= {person.ref: IdentityVersion.PROPOSED for person in request.persons}
    return replace(petition, pending_correction=request, identity_versions=versions)


def _evolve_corrected(petition: Petition, envelope: EventEnvelope[e.RecordCorrected]) -> Petition:
    """End the proposal. What was corrected stands in the facts themselves (`domain.correcting.history`)."""
    versions = {**petition.identity_versions}
    for identity in said(envelope.fact.identities, ()):
        versions[identity.former] = IdentityVersion.FORMER
        versions.pop(identity.right, None)
    return replace(petition, pending_correction=None, identity_versions=versions)


def _evolve_reversal_proposed(petition: Petition, envelope: EventEnvelope[e.ReversalProposed]) -> Petition:
    fact, by = envelope.fact, envelope.by
    request = PendingRequest(
        parties=by.parties, requested_by=by.officer, reverses=fact.version, why=plain_text(fact.why)
    )
    return replace(petition, pending_reversal=request)


def _evolve_ending_reversed(petition: Petition, _: EventEnvelope[e.EndingReversed]) -> Petition:
    """End the proposal. The ending is left out of the history that is folded."""
    return replace(petition, pending_reversal=None)


CORRECTION_EVOLVERS: Mapping[type[e.Fact], Callable[[Petition, EventEnvelope[Any]], Petition]] = {
    e.CorrectionProposed: _evolve_correction_proposed,
    e.RecordCorrected: _evolve_corrected,
    e.ReversalProposed: _evolve_reversal_proposed,
    e.EndingReversed: _evolve_ending_reversed,
}
"""The events that propose and approve it, each with what it does to the state."""
