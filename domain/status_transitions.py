"""How facts move where a petition stands: its stage, who has it, which clocks run.

`after` follows one fact and never refuses; decisions, views and the clock ledger all go by it.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from domain import events as e
from domain.actor import Officer
from domain.deadlines.deadline import Clock
from domain.fast_replace import changed
from domain.status import Standing
from domain.vocabulary import NO_UNIT, EscalationKind, PetitionKind, Stage, UnitId, WithdrawalScope

# Until somebody is named to answer; then the settlement or the head's date is what counts.
INTAKE_CLOCKS = frozenset({Clock.TRIAGE, Clock.ACCEPTANCE})
_CLOCKS_OF_PROPOSALS = frozenset({Clock.TRIAGE, Clock.HEAD})
_ALL_CLOCKS = frozenset(Clock)


def received(fact: e.PetitionReceived) -> Standing:
    return Standing(
        stage=Stage.RECEIVED,
        received_on=fact.occurred_on,
        kind=fact.kind,
        unit=fact.unit,
        clocks={deadline.clock: deadline.due_on for deadline in fact.deadlines},
    )


def received_by(fact: e.PetitionReceived, by: Officer) -> UnitId:
    """The unit that it lies with until one is named: who brings in another system's cases never had them."""
    return fact.unit or (by.unit if fact.source is None else NO_UNIT)


def after(standing: Standing, fact: e.PetitionEvent) -> Standing:
    """The standing once the fact has happened; untidy imported history is followed as it comes."""
    if fact.deadlines:
        standing = changed(standing, clocks={**standing.clocks, **{d.clock: d.due_on for d in fact.deadlines}})
    what = type(fact)
    if what in LEAVE_IT:
        return standing
    if (stage := SETTLE_IT.get(what)) is not None:
        return _settled(standing, stage, fact.occurred_on)
    return MOVE_IT[what](standing, fact)


def _received_again(_: Standing, fact: e.PetitionReceived) -> Standing:
    return received(fact)


def _classified(standing: Standing, fact: e.PetitionClassified) -> Standing:
    stage = Stage.CLASSIFIED if standing.stage is Stage.RECEIVED else standing.stage
    clocks = standing.clocks
    if standing.kind is not None and fact.kind is not standing.kind:
        going_on = _after_classification(fact.kind)
        # a clock that ran out before stays: a new kind does not undo an old lateness
        clocks = {c: due for c, due in clocks.items() if c in going_on or due < fact.occurred_on}
    return changed(standing, stage=stage, kind=fact.kind, clocks=clocks)


def _after_classification(kind: PetitionKind) -> frozenset[Clock]:
    """The clocks that go on when the kind changes: acceptance is for complaints and denunciations alone."""
    return _CLOCKS_OF_PROPOSALS if kind is PetitionKind.PROPOSAL_FEEDBACK else _ALL_CLOCKS


def _accepted(standing: Standing, _: e.PetitionAccepted) -> Standing:
    return changed(standing, stage=Stage.ACCEPTED, clocks=_without_intake(standing.clocks))


def _assigned(standing: Standing, fact: e.PetitionAssigned) -> Standing:
    return changed(
        standing,
        clocks=_without_intake(standing.clocks),
        stage=Stage.ASSIGNED if standing.stage.is_open else standing.stage,
        unit=fact.lead_unit,
        coordinating=fact.coordinating_units,
        officer=fact.responsible_officer,
    )


def _reassigned(standing: Standing, fact: e.PetitionReassigned) -> Standing:
    return changed(
        standing,
        stage=Stage.SUSPENDED if standing.is_suspended else Stage.ASSIGNED,
        # the new unit has not started, whatever the old one had
        stage_before_suspension=Stage.ASSIGNED if standing.is_suspended else None,
        unit=fact.lead_unit,
        coordinating=fact.coordinating_units,
        officer=fact.responsible_officer,
        asked_for_on=None,
    )


def _succeeded(standing: Standing, fact: e.ResponsibilitySucceeded) -> Standing:
    """What was done is done: the stage stays. Who of the new unit answers is not known yet."""
    return changed(
        standing,
        unit=fact.to_unit,
        coordinating=fact.coordinating_units,
        officer=standing.officer if fact.to_unit == standing.unit else None,
    )


def _started(standing: Standing, _: e.WorkStarted) -> Standing:
    return changed(standing, stage=Stage.IN_PROGRESS)


def _reminded(standing: Standing, fact: e.ReminderIssued) -> Standing:
    return changed(standing, asked_for_on=fact.asked_for_on)


def _answered_at_meeting(standing: Standing, fact: e.AnsweredAtMeeting) -> Standing:
    answered = _settled(standing, Stage.ANSWERED_AT_MEETING, fact.occurred_on)
    return changed(answered, unit=standing.unit or fact.unit)


def _tracked(standing: Standing, fact: e.ImplementationTracked) -> Standing:
    return changed(standing, stage=Stage.IMPLEMENTED if fact.is_done else standing.stage)


def _suspended(standing: Standing, fact: e.ProcessingSuspended) -> Standing:
    return changed(
        standing,
        stage=Stage.SUSPENDED,
        suspended_on=fact.occurred_on,
        stage_before_suspension=standing.stage,
    )


def _resumed(standing: Standing, _: e.ProcessingResumed) -> Standing:
    return changed(
        standing,
        stage=standing.stage_before_suspension or Stage.IN_PROGRESS,
        suspended_on=None,
        stage_before_suspension=None,
    )


