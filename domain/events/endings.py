"""Defines the events of withdrawal, termination, closing and reopening."""

from domain.events.fact import Fact
from domain.sealed_text import Text
from domain.stored_values import CountFromOne, LegalGround, NonEmptyStr
from domain.value import UNSET, UnsetType
from domain.vocabulary import WithdrawalForm, WithdrawalScope


class WithdrawalRequested(Fact):
    """Records a withdrawal (rút đơn), whole or part (Law on complaints Art 10), and the answer about coercion."""

    scope: WithdrawalScope
    form: WithdrawalForm
    part: Text | UnsetType = UNSET
    coercion_checked: bool | UnsetType = UNSET
    signs_of_coercion: bool | UnsetType = UNSET


class WithdrawalAccepted(Fact):
    """Records that the withdrawal was accepted. The acceptance of a whole withdrawal ends the petition."""

    scope: WithdrawalScope
    ground_code: LegalGround | UnsetType = UNSET
    decision_no: NonEmptyStr | UnsetType = UNSET


class WithdrawalOverridden(Fact):
    """Records that the settlement goes on for signs of breach, coercion or slander (Law 25/2018 Art 33.3)."""

    ground: Text
    ground_code: LegalGround | UnsetType = UNSET


class ProcessingTerminated(Fact):
    """Records the termination (đình chỉ): whole withdrawal, death without an heir, dissolution without a successor."""

    ground: Text
    decision_no: NonEmptyStr
    ground_code: LegalGround | UnsetType = UNSET


class PetitionClosed(Fact):
    """Records that an answered petition was closed."""

    reason: Text
    ground_code: LegalGround | UnsetType = UNSET


class PetitionReopened(Fact):
    """Records that the petition was reopened in a new round. Earlier rounds keep their figures.

    `ruling_no` is the ruling of the court that annulled the decision, where that is the ground.
    """

    reason: Text
    round: CountFromOne
    ruling_no: NonEmptyStr | UnsetType = UNSET


EndingEvent = (
    WithdrawalRequested
    | WithdrawalAccepted
    | WithdrawalOverridden
    | ProcessingTerminated
    | PetitionClosed
    | PetitionReopened
)
