"""Says what each event does to the status of a petition: tables of moves, of endings, and of what moves nothing."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from domain import events as e
from domain.deadlines.clock import Clock
from domain.promises import transition_promised, transition_reported
from domain.status import Status, succeed_coordinator
from domain.status_opening import initial_status
from domain.supplements import received, requested
from domain.value import UNSET, replace, said
from domain.vocabulary import NO_UNIT, PetitionKind, Stage, WithdrawalScope

# These clocks run until a unit is named to answer. From then on the settlement limit or the head's date counts.
INTAKE_CLOCKS = frozenset({Clock.TRIAGE, Clock.ACCEPTANCE, Clock.FURTHER_REVIEW})
_CLOCKS_NOT_OF_KIND = {
    PetitionKind.PROPOSAL_FEEDBACK: frozenset(Clock) - {Clock.TRIAGE, Clock.HEAD},
    PetitionKind.COMPLAINT: frozenset({Clock.FURTHER_REVIEW}),
    PetitionKind.DENUNCIATION: frozenset[Clock](),
}
_CLOCKS_REPLACED_BY = {
    Clock.FURTHER_REVIEW: frozenset({Clock.TRIAGE, Clock.ACCEPTANCE}),
    Clock.ACCEPTANCE: frozenset({Clock.FURTHER_REVIEW}),
}
"""Names what each clock replaces. The review of a further denunciation is its intake (Law 25/2018 Art 37.2)."""


_RECEIVED, _CLASSIFIED, _ASSIGNED = Stage.RECEIVED, Stage.CLASSIFIED, Stage.ASSIGNED  # words are slow to name


def _transition_opened_again(_: Status, fact: e.PetitionOpening) -> Status:
    return initial_status(fact)


def _transition_classified(status: Status, fact: e.PetitionClassified) -> Status:
    stage = _CLASSIFIED if status.stage is _RECEIVED else status.stage
    return replace(_end_clocks_of_former_kind(status, fact), stage=stage, kind=fact.kind)


def _end_clocks_of_former_kind(status: Status, fact: e.PetitionClassified) -> Status:
    """Return the status without the clocks that the new kind has not, and those that new clocks replace.

    What ran out before stays: a new kind does not undo lateness.
    """
    is_other_kind = status.kind is not None and fact.kind is not status.kind
    if fact.deadlines is UNSET and not is_other_kind:
        return status
    brought = {deadline.clock for deadline in said(fact.deadlines, ())}
    ended = {replaced for clock in brought for replaced in _CLOCKS_REPLACED_BY.get(clock, ())}
    if is_other_kind:
        ended |= _CLOCKS_NOT_OF_KIND[fact.kind] - brought
    if ended.isdisjoint(status.clocks):
        return status
    clocks = {c: due for c, due in status.clocks.items() if c not in ended or status.has_run_out(c, fact.occurred_on)}
    return replace(status, clocks=clocks)


def _transition_supplement_requested(status: Status, fact: e.SupplementRequested) -> Status:
    return replace(status, supplement_steps=(*status.supplement_steps, requested(fact)))


def _transition_supplement_received(status: Status, fact: e.SupplementReceived) -> Status:
    return replace(status, supplement_steps=(*status.supplement_steps, received(fact)))


def _transition_accepted(status: Status, _: e.PetitionAccepted) -> Status:
    return replace(status, stage=Stage.ACCEPTED, clocks=_without_intake_clocks(status.clocks))


def _transition_assigned(status: Status, fact: e.PetitionAssigned) -> Status:
    return replace(
        status,
        clocks=_without_intake_clocks(status.clocks),
        stage=_ASSIGNED if status.stage.is_open else status.stage,
        unit=fact.lead_unit,
        coordinating=said(fact.coordinating_units, ()),
        officer=e.officer_of(fact.responsible),
    )


def _transition_reassigned(status: Status, fact: e.PetitionReassigned) -> Status:
    return replace(
        status,
        stage=Stage.SUSPENDED if status.is_suspended else Stage.ASSIGNED,
        # the new unit has not started, even if the old one had
        stage_before_suspension=Stage.ASSIGNED if status.is_suspended else None,
        unit=fact.lead_unit,
        coordinating=fact.coordinating_units,
        officer=e.officer_of(fact.responsible),
        asked_for_on=None,
    )


def _transition_succeeded(status: Status, fact: e.ResponsibilitySucceeded) -> Status:
    """Move the petition to the new unit and keep its stage. The officer of a new unit is not known yet."""
    return replace(
        status,
        unit=fact.to_unit,
        coordinating=fact.coordinating_units,
        officer=status.officer if fact.to_unit == status.unit else None,
    )


def _transition_coordinator_succeeded(status: Status, fact: e.CoordinatorSucceeded) -> Status:
    coordinating = succeed_coordinator(status.coordinating, status.unit, fact.from_unit, fact.to_unit)
    return replace(status, coordinating=coordinating)


def _transition_started(status: Status, _: e.WorkStarted) -> Status:
    return replace(status, stage=Stage.IN_PROGRESS)


def _transition_reminded(status: Status, fact: e.ReminderIssued) -> Status:
    return replace(status, asked_for_on=fact.asked_for_on, reminder_proposed_on=None)


def _transition_reminder_proposed(status: Status, fact: e.ReminderProposed) -> Status:
    return replace(status, reminder_proposed_on=fact.occurred_on)


def _transition_answered_at_meeting(status: Status, fact: e.AnsweredAtMeeting) -> Status:
    answered = settle(status, Stage.ANSWERED_AT_MEETING, fact.occurred_on)
    return replace(answered, unit=status.unit or said(fact.unit, NO_UNIT))


def _transition_suspended(status: Status, fact: e.ProcessingSuspended) -> Status:
    return replace(
        status,
        stage=Stage.SUSPENDED,
        suspended_on=fact.occurred_on,
        stage_before_suspension=status.stage,
    )


def _transition_resumed(status: Status, _: e.ProcessingResumed) -> Status:
    return replace(
        status,
        stage=status.stage_before_suspension or Stage.IN_PROGRESS,
        suspended_on=None,
        stage_before_suspension=None,
    )


def _transition_withdrawn(status: Status, fact: e.WithdrawalAccepted) -> Status:
    if fact.scope is WithdrawalScope.PART:
        return status
    return settle(status, Stage.WITHDRAWN, fact.occurred_on)


def _transition_transfer_reply(status: Status, fact: e.TransferReplyReceived) -> Status:
    if fact.is_accepted:
        return status
    return replace(status, stage=Stage.CLASSIFIED, settled_on=None, due_when_settled=None, round=status.round + 1)


def _transition_marked_duplicate(status: Status, fact: e.PetitionMarkedDuplicate) -> Status:
    return replace(settle(status, Stage.DUPLICATE, fact.occurred_on), stage_before_link=status.stage)


def _transition_unmarked_duplicate(status: Status, _: e.PetitionUnmarkedDuplicate) -> Status:
    """Return the petition to the stage before the link. The fact carries the clocks."""
    return replace(
        status,
        stage=status.stage_before_link or Stage.RECEIVED,
        stage_before_link=None,
        settled_on=None,
        due_when_settled=None,
    )


def _transition_closed(status: Status, _: e.PetitionClosed) -> Status:
    return replace(status, stage=Stage.CLOSED)


def _transition_reopened(status: Status, fact: e.PetitionReopened) -> Status:
    return replace(status, stage=Stage.IN_PROGRESS, settled_on=None, due_when_settled=None, round=fact.round)


def _without_intake_clocks(clocks: Mapping[Clock, date]) -> Mapping[Clock, date]:
    return {clock: due_on for clock, due_on in clocks.items() if clock not in INTAKE_CLOCKS}


def settle(status: Status, stage: Stage, on: date) -> Status:
    """Stop all clocks and keep the date that was due at the first settlement: a second answer hides no lateness."""
    if status.settled_on is not None:
        return replace(status, stage=stage)
    due_on = status.due_on
    if due_on is not None and status.suspended_on is not None and due_on >= status.suspended_on:
        due_on += max(on - status.suspended_on, timedelta())  # time under suspension does not count
    return replace(
        status,
        stage=stage,
        settled_on=on,
        due_when_settled=due_on,
        clocks={},
        asked_for_on=None,
        reminder_proposed_on=None,
        suspended_on=None,
        stage_before_suspension=None,
    )


ANSWERS: frozenset[type[e.Fact]] = frozenset({e.AnsweredAtMeeting, e.AnsweredInWriting})
"""Events that are an answer. The status keeps the place of the last one."""

# Every event of a petition is in exactly one of these three tables.
NO_TRANSITION: frozenset[type[e.Fact]] = frozenset(
    {
        e.DeadlineSet,
        e.DeadlineExtended,
        e.ComplexityDetermined,
        e.DeadlineRecalculated,
        e.ExtensionRequested,
        e.ReceiptAcknowledged,
        e.ExternalStepRecorded,
        e.ContributionDelivered,
        e.PetitionPreparedForMeeting,
        e.ComplaintDialogueHeld,
        e.CitizenNotified,
        e.DocumentsRequested,
        e.ActionResultRecorded,
        e.DutyPerformed,
        e.DutyLifted,
        e.DutySucceeded,
        e.WithdrawalRequested,
        e.WithdrawalOverridden,
        e.CorrectionProposed,
        e.RecordCorrected,  # the facts that it corrects are corrected where they stand (`domain.correcting.history`)
        e.ReversalProposed,
        e.EndingReversed,
        e.ImportFlagged,
        e.PersonalDataErased,
        e.MandateRecorded,
        e.ProxyRecorded,
        e.SignatoryWithdrew,  # the settlement goes on for the others
        e.CourtRulingRecorded,  # the decision is judged; the petition moves when the office reopens it
        e.DuplicateLinked,
        e.DuplicateUnlinked,
        e.ResponsibilityCheckOrdered,  # the unit is checked; the petition stays with it
        e.ResponsibilityCheckRequested,
        e.AlertRaised,
        e.AlertAcknowledged,
    }
)
SETTLES: Mapping[type[e.Fact], Stage] = {
    e.AnsweredInWriting: Stage.ANSWERED_IN_WRITING,
    e.ProcessingTerminated: Stage.TERMINATED,
    e.AcceptanceRefused: Stage.REFUSED,
    e.PetitionTransferred: Stage.TRANSFERRED,
    e.CompetentUnitUrged: Stage.URGED_BELOW,
    e.PetitionReturned: Stage.RETURNED,
    e.CitizenGuided: Stage.GUIDED,
    e.PetitionArchived: Stage.FILED,
    e.PetitionHandledAsInformation: Stage.HANDLED_AS_INFORMATION,
    e.PetitionSplit: Stage.SPLIT,
    e.RegistrationCancelled: Stage.CANCELLED,
    e.ImportWithdrawn: Stage.CANCELLED,
    e.SecondComplaintLodged: Stage.COMPLAINED_AGAIN,
    e.FurtherDenunciationLodged: Stage.DENOUNCED_FURTHER,
    e.LawsuitFiled: Stage.SUED,
    e.SettlementTakenOver: Stage.TAKEN_OVER,
}
TRANSITIONS: Mapping[type[e.Fact], Callable[[Status, Any], Status]] = {
    e.PetitionReceived: _transition_opened_again,
    e.MatterOpened: _transition_opened_again,
    e.StageOpened: _transition_opened_again,
    e.PetitionClassified: _transition_classified,
    e.SupplementRequested: _transition_supplement_requested,
    e.SupplementReceived: _transition_supplement_received,
    e.PetitionAccepted: _transition_accepted,
    e.PetitionAssigned: _transition_assigned,
    e.PetitionReassigned: _transition_reassigned,
    e.ResponsibilitySucceeded: _transition_succeeded,
    e.CoordinatorSucceeded: _transition_coordinator_succeeded,
    e.WorkStarted: _transition_started,
    e.ReminderIssued: _transition_reminded,
    e.ReminderProposed: _transition_reminder_proposed,
    e.AnsweredAtMeeting: _transition_answered_at_meeting,
    e.PromiseMade: transition_promised,
    e.PromiseReported: transition_reported,
    e.ProcessingSuspended: _transition_suspended,
    e.ProcessingResumed: _transition_resumed,
    e.WithdrawalAccepted: _transition_withdrawn,
    e.TransferReplyReceived: _transition_transfer_reply,
    e.PetitionMarkedDuplicate: _transition_marked_duplicate,
    e.PetitionUnmarkedDuplicate: _transition_unmarked_duplicate,
    e.PetitionClosed: _transition_closed,
    e.PetitionReopened: _transition_reopened,
}
