"""Keeps what later decisions read of a petition besides its status: one function for each event that says it."""

from collections.abc import Callable, Mapping
from typing import Any

from domain import events as e
from domain.alerts.keys import acknowledge_steps, step_key_of
from domain.correction_evolvers import CORRECTION_EVOLVERS
from domain.deadlines.deadline import Suspension
from domain.envelope import EventEnvelope
from domain.petition import PER_ROUND, CourtRuling, PendingRequest, Petition
from domain.sealed_text import plain_text
from domain.unsaid import CITIZEN_PRESENT_UNSAID
from domain.value import UNSET, known, replace, said
from domain.vocabulary import PetitionKind


def begin_round(petition: Petition) -> Petition:
    """Return the petition at the beginning of a round of handling: what happened in the last one is over."""
    anew = Petition(
        petition_id=petition.petition_id, version=petition.version, status=petition.status, opening=petition.opening
    )
    return replace(petition, **{name: getattr(anew, name) for name in PER_ROUND})


_DENUNCIATION = PetitionKind.DENUNCIATION  # a word of an enumeration is slow to name


def _evolve_classified(before: Petition, envelope: EventEnvelope[e.PetitionClassified]) -> Petition:
    """Keep the clocks as they ran: if the kind changes back, those that it ends run again."""
    fact = envelope.fact
    return replace(
        before,
        was_denunciation=before.was_denunciation or fact.kind is _DENUNCIATION,
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


def _evolve_reassigned(petition: Petition, envelope: EventEnvelope[e.PetitionReassigned]) -> Petition:
    """Let the body that gives the petition to another unit be the one that may answer beside it, as if it had assigned.

    A unit that hands on what it had itself was given the petition by the same body as its successor is.
    """
    by = envelope.by.unit
    return petition if by in (known(envelope.fact.from_unit), "") else replace(petition, assigned_by_unit=by)


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


EARLY_EVOLVERS: Mapping[type[e.Fact], Callable[[Petition, EventEnvelope[Any]], Petition]] = {
    e.PetitionClassified: _evolve_classified,
}
"""Evolvers that read the status before the event."""

# An event without an evolver changes the status alone, or nothing that a decision reads.
EVOLVERS: Mapping[type[e.Fact], Callable[[Petition, EventEnvelope[Any]], Petition]] = {
    e.PetitionAccepted: _evolve_accepted,
    e.PetitionAssigned: _evolve_assigned,
    e.PetitionReassigned: _evolve_reassigned,
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
    **CORRECTION_EVOLVERS,
    **dict.fromkeys(e.WAY_OF, _evolve_gone_up),
    e.LawsuitFiled: _evolve_lawsuit_filed,
    e.CourtRulingRecorded: _evolve_court_ruling,
    e.ResponsibilityCheckRequested: _evolve_check_requested,
    e.PetitionReopened: _evolve_reopened,
    e.AlertRaised: _evolve_alert_raised,
    e.AlertAcknowledged: _evolve_alert_acknowledged,
}
