"""Serves changes of law: a dry run for officers who may propose or approve, a proposal, and the approval by another.

An approval is answered once it is recorded. The command `kiennghi law apply`, which may be interrupted and run again,
then recalculates the petitions: for a hundred thousand petitions that takes longer than a request may last.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.commands import CalendarDay
from domain.law_changes.commands import LawText
from domain.law_changes.events import Subject
from domain.law_changes.review import LawChangeReview
from domain.reviewed_changes import ReviewedChanges
from projections.projection import Connection
from service.api.dependencies import ApiContext
from service.api.routes.reviewed_change_kind import ReviewedChangeKind
from service.api.routes.reviewed_changes import reviewed_change_router
from service.api.schemas.law_changes import (
    LawChangeEntered,
    LawChangeInFull,
    LawChangeList,
    LawChangeReviewed,
    LawChangeShown,
    LawReviewed,
)
from service.approvals.law_changes import LAW_CHANGES
from service.approvals.law_review import dry_run_law_change


class LawFile(BaseModel):
    """A file of rules or days. Overdue is judged on the day `on`; today if left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    subject: Subject
    text: LawText
    binds_running: bool = False
    on: CalendarDay | None = None


class LawChangeKind(ReviewedChangeKind):
    """Describes changes of law. They are applied on the command line alone."""

    service = LAW_CHANGES
    noun, plural, tag = "law_change", "law_changes", "law"
    is_applied_over_http = False
    review_text = (
        "Try a change of law: list the open petitions whose due dates it would move.\n\n"
        "The answer also counts the petitions that would become overdue, and those that would no longer be overdue.\n\n"
        "Nothing is written. Roles: those for proposing and for approving."
    )
    list_text = "List all changes of law: who proposed and approved them, and how many petitions they moved."
    read_text = "Return a change of law with the file that was reviewed."
    trial = LawFile
    review_form = LawReviewed
    proposal_form = LawChangeReviewed
    approval_form = LawChangeEntered
    list_form = LawChangeList
    full_form = LawChangeInFull

    async def dry_run(self, context: ApiContext, connection: Connection, trial: LawFile) -> LawChangeReview:
        """Return the open petitions whose due dates the file would move."""
        office, on = context.office, trial.on or context.office.today
        return await dry_run_law_change(
            connection,
            context.office.vault,
            office.law,
            trial.subject,
            trial.text,
            on,
            binds_running=trial.binds_running,
        )

    def reviewed(self, review: LawChangeReview, limit: int) -> LawReviewed:
        """Return the review with its first petitions."""
        return LawReviewed.of(review, limit)

    def listed(self, changes: ReviewedChanges[Any]) -> LawChangeList:
        """Return all changes of law."""
        return LawChangeList(changes=tuple(LawChangeShown.of(*item) for item in changes.by_id.items()))


router = reviewed_change_router(LawChangeKind())
