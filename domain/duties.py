"""Follows the duties of a petition: what an act makes due beside the answer, until the act that fulfils it.

A fact starts a duty by a deadline whose clock is one (`Clock.is_duty`). Who owes it is the unit that the deadline's
subject or the fact names, else the unit that has the petition. A duty is not suspended with the petition and does not
end with it, unless it serves the answer alone. The table `FULFILS` says which fact fulfils what; a duty that ends in
another way is no longer owed, and its lateness until then stays.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain import events as e
from domain.deadlines.clock import Clock, ClockKey, ClockSubject, SubjectKind
from domain.deadlines.deadline import Deadline
from domain.status import Duty, Status
from domain.value import UNSET, known, replace, said
from domain.vocabulary import Competence, DutyAct, MeetingId, PetitionKind, PromiseState, Recipient, Stage, UnitId


def unit_key(clock: Clock, unit: str) -> ClockKey:
    """Return the key of what one of several units owes."""
    return ClockKey(clock, ClockSubject(kind=SubjectKind.UNIT, reference=unit))


def promise_key(number: int) -> ClockKey:
    """Return the key of the promise with that number."""
    return ClockKey(Clock.PROMISE, ClockSubject(kind=SubjectKind.PROMISE, reference=str(number)))


def preparation_key(meeting_id: MeetingId) -> ClockKey:
    """Return the key of the answer that a unit prepares for the meeting."""
    return ClockKey(Clock.PREPARATION, ClockSubject(kind=SubjectKind.MEETING, reference=str(meeting_id)))


SERVE_THE_ANSWER = frozenset({Clock.CONTRIBUTION, Clock.PREPARATION})
"""The duties that end with the petition, since nobody needs them any more."""

FOLLOW_THE_ANSWER = frozenset(
    {
        Clock.DECISION_SENDING,
        Clock.DECISION_PUBLICATION,
        Clock.FRONT_NOTICE,
        Clock.RESULT_TO_REFERRER,
        Clock.CONCLUSION_SENDING,
        Clock.CONCLUSION_PUBLICATION,
        Clock.CONCLUSION_ACTION,
        Clock.ACTION_REPORT,
    }
)
"""The duties that end when the petition is settled anew: another answer will start them again."""

FOLLOW_THE_RECEIPT = frozenset({Clock.TRANSFER, Clock.REFERRAL_REPLY, Clock.PARTY_HEAD_NOTICE})
"""The duties that count from the day of receipt."""

ONLY_OF_KIND: Mapping[Clock, PetitionKind] = {
    Clock.TRANSFER: PetitionKind.DENUNCIATION,
    Clock.REFERRAL_REPLY: PetitionKind.DENUNCIATION,
    Clock.ACCEPTANCE_NOTICE: PetitionKind.DENUNCIATION,
    Clock.DOCUMENT_SUPPLY: PetitionKind.COMPLAINT,
}
"""The duties that end when the petition is found to be of another kind."""

CLOCKS_OF_ACT: Mapping[DutyAct, tuple[Clock, ...]] = {
    DutyAct.PARTY_HEAD_NOTICE_SENT: (Clock.PARTY_HEAD_NOTICE,),
    DutyAct.REFERRER_ANSWERED: (Clock.REFERRAL_REPLY, Clock.RESULT_TO_REFERRER, Clock.FRONT_NOTICE),
    DutyAct.ACCEPTANCE_NOTICE_SENT: (Clock.ACCEPTANCE_NOTICE,),
    DutyAct.DOCUMENTS_SUPPLIED: (Clock.DOCUMENT_SUPPLY,),
    DutyAct.SUSPENSION_DECISION_SENT: (Clock.SUSPENSION_SENDING,),
    DutyAct.DECISION_SENT: (Clock.DECISION_SENDING,),
    DutyAct.DECISION_PUBLISHED: (Clock.DECISION_PUBLICATION,),
    DutyAct.CONCLUSION_SENT: (Clock.CONCLUSION_SENDING,),
    DutyAct.CONCLUSION_PUBLISHED: (Clock.CONCLUSION_PUBLICATION,),
    DutyAct.CONCLUSION_ACTED_ON: (Clock.CONCLUSION_ACTION,),
    DutyAct.ACTION_REPORTED: (Clock.ACTION_REPORT,),
    DutyAct.OVERDUE_REPORT_DEMANDED: (Clock.OVERDUE_DEMAND,),
    DutyAct.OVERDUE_REPORTED: (Clock.OVERDUE_REPORT,),
}
"""The clocks that each act stops."""

CLOCKS_OF_FACT: Mapping[type[e.Fact], tuple[Clock, ...]] = {
    e.CitizenNotified: (Clock.DECISION_SENDING, Clock.CONCLUSION_SENDING, Clock.RESULT_TO_CITIZEN),
    e.PetitionTransferred: (Clock.TRANSFER,),
    e.CitizenGuided: (Clock.TRANSFER,),
    e.PetitionReturned: (Clock.TRANSFER, Clock.REFERRAL_REPLY),
}
"""The clocks that facts with a name of their own stop, for duties of the whole petition."""

_TO_PETITIONER = frozenset({Recipient.PETITIONER})
_TO_BOTH = frozenset({Recipient.PETITIONER, Recipient.RESPONDENT})

OWED_TO: Mapping[tuple[Clock, PetitionKind], frozenset[Recipient]] = {
    (Clock.ACCEPTANCE_NOTICE, PetitionKind.DENUNCIATION): _TO_BOTH,  # Law on denunciations Art 29.3
    (Clock.SUSPENSION_SENDING, PetitionKind.DENUNCIATION): _TO_BOTH,  # Art 34.4
    (Clock.CONCLUSION_SENDING, PetitionKind.DENUNCIATION): _TO_BOTH,  # Art 35.3
    (Clock.SUSPENSION_SENDING, PetitionKind.COMPLAINT): _TO_PETITIONER,  # Decree 124/2020 Art 28b
    (Clock.DECISION_SENDING, PetitionKind.COMPLAINT): _TO_PETITIONER,  # Law on complaints Arts 32, 41
}
"""To whom something must have been sent before the duty is fulfilled. Who is not named may get it too."""


def _fulfilled_by_act(fact: e.DutyPerformed) -> Iterable[ClockKey]:
    return [ClockKey(clock, known(fact.subject)) for clock in CLOCKS_OF_ACT[fact.act]]


def _fulfilled_by_fact(fact: e.Fact) -> Iterable[ClockKey]:
    return [ClockKey(clock) for clock in CLOCKS_OF_FACT[type(fact)]]


FULFILS: Mapping[type[e.Fact], Callable[[Any], Iterable[ClockKey]]] = {
    e.DutyPerformed: _fulfilled_by_act,
    **dict.fromkeys(CLOCKS_OF_FACT, _fulfilled_by_fact),
    e.ContributionDelivered: lambda fact: (unit_key(Clock.CONTRIBUTION, fact.unit),),
    e.PromiseReported: lambda fact: (promise_key(fact.number),) if fact.state is PromiseState.KEPT else (),
    e.PetitionPreparedForMeeting: lambda fact: (
        () if fact.proposed_answer is UNSET else (preparation_key(fact.meeting_id),)
    ),
}
"""Returns for each fact that fulfils duties the keys of these. A duty that does not run is passed over."""

REACHES: Mapping[type[e.Fact], Callable[[Any], frozenset[Recipient]]] = {
    e.DutyPerformed: lambda fact: frozenset(said(fact.sent_to, ())),
    e.CitizenNotified: lambda _: _TO_PETITIONER,
}
"""Returns for a fact that sends something those whom it reached."""

ENDS_EVERY_DUTY = frozenset[type[e.Fact]]({e.RegistrationCancelled, e.ImportWithdrawn, e.PetitionSplit})
"""The facts after which nothing is owed: there was no petition, or each matter is one with duties of its own."""


def follow_duties(before: Status, after: Status, fact: e.PetitionEvent) -> Status:
    """Return the status after the fact with the duties that are owed then.

    `before` is the status before the fact, `after` the one after it with the duties of before.
    """
    started = () if fact.deadlines is UNSET else [one for one in fact.deadlines if one.clock.is_duty]
    if not started and not before.duties:
        return after
    duties = {**before.duties, **{d.key: _duty_of(d, before, after, fact) for d in started}}
    for key in _fulfilled(fact):
        if key in duties and (left := _left_to_send(duties.pop(key), fact)) is not None:
            duties[key] = left
    for key in _no_longer_owed(duties, before, after, fact):
        duties.pop(key)
    begun = {deadline.key for deadline in started}  # by the units that owe them after the fact
    duties = {key: duty if key in begun else _handed_over(duty, before, after, fact) for key, duty in duties.items()}
    if before.coordinating != after.coordinating:
        duties = {key: duty for key, duty in duties.items() if not _is_of_former_coordinator(key, duty, after)}
    return after if duties == before.duties else replace(after, duties=duties)


def starts_again(fact: e.PetitionEvent) -> bool:
    """Return True for a fact whose deadlines of duties are new ones, False where it counts running ones again."""
    return not isinstance(fact, e.RecordCorrected | e.DeadlineRecalculated)


def _fulfilled(fact: e.PetitionEvent) -> Iterable[ClockKey]:
    fulfilled = FULFILS.get(type(fact))
    return () if fulfilled is None else fulfilled(fact)


def _left_to_send(duty: Duty, fact: e.PetitionEvent) -> Duty | None:
    """Return the duty towards those whom the fact did not reach; None where nobody is left."""
    reached = REACHES.get(type(fact))
    left = duty.owed_to - (duty.owed_to if reached is None else reached(fact))
    return replace(duty, owed_to=left) if left else None


def _no_longer_owed(
    duties: Mapping[ClockKey, Duty], before: Status, after: Status, fact: e.PetitionEvent
) -> list[ClockKey]:
    """Return the keys of the duties that nobody owes after the fact, although nobody fulfilled them."""
    if type(fact) in ENDS_EVERY_DUTY:
        return list(duties)
    ended: frozenset[Clock] = frozenset()
    if before.settled_on is None and after.settled_on is not None:
        ended |= SERVE_THE_ANSWER
    if before.round != after.round:
        ended |= FOLLOW_THE_ANSWER
    if not _may_be_transferred(after, fact):
        ended |= {Clock.TRANSFER}
    lifted = ClockKey(fact.clock, known(fact.subject)) if isinstance(fact, e.DutyLifted) else None
    return [
        key
        for key in duties
        if key.clock in ended or key == lifted or ONLY_OF_KIND.get(key.clock, after.kind) is not after.kind
    ]


def _may_be_transferred(after: Status, fact: e.PetitionEvent) -> bool:
    """Return False once the petition is taken up, ended, or found to be of the authority's own competence."""
    is_own = isinstance(fact, e.PetitionClassified) and fact.competence is Competence.OWN
    return after.stage in {Stage.RECEIVED, Stage.CLASSIFIED} and not is_own


