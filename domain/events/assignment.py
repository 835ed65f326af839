"""Defines the events of assignment and of the steps of work."""

from datetime import date

from domain.events.fact import Fact, FactPart
from domain.vocabulary import MeetingId, OfficerId, Party, ReorganisationId, UnitId


class Contribution(FactPart):
    """Gives a coordinating unit (phối hợp) the date of its part. The clock is the lead unit's alone."""

    unit: UnitId
    due_on: date


class PetitionAssigned(Fact):
    """Records that a unit was assigned (phân công).

    The rule requires the five clears (năm rõ); only imported history may lack some of them. The notice (thông báo phân
    công) is `notice_no` of `notice_on`, signed by `notice_signed_by`; `meeting_id` is the meeting that it follows.
    """

    lead_unit: UnitId
    coordinating_units: tuple[UnitId, ...] = ()
    responsible_officer: OfficerId | None = None
    responsible_position: str = ""
    task_summary: str = ""
    expected_output: str = ""
    accountable_head: OfficerId | None = None
    notice_no: str = ""
    notice_on: date | None = None
    notice_signed_by: OfficerId | None = None
    notice_signer_position: str = ""
    meeting_id: MeetingId | None = None
    contributions: tuple[Contribution, ...] = ()


class PetitionReassigned(Fact):
    """Records a new unit or officer. The statutory clock goes on; only the head may set a new head's date."""

    from_unit: UnitId
    lead_unit: UnitId
    coordinating_units: tuple[UnitId, ...] = ()
    responsible_officer: OfficerId | None = None
    responsible_position: str = ""
    reason: str = ""
    notice_no: str = ""


class ResponsibilitySucceeded(Fact):
    """Records that another unit owes the answer from `occurred_on` on, by a reorganisation (kế thừa trách nhiệm).

    No due date restarts, and a limit that ran out before stays the lateness of `from_unit`. `coordinating_units` are
    all units that coordinate from then on. When only a coordinating unit was succeeded, `from_unit` and `to_unit` are
    the same lead unit. `reorganisation_id` is None when only the register says which unit is the successor.
    """

    from_unit: UnitId
    to_unit: UnitId
    coordinating_units: tuple[UnitId, ...] = ()
    instrument: str
    reorganisation_id: ReorganisationId | None = None


class WorkStarted(Fact):
    """Records that the assigned unit started the work."""


class ComplaintDialogueHeld(Fact):
    """Records a dialogue in the settlement of a complaint (đối thoại trong giải quyết khiếu nại).

    Source: Law on complaints Arts 30, 39; Decree 124/2020 Art 28. It is a step of one complaint's settlement with its
    own minutes, not a meeting of a head with the people. `invite_by` is the last day on which the parties could be
    invited in time, as counted when the event was recorded.
    """

    minutes_no: str
    present: tuple[Party, ...]
    absent_with_reason: tuple[Party, ...] = ()
    absent_without_reason: tuple[Party, ...] = ()
    invited_on: date | None = None
    invite_by: date | None = None


class StepTaken(Fact):
    """Records a step of work by a named unit or officer, as an imported log has it."""

    step: str
    unit: UnitId = UnitId("")
    officer: OfficerId | None = None
