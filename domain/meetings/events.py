"""Defines the events of a meeting.

Its texts are plain: a meeting has no key by which they could be sealed.
"""

from datetime import date

from domain.alerts.vocabulary import AlertChannel, AlertRole
from domain.events import Correction, Fact, Official
from domain.meetings.details import MeetingDetails as MeetingDetails
from domain.meetings.limits import MeetingLimit
from domain.meetings.words import MeetingKind as MeetingKind
from domain.sealed_text import Text
from domain.stored_values import Count, CountFromOne, NonEmptyStr, OfficerCode, UnitCode
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import MeetingId


class MeetingPlanned(Fact):
    """Records the plan of a meeting (kế hoạch).

    `occurred_on` is the day of the plan. `limits` are the limits of the announcement that must come before the meeting.
    """

    meeting_id: MeetingId
    planned_for: date
    details: MeetingDetails
    limits: tuple[MeetingLimit, ...] | UnsetType = UNSET


class MeetingAnnounced(Fact):
    """Records the announcement (thông báo) of time, place, content and how to attend; a late one is recorded too."""

    planned_for: date
    how: Text
    document_no: NonEmptyStr | UnsetType = UNSET


class MeetingMoved(Fact):
    """Records that the meeting was moved (hoãn, đổi ngày) from the day `moved_from` to the new day `planned_for`."""

    moved_from: date
    planned_for: date
    reason: Text
    document_no: NonEmptyStr | UnsetType = UNSET
    limits: tuple[MeetingLimit, ...] | UnsetType = UNSET


class MeetingHeld(Fact):
    """Records that the meeting was held on `occurred_on`.

    If the chair acted for somebody else, `instead_of` names that official. `limits` are the limits of what must follow,
    and of the announcement if there was no plan that has them.
    """

    meeting_id: MeetingId
    details: MeetingDetails
    attendance: Count | UnsetType = UNSET
    minutes_no: NonEmptyStr | UnsetType = UNSET
    instead_of: Official | UnsetType = UNSET
    delegation_no: NonEmptyStr | UnsetType = UNSET
    limits: tuple[MeetingLimit, ...] | UnsetType = UNSET


class MeetingCancelled(Fact):
    """Records that the meeting was cancelled (hủy) and is not held; `planned_for` is the day of the last plan."""

    planned_for: date
    reason: Text
    document_no: NonEmptyStr | UnsetType = UNSET


class MinutesEntered(Fact):
    """Records the minutes (biên bản), if they were not available when the meeting was entered."""

    minutes_no: NonEmptyStr
    attendance: Count | UnsetType = UNSET


class ConclusionTask(FactPart):
    """Describes one task that the head's conclusion gives to a unit, with its due date.

    Tasks are numbered from 1 in the notice.
    """

    number: CountFromOne
    unit: UnitCode
    task: Text
    due_on: date | UnsetType = UNSET


class ConclusionNoticeIssued(Fact):
    """Records the conclusion notice of the head (thông báo kết luận)."""

    document_no: NonEmptyStr
    signed_by: Official | UnsetType = UNSET
    tasks: tuple[ConclusionTask, ...] | UnsetType = UNSET


class ConclusionNoticePublished(Fact):
    """Records the publication on the media, at the office and to the village heads (Law 72/2025 Art 43)."""

    how: Text
    evidence: Text | UnsetType = UNSET


class ConclusionTaskDone(Fact):
    """Records that the unit has carried out a task of the notice (thực hiện kết luận)."""

    number: CountFromOne
    result: Text
    document_no: NonEmptyStr | UnsetType = UNSET


class TaskAlertRaised(Fact):
    """Records that a step of the ladder was raised for a task of the notice (cảnh báo việc được giao).

    It says the same as `AlertRaised` of a petition: `number`, `due_on` and `step` are the key, which exists once in a
    meeting's history. `occurred_on` is the day on which the step fell due, `unit` owes the task.
    """

    number: CountFromOne
    due_on: date
    step: NonEmptyStr
    to: tuple[AlertRole, ...]
    by: tuple[AlertChannel, ...]
    unit: UnitCode
    rule: NonEmptyStr
    calendar: NonEmptyStr


class TaskAlertAcknowledged(Fact):
    """Records that an officer acknowledged a step and all earlier ones of that task (đã nhận cảnh báo)."""

    number: CountFromOne
    due_on: date
    step: NonEmptyStr


class MeetingCorrectionProposed(Fact):
    """Records a proposed correction of what was entered of the meeting (đề nghị đính chính).

    It changes nothing until another officer approves it.
    """

    corrections: tuple[Correction, ...]
    why: Text


class MeetingCorrected(Fact):
    """Records the right values of wrong events, approved by a second officer. The events themselves are never edited.

    The corrections are those of the proposal, and those of the limits that are counted anew from the right values.
    """

    corrections: tuple[Correction, ...]
    why: Text
    proposed_by: OfficerCode


class MeetingWithdrawalProposed(Fact):
    """Records that the record of the meeting was proposed to be withdrawn: entered by mistake, or twice.

    `same_as` is the record of the same meeting that stays.
    """

    why: Text
    same_as: MeetingId | UnsetType = UNSET


class MeetingWithdrawn(Fact):
    """Records that the record of the meeting is withdrawn (thu hồi), approved by a second officer.

    No figure counts the meeting from then on; its history stays.
    """

    why: Text
    same_as: MeetingId | UnsetType = UNSET
    proposed_by: OfficerCode


MeetingEvent = (
    MeetingPlanned
    | MeetingAnnounced
    | MeetingMoved
    | MeetingHeld
    | MeetingCancelled
    | MinutesEntered
    | ConclusionNoticeIssued
    | ConclusionNoticePublished
    | ConclusionTaskDone
    | TaskAlertRaised
    | TaskAlertAcknowledged
    | MeetingCorrectionProposed
    | MeetingCorrected
    | MeetingWithdrawalProposed
    | MeetingWithdrawn
)
