"""Folds the reorganisations that were proposed, approved and applied."""

from datetime import date
from uuid import UUID

from domain.reorganisations.events import ReorganisationApplied, ReorganisationApproved, ReorganisationProposed
from domain.reviewed_changes import ReviewedChange, ReviewedChanges

REORGANISATIONS_STREAM = UUID("5e0d3b5e-6f0e-5f0b-9d53-6b1c52a40003")
"""Id of the one history of all reorganisations."""

Reorganisation = ReviewedChange[ReorganisationProposed]


class Reorganisations(ReviewedChanges[ReorganisationProposed]):
    """Holds all reorganisations. One that is applied hands over petitions that come later, too."""

    stream = REORGANISATIONS_STREAM
    name = "reorganisation"
    vietnamese_name = "phương án sắp xếp tổ chức"
    id_field = "reorganisation_id"
    proposed_fact = ReorganisationProposed
    approved_fact = ReorganisationApproved
    applied_fact = ReorganisationApplied

    def effective_on(self, change: Reorganisation) -> date:
        """Return the first day of the new units."""
        return change.proposed.takes_effect_on
