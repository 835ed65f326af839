"""From the letter box to the decision that the matter is ours."""

from datetime import date
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
from domain.deadlines.deadline import Clock, Deadline
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import (
    AcceptanceRefused,
    Matter,
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
from domain.meetings.meeting import raised_for
from domain.petition import Petition
from domain.rules.duplicates import without_duplicates
from domain.rules.guards import only_from, only_open
from domain.rules.limits import limit_for
from domain.vocabulary import PetitionerRef, PetitionId, PetitionKind, Stage

MASS = 5
"""Đoàn đông người: so many persons on one content, a figure of its own."""

NEEDS_ACCEPTANCE = frozenset({PetitionKind.COMPLAINT, PetitionKind.DENUNCIATION})


def receive(command: ReceivePetition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """Opens a history. The limits of intake start on the day of receipt, not of entry."""
    petition_id = circumstances.petition_id
    if petition_id is None:
        raise ValueError("a receipt needs the id of the petition it opens")
    _representatives_are_lawful(command)
    if command.meeting_id is not None:
        raised_for(circumstances.meeting, command.occurred_on)
    references = petitioner_references(petition_id, len(command.petitioners))
    return [
        PetitionReceived(
            occurred_on=command.occurred_on,
            channel=command.channel,
            kind=command.kind,
            summary=command.summary,
            place=command.place,
            person_count=max(command.person_count, len(command.petitioners)),
            petitioners=references,
            representatives=tuple(
                reference
                for reference, petitioner in zip(references, command.petitioners, strict=True)
                if petitioner.is_representative
            ),
            book=command.book,
            document_no=command.document_no,
            meeting_id=command.meeting_id,
            has_original_papers=command.has_original_papers,
            # the denouncer is protected unless they lift it themselves (Law 25/2018 Arts 9, 47, 56)
            identity_protected=command.identity_protected or command.kind is PetitionKind.DENUNCIATION,
            is_remote_area=command.is_remote_area,
            deadlines=clocks_of_intake(command.occurred_on, command.kind, circumstances.law),
        )
    ]


def petitioner_references(petition_id: PetitionId, count: int) -> tuple[PetitionerRef, ...]:
    """Random as the petition's id is, and different in every petition: they link nobody across petitions."""
    return tuple(PetitionerRef(uuid5(petition_id, f"petitioner/{n}")) for n in range(1, count + 1))


def _representatives_are_lawful(command: ReceivePetition) -> None:
    """Law 42/2013 Art 29: up to 10 persons send one or two of them, more than 10 up to five."""
    chosen = sum(petitioner.is_representative for petitioner in command.petitioners)
    persons = max(command.person_count, len(command.petitioners))
    allowed = 2 if persons <= 10 else 5
    if chosen > allowed:
        raise Refused(f"{persons} petitioners may send at most {allowed} of them as representatives")


def clocks_of_intake(received_on: date, kind: PetitionKind | None, law: Law) -> tuple[Deadline, ...]:
    """The limits that run from the receipt until the petition is accepted or assigned."""
    clocks = [law.deadline(kind or PetitionKind.PROPOSAL_FEEDBACK, Clock.TRIAGE, received_on)]
    if kind in NEEDS_ACCEPTANCE:
        clocks.append(law.deadline(kind, Clock.ACCEPTANCE, received_on))
    return tuple(deadline for deadline in clocks if deadline is not None)


def cancel(command: CancelRegistration, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.RECEIVED}, "have its registration cancelled")
    without_duplicates(petition, "have its registration cancelled")
    return [RegistrationCancelled(occurred_on=command.occurred_on, reason=command.reason)]


def split(command: SplitPetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.RECEIVED, Stage.CLASSIFIED}, "be split")
    matters = tuple(
        Matter(
            petition_id=PetitionId(uuid5(petition.petition_id, f"matter/{n}")),
            summary=matter.summary,
            kind=matter.kind,
        )
        for n, matter in enumerate(command.matters, start=1)
    )
    return [PetitionSplit(occurred_on=command.occurred_on, matters=matters)]


def classify(command: ClassifyPetition, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """The first one, or a change of it: a new kind brings its limits from the day they should have run."""
    only_open(petition, "be classified")
    if command.is_eligible and command.failed_conditions:
        raise Refused("an eligible petition has no failed conditions")
    if not command.is_eligible and not command.failed_conditions:
        raise Refused("say which conditions an ineligible petition fails")
    is_first = petition.stage is Stage.RECEIVED
    if not is_first and not command.reason:
        raise Refused("a change of the classification needs its reason")
    clocks: list[Deadline | None] = []
    if command.kind in NEEDS_ACCEPTANCE and Clock.ACCEPTANCE not in petition.standing.clocks:
        before_acceptance = petition.stage in {Stage.RECEIVED, Stage.CLASSIFIED}
        clock = Clock.ACCEPTANCE if before_acceptance else Clock.SETTLEMENT
        present = petition.deadlines.get(clock)
        # a clock that has run out is not started anew: another kind does not undo the lateness
        if present is None or (command.kind is not petition.kind and present.due_on >= command.occurred_on):
            on = petition.received_on if present is None else present.started_on
            clocks.append(limit_for(circumstances.law, petition, clock, on, kind=command.kind))
    return [
        PetitionClassified(
            occurred_on=command.occurred_on,
            kind=command.kind,
            is_eligible=command.is_eligible,
            failed_conditions=command.failed_conditions,
            competence=command.competence,
            topic=command.topic,
            is_mass=petition.receipt.person_count >= MASS,
            is_level_skipping=command.is_level_skipping,
            previous_kind=None if is_first else petition.kind,
            reason=command.reason,
            deadlines=tuple(deadline for deadline in clocks if deadline is not None),
        )
    ]


def acknowledge(command: AcknowledgeReceipt, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """To acknowledge is not to answer: no clock stops."""
    only_open(petition, "be acknowledged")
    return [ReceiptAcknowledged(occurred_on=command.occurred_on, document_no=command.document_no, how=command.how)]


def ask_for_more(command: RequestSupplement, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.RECEIVED, Stage.CLASSIFIED}, "be sent back for a supplement")
    if command.asked_for_on is not None and command.asked_for_on < command.occurred_on:
        raise Refused("the day asked for lies before the request")
    return [
        SupplementRequested(occurred_on=command.occurred_on, wanted=command.wanted, asked_for_on=command.asked_for_on)
    ]


def enter_supplement(command: RecordSupplement, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_open(petition, "be supplemented")
    return [SupplementReceived(occurred_on=command.occurred_on, summary=command.summary)]


def accept(command: AcceptPetition, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """The limit of settlement starts on this day (Law on complaints Arts 28, 37; Law 25/2018 Art 30)."""
    only_from(petition, {Stage.CLASSIFIED}, "be accepted")
    if petition.kind is None:
        raise ValueError(f"{petition.petition_id} is classified without a kind")
    settlement = limit_for(circumstances.law, petition, Clock.SETTLEMENT, command.occurred_on)
    return [
        PetitionAccepted(
            occurred_on=command.occurred_on,
            decision_no=command.decision_no,
            deadlines=() if settlement is None else (settlement,),
        )
    ]


def refuse(command: RefuseAcceptance, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.CLASSIFIED}, "be refused acceptance")
    return [AcceptanceRefused(occurred_on=command.occurred_on, decision_no=command.decision_no, ground=command.ground)]
