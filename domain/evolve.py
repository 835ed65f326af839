"""How a petition follows from its history: where it stands, and what later decisions ask about beyond that."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain import events as e
from domain import status_transitions
from domain.alerts.keys import key_of
from domain.deadlines.deadline import Suspension
from domain.envelope import EventEnvelope
from domain.fast_replace import changed
from domain.petition import Asked, Petition
from domain.vocabulary import Complexity, PetitionId


def fold(history: Iterable[EventEnvelope[e.PetitionEvent]]) -> Petition | None:
    petition: Petition | None = None
    for recorded in history:
        petition = evolve(petition, recorded)
    return petition


def evolve(petition: Petition | None, recorded: EventEnvelope[e.PetitionEvent]) -> Petition:
    """The petition after one event. Holds no rule and refuses nothing: whatever was recorded, loads.

    Raises ValueError when a history does not begin with a receipt, which no writer of ours can cause.
    """
    fact = recorded.fact
    if petition is None:
        if not isinstance(fact, e.PetitionReceived):
            raise ValueError(f"the history of {recorded.originator_id} begins with {type(fact).__name__}")
        return Petition(
            petition_id=PetitionId(recorded.originator_id),
            version=recorded.originator_version,
            standing=status_transitions.received(fact),
            receipt=fact,
            reference=recorded.reference,
            received_by_unit=status_transitions.received_by(fact, recorded.by),
            deadlines={d.clock: d for d in fact.deadlines},
        )
    standing = status_transitions.after(petition.standing, fact)
    deadlines, stopped = petition.deadlines, petition.stopped
    if standing.clocks is not petition.standing.clocks:
        if standing.settled_on is not None and petition.standing.settled_on is None:
            stopped = deadlines
        started = {**deadlines, **{d.clock: d for d in fact.deadlines}}
        deadlines = {clock: started[clock] for clock in standing.clocks}
    first_step_on, acted_version = petition.first_step_on, petition.acted_version
    if type(fact) not in _NO_STEPS:
        acted_version = recorded.originator_version
        first_step_on = fact.occurred_on if first_step_on is None else min(first_step_on, fact.occurred_on)
    petition = changed(
        petition,
        version=recorded.originator_version,
        standing=standing,
        deadlines=deadlines,
        stopped=stopped,
        acted_version=acted_version,
        first_step_on=first_step_on,
    )
    remember = REMEMBERED.get(type(fact))
    return petition if remember is None else remember(petition, recorded)


def _assigned(petition: Petition, recorded: EventEnvelope[e.PetitionAssigned]) -> Petition:
    fact = recorded.fact
    return changed(
        petition,
        assigned_by_unit=recorded.by.unit,
        accountable_head=fact.accountable_head,
        assigned_on=petition.assigned_on or fact.occurred_on,
    )


def _succeeded(petition: Petition, recorded: EventEnvelope[e.ResponsibilitySucceeded]) -> Petition:
    """Whoever succeeds the unit that assigned it may answer as that one might."""
    fact = recorded.fact
    return changed(petition, assigned_by_unit=fact.to_unit) if petition.assigned_by_unit == fact.from_unit else petition


def _transferred(petition: Petition, _: EventEnvelope[e.PetitionTransferred]) -> Petition:
    return changed(petition, was_transferred=True)


def _marked_duplicate(petition: Petition, recorded: EventEnvelope[e.PetitionMarkedDuplicate]) -> Petition:
    return changed(petition, duplicate_of=recorded.fact.duplicate_of)


def _unmarked_duplicate(petition: Petition, _: EventEnvelope[e.PetitionUnmarkedDuplicate]) -> Petition:
    return changed(petition, duplicate_of=None)


def _repeated(petition: Petition, recorded: EventEnvelope[e.DuplicateLinked]) -> Petition:
    return changed(petition, duplicates=petition.duplicates | {recorded.fact.duplicate})


def _not_repeated(petition: Petition, recorded: EventEnvelope[e.DuplicateUnlinked]) -> Petition:
    return changed(petition, duplicates=petition.duplicates - {recorded.fact.duplicate})


def _prepared(petition: Petition, recorded: EventEnvelope[e.PetitionPreparedForMeeting]) -> Petition:
    fact = recorded.fact
    return changed(petition, prepared_answers={**petition.prepared_answers, fact.meeting_id: fact.proposed_answer})


def _answered_at_meeting(petition: Petition, recorded: EventEnvelope[e.AnsweredAtMeeting]) -> Petition:
    fact = recorded.fact
    return changed(
        petition,
        signed_by=fact.answered_by,
        is_citizen_told=fact.citizen_present,
        answers=(*petition.answers, fact.occurred_on),
    )


def _answered_in_writing(petition: Petition, recorded: EventEnvelope[e.AnsweredInWriting]) -> Petition:
    fact = recorded.fact
    return changed(
        petition,
        signed_by=fact.signed_by,
        is_citizen_told=False,
        answers=(*petition.answers, fact.occurred_on),
    )


def _told(petition: Petition, _: EventEnvelope[e.CitizenNotified]) -> Petition:
    return changed(petition, is_citizen_told=True)


def _reminded(petition: Petition, recorded: EventEnvelope[e.ReminderIssued]) -> Petition:
    return changed(petition, reminders=recorded.fact.nth)


def _withdrawal_requested(petition: Petition, recorded: EventEnvelope[e.WithdrawalRequested]) -> Petition:
    return changed(
        petition,
        withdrawal=recorded.fact.scope,
        # a second letter does not take away what the first one showed; an override does
        withdrawal_may_be_forced=petition.withdrawal_may_be_forced or recorded.fact.signs_of_coercion,
    )


def _withdrawal_over(petition: Petition, _: EventEnvelope[e.Fact]) -> Petition:
    return changed(petition, withdrawal=None, withdrawal_may_be_forced=False)


def _extension_asked(petition: Petition, recorded: EventEnvelope[e.ExtensionRequested]) -> Petition:
    fact, by = recorded.fact, recorded.by
    asked = Asked(parties=by.parties, by=by.officer, clock=fact.clock, until=fact.until, reason=fact.reason)
    return changed(petition, extension_asked=asked)


def _extended(petition: Petition, recorded: EventEnvelope[e.DeadlineExtended]) -> Petition:
    clock, extensions = recorded.fact.clock, petition.extensions
    if not recorded.fact.was_expired:
        extensions = {**extensions, clock: extensions.get(clock, 0) + 1}
    return changed(petition, extension_asked=None, extensions=extensions)


def _resumed(petition: Petition, recorded: EventEnvelope[e.ProcessingResumed]) -> Petition:
    pause = Suspension(suspended_on=recorded.fact.suspended_on, resumed_on=recorded.fact.occurred_on)
    return changed(petition, suspensions=(*petition.suspensions, pause))


def _found_complex(petition: Petition, recorded: EventEnvelope[e.ComplexityDetermined]) -> Petition:
    return changed(petition, complexity=recorded.fact.complexity)


def _classified(petition: Petition, recorded: EventEnvelope[e.PetitionClassified]) -> Petition:
    """Each kind has rules of its own for what is complex and how often its limits are extended."""
    if recorded.fact.previous_kind in (None, recorded.fact.kind):
        return petition
    return changed(petition, complexity=Complexity.NORMAL, extensions={})


def _given_back(petition: Petition, recorded: EventEnvelope[e.TransferReplyReceived]) -> Petition:
    if recorded.fact.is_accepted:
        return petition
    return changed(petition, complexity=Complexity.NORMAL, extensions={}, assigned_on=None)


def _correction_asked(petition: Petition, recorded: EventEnvelope[e.CorrectionProposed]) -> Petition:
    fact, by = recorded.fact, recorded.by
    asked = Asked(parties=by.parties, by=by.officer, version=fact.version, correction=fact.correction, why=fact.why)
    return changed(petition, correction_asked=asked)


def _corrected(petition: Petition, recorded: EventEnvelope[e.RecordCorrected]) -> Petition:
    answers = petition.answers
    return changed(
        petition,
        correction_asked=None,
        receipt=_as_it_should_be(petition.receipt, recorded.fact),
        answers=(*answers[:-1], recorded.fact.correction.answered_on or answers[-1]) if answers else (),
    )


def _as_it_should_be(receipt: e.PetitionReceived, fact: e.RecordCorrected) -> e.PetitionReceived:
    """Later rules and linked petitions go by what the receipt should have said; its day is the standing's."""
    said = {"summary", "place", "person_count"} | ({"document_no"} if fact.version == 1 else set())
    return receipt.model_copy(update=fact.correction.model_dump(include=said, exclude_none=True))


