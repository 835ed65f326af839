"""Where a petition stands: the part of its state that decisions and views share, so no rule is told twice.

`after` follows one fact and never refuses. Views store a standing as a row and go on from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

from domain.deadlines.deadline import Clock, Deadline
from domain.events import (
    AcceptanceRefused,
    AnsweredAtMeeting,
    AnsweredInWriting,
    CitizenGuided,
    CitizenNotified,
    CorrectionProposed,
    DeadlineExtended,
    DeadlineSet,
    ExtensionRequested,
    HistoryFlagged,
    ImplementationTracked,
    PetitionAccepted,
    PetitionAssigned,
    PetitionClassified,
    PetitionClosed,
    PetitionEscalated,
    PetitionEvent,
    PetitionFiled,
    PetitionHandledAsInformation,
    PetitionMarkedDuplicate,
    PetitionReassigned,
    PetitionReceived,
    PetitionReopened,
    PetitionReturned,
    PetitionSplit,
    PetitionTransferred,
    ProcessingResumed,
    ProcessingSuspended,
    ProcessingTerminated,
    ReceiptAcknowledged,
    RecordCorrected,
    RegistrationCancelled,
    ReminderIssued,
    StepTaken,
    SupplementReceived,
    SupplementRequested,
    TransferReplyReceived,
    WithdrawalAccepted,
    WithdrawalOverridden,
    WithdrawalRequested,
    WorkStarted,
)
from domain.vocabulary import (
    NO_UNIT,
    EscalationKind,
    OfficerId,
    PetitionKind,
    Stage,
    UnitId,
    WithdrawalScope,
)

# Until somebody is named to answer; then the settlement or the head's date is what counts.
INTAKE_CLOCKS = frozenset({Clock.TRIAGE, Clock.ACCEPTANCE})


class DueState(StrEnum):
    """How an open petition stands against a day: every open one is in exactly one of these."""

    NOT_YET_DUE = "not_yet_due"
    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"
    NO_LIMIT_SET = "no_limit_set"  # a defect of the assignment, never "on time"


def due_state(due_on: date | None, *, is_suspended: bool, on: date, soon_until: date) -> DueState:
    """`soon_until` is the last day that counts as soon; a limit ends at 24:00 of its last day."""
    if is_suspended:
        return DueState.SUSPENDED
    if due_on is None:
        return DueState.NO_LIMIT_SET
    if due_on < on:
        return DueState.OVERDUE
    if due_on == on:
        return DueState.DUE_TODAY
    return DueState.DUE_SOON if due_on <= soon_until else DueState.NOT_YET_DUE


@dataclass(frozen=True, slots=True)
class Standing:
    """The clocks are those that run, each with its present due date; the earliest is the one that counts.

    `settled_on` is the day on which the last clock stopped: by an answer, or by the petition's leaving us.
    With it `due_when_settled` keeps what was due, so that lateness is computed and never stored as a flag.
    """

    stage: Stage
    received_on: date
    kind: PetitionKind | None = None
    unit: UnitId = NO_UNIT
    coordinating: tuple[UnitId, ...] = ()
    officer: OfficerId | None = None
    clocks: Mapping[Clock, date] = field(default_factory=dict)
    suspended_on: date | None = None
    stage_before_suspension: Stage | None = None
    settled_on: date | None = None
    due_when_settled: date | None = None
    round: int = 1

    @property
    def due_on(self) -> date | None:
        """The earliest date among the running clocks."""
        return min(self.clocks.values(), default=None)

    @property
    def clock(self) -> Clock | None:
        """The clock that runs out first."""
        return min(self.clocks, key=lambda clock: self.clocks[clock], default=None)

    @property
    def is_suspended(self) -> bool:
        return self.stage is Stage.SUSPENDED

    def state_on(self, on: date, soon_until: date) -> DueState | None:
        """None for a petition that is not open."""
        if not self.stage.is_open:
            return None
        return due_state(self.due_on, is_suspended=self.is_suspended, on=on, soon_until=soon_until)


def received(fact: PetitionReceived) -> Standing:
    return Standing(
        stage=Stage.RECEIVED,
        received_on=fact.occurred_on,
        kind=fact.kind,
        unit=fact.unit,
        clocks={deadline.clock: deadline.due_on for deadline in fact.deadlines},
    )


def after(standing: Standing, fact: PetitionEvent) -> Standing:
    """The standing once the fact has happened; untidy imported history is followed as it comes."""
    moved = _moved(standing, fact.deadlines)
    match fact:
        case PetitionReceived():
            return received(fact)
        case PetitionClassified():
            stage = Stage.CLASSIFIED if standing.stage is Stage.RECEIVED else standing.stage
            clocks = moved.clocks
            if standing.kind is not None and fact.kind is not standing.kind:
                going_on = _after_classification(fact.kind)
                # a clock that ran out before stays: a new kind does not undo an old lateness
                clocks = {c: due for c, due in clocks.items() if c in going_on or due < fact.occurred_on}
            return replace(moved, stage=stage, kind=fact.kind, clocks=clocks)
        case PetitionAccepted():
            return replace(_stopped(moved, INTAKE_CLOCKS), stage=Stage.ACCEPTED)
        case PetitionAssigned():
            return replace(
                _stopped(moved, INTAKE_CLOCKS),
                stage=Stage.ASSIGNED if standing.stage.is_open else standing.stage,
                unit=fact.lead_unit,
                coordinating=fact.coordinating_units,
                officer=fact.responsible_officer,
            )
        case PetitionReassigned():
            return replace(
                moved,
                stage=Stage.SUSPENDED if standing.is_suspended else Stage.ASSIGNED,
                # the new unit has not started, whatever the old one had
                stage_before_suspension=Stage.ASSIGNED if standing.is_suspended else None,
                unit=fact.lead_unit,
                coordinating=fact.coordinating_units,
                officer=fact.responsible_officer,
            )
        case WorkStarted():
            return replace(moved, stage=Stage.IN_PROGRESS)
        case AnsweredAtMeeting():
            answered = _settled(moved, Stage.ANSWERED_AT_MEETING, fact.occurred_on)
            return replace(answered, unit=standing.unit or fact.unit)
        case AnsweredInWriting():
            return _settled(moved, Stage.ANSWERED_IN_WRITING, fact.occurred_on)
        case ImplementationTracked():
            return replace(moved, stage=Stage.IMPLEMENTED if fact.is_done else standing.stage)
        case ProcessingSuspended():
            return replace(
                moved,
                stage=Stage.SUSPENDED,
                suspended_on=fact.occurred_on,
                stage_before_suspension=standing.stage,
            )
        case ProcessingResumed():
            return replace(
                moved,
                stage=standing.stage_before_suspension or Stage.IN_PROGRESS,
                suspended_on=None,
                stage_before_suspension=None,
            )
        case PetitionEscalated():
            if fact.kind is EscalationKind.RESPONSIBILITY_CHECK:
                return moved  # the unit is checked; the petition stays with it
            return _settled(moved, Stage.ESCALATED, fact.occurred_on)
        case WithdrawalAccepted():
            if fact.scope is WithdrawalScope.PART:
                return moved
            return _settled(moved, Stage.WITHDRAWN, fact.occurred_on)
        case ProcessingTerminated():
            return _settled(moved, Stage.TERMINATED, fact.occurred_on)
        case AcceptanceRefused():
            return _settled(moved, Stage.REFUSED, fact.occurred_on)
        case PetitionTransferred():
            return _settled(moved, Stage.TRANSFERRED, fact.occurred_on)
        case TransferReplyReceived():
            if fact.is_accepted:
                return moved
            return replace(
                moved,
                stage=Stage.CLASSIFIED,
                settled_on=None,
                due_when_settled=None,
                round=standing.round + 1,
            )
        case PetitionReturned():
            return _settled(moved, Stage.RETURNED, fact.occurred_on)
        case CitizenGuided():
            return _settled(moved, Stage.GUIDED, fact.occurred_on)
        case PetitionFiled():
            return _settled(moved, Stage.FILED, fact.occurred_on)
        case PetitionMarkedDuplicate():
            return _settled(moved, Stage.DUPLICATE, fact.occurred_on)
        case PetitionHandledAsInformation():
            return _settled(moved, Stage.HANDLED_AS_INFORMATION, fact.occurred_on)
        case PetitionSplit():
            return _settled(moved, Stage.SPLIT, fact.occurred_on)
        case RegistrationCancelled():
            return _settled(moved, Stage.CANCELLED, fact.occurred_on)
        case PetitionClosed():
            return replace(moved, stage=Stage.CLOSED)
        case PetitionReopened():
            return replace(moved, stage=Stage.IN_PROGRESS, settled_on=None, due_when_settled=None, round=fact.round)
        case RecordCorrected():
            return replace(
                moved,
                received_on=fact.correction.received_on or standing.received_on,
                # a petition that was reopened is not settled by the correction of an earlier round
                settled_on=standing.settled_on and (fact.correction.answered_on or standing.settled_on),
            )
        case (
            DeadlineSet()
            | DeadlineExtended()
            | ExtensionRequested()
            | ReceiptAcknowledged()
            | SupplementRequested()
            | SupplementReceived()
            | StepTaken()
            | CitizenNotified()
            | ReminderIssued()
            | WithdrawalRequested()
            | WithdrawalOverridden()
            | CorrectionProposed()
            | HistoryFlagged()
        ):
            return moved
        case _:
            assert_never(fact)


def _after_classification(kind: PetitionKind) -> frozenset[Clock]:
    """The clocks that go on when the kind changes: acceptance is for complaints and denunciations alone."""
    if kind is PetitionKind.PROPOSAL_FEEDBACK:
        return frozenset({Clock.TRIAGE, Clock.HEAD})
    return frozenset(Clock)


def _moved(standing: Standing, deadlines: tuple[Deadline, ...]) -> Standing:
    if not deadlines:
        return standing
    return replace(standing, clocks={**standing.clocks, **{d.clock: d.due_on for d in deadlines}})


def _stopped(standing: Standing, clocks: frozenset[Clock]) -> Standing:
    return replace(standing, clocks={c: due for c, due in standing.clocks.items() if c not in clocks})


def _settled(standing: Standing, stage: Stage, on: date) -> Standing:
    """All clocks stop. What was due is kept from the first settlement: a second answer hides no lateness."""
    if standing.settled_on is not None:
        return replace(standing, stage=stage)
    due_on = standing.due_on
    if due_on is not None and standing.suspended_on is not None and due_on >= standing.suspended_on:
        due_on += max(on - standing.suspended_on, timedelta())  # time under suspension does not count
    return replace(
        standing,
        stage=stage,
        settled_on=on,
        due_when_settled=due_on,
        clocks={},
        suspended_on=None,
        stage_before_suspension=None,
    )
