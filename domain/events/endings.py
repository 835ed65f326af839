"""Ways up and out, and back."""

from domain.events.fact import Fact
from domain.vocabulary import EscalationKind, PetitionId, UnitId, WithdrawalForm, WithdrawalScope


class PetitionEscalated(Fact):
    """Up a level; `days_late` is the lateness of this stage on the day, which nothing later changes."""

    kind: EscalationKind
    to_unit: UnitId
    reason: str
    document_no: str = ""
    days_late: int = 0
    continued_as: PetitionId | None = None


class WithdrawalRequested(Fact):
    """Rút đơn, whole or part (Law on complaints Art 10); somebody asked whether it was forced."""

    scope: WithdrawalScope
    form: WithdrawalForm
    part: str = ""
    coercion_checked: bool = False
    signs_of_coercion: bool = False


class WithdrawalAccepted(Fact):
    scope: WithdrawalScope


class WithdrawalOverridden(Fact):
    """The settler must go on: signs of breach, coercion or slander (Law 25/2018 Art 33.3)."""

    ground: str


class ProcessingTerminated(Fact):
    """Đình chỉ: whole withdrawal, death without an heir to the right, dissolution without a successor."""

    ground: str
    decision_no: str


class PetitionClosed(Fact):
    reason: str


class PetitionReopened(Fact):
    """A new round; the rounds before keep their figures."""

    reason: str
    round: int
