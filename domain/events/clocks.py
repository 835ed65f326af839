"""What starts, stops and moves the time limits."""

from datetime import date

from domain.deadlines.deadline import Clock
from domain.events.fact import Fact
from domain.vocabulary import OfficerId, UnitId


class ReminderIssued(Fact):
    """Đôn đốc."""

    nth: int
    to_unit: UnitId
    document_no: str
    asked_for_on: date


class ProcessingSuspended(Fact):
    """Tạm đình chỉ: no day of it counts (Law on complaints Art 11a; Law 25/2018 Art 34.2)."""

    ground: str
    decision_no: str


class ProcessingResumed(Fact):
    """Tiếp tục: `deadlines` are the clocks moved by what was really suspended."""

    decision_no: str
    suspended_on: date


class ExtensionRequested(Fact):
    clock: Clock
    until: date
    reason: str


class DeadlineExtended(Fact):
    """Gia hạn, by somebody other than who asked.

    Decided after expiry (`was_expired`) it is recorded and moves no clock: the petition stays late.
    """

    clock: Clock
    old_due_on: date
    until: date
    reason: str
    decision_no: str
    requested_by: OfficerId
    was_expired: bool = False


class DeadlineSet(Fact):
    """A clock that starts on its own: an imported due date, or a limit set after the assignment."""

    reason: str = ""
