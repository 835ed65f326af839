"""Decides which events a fact causes in other petitions.

A split opens a petition for each matter, and what goes up one at the unit above; the first letter lists its duplicates.
"""

from dataclasses import dataclass

from domain.commands import MatterOfLetter, PetitionCommand, SplitPetition
from domain.decision_context import DecisionContext
from domain.events import (
    WAY_OF,
    DuplicateLinked,
    DuplicateUnlinked,
    EarlierDecision,
    FurtherDenunciationLodged,
    Mandate,
    MatterOpened,
    PetitionEvent,
    PetitionMarkedDuplicate,
    PetitionSplit,
    PetitionUnmarkedDuplicate,
    Proxy,
    SecondComplaintLodged,
    SettlementTakenOver,
    StageOpened,
)
from domain.petition import Petition
from domain.rules.intake_clocks import intake_deadlines
from domain.value import UNSET, as_said, replace
from domain.vocabulary import INSTANCE_OF_WAY, PetitionId, UnitId

_GoneUp = SecondComplaintLodged | FurtherDenunciationLodged | SettlementTakenOver
"""The acts after which the matter goes on as a petition above."""


@dataclass(frozen=True, slots=True)
class NewStream:
    """Holds the first facts of a new petition, which are stored in one transaction with the fact that opened it.

    `suffix` is appended to the register number of the letter. Without a suffix the book gives a number.
    """

    petition_id: PetitionId
    facts: tuple[PetitionEvent, ...]
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class LinkedEvent:
    """Holds a fact for the history of another petition, stored in one transaction with the fact that caused it.

    `petition` is that other petition in the state that the decision read.
    """

    petition: Petition
    fact: PetitionEvent


OPENS_PETITIONS: frozenset[type[PetitionEvent]] = frozenset(
    {PetitionSplit, SecondComplaintLodged, FurtherDenunciationLodged, SettlementTakenOver}
)
"""The facts that may open petitions."""


def new_streams(
    petition: Petition, fact: PetitionEvent, command: PetitionCommand, context: DecisionContext
) -> list[NewStream]:
    """Return the petitions that `fact` opens: the matters of a split letter, or the stage above.

    What a matter says stands only in its own history, so it is taken from the command that led to the fact.
    """
    match fact:
        case PetitionSplit() if isinstance(command, SplitPetition):
            return [
                NewStream(matter_id, (_matter_of(petition, fact, matter, n, context),), suffix=str(n))
                for n, (matter_id, matter) in enumerate(zip(fact.matters, command.matters, strict=True), start=1)
            ]
        case SecondComplaintLodged() | FurtherDenunciationLodged() | SettlementTakenOver():
            if fact.continued_as is UNSET or fact.to_unit is UNSET:  # it went to a body outside the register
                return []
            return [NewStream(fact.continued_as, (_stage_above(petition, fact, fact.to_unit, context),))]
        case _:
            return []


def linked_events(petition: Petition, fact: PetitionEvent, context: DecisionContext) -> list[LinkedEvent]:
    """Return the facts that `fact` adds to the history of the first letter (`context.other`).

    Earlier programs recorded a link in the duplicate's history only. Undoing such a link adds nothing here.
    """
    first = context.other
    if first is None:
        return []
    reference = petition.reference or ""
    match fact:
        case PetitionMarkedDuplicate():
            linked = DuplicateLinked(
                occurred_on=fact.occurred_on,
                duplicate=petition.petition_id,
                received_on=petition.received_on,
                reference=as_said(reference),
            )
            return [LinkedEvent(first, linked)]
        case PetitionUnmarkedDuplicate() if petition.petition_id in first.duplicates:
            unlinked = DuplicateUnlinked(
                occurred_on=fact.occurred_on, duplicate=petition.petition_id, reference=as_said(reference)
            )
            return [LinkedEvent(first, unlinked)]
        case _:
            return []