def _escalated(standing: Standing, fact: e.PetitionEscalated) -> Standing:
    if fact.kind is EscalationKind.RESPONSIBILITY_CHECK:
        return standing  # the unit is checked; the petition stays with it
    return _settled(standing, Stage.ESCALATED, fact.occurred_on)


def _withdrawn(standing: Standing, fact: e.WithdrawalAccepted) -> Standing:
    if fact.scope is WithdrawalScope.PART:
        return standing
    return _settled(standing, Stage.WITHDRAWN, fact.occurred_on)


def _replied(standing: Standing, fact: e.TransferReplyReceived) -> Standing:
    if fact.is_accepted:
        return standing
    return changed(
        standing,
        stage=Stage.CLASSIFIED,
        settled_on=None,
        due_when_settled=None,
        round=standing.round + 1,
    )


def _linked(standing: Standing, fact: e.PetitionMarkedDuplicate) -> Standing:
    return changed(_settled(standing, Stage.DUPLICATE, fact.occurred_on), stage_before_link=standing.stage)


def _unlinked(standing: Standing, _: e.PetitionUnmarkedDuplicate) -> Standing:
    """The clocks come with the fact."""
    return changed(
        standing,
        stage=standing.stage_before_link or Stage.RECEIVED,
        stage_before_link=None,
        settled_on=None,
        due_when_settled=None,
    )


def _closed(standing: Standing, _: e.PetitionClosed) -> Standing:
    return changed(standing, stage=Stage.CLOSED)


def _reopened(standing: Standing, fact: e.PetitionReopened) -> Standing:
    return changed(standing, stage=Stage.IN_PROGRESS, settled_on=None, due_when_settled=None, round=fact.round)


def _corrected(standing: Standing, fact: e.RecordCorrected) -> Standing:
    return changed(
        standing,
        received_on=fact.correction.received_on or standing.received_on,
        # a petition that was reopened is not settled by the correction of an earlier round
        settled_on=standing.settled_on and (fact.correction.answered_on or standing.settled_on),
    )


def _without_intake(clocks: Mapping[Clock, date]) -> Mapping[Clock, date]:
    return {clock: due_on for clock, due_on in clocks.items() if clock not in INTAKE_CLOCKS}


def _settled(standing: Standing, stage: Stage, on: date) -> Standing:
    """All clocks stop. What was due is kept from the first settlement: a second answer hides no lateness."""
    if standing.settled_on is not None:
        return changed(standing, stage=stage)
    due_on = standing.due_on
    if due_on is not None and standing.suspended_on is not None and due_on >= standing.suspended_on:
        due_on += max(on - standing.suspended_on, timedelta())  # time under suspension does not count
    return changed(
        standing,
        stage=stage,
        settled_on=on,
        due_when_settled=due_on,
        clocks={},
        asked_for_on=None,
        suspended_on=None,
        stage_before_suspension=None,
    )


# Every event of a petition stands in one of these three.
LEAVE_IT: frozenset[type[e.Fact]] = frozenset(
    {
        e.DeadlineSet,
        e.DeadlineExtended,
        e.ComplexityDetermined,
        e.DeadlineRecalculated,
        e.ExtensionRequested,
        e.ReceiptAcknowledged,
        e.SupplementRequested,
        e.SupplementReceived,
        e.StepTaken,
        e.PetitionPreparedForMeeting,
        e.ComplaintDialogueHeld,
        e.CitizenNotified,
        e.WithdrawalRequested,
        e.WithdrawalOverridden,
        e.CorrectionProposed,
        e.HistoryFlagged,
        e.DuplicateLinked,
        e.DuplicateUnlinked,
        e.AlertRaised,
        e.AlertAcknowledged,
    }
)
SETTLE_IT: Mapping[type[e.Fact], Stage] = {
    e.AnsweredInWriting: Stage.ANSWERED_IN_WRITING,
    e.ProcessingTerminated: Stage.TERMINATED,
    e.AcceptanceRefused: Stage.REFUSED,
    e.PetitionTransferred: Stage.TRANSFERRED,
    e.PetitionReturned: Stage.RETURNED,
    e.CitizenGuided: Stage.GUIDED,
    e.PetitionFiled: Stage.FILED,
    e.PetitionHandledAsInformation: Stage.HANDLED_AS_INFORMATION,
    e.PetitionSplit: Stage.SPLIT,
    e.RegistrationCancelled: Stage.CANCELLED,
}
MOVE_IT: Mapping[type[e.Fact], Callable[[Standing, Any], Standing]] = {
    e.PetitionReceived: _received_again,
    e.PetitionClassified: _classified,
    e.PetitionAccepted: _accepted,
    e.PetitionAssigned: _assigned,
    e.PetitionReassigned: _reassigned,
    e.ResponsibilitySucceeded: _succeeded,
    e.WorkStarted: _started,
    e.ReminderIssued: _reminded,
    e.AnsweredAtMeeting: _answered_at_meeting,
    e.ImplementationTracked: _tracked,
    e.ProcessingSuspended: _suspended,
    e.ProcessingResumed: _resumed,
    e.PetitionEscalated: _escalated,
    e.WithdrawalAccepted: _withdrawn,
    e.TransferReplyReceived: _replied,
    e.PetitionMarkedDuplicate: _linked,
    e.PetitionUnmarkedDuplicate: _unlinked,
    e.PetitionClosed: _closed,
    e.PetitionReopened: _reopened,
    e.RecordCorrected: _corrected,
}
