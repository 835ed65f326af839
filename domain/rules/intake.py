"""Decides intake: from the receipt of a petition to its acceptance."""

from collections.abc import Sequence
from uuid import uuid5

from domain.commands import (
    AcceptPetition,
    AcknowledgeReceipt,
    CancelRegistration,
    ClassifyPetition,
    ReceivePetition,
    RecordSupplement,
    RefuseAcceptance,
    RequestSupplement,
    SplitPetition,
)
from domain.deadlines.clock import Clock
from domain.decision_context import DecisionContext
from domain.endings.table import name_of_ending
from domain.endings.words import Ground, PetitionEnding
from domain.errors import Refused
from domain.events import (
    AcceptanceRefused,
    Person,
    PetitionAccepted,
    PetitionClassified,
    PetitionEvent,
    PetitionReceived,
    PetitionSplit,
    ReceiptAcknowledged,
    RegistrationCancelled,
    SupplementReceived,
    SupplementRequested,
)
from domain.meetings.meeting import require_open_for_petitions
from domain.petition import Petition
from domain.petitioner import Petitioner
from domain.refusals.endings import EndingRefusal
from domain.refusals.intake import IntakeRefusal
from domain.rules.dating_back import while_nothing_is_overdue
from domain.rules.earlier_decisions import earlier_decision_of, require_possible_instance
from domain.rules.endings import ends_by, ground_of, without_duplicates
from domain.rules.intake_clocks import intake_deadlines
from domain.rules.limits import deadline_for
from domain.rules.petition_rule import at_stages, open_when, while_open
from domain.rules.reclassifying import reclassified_deadlines
from domain.rules.representation import require_lawful_number, require_representation, require_represented
from domain.unsaid import count_persons
from domain.value import UnsetType, as_said
from domain.vocabulary import INTAKE_STAGES, GroundCode, Instance, PersonCapacity, PetitionerRef, PetitionId, Stage

_RECEIVED = Stage.RECEIVED  # a word of an enumeration is slow to name


def receive_new_petition(command: ReceivePetition, context: DecisionContext) -> list[PetitionEvent]:
    """Open a petition. The limits of intake start on the day of receipt, not on the day of entry.

    Raise ValueError when the context has no id for the new petition.
    """
    petition_id = context.petition_id
    if petition_id is None:
        raise ValueError("a receipt needs the id of the petition it opens")
    _require_lawful_representatives(command)
    require_possible_instance(command.kind, command.instance, command.earlier_decision, received_on=command.occurred_on)
    if command.meeting_id is not None:
        require_open_for_petitions(context.meeting, command.occurred_on)
    return [
        PetitionReceived(
            occurred_on=command.occurred_on,
            channel=command.channel,
            kind=as_said(command.kind),
            summary=as_said(command.summary),
            place=as_said(command.place),
            person_count=as_said(command.person_count),
            persons=as_said(_persons_of(petition_id, command.petitioners)),
            book=command.book,
            document_no=as_said(command.document_no),
            meeting_id=as_said(command.meeting_id),
            has_original_papers=as_said(command.has_original_papers),
            identity_protected=as_said(command.identity_protected),
            is_remote_area=as_said(command.is_remote_area),
            to_party_head=as_said(command.to_party_head),
            instance=as_said(command.instance),
            earlier_decision=as_said(earlier_decision_of(command.earlier_decision)),
            deadlines=as_said(intake_deadlines(command.occurred_on, command.kind, context.law, command.instance)),
        )
    ]


def petitioner_references(petition_id: PetitionId, count: int, *, after: int = 0) -> tuple[PetitionerRef, ...]:
    """Return ids for persons who follow the first `after` ones, derived from the random petition id: they link nobody
    across petitions.
    """
    return tuple(PetitionerRef(uuid5(petition_id, f"petitioner/{after + n}")) for n in range(1, count + 1))


def capacity_at_receipt(is_representative: bool) -> PersonCapacity:
    """Return the capacity of a person whom the receipt calls a representative, or not."""
    return PersonCapacity.REPRESENTATIVE if is_representative else PersonCapacity.PETITIONER


def _persons_of(petition_id: PetitionId, petitioners: Sequence[Petitioner]) -> tuple[Person, ...]:
    """Return references to the petitioners, in order. The digests follow when the service encrypts the identities."""
    if not petitioners:
        return ()
    return tuple(
        Person(
            ref=reference,
            capacity=capacity_at_receipt(petitioner.is_representative),
        )
        for reference, petitioner in zip(petitioner_references(petition_id, len(petitioners)), petitioners, strict=True)
    )


def _require_lawful_representatives(command: ReceivePetition) -> None:
    """Raise Refused for more representatives than the law allows so many persons."""
    if not command.petitioners:
        return
    chosen = sum(petitioner.is_representative for petitioner in command.petitioners)
    require_lawful_number(chosen, count_persons(command.person_count, len(command.petitioners)))


