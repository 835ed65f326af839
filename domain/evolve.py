"""Folds the history of a petition into the state that decisions read.

`domain.status_transitions` computes the status; the evolvers here keep what later decisions read besides it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain import events as e
from domain import status_transitions
from domain.alerts.keys import acknowledge_steps, step_key_of
from domain.deadlines.deadline import Suspension
from domain.envelope import EventEnvelope
from domain.evolve_corrections import evolve_corrected, evolve_correction_proposed
from domain.opening import opening_of
from domain.order_of_acts import ACTS_RESTED_ON, ActDay
from domain.petition import PER_ROUND, CourtRuling, PendingRequest, Petition
from domain.sealed_text import plain_text
from domain.unsaid import CITIZEN_PRESENT_UNSAID
from domain.value import UNSET, known, replace, said
from domain.vocabulary import PetitionId, PetitionKind


def fold(history: Iterable[EventEnvelope[e.PetitionEvent]]) -> Petition | None:
    """Return the petition after its whole history, or None for an empty history."""
    petition: Petition | None = None
    for envelope in history:
        petition = evolve(petition, envelope)
    return petition


def evolve(petition: Petition | None, envelope: EventEnvelope[e.PetitionEvent]) -> Petition:
    """Return the petition after one more event. No rule applies here: every recorded event loads.

    Raise ValueError when a history begins with no opening, which no writer of ours can cause.
    """
    fact = envelope.fact
    if petition is None:
        if not isinstance(fact, e.PETITION_OPENINGS):
            raise ValueError(f"the history of {envelope.originator_id} begins with {type(fact).__name__}")
        opening = opening_of(fact)
        return Petition(
            petition_id=PetitionId(envelope.originator_id),
            version=envelope.originator_version,
            status=status_transitions.initial_status(fact),
            opening=opening,
            instance=opening.instance,
            earlier_decision=opening.earlier_decision,
            reference=envelope.reference,
            received_by_unit=status_transitions.receiving_unit(fact, envelope.by),
            deadlines={d.clock: d for d in said(fact.deadlines, ()) if not d.clock.is_duty},
            duties={d.key: d for d in said(fact.deadlines, ()) if d.clock.is_duty},
            event_topics=(type(fact).__name__,),
            act_days={type(fact): ActDay(1, fact.occurred_on)} if isinstance(fact, e.MatterOpened) else {},
            first_step_on=fact.occurred_on if isinstance(fact, e.MatterOpened) else None,
            mandate=None if isinstance(fact, e.PetitionReceived) else known(fact.mandate),
            proxies=() if isinstance(fact, e.PetitionReceived) else said(fact.proxies, ()),
        )
    status = status_transitions.transition(petition.status, fact, envelope.originator_version)
    deadlines, stopped_deadlines = petition.deadlines, petition.stopped_deadlines
    if status.clocks is not petition.status.clocks:
        if status.settled_on is not None and petition.status.settled_on is None:
            stopped_deadlines = deadlines
        started = {**deadlines, **{d.clock: d for d in said(fact.deadlines, ())}}
        deadlines = {clock: started[clock] for clock in status.clocks}
    duties = petition.duties
    if status.duties is not petition.status.duties:
        started_duties = {**duties, **{d.key: d for d in said(fact.deadlines, ())}}
        duties = {key: started_duties[key] for key in status.duties}
    first_step_on, last_action_version = petition.first_step_on, petition.last_action_version
    if type(fact) not in _NO_ACTIONS:
        last_action_version = envelope.originator_version
        first_step_on = fact.occurred_on if first_step_on is None else min(first_step_on, fact.occurred_on)
    act_days = _next_act_days(petition, envelope)
    if (early_evolver := EARLY_EVOLVERS.get(type(fact))) is not None:
        petition = early_evolver(petition, envelope)
    petition = replace(
        petition,
        version=envelope.originator_version,
        status=status,
        deadlines=deadlines,
        duties=duties,
        stopped_deadlines=stopped_deadlines,
        last_action_version=last_action_version,
        first_step_on=first_step_on,
        event_topics=(*petition.event_topics, type(fact).__name__),
        act_days=act_days,
    )
    evolver = EVOLVERS.get(type(fact))
    return petition if evolver is None else evolver(petition, envelope)


def _next_act_days(petition: Petition, envelope: EventEnvelope[e.PetitionEvent]) -> Mapping[type[e.Fact], ActDay]:
    """Return the latest day of each act that another may rest on, after one more event.

    Nothing rests on a classification that says nothing else of kind, instance and competence than the one before.
    """
    fact, act_days = envelope.fact, petition.act_days
    latest = act_days.get(type(fact))
    if type(fact) not in ACTS_RESTED_ON or (latest is not None and fact.occurred_on < latest.on):
        return act_days
    if isinstance(fact, e.PetitionClassified) and latest is not None:
        instance, competence = said(fact.instance, petition.instance), known(fact.competence)
        if (fact.kind, instance, competence) == (petition.kind, petition.instance, petition.competence):
            return act_days
    return {**act_days, type(fact): ActDay(envelope.originator_version, fact.occurred_on)}


def begin_round(petition: Petition) -> Petition:
    """Return the petition at the beginning of a round of handling: what happened in the last one is over."""
    anew = Petition(
        petition_id=petition.petition_id, version=petition.version, status=petition.status, opening=petition.opening
    )
    return replace(petition, **{name: getattr(anew, name) for name in PER_ROUND})


def _evolve_classified(before: Petition, envelope: EventEnvelope[e.PetitionClassified]) -> Petition:
    """Keep the clocks as they ran: if the kind changes back, those that it ends run again."""
    fact = envelope.fact
    return replace(
        before,
        was_denunciation=before.was_denunciation or fact.kind is PetitionKind.DENUNCIATION,
        competence=known(fact.competence),
        instance=said(fact.instance, before.instance),
        earlier_decision=said(fact.earlier_decision, before.earlier_decision),
        set_aside={**before.set_aside, before.kind: before.deadlines},
    )


def _evolve_accepted(petition: Petition, envelope: EventEnvelope[e.PetitionAccepted]) -> Petition:
    return replace(petition, taken_up_on=envelope.fact.occurred_on)


def _evolve_assigned(petition: Petition, envelope: EventEnvelope[e.PetitionAssigned]) -> Petition:
    fact = envelope.fact
    return replace(
        petition,
        assigned_by_unit=envelope.by.unit,
        accountable_head=e.officer_of(fact.accountable_head),
        assigned_on=petition.assigned_on or fact.occurred_on,
    )


def _evolve_responsibility_succeeded(
    petition: Petition, envelope: EventEnvelope[e.ResponsibilitySucceeded]
) -> Petition:
    """Give the successor of the assigning unit the right to answer that the assigning unit had."""
    fact = envelope.fact
    return replace(petition, assigned_by_unit=fact.to_unit) if petition.assigned_by_unit == fact.from_unit else petition


def _evolve_transferred(petition: Petition, _: EventEnvelope[e.PetitionTransferred]) -> Petition:
    return replace(petition, was_transferred=True)


def _evolve_marked_duplicate(petition: Petition, envelope: EventEnvelope[e.PetitionMarkedDuplicate]) -> Petition:
    return replace(petition, duplicate_of=envelope.fact.duplicate_of)


def _evolve_unmarked_duplicate(petition: Petition, _: EventEnvelope[e.PetitionUnmarkedDuplicate]) -> Petition:
    return replace(petition, duplicate_of=None)


def _evolve_duplicate_linked(petition: Petition, envelope: EventEnvelope[e.DuplicateLinked]) -> Petition:
    return replace(petition, duplicates=petition.duplicates | {envelope.fact.duplicate})


def _evolve_duplicate_unlinked(petition: Petition, envelope: EventEnvelope[e.DuplicateUnlinked]) -> Petition:
    return replace(petition, duplicates=petition.duplicates - {envelope.fact.duplicate})


def _evolve_prepared_for_meeting(petition: Petition, envelope: EventEnvelope[e.PetitionPreparedForMeeting]) -> Petition:
    fact = envelope.fact
    proposed = "" if fact.proposed_answer is UNSET else plain_text(fact.proposed_answer)
    return replace(petition, prepared_answers={**petition.prepared_answers, fact.meeting_id: proposed})


def _evolve_answered_at_meeting(petition: Petition, envelope: EventEnvelope[e.AnsweredAtMeeting]) -> Petition:
    fact = envelope.fact
    return replace(
        petition,
        signed_by=e.officer_of(fact.answered_by),
        told_on=fact.occurred_on if said(fact.citizen_present, CITIZEN_PRESENT_UNSAID) else None,
        answers=(*petition.answers, fact.occurred_on),
    )


def _evolve_answered_in_writing(petition: Petition, envelope: EventEnvelope[e.AnsweredInWriting]) -> Petition:
    fact = envelope.fact
    return replace(
        petition,
        signed_by=e.officer_of(fact.signed_by),
        told_on=None,
        answers=(*petition.answers, fact.occurred_on),
    )


def _evolve_citizen_notified(petition: Petition, envelope: EventEnvelope[e.CitizenNotified]) -> Petition:
    told_on = envelope.fact.occurred_on
    return replace(petition, told_on=told_on if petition.told_on is None else min(petition.told_on, told_on))


def _evolve_reminded(petition: Petition, _: EventEnvelope[e.ReminderIssued]) -> Petition:
    return replace(petition, reminders=petition.reminders + 1)


def _evolve_mandate_recorded(petition: Petition, envelope: EventEnvelope[e.MandateRecorded]) -> Petition:
    fact = envelope.fact
    return replace(petition, mandate=fact.mandate, added_persons=(*petition.added_persons, *said(fact.persons, ())))


def _evolve_proxy_recorded(petition: Petition, envelope: EventEnvelope[e.ProxyRecorded]) -> Petition:
    fact = envelope.fact
    return replace(
        petition,
        proxies=(*petition.proxies, fact.proxy),
        added_persons=(*petition.added_persons, *said(fact.persons, ())),
    )


def _evolve_signatory_withdrew(petition: Petition, envelope: EventEnvelope[e.SignatoryWithdrew]) -> Petition:
    fact = envelope.fact
    return replace(
        petition,
        withdrawn=petition.withdrawn | {fact.signatory},
        added_persons=(*petition.added_persons, *said(fact.persons, ())),
    )


def _evolve_withdrawal_requested(petition: Petition, envelope: EventEnvelope[e.WithdrawalRequested]) -> Petition:
    return replace(
        petition,
        withdrawal=envelope.fact.scope,
        # a second letter does not take away what the first one showed; an override does
        withdrawal_may_be_forced=petition.withdrawal_may_be_forced or said(envelope.fact.signs_of_coercion, False),
    )


def _evolve_withdrawal_ended(petition: Petition, _: EventEnvelope[e.Fact]) -> Petition:
    return replace(petition, withdrawal=None, withdrawal_may_be_forced=False)


def _evolve_extension_requested(petition: Petition, envelope: EventEnvelope[e.ExtensionRequested]) -> Petition:
    fact, by = envelope.fact, envelope.by
    request = PendingRequest(
        parties=by.parties, requested_by=by.officer, clock=fact.clock, until=fact.until, reason=plain_text(fact.reason)
    )
    return replace(petition, pending_extension=request)


def _evolve_deadline_extended(petition: Petition, envelope: EventEnvelope[e.DeadlineExtended]) -> Petition:
    clock, extensions = envelope.fact.clock, petition.extensions
    if not envelope.fact.was_expired:
        extensions = {**extensions, clock: extensions.get(clock, 0) + 1}
    return replace(petition, pending_extension=None, extensions=extensions)


def _evolve_resumed(petition: Petition, envelope: EventEnvelope[e.ProcessingResumed]) -> Petition:
    suspension = Suspension(suspended_on=envelope.fact.suspended_on, resumed_on=envelope.fact.occurred_on)
    return replace(petition, suspensions=(*petition.suspensions, suspension))


def _evolve_complexity_determined(petition: Petition, envelope: EventEnvelope[e.ComplexityDetermined]) -> Petition:
    return replace(petition, complexities={**petition.complexities, petition.kind: envelope.fact.complexity})


def _evolve_transfer_reply(petition: Petition, envelope: EventEnvelope[e.TransferReplyReceived]) -> Petition:
    return petition if envelope.fact.is_accepted else begin_round(petition)


def _evolve_gone_up(petition: Petition, envelope: EventEnvelope[e.Fact]) -> Petition:
    return replace(petition, ways_up=petition.ways_up | {e.WAY_OF[type(envelope.fact)]})


def _evolve_lawsuit_filed(petition: Petition, envelope: EventEnvelope[e.LawsuitFiled]) -> Petition:
    return replace(_evolve_gone_up(petition, envelope), sued_on=envelope.fact.occurred_on, ruling=None)


def _evolve_court_ruling(petition: Petition, envelope: EventEnvelope[e.CourtRulingRecorded]) -> Petition:
    """Keep the ruling of the latest day: that of a lower court may be entered after that of the higher one."""
    ruling = CourtRuling.of(envelope.fact)
    is_older = petition.ruling is not None and ruling.ruled_on < petition.ruling.ruled_on
    return petition if is_older else replace(petition, ruling=ruling)


def _evolve_check_requested(petition: Petition, _: EventEnvelope[e.ResponsibilityCheckRequested]) -> Petition:
    return replace(petition, is_check_requested=True)


def _evolve_reopened(petition: Petition, envelope: EventEnvelope[e.PetitionReopened]) -> Petition:
    return replace(begin_round(petition), taken_up_on=envelope.fact.occurred_on)


def _evolve_alert_raised(petition: Petition, envelope: EventEnvelope[e.AlertRaised]) -> Petition:
    key = step_key_of(envelope.fact)
    return replace(
        petition,
        alerts={**petition.alerts, key: False},
        alert_days={**petition.alert_days, key: envelope.fact.occurred_on},
    )


def _evolve_alert_acknowledged(petition: Petition, envelope: EventEnvelope[e.AlertAcknowledged]) -> Petition:
    """Mark the step, and all steps that were raised before it for the same date, as acknowledged."""
    return replace(
        petition,
        alerts=acknowledge_steps(petition.alerts, step_key_of(envelope.fact)),
    )


_NO_ACTIONS = frozenset({e.AlertRaised, e.AlertAcknowledged, e.ReminderProposed})
"""Events that are no action: they forbid no later day of receipt, and a reader need not reload for them."""

EARLY_EVOLVERS: Mapping[type[e.Fact], Callable[[Petition, EventEnvelope[Any]], Petition]] = {
    e.PetitionClassified: _evolve_classified,
}
"""Evolvers that read the status before the event."""

# An event without an evolver changes the status alone, or nothing that a decision reads.
EVOLVERS: Mapping[type[e.Fact], Callable[[Petition, EventEnvelope[Any]], Petition]] = {
    e.PetitionAccepted: _evolve_accepted,
    e.PetitionAssigned: _evolve_assigned,
    e.PetitionTransferred: _evolve_transferred,
    e.PetitionMarkedDuplicate: _evolve_marked_duplicate,
    e.PetitionUnmarkedDuplicate: _evolve_unmarked_duplicate,
    e.DuplicateLinked: _evolve_duplicate_linked,
    e.DuplicateUnlinked: _evolve_duplicate_unlinked,
    e.ResponsibilitySucceeded: _evolve_responsibility_succeeded,
    e.PetitionPreparedForMeeting: _evolve_prepared_for_meeting,
    e.AnsweredAtMeeting: _evolve_answered_at_meeting,
    e.AnsweredInWriting: _evolve_answered_in_writing,
    e.CitizenNotified: _evolve_citizen_notified,
    e.ReminderIssued: _evolve_reminded,
    e.MandateRecorded: _evolve_mandate_recorded,
    e.ProxyRecorded: _evolve_proxy_recorded,
    e.SignatoryWithdrew: _evolve_signatory_withdrew,
    e.WithdrawalRequested: _evolve_withdrawal_requested,
    e.WithdrawalAccepted: _evolve_withdrawal_ended,
    e.WithdrawalOverridden: _evolve_withdrawal_ended,
    e.ProcessingTerminated: _evolve_withdrawal_ended,
    e.ExtensionRequested: _evolve_extension_requested,
    e.DeadlineExtended: _evolve_deadline_extended,
    e.ProcessingResumed: _evolve_resumed,
    e.ComplexityDetermined: _evolve_complexity_determined,
    e.TransferReplyReceived: _evolve_transfer_reply,
    e.CorrectionProposed: evolve_correction_proposed,
    e.RecordCorrected: evolve_corrected,
    **dict.fromkeys(e.WAY_OF, _evolve_gone_up),
    e.LawsuitFiled: _evolve_lawsuit_filed,
    e.CourtRulingRecorded: _evolve_court_ruling,
    e.ResponsibilityCheckRequested: _evolve_check_requested,
    e.PetitionReopened: _evolve_reopened,
    e.AlertRaised: _evolve_alert_raised,
    e.AlertAcknowledged: _evolve_alert_acknowledged,
}
