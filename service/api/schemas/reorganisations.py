"""Declares the answers to queries and commands about reorganisations."""

from collections import Counter
from datetime import date
from typing import Self
from uuid import UUID

from domain.reorganisations.handing_over import HandedOver, ReorganisationReview
from domain.reorganisations.reorganisation import Reorganisation
from service.api.schemas.petitions import ResponseModel


class Way(ResponseModel):
    from_unit: str
    to_unit: str
    petitions: int


class ReorganisationReviewed(ResponseModel):
    """The review of a reorganisation.

    `petitions` are the first petitions to hand over. `ways` counts all of them by unit.
    """

    reorganisation_id: UUID | None
    on: date
    title: str
    instrument: str
    takes_effect_on: date
    open_petitions: int
    would_move: int
    overdue: int
    ways: list[Way]
    petitions: list[HandedOver]

    @classmethod
    def of(cls, found: ReorganisationReview, limit: int, reorganisation_id: UUID | None = None) -> Self:
        """Return the answer that shows a review with at most `limit` of its petitions."""
        ways = Counter((one.from_unit, one.to_unit) for one in found.petitions)
        return cls(
            reorganisation_id=reorganisation_id,
            on=found.on,
            title=found.plan.title,
            instrument=found.plan.instrument,
            takes_effect_on=found.plan.on,
            open_petitions=found.open_petitions,
            would_move=len(found.petitions),
            overdue=found.overdue,
            ways=[Way(from_unit=one, to_unit=to, petitions=n) for (one, to), n in sorted(ways.items())],
            petitions=list(found.petitions[:limit]),
        )


class ReorganisationShown(ResponseModel):
    """A reorganisation. `handed_over` is null until all petitions are handed over."""

    reorganisation_id: UUID
    title: str
    instrument: str
    takes_effect_on: date
    proposed_on: date
    proposed_by: str
    would_move: int
    approved_on: date | None
    approved_by: str | None
    handed_over: int | None

    @classmethod
    def of(cls, reorganisation_id: UUID, change: Reorganisation) -> Self:
        """Return the answer that shows a reorganisation."""
        proposed = change.proposed
        return cls(
            reorganisation_id=reorganisation_id,
            title=proposed.title,
            instrument=proposed.instrument,
            takes_effect_on=proposed.takes_effect_on,
            proposed_on=proposed.occurred_on,
            proposed_by=change.proposed_by.officer,
            would_move=proposed.would_move,
            approved_on=change.approved_on,
            approved_by=None if change.approved_by is None else change.approved_by.officer,
            handed_over=change.petitions,
        )


class ReorganisationList(ResponseModel):
    reorganisations: list[ReorganisationShown]


class ReorganisationApplied(ResponseModel):
    """The progress of a reorganisation. `handed_over` counts all requests; send another while `is_done` is false."""

    handed_over: int
    is_done: bool
