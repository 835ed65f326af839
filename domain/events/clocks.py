"""What starts, stops and moves the time limits."""

from datetime import date

from domain.deadlines.deadline import Clock
from domain.events.fact import Fact, Part
from domain.vocabulary import Complexity, Criterion, LawChangeId, OfficerId, UnitId


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


class ComplexityDetermined(Fact):
    """Xác định vụ việc phức tạp, in writing and kept in the file.

    Of a complaint it is a longer limit, of a denunciation the ground of an extension. Decided after expiry
    (`was_expired`) it is recorded and moves no clock: the petition stays late.
    """

    criteria: tuple[Criterion, ...]
    complexity: Complexity
    document_no: str
    was_expired: bool = False


class Recalculation(Part):
    """A clock whose date moved: the dates, and the rules and calendars that they were counted by.

    No old date: no limit was set, until a province set one that binds the act that starts the clock.
    """

    clock: Clock
    old_due_on: date | None = None
    new_due_on: date
    old_policy: str | None = None
    new_policy: str | None = None
    old_calendar: str | None = None
    new_calendar: str | None = None


class DeadlineRecalculated(Fact):
    """Tính lại thời hạn: a rule or the calendar has changed, and two officers have reviewed what that moves.

    Only the approved change `change_id` brings it about. The dates as they were known before stay in the facts.
    """

    change_id: LawChangeId
    recalculated: tuple[Recalculation, ...]
    instrument: str
    proposed_by: OfficerId
    approved_by: OfficerId
