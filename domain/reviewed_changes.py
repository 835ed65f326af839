"""Defines the life of a reviewed change: one officer proposes it, another approves it, then it is applied.

All changes of one kind, such as changes of law, share one history, so that they come one after the other. A subclass of
`ReviewedChanges` names the facts and the words of its kind; what only this kind asks for is decided beside it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Generic, Literal, Self, TypeVar
from uuid import UUID

import msgspec

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.errors import Refused, require_not_in_future
from domain.events import Fact
from domain.labels import BilingualText, bilingual_text
from domain.refusals.reviewed_changes import ReviewedChangeRefusal
from domain.value import Value, replace

ProposalT = TypeVar("ProposalT", bound=Fact)


class ReviewedChange(Value, Generic[ProposalT]):
    """Holds one change: its proposal, and the approval if there is one."""

    proposed: ProposalT
    proposed_by: Officer
    approved_by: Officer | None = None
    approved_on: date | None = None
    petitions: int | None = None
    """Number of petitions that it changed; None until it has been applied to all."""

    @property
    def is_under_way(self) -> bool:
        """Return True from the approval until the change is applied to all petitions."""
        return self.approved_by is not None and self.petitions is None

    @property
    def state(self) -> Literal["proposed", "approved", "applied"]:
        """Return how far the change has come."""
        return "applied" if self.petitions is not None else "proposed" if self.approved_by is None else "approved"


class ReviewedChanges(Value, Generic[ProposalT]):
    """Holds all changes of one kind, in the order of their proposal.

    `version` is the place of the last event in their history; `approved` is in the order of approval. The three facts
    of a kind have the id of their change in the field `id_field`, and the last has the number of `petitions`. English
    sentences call a change by its `name`, or by its `short_name` where it is clear which kind is meant; Vietnamese ones
    by its `vietnamese_name`.
    """

    stream: ClassVar[UUID]
    name: ClassVar[str]
    vietnamese_name: ClassVar[str]
    short_name: ClassVar[str] = ""
    id_field: ClassVar[str] = "change_id"
    proposed_fact: ClassVar[type[Fact]]
    approved_fact: ClassVar[type[Fact]]
    applied_fact: ClassVar[type[Fact]]

    version: int = 0
    by_id: Mapping[UUID, ReviewedChange[ProposalT]] = msgspec.field(default_factory=dict)
    approved: tuple[UUID, ...] = ()

    @classmethod
    def fold(cls, history: Iterable[EventEnvelope[Any]]) -> Self:
        """Return the changes after the whole history."""
        changes = cls()
        for envelope in history:
            changes = changes.evolve(envelope)
        return changes

    def evolve(self, envelope: EventEnvelope[Any]) -> Self:
        """Return the changes after one more event. Raise TypeError for a fact of another kind."""
        fact, kind, approved = envelope.fact, type(envelope.fact), self.approved
        change_id: UUID = getattr(fact, self.id_field)
        if kind is self.proposed_fact:
            change: ReviewedChange[ProposalT] = ReviewedChange(proposed=fact, proposed_by=envelope.by)
        elif kind is self.approved_fact:
            change = replace(self.by_id[change_id], approved_by=envelope.by, approved_on=fact.occurred_on)
            approved = (*approved, change_id)
        elif kind is self.applied_fact:
            change = replace(self.by_id[change_id], petitions=fact.petitions)
        else:
            raise TypeError(f"{kind.__name__} is no fact of {self.name_with_article()}")
        return replace(
            self, version=envelope.originator_version, by_id={**self.by_id, change_id: change}, approved=approved
        )

    @classmethod
    def name_with_article(cls) -> str:
        """Return the name of one change of this kind, as a sentence begins with it."""
        return f"{'an' if cls.name[0] in 'aeiou' else 'a'} {cls.name}"

    @classmethod
    def kind(cls) -> BilingualText:
        """Return the name of the kind, for a refusal."""
        return bilingual_text(cls.vietnamese_name, cls.name)

    @classmethod
    def a_kind(cls) -> BilingualText:
        """Return the name of the kind with its article, which Vietnamese does without, for a refusal."""
        return bilingual_text(cls.vietnamese_name, cls.name_with_article())

    @classmethod
    def short_kind(cls) -> BilingualText:
        """Return the name of the kind where it is clear which is meant, for a refusal."""
        return bilingual_text(cls.vietnamese_name, cls.short_name or cls.name)

    def effective_on(self, change: ReviewedChange[ProposalT]) -> date | None:
        """Return the first day on which the change may be applied; None if that is the day of its approval."""
        del change
        return None

    def require(self, change_id: UUID) -> ReviewedChange[ProposalT]:
        """Return the change. Raise Refused if there is none with this id."""
        change = self.by_id.get(change_id)
        if change is None:
            raise Refused(ReviewedChangeRefusal.NO_SUCH_CHANGE, kind=self.kind())
        return change

    def require_none_under_way(self) -> None:
        """Raise Refused if a change is approved and not yet applied to all petitions."""
        if waiting := next((one for one, change in self.by_id.items() if change.is_under_way), None):
            raise Refused(ReviewedChangeRefusal.ANOTHER_CHANGE_UNDER_WAY, kind=self.short_kind(), change=str(waiting))

    def require_approvable(
        self, change_id: UUID, occurred_on: date, by: Officer, today: date
    ) -> ReviewedChange[ProposalT]:
        """Return the change that `by` may approve on the day `occurred_on`.

        Raise Refused if it is unknown or approved already, for an officer of the parties that proposed it, for a day in
        the future or before the proposal, and while another change is under way.
        """
        require_not_in_future(occurred_on, today)
        change = self.require(change_id)
        if change.approved_by is not None:
            raise Refused(ReviewedChangeRefusal.CHANGE_APPROVED_ALREADY, kind=self.kind())
        if change.proposed_by.parties & by.parties:
            raise Refused(ReviewedChangeRefusal.OWN_CHANGE, a_kind=self.a_kind())
        proposed_on = change.proposed.occurred_on
        if occurred_on < proposed_on:
            raise Refused(
                ReviewedChangeRefusal.CHANGE_APPROVED_BEFORE_PROPOSAL, kind=self.short_kind(), proposed_on=proposed_on
            )
        self.require_none_under_way()
        return change

    def require_applicable(self, change_id: UUID, today: date) -> ReviewedChange[ProposalT]:
        """Return the change. Raise Refused before it is approved, and before its day."""
        change = self.require(change_id)
        if change.approved_by is None:
            raise Refused(ReviewedChangeRefusal.CHANGE_NOT_APPROVED_YET, kind=self.kind())
        begins = self.effective_on(change)
        if begins is not None and today < begins:
            raise Refused(ReviewedChangeRefusal.CHANGE_NOT_IN_EFFECT_YET, kind=self.kind(), begins=begins)
        return change

    @classmethod
    def approval(cls, change_id: UUID, occurred_on: date) -> Fact:
        """Return the fact that the change was approved."""
        return cls.approved_fact(**_fields(occurred_on, **{cls.id_field: change_id}))

    @classmethod
    def application(cls, change_id: UUID, occurred_on: date, petitions: int) -> Fact:
        """Return the fact that the change was applied to all petitions."""
        return cls.applied_fact(**_fields(occurred_on, **{cls.id_field: change_id}, petitions=petitions))


def _fields(occurred_on: date, **more: Any) -> dict[str, Any]:
    """Return the fields of a fact whose class the type checker does not know."""
    return {"occurred_on": occurred_on, **more}
