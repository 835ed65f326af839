"""What a fact leads to beside its own petition: matters of a letter, the stage above, what the first letter is told."""

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
from domain.rules.intake import clocks_of_intake
from domain.vocabulary import PetitionId, PetitionKind


@dataclass(frozen=True, slots=True)
class Opened:
    """The beginning of a history, to be stored in one unit with the fact that opened it.

    `suffix` continues the register number of the letter; without one the book gives a number.
    """

    petition_id: PetitionId
    facts: tuple[PetitionEvent, ...]
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What goes into the history of another petition, in one unit with the fact: `of` is as it was decided on."""

    of: Petition
    fact: PetitionEvent


def opened_by(petition: Petition, fact: PetitionEvent, circumstances: DecisionContext) -> list[Opened]:
    match fact:
        case PetitionSplit():
            return [
                Opened(
                    matter.petition_id,
                    (
                        petition.receipt.model_copy(
                            update={
                                "summary": matter.summary,
                                "kind": matter.kind or petition.kind,
                                "split_from": petition.petition_id,
                                "identity_protected": petition.identity_protected
                                or matter.kind is PetitionKind.DENUNCIATION,
                                # the letter came on its own day: a matter wins no time by the split
                                "occurred_on": petition.received_on,
                                "deadlines": clocks_of_intake(
                                    petition.received_on, matter.kind or petition.kind, circumstances.law
                                ),
                                "source": None,
                            }
                        ),
                    ),
                    suffix=str(n),
                )
                for n, matter in enumerate(fact.matters, start=1)
            ]
        case PetitionEscalated() if fact.continued_as is not None:
            return [Opened(fact.continued_as, _stage_above(petition, fact, circumstances))]
        case _:
            return []


def told_by(petition: Petition, fact: PetitionEvent, circumstances: DecisionContext) -> list[Told]:
    """The first letter is told of its duplicates; a link of earlier programs is in one history alone."""
    first = circumstances.other
    if first is None:
        return []
    reference = petition.reference or ""
    match fact:
        case PetitionMarkedDuplicate():
            linked = DuplicateLinked(
                occurred_on=fact.occurred_on,
                duplicate=petition.petition_id,
                received_on=petition.received_on,
                reference=reference,
            )
            return [Told(first, linked)]
        case PetitionUnmarkedDuplicate() if petition.petition_id in first.duplicates:
            unlinked = DuplicateUnlinked(
                occurred_on=fact.occurred_on, duplicate=petition.petition_id, reference=reference
            )
            return [Told(first, unlinked)]
        case _:
            return []


def _stage_above(
    petition: Petition, fact: PetitionEscalated, circumstances: DecisionContext
) -> tuple[PetitionEvent, ...]:
    """A fresh receipt at the higher unit, under which it stands from the first day."""
    receipt = petition.receipt.model_copy(
        update={
            "occurred_on": fact.occurred_on,
            "occurred_at": None,
            "kind": petition.kind,
            "summary": petition.receipt.summary or fact.reason,
            "document_no": fact.document_no,
            "escalated_from": petition.petition_id,
            "escalated_as": fact.kind,
            "identity_protected": petition.identity_protected,
            "unit": fact.to_unit,
            "split_from": None,
            "meeting_id": None,
            "source": None,
            "deadlines": clocks_of_intake(fact.occurred_on, petition.kind, circumstances.law),
        }
    )
    return (receipt,)