def _matter_of(
    petition: Petition, split: PetitionSplit, matter: MatterOfLetter, number: int, context: DecisionContext
) -> MatterOpened:
    """Return the opening of a matter. Its clocks count from the receipt of the letter."""
    letter = petition.opening
    return MatterOpened(
        occurred_on=split.occurred_on,
        letter=petition.petition_id,
        number=number,
        received_on=petition.received_on,
        received_at=as_said(letter.received_at),
        channel=as_said(letter.channel),
        kind=as_said(matter.kind),
        summary=matter.summary,
        place=as_said(letter.place),
        person_count=as_said(_persons_who_stand(petition)),
        persons=as_said(petition.standing_persons),
        book=letter.book,
        meeting_id=as_said(letter.meeting_id),
        identity_protected=as_said(petition.identity_protected or None),
        is_remote_area=as_said(letter.is_remote_area),
        earlier=as_said(letter.earlier),
        way=as_said(letter.way),
        unit=as_said(letter.unit),
        instance=as_said(petition.instance),
        earlier_decision=as_said(petition.earlier_decision),
        mandate=as_said(_standing_mandate(petition)),
        proxies=as_said(_standing_proxies(petition)),
        deadlines=as_said(intake_deadlines(petition.received_on, matter.kind, context.law, petition.instance)),
    )


def _stage_above(petition: Petition, fact: _GoneUp, unit: UnitId, context: DecisionContext) -> StageOpened:
    """Return the opening of the stage above: the higher unit has the petition from the first day.

    A new letter says for itself what it says, and asks for another instance. Where the superior settles, the letter
    below is the one that goes on, at the instance that it had.
    """
    below, way = petition.opening, WAY_OF[type(fact)]
    instance = INSTANCE_OF_WAY.get(way, petition.instance)
    earlier_decision = petition.earlier_decision if isinstance(fact, SettlementTakenOver) else _decision_on(petition)
    return StageOpened(
        occurred_on=fact.occurred_on,
        earlier=petition.petition_id,
        way=way,
        unit=unit,
        channel=as_said(below.channel) if isinstance(fact, SettlementTakenOver) else fact.channel,
        kind=as_said(petition.kind),
        summary=as_said(below.summary) if isinstance(fact, SettlementTakenOver) else fact.summary,
        place=as_said(below.place),
        person_count=as_said(_persons_who_stand(petition)),
        persons=as_said(petition.standing_persons),
        book=below.book,
        document_no=fact.document_no,
        identity_protected=as_said(petition.identity_protected or None),
        is_remote_area=as_said(below.is_remote_area),
        instance=as_said(instance),
        earlier_decision=as_said(earlier_decision),
        mandate=as_said(_standing_mandate(petition)) if isinstance(fact, SettlementTakenOver) else UNSET,
        proxies=as_said(_standing_proxies(petition)) if isinstance(fact, SettlementTakenOver) else UNSET,
        deadlines=as_said(intake_deadlines(fact.occurred_on, petition.kind, context.law, instance)),
    )


def _decision_on(petition: Petition) -> EarlierDecision | None:
    """Return the answer that the citizen goes on against; None where the limit passed without one.

    The day on which the citizen received it is unsaid where nobody recorded it: the window of Art 33 of the Law on
    complaints could then not be shown to have passed.
    """
    if petition.answered_on is None:
        return None
    return EarlierDecision(decided_on=petition.answered_on, received_on=as_said(petition.told_on))


def _persons_who_stand(petition: Petition) -> int | None:
    """Return the number of persons as it was said, or how many are left of them; None where nothing was said."""
    return petition.standing_count if petition.withdrawn else petition.opening.person_count


def _standing_mandate(petition: Petition) -> Mandate | None:
    """Return the mandate, with the representatives who have not withdrawn."""
    mandate = petition.mandate
    return None if mandate is None else replace(mandate, representatives=petition.representatives)


def _standing_proxies(petition: Petition) -> tuple[Proxy, ...]:
    """Return the proxies of those who have not withdrawn."""
    return tuple(proxy for proxy in petition.proxies if proxy.principal not in petition.withdrawn)
