"""Decides which duties an act starts: one table says which act makes what due, from which day, and for whom.

`with_duties` is applied to all facts of a decision, so that no rule has to think of the duties that follow from it.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, NamedTuple

from domain import events as e
from domain.deadlines.clock import Clock, ClockKey, ClockSubject, SubjectKind
from domain.deadlines.deadline import Deadline, start_duty
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.evolve import evolve
from domain.petition import Petition
from domain.rules.limits import limit_row_for
from domain.value import UNSET, UnsetType, known, replace, said
from domain.vocabulary import (
    REFERRAL_CHANNELS,
    Channel,
    Competence,
    DutyAct,
    Instance,
    PetitionKind,
    Stage,
    WithdrawalScope,
)

TAKEN_UP_STAGES = frozenset({Stage.ACCEPTED, Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.SUSPENDED})
"""The stages in which a settlement goes on that a decision suspends or terminates."""


class Since(Enum):
    """Names the day from which the limit of a duty counts."""

    ACT = "act"
    RECEIPT = "receipt"


class DutyStart(NamedTuple):
    """Says that an act starts a duty, `when` a condition on the fact and the petition before and after it holds.

    Without a rule in force on that day there is no duty.
    """

    clock: Clock
    when: Callable[[Any, Petition, Petition], bool]
    since: Since = Since.ACT
    subject: Callable[[Any], ClockSubject | UnsetType] = lambda _: UNSET


def with_duties(
    facts: Iterable[e.PetitionEvent], petition: Petition | None, context: DecisionContext
) -> list[e.PetitionEvent]:
    """Return the facts of a decision with the deadlines of the duties that they start. Raise CalendarRunsOut.

    `petition` is None for facts that open one.
    """
    found: list[e.PetitionEvent] = []
    left = list(facts)
    while left:
        found.append(_with_its_duties(left.pop(0), petition, context))
        if left:
            petition = _after(petition, found[-1], context)
    return found


def _with_its_duties(fact: e.PetitionEvent, petition: Petition | None, context: DecisionContext) -> e.PetitionEvent:
    """Return the fact with the deadlines of the duties that it starts. Most facts start none and are not looked at."""
    if type(fact) not in STARTS:
        return fact
    after = petition if petition is not None and type(fact) not in SAYS_KIND else _after(petition, fact, context)
    started = duties_started_by(fact, petition or after, after, context.law)
    return replace(fact, deadlines=(*said(fact.deadlines, ()), *started)) if started else fact


def duties_started_by(fact: e.PetitionEvent, before: Petition, after: Petition, law: Law) -> tuple[Deadline, ...]:
    """Return the clocks of the duties that the fact starts, each by the rule in force on the day of the act.

    A duty that counts from the receipt and runs already is not started again.
    """
    found: list[Deadline] = []
    for start in STARTS.get(type(fact), ()):
        on = fact.occurred_on if start.since is Since.ACT else after.received_on
        subject = start.subject(fact)
        runs_already = start.since is Since.RECEIPT and ClockKey(start.clock, known(subject)) in before.duties
        if runs_already or not start.when(fact, before, after):
            continue
        row = limit_row_for(law, after, start.clock, on)
        if row is not None and row.limit is not None:
            found.append(start_duty(start.clock, subject, on, row, law.calendar))
    return tuple(found)


def _after(petition: Petition | None, fact: e.PetitionEvent, context: DecisionContext) -> Petition:
    """Return the petition after the fact, as if it were recorded."""
    if petition is None:
        if context.petition_id is None:
            raise ValueError("a petition that is opened needs its id")
        return evolve(None, EventEnvelope(context.petition_id, 1, fact, context.by))
    return evolve(petition, EventEnvelope(petition.petition_id, petition.version + 1, fact, context.by))


# -- conditions


def _is_complaint(_: e.Fact, __: Petition, after: Petition) -> bool:
    return after.kind is PetitionKind.COMPLAINT


def _is_denunciation(_: e.Fact, __: Petition, after: Petition) -> bool:
    return after.kind is PetitionKind.DENUNCIATION


def _is_second_complaint(_: e.Fact, __: Petition, after: Petition) -> bool:
    return after.is_at_instance(Instance.SECOND)


def _is_referred_denunciation(_: e.Fact, __: Petition, after: Petition) -> bool:
    """Return True for a denunciation that the press or another body passed on (Law on denunciations Art 26)."""
    channels = REFERRAL_CHANNELS | {Channel.REFERRED_BY_PRESS}
    return after.kind is PetitionKind.DENUNCIATION and after.opening.channel in channels


def _is_denunciation_of_another_body(fact: e.PetitionClassified, _: Petition, after: Petition) -> bool:
    """Return True for a denunciation that must be transferred, which is done once for the same content."""
    is_own = fact.competence is UNSET or fact.competence is Competence.OWN
    return fact.kind is PetitionKind.DENUNCIATION and not is_own and not after.was_transferred


def _is_to_party_head(fact: e.PetitionReceived, _: Petition, __: Petition) -> bool:
    return said(fact.to_party_head, False)


def _is_of_elected_body(_: e.Fact, __: Petition, after: Petition) -> bool:
    """Return True for what an elected body passed on, or its deputy (Law 42/2013 Art 27.2)."""
    return after.opening.channel is Channel.REFERRED_BY_DEPUTY


def _is_complaint_of_front(_: e.Fact, __: Petition, after: Petition) -> bool:
    """Return True for a complaint that the Front or its member passed on (Law on complaints Art 66.2)."""
    return after.kind is PetitionKind.COMPLAINT and after.opening.channel is Channel.REFERRED_BY_FRONT


def _is_asked_by_citizen(fact: e.TransferReplyReceived, _: Petition, __: Petition) -> bool:
    return said(fact.citizen_asked, False)


def _ends_settlement(fact: e.WithdrawalAccepted, before: Petition, _: Petition) -> bool:
    """Return True for the withdrawal of a whole petition whose settlement a decision must terminate."""
    return fact.scope is WithdrawalScope.WHOLE and before.stage in TAKEN_UP_STAGES


def _always(_: e.Fact, __: Petition, ___: Petition) -> bool:
    """Return True: the rules of law say for which kinds of petitions there is such a duty."""
    return True


def _is_about_lateness(fact: e.FurtherDenunciationLodged, before: Petition, _: Petition) -> bool:
    """Return True for a further denunciation because nobody has settled in time, to a unit of ours (Art 38.2)."""
    return fact.to_unit is not UNSET and before.status.settled_on is None


def _is_act(act: DutyAct) -> Callable[[e.DutyPerformed, Petition, Petition], bool]:
    return lambda fact, _, __: fact.act is act


# -- subjects


def _unit(field: str) -> Callable[[Any], ClockSubject]:
    """Return the function that reads from a fact the unit that owes the duty."""
    return lambda fact: ClockSubject(kind=SubjectKind.UNIT, reference=getattr(fact, field))


def _decision(field: str) -> Callable[[Any], ClockSubject | UnsetType]:
    """Return the function that reads from a fact the number of the decision that is to be sent, if it has one."""

    def read(fact: Any) -> ClockSubject | UnsetType:
        number = getattr(fact, field)
        return UNSET if number is UNSET else ClockSubject(kind=SubjectKind.DECISION, reference=number)

    return read


_REFERRED = DutyStart(Clock.REFERRAL_REPLY, _is_referred_denunciation, Since.RECEIPT)

SAYS_KIND = frozenset[type[e.Fact]]({*e.PETITION_OPENINGS, e.PetitionClassified})
"""The facts that say of what kind and instance a petition is, and how it came: the conditions read nothing else of the
petition after the fact.
"""

STARTS: Mapping[type[e.Fact], tuple[DutyStart, ...]] = {
    e.PetitionReceived: (DutyStart(Clock.PARTY_HEAD_NOTICE, _is_to_party_head, Since.RECEIPT), _REFERRED),
    e.MatterOpened: (_REFERRED,),
    e.StageOpened: (_REFERRED,),
    e.PetitionClassified: (
        _REFERRED,
        DutyStart(Clock.TRANSFER, _is_denunciation_of_another_body, Since.RECEIPT),
    ),
    # nobody had said before that another body is competent: the lateness of the transfer shows all the same
    e.PetitionTransferred: (DutyStart(Clock.TRANSFER, _is_denunciation, Since.RECEIPT),),
    e.TransferReplyReceived: (DutyStart(Clock.RESULT_TO_CITIZEN, _is_asked_by_citizen),),
    e.PetitionAccepted: (DutyStart(Clock.ACCEPTANCE_NOTICE, _always),),
    e.DocumentsRequested: (DutyStart(Clock.DOCUMENT_SUPPLY, _is_complaint, subject=_unit("from_unit")),),
    e.ProcessingSuspended: (DutyStart(Clock.SUSPENSION_SENDING, _always, subject=_decision("decision_no")),),
    e.ProcessingResumed: (DutyStart(Clock.SUSPENSION_SENDING, _always, subject=_decision("document_no")),),
    e.ProcessingTerminated: (DutyStart(Clock.SUSPENSION_SENDING, _always, subject=_decision("decision_no")),),
    e.WithdrawalAccepted: (DutyStart(Clock.SUSPENSION_SENDING, _ends_settlement, subject=_decision("decision_no")),),
    e.AnsweredInWriting: (
        DutyStart(Clock.DECISION_SENDING, _is_complaint),
        DutyStart(Clock.DECISION_PUBLICATION, _is_second_complaint),
        DutyStart(Clock.FRONT_NOTICE, _is_complaint_of_front),
        DutyStart(Clock.RESULT_TO_REFERRER, _is_of_elected_body),
        DutyStart(Clock.CONCLUSION_SENDING, _is_denunciation),
        DutyStart(Clock.CONCLUSION_ACTION, _is_denunciation),
        DutyStart(Clock.CONCLUSION_PUBLICATION, _is_denunciation),
    ),
    e.AnsweredAtMeeting: (DutyStart(Clock.RESULT_TO_REFERRER, _is_of_elected_body),),
    e.ActionResultRecorded: (DutyStart(Clock.ACTION_REPORT, _always, subject=_unit("unit")),),
    e.FurtherDenunciationLodged: (DutyStart(Clock.OVERDUE_DEMAND, _is_about_lateness, subject=_unit("to_unit")),),
    e.DutyPerformed: (DutyStart(Clock.OVERDUE_REPORT, _is_act(DutyAct.OVERDUE_REPORT_DEMANDED)),),
}
"""The duties that each act starts. An act that is not named starts none."""
