"""Folds the reorganisations that were proposed, approved and applied.

They share one history, so that they come one after the other.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.reorganisations.events import (
    ReorganisationApplied,
    ReorganisationApproved,
    ReorganisationEvent,
    ReorganisationProposed,
)
from domain.value import Value, replace
from domain.vocabulary import ReorganisationId

REORGANISATIONS_STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40003")
"""Id of the one history of all reorganisations."""


class Reorganisation(Value):
    """Holds one reorganisation: its proposal, and the approval if there is one."""

    proposed: ReorganisationProposed
    proposed_by: Officer
    approved_by: Officer | None = None
    approved_on: date | None = None
    petitions: int | None = None
    """Number of petitions that were handed over; None until all were."""

    @property
    def is_under_way(self) -> bool:
        """Return True from the approval until all petitions are handed over."""
        return self.approved_by is not None and self.petitions is None


class Reorganisations(Value):
    """Holds all reorganisations, in the order of their proposal.

    `version` is the place of the last event in their history.
    """

    version: int = 0
    by_id: Mapping[ReorganisationId, Reorganisation] = msgspec.field(default_factory=dict)

    def require(self, reorganisation_id: ReorganisationId) -> Reorganisation:
        """Return the reorganisation. Raise Refused if there is none with this id."""
        found = self.by_id.get(reorganisation_id)
        if found is None:
            raise Refused("there is no such reorganisation")
        return found


def evolve_reorganisations(
    reorganisations: Reorganisations, envelope: EventEnvelope[ReorganisationEvent]
) -> Reorganisations:
    """Return the reorganisations after one more event."""
    fact = envelope.fact
    match fact:
        case ReorganisationProposed():
            changed = Reorganisation(proposed=fact, proposed_by=envelope.by)
        case ReorganisationApproved():
            before = reorganisations.by_id[fact.reorganisation_id]
            changed = replace(before, approved_by=envelope.by, approved_on=fact.occurred_on)
        case ReorganisationApplied():
            changed = replace(reorganisations.by_id[fact.reorganisation_id], petitions=fact.petitions)
        case _:
            assert_never(fact)
    return Reorganisations(
        version=envelope.originator_version, by_id={**reorganisations.by_id, fact.reorganisation_id: changed}
    )


def fold_reorganisations(history: Iterable[EventEnvelope[ReorganisationEvent]]) -> Reorganisations:
    """Return the reorganisations after the whole history."""
    reorganisations = Reorganisations()
    for envelope in history:
        reorganisations = evolve_reorganisations(reorganisations, envelope)
    return reorganisations
