"""Who must answer, and the steps of the work."""

from datetime import date

from domain.events.fact import Fact
from domain.vocabulary import OfficerId, ReorganisationId, UnitId


class PetitionAssigned(Fact):
    """Phân công. The five clears are required by the rule; only imported history may lack some of them."""

    lead_unit: UnitId
    coordinating_units: tuple[UnitId, ...] = ()
    responsible_officer: OfficerId | None = None
    responsible_position: str = ""
    task_summary: str = ""
    expected_output: str = ""
    accountable_head: OfficerId | None = None
    notice_no: str = ""
    notice_on: date | None = None


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


class StepTaken(Fact):
    """A step of work by a named unit or officer: how imported logs say who handled what."""

    step: str
    unit: UnitId = UnitId("")
    officer: OfficerId | None = None
