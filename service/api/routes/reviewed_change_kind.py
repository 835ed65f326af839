"""Says how one kind of reviewed change looks over HTTP: the words of its paths, and the forms of its answers."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel, create_model

from domain.reviewed_changes import ReviewedChange, ReviewedChanges
from projections.projection import Connection
from service.api.dependencies import ApiContext
from service.api.openapi.examples import example_body
from service.api.schemas.reviewed_changes import (
    ReviewedChangeEntered,
    ReviewedChangeList,
    ReviewedChangeProgress,
    ReviewedChangeShown,
)
from service.approvals.reviewed_change import ApplicationRun, ProposedChange, ReviewedChangeService
from service.commands.results import CommandResult

_ROLES = "\n\nRoles: those for proposing and for approving."
_AGAIN = "\n\nSend the request again to continue; no petition is changed twice."


class ReviewedChangeKind:
    """Describes one kind. A subclass names its service, the form of its review, and its words.

    `noun` and `plural` are the words in paths and in names of operations. `trial` is the body of a dry run; the command
    that proposes, if a kind says nothing else. An `..._form` is the schema of an answer, and the method beside it makes
    the answer: a kind overrides both where it has a form of its own.
    """

    service: ReviewedChangeService[Any, Any, Any, Any]
    noun: str
    plural: str
    tag: str
    id_name: str = "change_id"
    approval_has_body: bool = True
    is_read_singly: bool = True
    is_applied_over_http: bool = True
    review_text: str
    list_text: str
    read_text: str
    apply_text: str

    trial: type[BaseModel]
    review_form: Any
    proposal_form: Any
    approval_form: Any = ReviewedChangeEntered
    list_form: Any = ReviewedChangeList
    full_form: Any = ReviewedChangeShown
    apply_form: Any = ReviewedChangeProgress

    def __init_subclass__(cls) -> None:
        """Fill in what follows from the service and from the form of the review."""
        changes = cls.service.changes
        one = changes.name_with_article()
        cls.review_text = getattr(cls, "review_text", f"Try {one} without writing anything.{_ROLES}")
        cls.list_text = getattr(cls, "list_text", f"List who proposed and approved each {changes.name}.")
        cls.read_text = getattr(cls, "read_text", f"Return {one} with its whole proposal.")
        cls.apply_text = getattr(cls, "apply_text", f"Apply {one} to the next petitions.{_AGAIN}")
        cls.trial = getattr(cls, "trial", cls.service.propose_command)
        if not hasattr(cls, "proposal_form"):
            name, review = f"{changes.proposed_fact.__name__}Entered", (cls.review_form, ...)
            cls.proposal_form = create_model(name, __base__=ReviewedChangeEntered, review=review)

    def trial_example(self) -> dict[str, Any]:
        """Return an example of the body of a dry run."""
        names = self.trial.model_fields
        return {name: value for name, value in example_body(self.service.propose_command).items() if name in names}

    async def dry_run(self, context: ApiContext, connection: Connection, trial: Any) -> Any:
        """Return the review of a body that is not proposed."""
        return await self.service.review(context.office, connection, trial)

    def reviewed(self, review: Any, limit: int) -> Any:
        """Return the answer to a dry run; it lists at most `limit` petitions."""
        return replace(review, petitions=review.petitions[:limit])

    def proposed(self, found: ProposedChange[Any], limit: int) -> Any:
        """Return the answer to a proposal: where it is recorded, and its review."""
        return self.proposal_form(**_recorded(found.change_id, found.result), review=self.reviewed(found.review, limit))

    def approved(self, change_id: UUID, result: CommandResult) -> Any:
        """Return the answer to an approval."""
        return self.approval_form(**_recorded(change_id, result))

    def listed(self, changes: ReviewedChanges[Any]) -> Any:
        """Return the answer that lists all changes."""
        return self.list_form(changes=tuple(ReviewedChangeShown.of(*item) for item in changes.by_id.items()))

    def shown(self, change_id: UUID, change: ReviewedChange[Any]) -> Any:
        """Return the answer that shows one change with its whole proposal."""
        return self.full_form.of(change_id, change)

    def applied(self, run: ApplicationRun) -> Any:
        """Return the answer to a request that applied a change to some petitions."""
        return self.apply_form(petitions=run.petitions, is_done=run.is_done)


def _recorded(change_id: UUID, result: CommandResult) -> dict[str, Any]:
    return {
        "change_id": change_id,
        "version": result.version,
        "position": result.position,
        "recorded_at": result.recorded_at,
    }
