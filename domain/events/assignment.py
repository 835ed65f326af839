"""Who must answer, and the steps of the work."""

from datetime import date

from domain.events.fact import Fact, Part
from domain.vocabulary import MeetingId, OfficerId, Party, ReorganisationId, UnitId


class Contribution(Part):
    """What a coordinating unit (phối hợp) owes the lead unit, and until when; the clock is the lead unit's alone."""

    unit: UnitId
    due_on: date


class PetitionAssigned(Fact):
    """Phân công. The five clears are required by the rule; only imported history may lack some of them.

    The notice (thông báo phân công) is `notice_no` of `notice_on`, signed by `notice_signed_by`; `meeting_id` is the
    meeting that it follows.
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
    """The statutory clock goes on; only the head may set the head's own date anew."""

    from_unit: UnitId
    lead_unit: UnitId
    coordinating_units: tuple[UnitId, ...] = ()
    responsible_officer: OfficerId | None = None
    responsible_position: str = ""
    reason: str = ""
    notice_no: str = ""


class ResponsibilitySucceeded(Fact):
    """Kế thừa trách nhiệm: by the instrument of a reorganisation another unit owes the answer from `occurred_on` on.

    No due date restarts, and what ran out before stays the lateness of `from_unit`. `coordinating_units` are all that
    coordinate from then on; where one of these alone was succeeded, the lead unit is the same before and after.
    No reorganisation is named where the register alone says who succeeded the unit.
    """

    from_unit: UnitId
    to_unit: UnitId
    coordinating_units: tuple[UnitId, ...] = ()
    instrument: str
    reorganisation_id: ReorganisationId | None = None


class WorkStarted(Fact):
    """The assigned unit took it up."""


class ComplaintDialogueHeld(Fact):
    """Đối thoại trong giải quyết khiếu nại (Law on complaints Arts 30, 39; Decree 124/2020 Art 28).

    A step of one complaint's settlement with minutes of its own: no meeting of a head with the people. `invite_by` is
    the last day on which the parties were invited in time, as it was counted when it was recorded.
    """

    minutes_no: str
    present: tuple[Party, ...]
    absent_with_reason: tuple[Party, ...] = ()
    absent_without_reason: tuple[Party, ...] = ()
    invited_on: date | None = None
    invite_by: date | None = None


class StepTaken(Fact):
    """A step of work by a named unit or officer: how imported logs say who handled what."""

    step: str
    unit: UnitId = UnitId("")
    officer: OfficerId | None = None
