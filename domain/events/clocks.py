"""Defines the events that start, stop and move clocks."""

from datetime import date

from domain.deadlines.clock import Clock, ClockSubject
from domain.events.fact import Fact
from domain.sealed_text import Text
from domain.stored_values import LegalGround, NonEmptyStr, OfficerCode, UnitCode
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import Complexity, Criterion, LawChangeId


class ReminderIssued(Fact):
    """Records that the unit was urged (đôn đốc) by a document.

    Only reminders that the ladder recorded before it proposed them, and imported ones, have no number.
    """

    to_unit: UnitCode
    document_no: NonEmptyStr | UnsetType = UNSET
    asked_for_on: date


class ProcessingSuspended(Fact):
    """Records a suspension (tạm đình chỉ). No day of it counts (Law on complaints Art 11a; Law 25/2018 Art 34.2)."""

    ground: Text
    decision_no: NonEmptyStr
    ground_code: LegalGround | UnsetType = UNSET


class ProcessingResumed(Fact):
    """Records the end of a suspension (tiếp tục). `deadlines` are the clocks, moved by the actual suspension."""

    document_no: NonEmptyStr
    suspended_on: date


class ExtensionRequested(Fact):
    """Records a request to extend a clock until the day `until`, inclusive."""

    clock: Clock
    until: date
    reason: Text


class DeadlineExtended(Fact):
    """Records an extension (gia hạn), granted by another officer than `requested_by`, who asked for it.

    Nobody asks where the one who settles a denunciation extends the time limit.

    An extension decided after expiry (`was_expired`) is recorded and moves no clock: the petition stays late. The
    reason is that of the request.
    """

    clock: Clock
    old_due_on: date
    until: date
    reason: Text
    decision_no: NonEmptyStr
    requested_by: OfficerCode | UnsetType = UNSET
    was_expired: bool


class DeadlineSet(Fact):
    """Records a due date that no other event sets: an imported one, or a limit set after the assignment."""

    reason: Text | UnsetType = UNSET


class ComplexityDetermined(Fact):
    """Records in writing that a matter is complex (xác định vụ việc phức tạp); the document is kept in the file.

    A complaint gets a longer limit by it, a denunciation the ground of an extension. A determination after expiry
    (`was_expired`) is recorded and moves no clock: the petition stays late.
    """

    criteria: tuple[Criterion, ...]
    complexity: Complexity
    document_no: NonEmptyStr
    was_expired: bool


class Recalculation(FactPart):
    """Holds a clock whose date moved: both dates, and the rules and calendars that they were counted by.

    `old_due_on` is None when no limit was set before a province set one for the act that starts the clock.
    """

    clock: Clock
    subject: ClockSubject | UnsetType = UNSET
    old_due_on: date | UnsetType = UNSET
    new_due_on: date
    old_policy: NonEmptyStr | UnsetType = UNSET
    new_policy: NonEmptyStr | UnsetType = UNSET
    old_calendar: NonEmptyStr | UnsetType = UNSET
    new_calendar: NonEmptyStr | UnsetType = UNSET


class DeadlineRecalculated(Fact):
    """Records new due dates (tính lại thời hạn) after a change of a rule or of the calendar that two officers reviewed.

    Only the approved change `change_id` causes it. Earlier facts keep the dates that were known before.
    """

    change_id: LawChangeId
    recalculated: tuple[Recalculation, ...]
    instrument: NonEmptyStr
    proposed_by: OfficerCode
    approved_by: OfficerCode


ClockEvent = (
    ReminderIssued
    | ProcessingSuspended
    | ProcessingResumed
    | ExtensionRequested
    | DeadlineExtended
    | DeadlineSet
    | ComplexityDetermined
    | DeadlineRecalculated
)
