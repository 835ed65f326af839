"""A petition as decisions see it, folded from its history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain import standing as standings
from domain.deadlines.deadline import Clock, Deadline
from domain.events import (
    AnsweredAtMeeting,
    AnsweredInWriting,
    CitizenNotified,
    Correction,
    CorrectionProposed,
    DeadlineExtended,
    ExtensionRequested,
    PetitionAssigned,
    PetitionEscalated,
    PetitionEvent,
    PetitionReceived,
    PetitionReopened,
    PetitionTransferred,
    ProcessingTerminated,
    RecordCorrected,
    ReminderIssued,
    WithdrawalAccepted,
    WithdrawalOverridden,
    WithdrawalRequested,
)
from domain.recorded import Recorded
from domain.standing import Standing
from domain.vocabulary import (
    EscalationKind,
    OfficerId,
    PetitionId,
    PetitionKind,
    Stage,
    UnitId,
    WithdrawalScope,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Something one officer asked for and another must grant."""

    parties: frozenset[OfficerId]
    by: OfficerId
    clock: Clock | None = None
    until: date | None = None
    reason: str = ""
    version: int = 0
    correction: Correction | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Petition:
    """`version` is the place of the last event in its history; `deadlines` are the running clocks in full."""

    petition_id: PetitionId
    version: int
    standing: Standing
    receipt: PetitionReceived
    reference: str | None = None
    deadlines: Mapping[Clock, Deadline] = field(default_factory=dict)
    assigned_by_unit: UnitId | None = None
    accountable_head: OfficerId | None = None
    was_transferred: bool = False
    signed_by: OfficerId | None = None
    is_citizen_told: bool = False
    reminders: int = 0
    withdrawal: WithdrawalScope | None = None
    withdrawal_may_be_forced: bool = False
    extension_asked: Asked | None = None
    correction_asked: Asked | None = None
    escalations: frozenset[EscalationKind] = frozenset()
    answers: tuple[date, ...] = ()
    first_step_on: date | None = None  # the earliest day of anything after the receipt

    @property
    def stage(self) -> Stage:
        return self.standing.stage

    @property
    def kind(self) -> PetitionKind | None:
        return self.standing.kind

    @property
    def received_on(self) -> date:
        return self.standing.received_on

    @property
    def identity_protected(self) -> bool:
        """Asked for at the receipt, or due to every denouncer (Law 25/2018 Arts 9, 47, 56)."""
        return self.receipt.identity_protected or self.kind is PetitionKind.DENUNCIATION

    def is_past_limit(self, on: date) -> bool:
        due_on = self.standing.due_on
        return due_on is not None and on > due_on and self.stage.is_open and not self.standing.is_suspended


def evolve(petition: Petition | None, recorded: Recorded[PetitionEvent]) -> Petition:
    """The petition after one event. Holds no rule and refuses nothing: whatever was recorded, loads.

    Raises ValueError when a history does not begin with a receipt, which no writer of ours can cause.
    """
    fact = recorded.fact
    if petition is None:
        if not isinstance(fact, PetitionReceived):
            raise ValueError(f"the history of {recorded.originator_id} begins with {type(fact).__name__}")
        return Petition(
            petition_id=PetitionId(recorded.originator_id),
            version=recorded.originator_version,
            standing=standings.received(fact),
            receipt=fact,
            reference=recorded.reference,
            deadlines={d.clock: d for d in fact.deadlines},
        )
    standing = standings.after(petition.standing, fact)
    started = {**petition.deadlines, **{d.clock: d for d in fact.deadlines}}
    petition = replace(
        petition,
        version=recorded.originator_version,
        standing=standing,
        deadlines={clock: started[clock] for clock in standing.clocks},
        first_step_on=min(petition.first_step_on or fact.occurred_on, fact.occurred_on),
    )
    return _remembered(petition, recorded)


def _remembered(petition: Petition, recorded: Recorded[PetitionEvent]) -> Petition:
    """What later decisions ask about beyond the standing."""
    fact = recorded.fact
    match fact:
        case PetitionAssigned():
            return replace(petition, assigned_by_unit=recorded.by.unit, accountable_head=fact.accountable_head)
        case PetitionTransferred():
            return replace(petition, was_transferred=True)
        case AnsweredAtMeeting():
            return replace(
                petition,
                signed_by=fact.answered_by,
                is_citizen_told=fact.citizen_present,
                answers=(*petition.answers, fact.occurred_on),
            )
        case AnsweredInWriting():
            return replace(
                petition,
                signed_by=fact.signed_by,
                is_citizen_told=False,
                answers=(*petition.answers, fact.occurred_on),
            )
        case CitizenNotified():
            return replace(petition, is_citizen_told=True)
        case ReminderIssued():
            return replace(petition, reminders=fact.nth)
        case WithdrawalRequested():
            return replace(
                petition,
                withdrawal=fact.scope,
                # a second letter does not take away what the first one showed; an override does
                withdrawal_may_be_forced=petition.withdrawal_may_be_forced or fact.signs_of_coercion,
            )
        case WithdrawalAccepted() | WithdrawalOverridden() | ProcessingTerminated():
            return replace(petition, withdrawal=None, withdrawal_may_be_forced=False)
        case ExtensionRequested():
            asked = Asked(
                parties=recorded.by.parties,
                by=recorded.by.officer,
                clock=fact.clock,
                until=fact.until,
                reason=fact.reason,
            )
            return replace(petition, extension_asked=asked)
        case DeadlineExtended():
            return replace(petition, extension_asked=None)
        case CorrectionProposed():
            asked = Asked(
                parties=recorded.by.parties,
                by=recorded.by.officer,
                version=fact.version,
                correction=fact.correction,
                why=fact.why,
            )
            return replace(petition, correction_asked=asked)
        case RecordCorrected():
            return replace(
                petition,
                correction_asked=None,
                receipt=_corrected(petition.receipt, fact),
                answers=(*petition.answers[:-1], fact.correction.answered_on or petition.answers[-1])
                if petition.answers
                else (),
            )
        case PetitionEscalated():
            return replace(petition, escalations=petition.escalations | {fact.kind})
        case PetitionReopened():
            return replace(
                petition,
                signed_by=None,
                is_citizen_told=False,
                escalations=frozenset(),
                withdrawal=None,
                withdrawal_may_be_forced=False,
                extension_asked=None,
            )
        case _:
            return petition  # the standing says the rest


def _corrected(receipt: PetitionReceived, fact: RecordCorrected) -> PetitionReceived:
    """Later rules and linked petitions go by what the receipt should have said; its day is the standing's."""
    said = {"summary", "place", "person_count"} | ({"document_no"} if fact.version == 1 else set())
    return receipt.model_copy(update=fact.correction.model_dump(include=said, exclude_none=True))


def fold(history: Iterable[Recorded[PetitionEvent]]) -> Petition | None:
    petition: Petition | None = None
    for recorded in history:
        petition = evolve(petition, recorded)
    return petition
