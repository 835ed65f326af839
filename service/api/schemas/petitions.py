"""What the interface answers with."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from domain.actor import Credentials, Role
from domain.deadlines.deadline import Clock, Deadline
from domain.petition import Petition
from domain.vocabulary import Channel, EscalationKind, PetitionKind, Stage
from projections.labels.events import PROTECTED
from service.commands.office import Done
from service.security.visibility import may_read_protected


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Entered(Answer):
    """Where the log has it. `position` is what `?after=` of a view takes; `recorded_at` is UTC."""

    version: int
    position: int
    recorded_at: datetime


class PetitionEntered(Entered):
    """`version` is the petition's now, as in the ETag; `opened` are petitions begun by it: the matters of a letter."""

    petition_id: UUID
    reference: str | None = Field(examples=["TD-2026-000123"])
    opened: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, done: Done) -> Self:
        return cls(
            petition_id=done.petition_id,
            reference=done.reference,
            opened=done.opened,
            version=done.version,
            position=done.position,
            recorded_at=done.recorded_at,
        )


class DuplicateFound(Answer):
    """A petition that this one may repeat; what it says is not shown. `score` is from 0 to 100, `same_sender` None
    where it is not known or not yours to know, `days_late` more than 0 while the first letter is overdue.
    """

    petition_id: UUID
    reference: str | None
    score: float
    same_sender: bool | None
    is_linked: bool
    stage: Stage
    unit: str
    received_on: date
    due_on: date | None
    days_late: int


class ReceiptEntered(PetitionEntered):
    """`duplicates` is None when the search could not be made: the petition is received all the same."""

    duplicates: tuple[DuplicateFound, ...] | None


class MeetingEntered(Entered):
    meeting_id: UUID


class UnitEntered(Entered):
    unit: str


class RunningClock(Answer):
    """A clock that runs, and what it was started with."""

    clock: Clock
    started_on: date
    due_on: date
    original_due_on: date
    policy: str | None
    legal_source: str | None

    @classmethod
    def of(cls, deadline: Deadline) -> Self:
        return cls(
            clock=deadline.clock,
            started_on=deadline.started_on,
            due_on=deadline.due_on,
            original_due_on=deadline.original_due_on,
            policy=deadline.policy,
            legal_source=deadline.legal_source,
        )


class PetitionState(Answer):
    """Where a petition stands. `due_on` is the earliest date of `clocks`; days are of the authority's zone."""

    petition_id: UUID
    reference: str | None
    version: int
    stage: Stage
    is_open: bool
    kind: PetitionKind | None
    channel: Channel
    summary: str
    place: str
    person_count: int
    identity_protected: bool
    document_no: str
    received_on: date
    unit: str
    coordinating_units: tuple[str, ...]
    officer: str | None
    due_on: date | None
    clocks: tuple[RunningClock, ...]
    suspended_on: date | None
    settled_on: date | None
    due_when_settled: date | None
    round: int
    reminders: int
    is_citizen_told: bool
    escalations: tuple[EscalationKind, ...]
    split_from: UUID | None
    escalated_from: UUID | None
    duplicate_of: UUID | None
    duplicates: tuple[UUID, ...]

    @classmethod
    def of(cls, petition: Petition, *, is_protected: bool, credentials: Credentials) -> Self:
        standing, receipt = petition.standing, petition.receipt
        hidden = is_protected and not may_read_protected(credentials, standing.unit)
        return cls(
            petition_id=petition.petition_id,
            reference=petition.reference,
            version=petition.version,
            stage=petition.stage,
            is_open=petition.stage.is_open,
            kind=petition.kind,
            channel=receipt.channel,
            summary=PROTECTED if hidden else receipt.summary,
            place=PROTECTED if hidden else receipt.place,
            person_count=receipt.person_count,
            identity_protected=is_protected,
            document_no=receipt.document_no,
            received_on=petition.received_on,
            unit=standing.unit,
            coordinating_units=standing.coordinating,
            officer=standing.officer,
            due_on=standing.due_on,
            clocks=tuple(RunningClock.of(deadline) for deadline in petition.deadlines.values()),
            suspended_on=standing.suspended_on,
            settled_on=standing.settled_on,
            due_when_settled=standing.due_when_settled,
            round=standing.round,
            reminders=petition.reminders,
            is_citizen_told=petition.is_citizen_told,
            escalations=tuple(sorted(petition.escalations)),
            split_from=receipt.split_from,
            escalated_from=receipt.escalated_from,
            duplicate_of=petition.duplicate_of,
            duplicates=tuple(sorted(petition.duplicates)),
        )


class PetitionerShown(Answer):
    """One identity; all empty and `is_erased` once the person was erased."""

    petitioner_ref: UUID
    is_erased: bool = False
    name: str = Field(default="", repr=False)
    address: str = Field(default="", repr=False)
    identity_no: str = Field(default="", repr=False)
    phone: str = Field(default="", repr=False)
    is_representative: bool = False


class Whoami(Answer):
    officer: str
    unit: str
    position: str
    acting_for: str | None
    roles: tuple[Role, ...]
