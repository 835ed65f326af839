"""Serves erasures of personal data: reviewed, proposed under a decision, approved by another officer, applied."""

from domain.erasures.decide import ErasureReview
from service.api.routes.reviewed_change_kind import ReviewedChangeKind
from service.api.routes.reviewed_changes import reviewed_change_router
from service.approvals.erasures import ERASURES


class ErasureKind(ReviewedChangeKind):
    """Describes erasures."""

    service = ERASURES
    noun, plural, tag = "erasure", "erasures", "identities"
    id_name = "erasure_id"
    review_form = ErasureReview


router = reviewed_change_router(ErasureKind())