def _duty_of(deadline: Deadline, before: Status, after: Status, fact: e.PetitionEvent) -> Duty:
    """Return the duty of a deadline: a new one, or the one that runs, counted again."""
    present = before.duties.get(deadline.key)
    if present is not None and not starts_again(fact):
        return replace(present, due_on=deadline.due_on)
    return Duty(
        unit=_unit_owing(deadline, fact, after),
        due_on=deadline.due_on,
        round=after.round,
        owed_to=frozenset() if after.kind is None else OWED_TO.get((deadline.clock, after.kind), frozenset()),
    )


def _is_of_former_coordinator(key: ClockKey, duty: Duty, after: Status) -> bool:
    """Return True for the part of a unit that does not coordinate any more: nobody waits for it."""
    return key.clock is Clock.CONTRIBUTION and duty.unit not in after.coordinating


def _handed_over(duty: Duty, before: Status, after: Status, fact: e.PetitionEvent) -> Duty:
    """Return the duty with the unit that owes it after the fact.

    A duty of the unit that has the petition goes with the petition; the duties of a unit that was succeeded go to its
    successor.
    """
    if isinstance(fact, e.ResponsibilitySucceeded | e.CoordinatorSucceeded | e.DutySucceeded):
        return replace(duty, unit=fact.to_unit) if duty.unit == fact.from_unit else duty
    return replace(duty, unit=after.unit) if duty.unit == before.unit != after.unit else duty


def _unit_owing(deadline: Deadline, fact: e.PetitionEvent, after: Status) -> UnitId:
    """Return the unit that owes what the deadline is for."""
    if deadline.subject is not UNSET and deadline.subject.kind is SubjectKind.UNIT:
        return UnitId(deadline.subject.reference)
    if isinstance(fact, e.PetitionPreparedForMeeting):
        return said(fact.prepared_by_unit, after.unit)
    return after.unit
