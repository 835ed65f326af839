"""What can happen to a reorganisation. All of them share one history, so that they come one after the other."""

from datetime import date

from domain.events import Fact
from domain.vocabulary import ReorganisationId


class ReorganisationProposed(Fact):
    """`text` is the file that was reviewed: what is approved is exactly that. The counts are those of the review.

    `takes_effect_on` is the first day of the new units.
    """

    reorganisation_id: ReorganisationId
    title: str
    text: str
    instrument: str
    takes_effect_on: date
    open_petitions: int = 0
    would_move: int = 0
    overdue: int = 0


class ReorganisationApproved(Fact):
    """By somebody other than who proposed it."""

    reorganisation_id: ReorganisationId


class ReorganisationApplied(Fact):
    """Every open petition of the units has another owner by now; `petitions` is how many those were."""

    reorganisation_id: ReorganisationId
    petitions: int


ReorganisationEvent = ReorganisationProposed | ReorganisationApproved | ReorganisationApplied
