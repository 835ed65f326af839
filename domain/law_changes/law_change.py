"""Changes of law as they were proposed, approved and applied, and the law that follows from those approved."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from domain.actor import Officer
from domain.deadlines.policy import Law
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.law_changes.events import LawChangeApplied, LawChangeApproved, LawChangeEvent, LawChangeProposed
from domain.law_changes.new_law import with_change
from domain.vocabulary import LawChangeId

STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40002")
"""The one history of all changes of law."""


@dataclass(frozen=True, slots=True)
class LawChange:
    proposed: LawChangeProposed
    proposed_by: Officer
    approved_by: Officer | None = None
    approved_on: date | None = None
    petitions: int | None = None
    """How many it moved; None until it has been applied to all."""

    @property
    def is_under_way(self) -> bool:
        return self.approved_by is not None and self.petitions is None


@dataclass(frozen=True, slots=True)
class LawChanges:
    """`version` is the place of the last event in their history; the changes are in the order of their proposal."""

    version: int = 0
    by_id: Mapping[LawChangeId, LawChange] = field(default_factory=dict)
    approved: tuple[LawChangeId, ...] = ()

    def law(self, on_file: Law, *, before: LawChangeId | None = None) -> Law:
        """The law on file with the approved changes, in the order of their approval; or with those before one."""
        law = on_file
        for change_id in self.approved:
            if change_id == before:
                break
            proposed = self.by_id[change_id].proposed
            # Files that came later may hold a change already, or say otherwise: who put them there was the later one.
            with suppress(Refused):
                law = with_change(law, proposed.subject, proposed.text)
        return law


def evolve(changes: LawChanges, recorded: EventEnvelope[LawChangeEvent]) -> LawChanges:
    fact = recorded.fact
    match fact:
        case LawChangeProposed():
            now, approved = LawChange(fact, recorded.by), changes.approved
        case LawChangeApproved():
            change = changes.by_id[fact.change_id]
            now = replace(change, approved_by=recorded.by, approved_on=fact.occurred_on)
            approved = (*changes.approved, fact.change_id)
        case LawChangeApplied():
            now = replace(changes.by_id[fact.change_id], petitions=fact.petitions)
            approved = changes.approved
        case _:
            assert_never(fact)
    return LawChanges(recorded.originator_version, {**changes.by_id, fact.change_id: now}, approved)


def fold(history: Iterable[EventEnvelope[LawChangeEvent]]) -> LawChanges:
    changes = LawChanges()
    for recorded in history:
        changes = evolve(changes, recorded)
    return changes
