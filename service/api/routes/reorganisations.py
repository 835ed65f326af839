"""Serves reorganisations: reviewed, proposed by one officer, approved by another, applied over several requests."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from domain.reorganisations.commands import EXAMPLE_PLAN, MAX_REORGANISATION_TEXT_CHARACTERS
from domain.reorganisations.handing_over import ReorganisationReview
from domain.reviewed_changes import ReviewedChanges
from projections.projection import Connection
from service.api.dependencies import ApiContext
from service.api.routes.reviewed_change_kind import ReviewedChangeKind
from service.api.routes.reviewed_changes import reviewed_change_router
from service.api.schemas.reorganisations import (
    ReorganisationApplied,
    ReorganisationList,
    ReorganisationReviewed,
    ReorganisationShown,
)
from service.approvals.reorganisation_review import dry_run_reorganisation
from service.approvals.reorganisations import REORGANISATIONS
from service.approvals.reviewed_change import ApplicationRun, ProposedChange
from service.commands.results import CommandResult


class ReorganisationFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    text: Annotated[str, Field(min_length=1, max_length=MAX_REORGANISATION_TEXT_CHARACTERS, examples=[EXAMPLE_PLAN])]


class ReorganisationKind(ReviewedChangeKind):
    """Describes reorganisations. An approval is dated today, and has no body."""

    service = REORGANISATIONS
    noun, plural, tag = "reorganisation", "reorganisations", "meetings and units"
    id_name = "reorganisation"
    approval_has_body = False
    is_read_singly = False
    review_text = (
        "Try a reorganisation without writing anything: list the open petitions of the units, with their future units."
    )
    list_text = "List all reorganisations: who proposed and approved them, and how many petitions they handed over."
    apply_text = (
        "Hand over the next petitions of an approved reorganisation.\n\n"
        "Send the request again to continue; no petition is handed over twice."
    )
    trial = ReorganisationFile
    review_form = proposal_form = ReorganisationReviewed
    approval_form = apply_form = ReorganisationApplied
    list_form = ReorganisationList

    async def dry_run(
        self, context: ApiContext, connection: Connection, trial: ReorganisationFile
    ) -> ReorganisationReview:
        """Return the open petitions that the file would hand over."""
        return await dry_run_reorganisation(
            connection, context.office.vault, await context.office.queries.units(), trial.text, context.office.today
        )

    def reviewed(self, review: ReorganisationReview, limit: int) -> ReorganisationReviewed:
        """Return the review with its first petitions."""
        return ReorganisationReviewed.of(review, limit)

    def proposed(self, found: ProposedChange[ReorganisationReview], limit: int) -> ReorganisationReviewed:
        """Return the review with the id of the proposal."""
        return ReorganisationReviewed.of(found.review, limit, found.change_id)

    def approved(self, change_id: UUID, result: CommandResult) -> ReorganisationApplied:
        """Return that nothing is handed over yet."""
        del change_id, result
        return ReorganisationApplied(handed_over=0, is_done=False)

    def listed(self, changes: ReviewedChanges[Any]) -> ReorganisationList:
        """Return all reorganisations."""
        return ReorganisationList(reorganisations=[ReorganisationShown.of(*item) for item in changes.by_id.items()])

    def applied(self, run: ApplicationRun) -> ReorganisationApplied:
        """Return how many petitions all requests have handed over."""
        return ReorganisationApplied(handed_over=run.petitions, is_done=run.is_done)


router = reviewed_change_router(ReorganisationKind())
