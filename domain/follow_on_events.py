"""Decides which events a fact causes in other petitions.

A split opens a petition for each matter, an escalation one at the unit above; the first letter lists its duplicates.
"""

from dataclasses import dataclass

from domain.decision_context import DecisionContext
from domain.events import (
    DuplicateLinked,
    DuplicateUnlinked,
    PetitionEscalated,
    PetitionEvent,
    PetitionMarkedDuplicate,
    PetitionSplit,
    PetitionUnmarkedDuplicate,
)
from domain.petition import Petition
from domain.rules.intake import intake_deadlines
from domain.value import UNSET, as_said, known, replace
from domain.vocabulary import PetitionId, PetitionKind


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


def new_streams(petition: Petition, fact: PetitionEvent, context: DecisionContext) -> list[NewStream]:
    """Return the petitions that `fact` opens: the matters of a split letter, or the stage above."""
    match fact:
        case PetitionSplit():
            return [
                NewStream(
                    matter.petition_id,
                    (
                        replace(
                            petition.receipt,
                            summary=matter.summary,
                            kind=as_said(known(matter.kind) or petition.kind),
                            split_from=petition.petition_id,
                            identity_protected=petition.identity_protected or matter.kind is PetitionKind.DENUNCIATION,
                            # the letter came on its own day: a matter wins no time by the split
                            occurred_on=petition.received_on,
                            deadlines=as_said(
                                intake_deadlines(petition.received_on, known(matter.kind) or petition.kind, context.law)
                            ),
                            source=UNSET,
                        ),
                    ),
                    suffix=str(n),
                )
                for n, matter in enumerate(fact.matters, start=1)
            ]
        case PetitionEscalated() if fact.continued_as is not UNSET:
            return [NewStream(fact.continued_as, _stage_above(petition, fact, context))]
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


def _stage_above(petition: Petition, fact: PetitionEscalated, context: DecisionContext) -> tuple[PetitionEvent, ...]:
    """Return the receipt of the stage above: the higher unit has the petition from the first day."""
    receipt = replace(
        petition.receipt,
        occurred_on=fact.occurred_on,
        occurred_at=UNSET,
        kind=as_said(petition.kind),
        summary=petition.receipt.summary or fact.reason,
        document_no=fact.document_no,
        escalated_from=petition.petition_id,
        escalated_as=fact.kind,
        identity_protected=petition.identity_protected,
        unit=fact.to_unit,
        split_from=UNSET,
        meeting_id=UNSET,
        source=UNSET,
        deadlines=as_said(intake_deadlines(fact.occurred_on, petition.kind, context.law)),
    )
    return (receipt,)
