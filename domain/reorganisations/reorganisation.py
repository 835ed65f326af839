"""Reorganisations as they were proposed, approved and applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.reorganisations.events import (
    ReorganisationApplied,
    ReorganisationApproved,
    ReorganisationEvent,
    ReorganisationProposed,
)
from domain.vocabulary import ReorganisationId

STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40003")
"""The one history of all reorganisations."""


@dataclass(frozen=True, slots=True)
class Reorganisation:
    proposed: ReorganisationProposed
    proposed_by: Officer
    approved_by: Officer | None = None
    approved_on: date | None = None
    petitions: int | None = None
    """How many were handed over; None until all were."""

    @property
    def is_under_way(self) -> bool:
        return self.approved_by is not None and self.petitions is None


@dataclass(frozen=True, slots=True)
class Reorganisations:
    """`version` is the place of the last event in their history; they are in the order of their proposal."""

    version: int = 0
    by_id: Mapping[ReorganisationId, Reorganisation] = field(default_factory=dict)

    def named(self, reorganisation_id: ReorganisationId) -> Reorganisation:
        found = self.by_id.get(reorganisation_id)
        if found is None:
            raise Refused("there is no such reorganisation")
        return found


def evolve(known: Reorganisations, recorded: EventEnvelope[ReorganisationEvent]) -> Reorganisations:
    fact = recorded.fact
    match fact:
        case ReorganisationProposed():
            now = Reorganisation(fact, recorded.by)
        case ReorganisationApproved():
            before = known.by_id[fact.reorganisation_id]
            now = replace(before, approved_by=recorded.by, approved_on=fact.occurred_on)
        case ReorganisationApplied():
            now = replace(known.by_id[fact.reorganisation_id], petitions=fact.petitions)
        case _:
            assert_never(fact)
    return Reorganisations(recorded.originator_version, {**known.by_id, fact.reorganisation_id: now})


def fold(history: Iterable[EventEnvelope[ReorganisationEvent]]) -> Reorganisations:
    known = Reorganisations()
    for recorded in history:
        known = evolve(known, recorded)
    return known
