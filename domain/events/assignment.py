"""Defines the events of assignment and of the steps of work."""

from datetime import date

from domain.events.fact import Fact
from domain.events.official import Official
from domain.sealed_text import Text
from domain.stored_values import NonEmptyStr, UnitCode
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import MeetingId, Party, ReorganisationId


class Contribution(FactPart):
    """Gives a coordinating unit (phối hợp) the date of its part. The clock is the lead unit's alone."""

    unit: UnitCode
    due_on: date


class PetitionAssigned(Fact):
    """Records that a unit was assigned (phân công).

    The rule requires the five clears (năm rõ); only imported history may lack some of them. The notice (thông báo phân
    công) is `notice_no` of `notice_on`, signed by `notice_signed_by`; `meeting_id` is the meeting that it follows.
    """

    lead_unit: UnitCode
    coordinating_units: tuple[UnitCode, ...] | UnsetType = UNSET
    responsible: Official | UnsetType = UNSET
    task_summary: Text | UnsetType = UNSET
    expected_output: Text | UnsetType = UNSET
    accountable_head: Official | UnsetType = UNSET
    notice_no: NonEmptyStr | UnsetType = UNSET
    notice_on: date | UnsetType = UNSET
    notice_signed_by: Official | UnsetType = UNSET
    meeting_id: MeetingId | UnsetType = UNSET
    contributions: tuple[Contribution, ...] | UnsetType = UNSET


class PetitionReassigned(Fact):
    """Records a new unit or officer. The statutory clock goes on; only the head may set a new head's date.

    `coordinating_units` are all units that coordinate from then on, perhaps none. `from_unit` is unsaid where no unit
    was named before.
    """

    from_unit: UnitCode | UnsetType = UNSET
    lead_unit: UnitCode
    coordinating_units: tuple[UnitCode, ...]
    responsible: Official | UnsetType = UNSET
    reason: Text | UnsetType = UNSET
    notice_no: NonEmptyStr | UnsetType = UNSET


class ResponsibilitySucceeded(Fact):
    """Records that another unit owes the answer from `occurred_on` on, by a reorganisation (kế thừa trách nhiệm).

    No due date restarts, and a limit that ran out before stays the lateness of `from_unit`. `coordinating_units` are
    all units that coordinate from then on, perhaps none. `reorganisation_id` is unsaid when only the register says
    which unit is the successor.
    """

    from_unit: UnitCode
    to_unit: UnitCode
    coordinating_units: tuple[UnitCode, ...]
    instrument: NonEmptyStr | UnsetType = UNSET
    reorganisation_id: ReorganisationId | UnsetType = UNSET


class CoordinatorSucceeded(Fact):
    """Records that a reorganisation put `to_unit` in the place of a coordinating unit; the lead unit stays."""

    from_unit: UnitCode
    to_unit: UnitCode
    instrument: NonEmptyStr | UnsetType = UNSET
    reorganisation_id: ReorganisationId | UnsetType = UNSET


class WorkStarted(Fact):
    """Records that the assigned unit started the work."""


class ComplaintDialogueHeld(Fact):
    """Records a dialogue in the settlement of a complaint (đối thoại trong giải quyết khiếu nại).

    Source: Law on complaints Arts 30, 39; Decree 124/2020 Art 28. It is a step of one complaint's settlement with its
    own minutes, not a meeting of a head with the people. `invite_by` is the last day on which the parties could be
    invited in time, as counted when the event was recorded.
    """

    minutes_no: NonEmptyStr
    present: tuple[Party, ...]
    absent_with_reason: tuple[Party, ...] | UnsetType = UNSET
    absent_without_reason: tuple[Party, ...] | UnsetType = UNSET
    invited_on: date | UnsetType = UNSET
    invite_by: date | UnsetType = UNSET


class ExternalStepRecorded(Fact):
    """Records a step of work by a named unit or officer, as an imported log has it."""

    step: Text | UnsetType = UNSET
    unit: UnitCode | UnsetType = UNSET
    officer: Official | UnsetType = UNSET


AssignmentEvent = (
    PetitionAssigned
    | PetitionReassigned
    | ResponsibilitySucceeded
    | CoordinatorSucceeded
    | WorkStarted
    | ComplaintDialogueHeld
    | ExternalStepRecorded
)
