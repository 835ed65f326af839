"""Defines the events of duties: what makes one due where no other event does, what fulfils it, and what lifts it."""

from domain.deadlines.clock import Clock, ClockSubject
from domain.events.fact import Fact
from domain.sealed_text import Text
from domain.stored_values import NonEmptyStr, UnitCode
from domain.value import UNSET, UnsetType
from domain.vocabulary import DutyAct, Recipient, ReorganisationId


class DutyPerformed(Fact):
    """Records an act that an earlier act made due, such as the sending of a decision. `act` names it.

    One class serves all of them, because they say the same: which document, to whom, how, with what proof. The word of
    the act is what officials read. `subject` is said where the same act may be owed for several units or decisions.
    `sent_to` are those whom it reached; `content` says what was done, where no document does.
    """

    act: DutyAct
    subject: ClockSubject | UnsetType = UNSET
    document_no: NonEmptyStr | UnsetType = UNSET
    sent_to: tuple[Recipient, ...] | UnsetType = UNSET
    how: Text | UnsetType = UNSET
    evidence: Text | UnsetType = UNSET
    content: Text | UnsetType = UNSET


class DutyLifted(Fact):
    """Records that a duty is no longer owed, for a reason: nobody can fulfil it any more. Its lateness stays."""

    clock: Clock
    subject: ClockSubject | UnsetType = UNSET
    reason: Text


class DutySucceeded(Fact):
    """Records that a reorganisation put `to_unit` in the place of a unit that owes duties, and not the petition itself.

    The petition may be over: what is owed after its end goes on to the successor. No limit restarts.
    """

    from_unit: UnitCode
    to_unit: UnitCode
    instrument: NonEmptyStr | UnsetType = UNSET
    reorganisation_id: ReorganisationId | UnsetType = UNSET


class DocumentsRequested(Fact):
    """Records that a unit was asked for information and documents (Law on complaints Arts 13 to 15)."""

    from_unit: UnitCode
    wanted: Text
    document_no: NonEmptyStr


class ActionResultRecorded(Fact):
    """Records that a unit has the result of what the conclusion asked of it (Law on denunciations Art 36.3)."""

    unit: UnitCode
    result: Text


DutyEvent = DutyPerformed | DutyLifted | DutySucceeded | DocumentsRequested | ActionResultRecorded