def _escalated(petition: Petition, recorded: EventEnvelope[e.PetitionEscalated]) -> Petition:
    return changed(petition, escalations=petition.escalations | {recorded.fact.kind})


def _reopened(petition: Petition, _: EventEnvelope[e.PetitionReopened]) -> Petition:
    return changed(
        petition,
        signed_by=None,
        is_citizen_told=False,
        escalations=frozenset(),
        withdrawal=None,
        withdrawal_may_be_forced=False,
        extension_asked=None,
        complexity=Complexity.NORMAL,
        extensions={},
        assigned_on=None,
    )


def _warned(petition: Petition, recorded: EventEnvelope[e.AlertRaised]) -> Petition:
    return changed(petition, alerts={**petition.alerts, key_of(recorded.fact): False})


def _acknowledged(petition: Petition, recorded: EventEnvelope[e.AlertAcknowledged]) -> Petition:
    """Whoever takes note of a step takes note of those that were raised before it for the same date."""
    segment = key_of(recorded.fact)[:3]
    return changed(petition, alerts={key: told or key[:3] == segment for key, told in petition.alerts.items()})


_NO_STEPS = frozenset({e.AlertRaised, e.AlertAcknowledged})
"""Their days are no reason against a later day of receipt, nor are they one to read the petition again."""

