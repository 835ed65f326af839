"""Folds the changes of law that were proposed, approved and applied.

The law in force is the law on file with the approved changes.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import assert_never
from uuid import UUID

import msgspec

from domain.actor import Officer
from domain.deadlines.policy import Law
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.law_changes.events import LawChangeApplied, LawChangeApproved, LawChangeEvent, LawChangeProposed
from domain.law_changes.new_law import law_with_change, require_known_law_format
from domain.value import Value, replace
from domain.vocabulary import LawChangeId

LAW_CHANGES_STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40002")
"""Id of the one history of all changes of law."""


class LawChange(Value):
    """Holds one change of law: its proposal, and the approval if there is one."""

    proposed: LawChangeProposed
    proposed_by: Officer
    approved_by: Officer | None = None
    approved_on: date | None = None
    petitions: int | None = None
    """Number of petitions that it moved; None until it has been applied to all."""

    @property
    def is_under_way(self) -> bool:
        """Return True from the approval until the change is applied to all petitions."""
        return self.approved_by is not None and self.petitions is None


class LawChanges(Value):
    """Holds all changes, in the order of their proposal; `version` is the place of the last event in their history."""

    version: int = 0
    by_id: Mapping[LawChangeId, LawChange] = msgspec.field(default_factory=dict)
    approved: tuple[LawChangeId, ...] = ()

    def law(self, on_file: Law, *, before: LawChangeId | None = None) -> Law:
        """Return the law on file with the approved changes, in the order of their approval.

        With `before`, only the changes approved before that one are in it. Raise Refused for a file in a format that
        this program does not know: by the law without it, dates would be wrong.
        """
        law = on_file
        for change_id in self.approved:
            if change_id == before:
                break
            proposed = self.by_id[change_id].proposed
            require_known_law_format(proposed.format)
            # Files that came later may hold a change already, or contradict it: then the later file holds.
            with suppress(Refused):
                law = law_with_change(law, proposed.subject, proposed.text, proposed.format)
        return law


def evolve_law_changes(changes: LawChanges, envelope: EventEnvelope[LawChangeEvent]) -> LawChanges:
    """Return the changes after one more event."""
    fact = envelope.fact
    match fact:
        case LawChangeProposed():
            changed, approved = LawChange(proposed=fact, proposed_by=envelope.by), changes.approved
        case LawChangeApproved():
            change = changes.by_id[fact.change_id]
            changed = replace(change, approved_by=envelope.by, approved_on=fact.occurred_on)
            approved = (*changes.approved, fact.change_id)
        case LawChangeApplied():
            changed = replace(changes.by_id[fact.change_id], petitions=fact.petitions)
            approved = changes.approved
        case _:
            assert_never(fact)
    return LawChanges(
        version=envelope.originator_version,
        by_id={**changes.by_id, fact.change_id: changed},
        approved=approved,
    )


def fold_law_changes(history: Iterable[EventEnvelope[LawChangeEvent]]) -> LawChanges:
    """Return the changes after the whole history."""
    changes = LawChanges()
    for envelope in history:
        changes = evolve_law_changes(changes, envelope)
    return changes