@ends_by(
    PetitionEnding.CANCELLATION,
    IntakeRefusal.CANNOT_CANCEL_REGISTRATION,
    without_duplicates(IntakeRefusal.CANNOT_CANCEL_WITH_DUPLICATES),
    while_nothing_is_overdue(IntakeRefusal.CANNOT_CANCEL_OVERDUE),
)
def cancel_registration(command: CancelRegistration, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Cancel a register number that was given by mistake."""
    return [RegistrationCancelled(occurred_on=command.occurred_on, reason=command.reason)]


@ends_by(PetitionEnding.SPLIT, IntakeRefusal.CANNOT_SPLIT)
def split_petition(command: SplitPetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Split a letter. The ids of its matters are derived from the id of the letter."""
    matters = tuple(PetitionId(uuid5(petition.petition_id, f"matter/{n}")) for n in range(1, len(command.matters) + 1))
    return [PetitionSplit(occurred_on=command.occurred_on, matters=matters)]


@open_when(while_open(IntakeRefusal.CANNOT_CLASSIFY))
def classify_petition(command: ClassifyPetition, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Classify the petition, or change its classification.

    A new kind or instance brings its limits, counted from the day on which they should have started. What is accepted
    already becomes no complaint or denunciation of many persons who are not represented: that would be an acceptance.
    """
    if command.is_eligible is not False and command.failed_conditions:
        raise Refused(IntakeRefusal.ELIGIBLE_WITH_FAILED_CONDITIONS)
    if command.is_eligible is False and not command.failed_conditions:
        raise Refused(IntakeRefusal.INELIGIBLE_WITHOUT_CONDITIONS)
    stage = petition.stage
    if stage is not _RECEIVED and not command.reason:
        raise Refused(IntakeRefusal.CLASSIFICATION_NEEDS_REASON)
    if stage not in INTAKE_STAGES and command.kind is not petition.kind:
        require_representation(petition, command.kind)
    require_possible_instance(
        command.kind, command.instance, command.earlier_decision, received_on=petition.received_on
    )
    deadlines = reclassified_deadlines(petition, command.kind, command.instance, command.occurred_on, context.law)
    return [
        PetitionClassified(
            occurred_on=command.occurred_on,
            kind=command.kind,
            is_eligible=as_said(command.is_eligible),
            failed_conditions=as_said(command.failed_conditions),
            competence=as_said(command.competence),
            topic=as_said(command.topic),
            is_level_skipping=as_said(command.is_level_skipping),
            reason=as_said(command.reason),
            instance=as_said(command.instance),
            earlier_decision=as_said(earlier_decision_of(command.earlier_decision)),
            deadlines=as_said(deadlines),
        )
    ]


@open_when(while_open(IntakeRefusal.CANNOT_ACKNOWLEDGE))
def acknowledge_receipt(command: AcknowledgeReceipt, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Acknowledge the receipt. This is no answer, so no clock stops."""
    return [
        ReceiptAcknowledged(
            occurred_on=command.occurred_on, document_no=as_said(command.document_no), how=as_said(command.how)
        )
    ]


@open_when(at_stages(INTAKE_STAGES, IntakeRefusal.CANNOT_ASK_FOR_SUPPLEMENT))
def request_supplement(command: RequestSupplement, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Ask the citizen for missing documents. The day asked for is not before the request."""
    if command.asked_for_on is not None and command.asked_for_on < command.occurred_on:
        raise Refused(IntakeRefusal.SUPPLEMENT_BEFORE_REQUEST)
    return [
        SupplementRequested(
            occurred_on=command.occurred_on, wanted=command.wanted, asked_for_on=as_said(command.asked_for_on)
        )
    ]


@open_when(while_open(IntakeRefusal.CANNOT_SUPPLEMENT))
def record_supplement(command: RecordSupplement, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Record what the citizen sent in addition."""
    return [SupplementReceived(occurred_on=command.occurred_on, summary=command.summary)]


@open_when(at_stages({Stage.CLASSIFIED}, IntakeRefusal.CANNOT_ACCEPT), require_represented)
def accept_petition(command: AcceptPetition, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Accept the petition (thụ lý). The settlement limit starts on this day.

    Many persons are represented first. Source: Law on complaints Arts 28, 37; Law 25/2018 Art 30. Raise ValueError for
    a classified petition without kind.
    """
    if petition.kind is None:
        raise ValueError(f"{petition.petition_id} is classified without a kind")
    settlement = deadline_for(context.law, petition, Clock.SETTLEMENT, command.occurred_on)
    return [
        PetitionAccepted(
            occurred_on=command.occurred_on,
            document_no=command.document_no,
            deadlines=as_said(() if settlement is None else (settlement,)),
        )
    ]


@ends_by(PetitionEnding.REFUSAL_OF_ACCEPTANCE, IntakeRefusal.CANNOT_REFUSE_ACCEPTANCE)
def refuse_acceptance(command: RefuseAcceptance, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Refuse to accept the petition (không thụ lý), on a ground of the law where it lists them."""
    return [
        AcceptanceRefused(
            occurred_on=command.occurred_on,
            document_no=command.document_no,
            ground=command.ground,
            ground_code=_ground_of_refusal(command, petition),
        )
    ]


def _ground_of_refusal(command: RefuseAcceptance, petition: Petition) -> GroundCode | UnsetType:
    """Return the ground of the law on which acceptance is refused.

    A further denunciation has one ground, after the review: there is none to settle it again (Law 25/2018 Art 37).
    """
    ending = PetitionEnding.REFUSAL_OF_ACCEPTANCE
    if not petition.character.is_at_instance(Instance.FURTHER):
        return ground_of(ending, command.ground_code, petition)
    ground = Ground.NO_GROUND_TO_SETTLE_AGAIN
    if command.ground_code not in (None, ground):
        name = name_of_ending(ending, petition.kind)
        raise Refused(EndingRefusal.NEEDS_A_GROUND_OF_THE_LAW, ending=name, grounds=(ground,))
    return GroundCode(ground.value)
