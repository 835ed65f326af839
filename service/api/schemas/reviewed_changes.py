"""Declares the request and the answers that kinds of reviewed changes share; a kind may have forms of its own."""

from datetime import date
from typing import Any, Literal, Self
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict

from domain.commands import CalendarDay
from domain.reviewed_changes import ReviewedChange
from service.api.schemas.petitions import RecordedResponse, ResponseModel


class Approval(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    occurred_on: CalendarDay


class ReviewedChangeEntered(RecordedResponse):
    change_id: UUID


class ReviewedChangeShown(ResponseModel):
    """A reviewed change. `petitions` counts those that it changed; it is null until it has been applied to all."""

    change_id: UUID
    state: Literal["proposed", "approved", "applied"]
    proposed_on: date
    proposed_by: str
    approved_on: date | None
    approved_by: str | None
    petitions: int | None
    proposal: dict[str, Any]

    @classmethod
    def of(cls, change_id: UUID, change: ReviewedChange[Any]) -> Self:
        """Return the answer that shows a change, with all that its proposal says."""
        return cls(
            **standing_of_change(change_id, change),
            petitions=change.petitions,
            proposal=msgspec.to_builtins(change.proposed),
        )


class ReviewedChangeList(ResponseModel):
    """The changes of one kind, in the order of their proposals."""

    changes: tuple[ReviewedChangeShown, ...]


class ReviewedChangeProgress(ResponseModel):
    """The progress of a change. `petitions` counts all requests; send another while `is_done` is false."""

    petitions: int
    is_done: bool


def standing_of_change(change_id: UUID, change: ReviewedChange[Any]) -> dict[str, Any]:
    """Return the fields that say how far a change has come, and by whom."""
    return {
        "change_id": change_id,
        "state": change.state,
        "proposed_on": change.proposed.occurred_on,
        "proposed_by": change.proposed_by.officer,
        "approved_on": change.approved_on,
        "approved_by": None if change.approved_by is None else change.approved_by.officer,
    }
