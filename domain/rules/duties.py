"""Decides which duties an act starts: one table says which act makes what due, from which day, and for whom.

`with_duties` is applied to all facts of a decision, so that no rule has to think of the duties that follow from it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from domain import events as e
from domain.character import Character, character_at_opening
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
    """Says that an act starts a duty of petitions of a `kind`, an `instance` and `channels`, or of any.

    `when` is a condition on the fact and the petition before it, which is None for an opening. Without a rule in force
    on that day there is no duty.
    """

    clock: Clock
    kind: PetitionKind | None = None
    when: Callable[[Any, Petition | None], bool] | None = None
    since: Since = Since.ACT
    subject: Callable[[Any], ClockSubject | UnsetType] = lambda _: UNSET
    channels: frozenset[Channel] | None = None
    instance: Instance | None = None


def with_duties(
    facts: Iterable[e.PetitionEvent], petition: Petition | None, context: DecisionContext
) -> list[e.PetitionEvent]:
    """Return the facts of a decision with the deadlines of the duties that they start. Raise CalendarRunsOut.

    `petition` is None for facts that open one.
    """
    found: list[e.PetitionEvent] = []
    for fact in facts:
        if found:
            petition = _after(petition, found[-1], context)
        found.append(_with_its_duties(fact, petition, context.law))
    return found


def _with_its_duties(fact: e.PetitionEvent, petition: Petition | None, law: Law) -> e.PetitionEvent:
    """Return the fact with the deadlines of the duties that it starts. Most facts start none."""
    started = duties_started_by(fact, petition, law)
    return replace(fact, deadlines=(*said(fact.deadlines, ()), *started)) if started else fact


def duties_started_by(fact: e.PetitionEvent, petition: Petition | None, law: Law) -> Sequence[Deadline]:
    """Return the deadlines of the duties that the fact starts, each by the rule in force on the day of the act.

    `petition` is the petition before the fact, None for an opening. A duty that counts from the receipt and runs
    already is not started again.
    """
    if (of_kinds := _STARTS_OF_KIND.get(type(fact))) is None:
        return ()
    after: Character | None = None
    started: list[Deadline] = []
    for start in of_kinds[_kind_after(fact, petition)]:
        if start.channels is not None and _channel_of(fact, petition) not in start.channels:
            continue
        if start.when is not None and not start.when(fact, petition):
            continue
        after = after or _character_after(fact, petition)
        if start.instance is not None and not after.is_at_instance(start.instance):
            continue
        subject = start.subject(fact)
        on = fact.occurred_on if start.since is Since.ACT else after.received_on
        if start.since is Since.RECEIPT and petition and ClockKey(start.clock, known(subject)) in petition.duties:
            continue
        row = limit_row_for(law, after, start.clock, on)
        if row is not None and row.limit is not None:
            started.append(start_duty(start.clock, subject, on, row, law.calendar))
    return started


def _opening(fact: e.PetitionEvent) -> e.PetitionOpening:
    if not isinstance(fact, e.PETITION_OPENINGS):
        raise ValueError(f"a petition does not begin with {type(fact).__name__}")
    return fact


def _kind_after(fact: e.PetitionEvent, petition: Petition | None) -> PetitionKind | None:
    """Return the kind of the petition after the fact: only openings and classifications change it."""
    if petition is None:
        return known(_opening(fact).kind)
    return fact.kind if isinstance(fact, e.PetitionClassified) else petition.kind


def _channel_of(fact: e.PetitionEvent, petition: Petition | None) -> Channel | None:
    """Return how the petition came, which its opening says."""
    return known(_opening(fact).channel) if petition is None else petition.opening.channel


def _character_after(fact: e.PetitionEvent, petition: Petition | None) -> Character:
    """Return the character of the petition after the fact: only openings and classifications change it."""
    if petition is None:
        return character_at_opening(_opening(fact))
    if isinstance(fact, e.PetitionClassified):
        return petition.character_as(fact.kind, said(fact.instance, petition.instance))
    return petition.character


def _after(petition: Petition | None, fact: e.PetitionEvent, context: DecisionContext) -> Petition:
    """Return the petition after the fact, as if it were recorded."""
    if petition is None:
        if context.petition_id is None:
            raise ValueError("a petition that is opened needs its id")
        return evolve(None, EventEnvelope(context.petition_id, 1, fact, context.by))
    return evolve(petition, EventEnvelope(petition.petition_id, petition.version + 1, fact, context.by))


# -- conditions


def _is_of_another_body(fact: e.PetitionClassified, before: Petition | None) -> bool:
    """Return True for a petition that must be transferred, which is done once for the same content."""
    is_own = fact.competence is UNSET or fact.competence is Competence.OWN
    return not is_own and before is not None and not before.was_transferred


def _is_to_party_head(fact: e.PetitionReceived, _: Petition | None) -> bool:
    return said(fact.to_party_head, False)


def _is_asked_by_citizen(fact: e.TransferReplyReceived, _: Petition | None) -> bool:
    return said(fact.citizen_asked, False)


def _ends_settlement(fact: e.WithdrawalAccepted, before: Petition | None) -> bool:
    """Return True for the withdrawal of a whole petition whose settlement a decision must terminate."""
    return fact.scope is WithdrawalScope.WHOLE and before is not None and before.stage in TAKEN_UP_STAGES


def _is_about_lateness(fact: e.FurtherDenunciationLodged, before: Petition | None) -> bool:
    """Return True for a further denunciation because nobody has settled in time, to a unit of ours (Art 38.2)."""
    return fact.to_unit is not UNSET and before is not None and before.status.settled_on is None


def _is_act(act: DutyAct) -> Callable[[e.DutyPerformed, Petition | None], bool]:
    return lambda fact, _: fact.act is act


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


_OF_PRESS_OR_BODY = REFERRAL_CHANNELS | {Channel.REFERRED_BY_PRESS}
"""What the press or another body passed on (Law on denunciations Art 26)."""
_OF_ELECTED_BODY = frozenset({Channel.REFERRED_BY_DEPUTY})
"""What an elected body passed on, or its deputy (Law 42/2013 Art 27.2)."""
_OF_FRONT = frozenset({Channel.REFERRED_BY_FRONT})
"""What the Front or its member passed on (Law on complaints Art 66.2)."""
_OF_COMPLAINT, _OF_DENUNCIATION = PetitionKind.COMPLAINT, PetitionKind.DENUNCIATION
_REFERRED = DutyStart(Clock.REFERRAL_REPLY, _OF_DENUNCIATION, since=Since.RECEIPT, channels=_OF_PRESS_OR_BODY)
_SENDING = DutyStart(Clock.SUSPENSION_SENDING, subject=_decision("decision_no"))

STARTS: Mapping[type[e.Fact], tuple[DutyStart, ...]] = {
    e.PetitionReceived: (
        DutyStart(Clock.PARTY_HEAD_NOTICE, when=_is_to_party_head, since=Since.RECEIPT),
        _REFERRED,
    ),
    e.MatterOpened: (_REFERRED,),
    e.StageOpened: (_REFERRED,),
    e.PetitionClassified: (
        _REFERRED,
        DutyStart(Clock.TRANSFER, _OF_DENUNCIATION, _is_of_another_body, Since.RECEIPT),
    ),
    # nobody had said before that another body is competent: the lateness of the transfer shows all the same
    e.PetitionTransferred: (DutyStart(Clock.TRANSFER, _OF_DENUNCIATION, since=Since.RECEIPT),),
    e.TransferReplyReceived: (DutyStart(Clock.RESULT_TO_CITIZEN, when=_is_asked_by_citizen),),
    e.PetitionAccepted: (DutyStart(Clock.ACCEPTANCE_NOTICE),),
    e.DocumentsRequested: (DutyStart(Clock.DOCUMENT_SUPPLY, _OF_COMPLAINT, subject=_unit("from_unit")),),
    e.ProcessingSuspended: (_SENDING,),
    e.ProcessingResumed: (DutyStart(Clock.SUSPENSION_SENDING, subject=_decision("document_no")),),
    e.ProcessingTerminated: (_SENDING,),
    e.WithdrawalAccepted: (_SENDING._replace(when=_ends_settlement),),
    e.AnsweredInWriting: (
        DutyStart(Clock.DECISION_SENDING, _OF_COMPLAINT),
        DutyStart(Clock.DECISION_PUBLICATION, _OF_COMPLAINT, instance=Instance.SECOND),
        DutyStart(Clock.FRONT_NOTICE, _OF_COMPLAINT, channels=_OF_FRONT),
        DutyStart(Clock.RESULT_TO_REFERRER, channels=_OF_ELECTED_BODY),
        DutyStart(Clock.CONCLUSION_SENDING, _OF_DENUNCIATION),
        DutyStart(Clock.CONCLUSION_ACTION, _OF_DENUNCIATION),
        DutyStart(Clock.CONCLUSION_PUBLICATION, _OF_DENUNCIATION),
    ),
    e.AnsweredAtMeeting: (DutyStart(Clock.RESULT_TO_REFERRER, channels=_OF_ELECTED_BODY),),
    e.ActionResultRecorded: (DutyStart(Clock.ACTION_REPORT, subject=_unit("unit")),),
    e.FurtherDenunciationLodged: (DutyStart(Clock.OVERDUE_DEMAND, when=_is_about_lateness, subject=_unit("to_unit")),),
    e.DutyPerformed: (DutyStart(Clock.OVERDUE_REPORT, when=_is_act(DutyAct.OVERDUE_REPORT_DEMANDED)),),
}
"""The duties that each act starts. An act that is not named starts none. Where no kind is named, the rules of law say
for which kinds of petitions there is such a duty.
"""

_STARTS_OF_KIND = {
    act: {kind: tuple(start for start in starts if start.kind in {None, kind}) for kind in (None, *PetitionKind)}
    for act, starts in STARTS.items()
}
"""The duties that each act starts of a petition that is of a kind after it."""
