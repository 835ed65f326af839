"""Declares the answers to queries and commands about changes of law."""

from datetime import date
from typing import Literal, Self
from uuid import UUID

from domain.deadlines.clock import Clock
from domain.law_changes.differences import ChangedDay, ChangedRule
from domain.law_changes.events import Subject
from domain.law_changes.law_change import LawChange
from domain.law_changes.review import LawChangeReview, MovedClock, MovedPetition
from domain.value import known
from service.api.schemas.petitions import ResponseModel
from service.api.schemas.reviewed_changes import ReviewedChangeEntered, standing_of_change


class ClockThatMoves(ResponseModel):
    """A clock that would get another date. `due_on` is null where no time limit was set before.

    `subject` is that of a duty which is owed for one unit or decision.
    """

    clock: Clock
    subject: str | None
    due_on: date | None
    new_due_on: date
    rule: str | None
    calendar: str | None

    @classmethod
    def of(cls, moved: MovedClock) -> Self:
        before, after = moved.before, moved.after
        return cls(
            clock=after.clock,
            subject=None if after.key.subject is None else after.key.subject.text,
            due_on=None if before is None else before.due_on,
            new_due_on=after.due_on,
            rule=known(after.policy),
            calendar=known(after.calendar),
        )


class PetitionThatMoves(ResponseModel):
    petition_id: UUID
    reference: str | None
    unit: str
    due_on: date | None
    new_due_on: date | None
    was_overdue: bool
    is_overdue: bool
    clocks: tuple[ClockThatMoves, ...]

    @classmethod
    def of(cls, moved: MovedPetition) -> Self:
        return cls(
            petition_id=moved.petition_id,
            reference=moved.reference,
            unit=moved.unit,
            due_on=moved.due_on,
            new_due_on=moved.new_due_on,
            was_overdue=moved.was_overdue,
            is_overdue=moved.is_overdue,
            clocks=tuple(ClockThatMoves.of(clock) for clock in moved.clocks),
        )


class LawReviewed(ResponseModel):
    """The days and rules that a change of law brings, and the petitions that it would move.

    Overdue is judged on the day `on`. Nothing was written.
    """

    on: date
    open_petitions: int
    would_move: int
    would_become_overdue: int
    would_stop_being_overdue: int
    days: tuple[ChangedDay, ...]
    rules: tuple[ChangedRule, ...]
    petitions: tuple[PetitionThatMoves, ...]

    @classmethod
    def of(cls, found: LawChangeReview, limit: int) -> Self:
        return cls(
            on=found.on,
            open_petitions=found.open_petitions,
            would_move=len(found.petitions),
            would_become_overdue=found.would_become_overdue,
            would_stop_being_overdue=found.would_stop_being_overdue,
            days=found.days,
            rules=found.rules,
            petitions=tuple(PetitionThatMoves.of(one) for one in found.petitions[:limit]),
        )


class LawChangeEntered(ReviewedChangeEntered):
    pass


class LawChangeReviewed(LawChangeEntered):
    """A proposal, with the review that was recorded with it."""

    review: LawReviewed


class LawChangeShown(ResponseModel):
    """A change of law.

    `moved` counts the petitions that were recalculated; it is null until all are recalculated. The other counts are
    those of the review.
    """

    change_id: UUID
    state: Literal["proposed", "approved", "applied"]
    subject: Subject
    instrument: str
    binds_running: bool
    proposed_on: date
    proposed_by: str
    open_petitions: int
    would_move: int
    would_become_overdue: int
    would_stop_being_overdue: int
    approved_on: date | None
    approved_by: str | None
    moved: int | None

    @classmethod
    def of(cls, change_id: UUID, change: LawChange) -> Self:
        """Return the answer that shows a change of law."""
        proposed = change.proposed
        return cls.model_validate(
            {
                **{name: getattr(proposed, name) for name in proposed.__struct_fields__ if name in cls.model_fields},
                **standing_of_change(change_id, change),
                "moved": change.petitions,
            }
        )


class LawChangeInFull(LawChangeShown):
    """A change of law with its file; an approval is for exactly this text."""

    text: str


class LawChangeList(ResponseModel):
    """The changes of law, in the order of their proposals."""

    changes: tuple[LawChangeShown, ...]