# What later decisions ask about beyond the standing, which says the rest.
REMEMBERED: Mapping[type[e.Fact], Callable[[Petition, EventEnvelope[Any]], Petition]] = {
    e.PetitionAssigned: _assigned,
    e.PetitionTransferred: _transferred,
    e.PetitionMarkedDuplicate: _marked_duplicate,
    e.PetitionUnmarkedDuplicate: _unmarked_duplicate,
    e.DuplicateLinked: _repeated,
    e.DuplicateUnlinked: _not_repeated,
    e.ResponsibilitySucceeded: _succeeded,
    e.PetitionPreparedForMeeting: _prepared,
    e.AnsweredAtMeeting: _answered_at_meeting,
    e.AnsweredInWriting: _answered_in_writing,
    e.CitizenNotified: _told,
    e.ReminderIssued: _reminded,
    e.WithdrawalRequested: _withdrawal_requested,
    e.WithdrawalAccepted: _withdrawal_over,
    e.WithdrawalOverridden: _withdrawal_over,
    e.ProcessingTerminated: _withdrawal_over,
    e.ExtensionRequested: _extension_asked,
    e.DeadlineExtended: _extended,
    e.ProcessingResumed: _resumed,
    e.ComplexityDetermined: _found_complex,
    e.PetitionClassified: _classified,
    e.TransferReplyReceived: _given_back,
    e.CorrectionProposed: _correction_asked,
    e.RecordCorrected: _corrected,
    e.PetitionEscalated: _escalated,
    e.PetitionReopened: _reopened,
    e.AlertRaised: _warned,
    e.AlertAcknowledged: _acknowledged,
}
