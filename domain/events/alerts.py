"""What the ladder did with a petition, and who answered."""

from datetime import date

from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, WatchedClock
from domain.events.fact import Fact
from domain.vocabulary import NO_UNIT, EscalationKind, UnitId


class AlertRaised(Fact):
    """Cảnh báo: a step of the ladder; `occurred_on` is the day on which it fell due, however late it is recorded.

    `due_on` is the date that the step counts from. With `clock`, `round` and `step` it is the key, which exists once in
    a petition's history: a date that moves begins a segment of its own, and what was not raised for the old one is not
    raised any more. `rule` is "id@version" of the ladder's row, `calendar` the version of the calendar that it was
    counted by. `escalation` is the way up that the step proposes or takes. `unit` has the petition: until one is
    assigned, whoever received it.
    """

    clock: WatchedClock
    due_on: date
    step: str
    round: int = 1
    to: tuple[AlertRole, ...]
    by: tuple[AlertChannel, ...] = (AlertChannel.EMAIL,)
    does: Does = Does.TELL
    escalation: EscalationKind | None = None
    unit: UnitId = NO_UNIT
    rule: str
    calendar: str


class AlertAcknowledged(Fact):
    """Đã nhận cảnh báo: an officer has taken note of a step, and with it of the earlier ones of that clock and date."""

    clock: WatchedClock
    due_on: date
    step: str
    round: int = 1
