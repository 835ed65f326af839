"""Defines the event of a court's ruling on a decision that was sued."""

from domain.events.fact import Fact
from domain.sealed_text import Text
from domain.stored_values import NonEmptyStr
from domain.value import UNSET, UnsetType
from domain.vocabulary import CourtOutcome, RulingForce


class CourtRulingRecorded(Fact):
    """Records a judgment or decision of a court (bản án, quyết định của Tòa án) after a lawsuit.

    `occurred_on` is the day of the ruling. Each court that rules on the case has one of its own, and what becomes of a
    ruling afterwards is said by recording it again.
    """

    court: NonEmptyStr
    ruling_no: NonEmptyStr
    outcome: CourtOutcome
    force: RulingForce
    summary: Text | UnsetType = UNSET
