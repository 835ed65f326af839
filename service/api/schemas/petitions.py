"""Declares the answers to queries and commands about petitions, meetings and units."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from domain.actor import Credentials, Role
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline
from domain.deadlines.policy import Policies
from domain.events import Mandate
from domain.petition import Petition
from domain.status import Duty
from domain.value import known
from domain.vocabulary import (
    Channel,
    CourtOutcome,
    IdentityVersion,
    PetitionKind,
    Recipient,
    RulingForce,
    Stage,
    WayUp,
)
from projections.labels.events import PROTECTED_TEXT
from service.commands.results import CommandResult
from service.security.visibility import may_read_protected


class ResponseModel(BaseModel):
    model_config = ConfigDict(frozen=True)


class RecordedResponse(ResponseModel):
    """Says where the log has the recorded events.

    `position` is the value for `?after=` of a view; `recorded_at` is in UTC.
    """

    version: int
    position: int
    recorded_at: datetime


class PetitionEntered(RecordedResponse):
    """A command on a petition was recorded. `version` is the petition's new version, as in the ETag; `opened` are the
    petitions that the command opened, such as the matters of a letter, and `opened_references` their numbers.
    """

    petition_id: UUID
    reference: str | None = Field(examples=["TD-2026-000123"])
    opened: tuple[UUID, ...] = ()
    opened_references: tuple[str | None, ...] = Field(default=(), examples=[["TD-2026-000123.1"]])

    @classmethod
    def of(cls, done: CommandResult) -> Self:
        return cls(
            petition_id=done.petition_id,
            reference=done.reference,
            opened=done.opened,
            opened_references=done.opened_references,
            version=done.version,
            position=done.position,
            recorded_at=done.recorded_at,
        )


class DuplicateFound(ResponseModel):
    """A petition that this one may repeat; its text is not shown.

    `score` is from 0 to 100. `same_sender` is null if it is not known, or if the officer may not know it. `days_late`
    is more than 0 while that petition is overdue.
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
    """A receipt with a search for duplicates.

    `duplicates` is null if the search could not be made; the petition is received nevertheless.
    """

    duplicates: tuple[DuplicateFound, ...] | None


class MeetingEntered(RecordedResponse):
    meeting_id: UUID


class UnitEntered(RecordedResponse):
    unit: str


class RunningClock(ResponseModel):
    """A clock that is running, with the rule by which it was started."""

    clock: Clock
    started_on: date
    due_on: date
    original_due_on: date
    policy: str | None
    legal_source: str | None

    @classmethod
    def of(cls, deadline: Deadline, policies: Policies) -> Self:
        return cls(
            clock=deadline.clock,
            started_on=deadline.started_on,
            due_on=deadline.due_on,
            original_due_on=deadline.original_due_on,
            policy=known(deadline.policy),
            legal_source=policies.legal_source(deadline.policy),
        )


class RulingShown(ResponseModel):
    """The latest ruling of a court on the decision that was sued."""

    court: str
    ruling_no: str
    ruled_on: date
    outcome: CourtOutcome
    force: RulingForce


class MandateShown(ResponseModel):
    """The mandate of the representatives of many persons, who are named by reference."""

    document_no: str | None
    document_on: date
    signatures: int

    @classmethod
    def of(cls, mandate: Mandate) -> Self:
        return cls(
            document_no=known(mandate.document_no), document_on=mandate.document_on, signatures=mandate.signatures
        )


class OwedDuty(RunningClock):
    """A duty that is owed: `subject` is the unit or decision that it is about, `owed_to` who must still get something.

    `unit` owes it.
    """

    subject: str | None
    unit: str
    owed_to: tuple[Recipient, ...]

    @classmethod
    def owed(cls, deadline: Deadline, duty: Duty, policies: Policies) -> Self:
        running = RunningClock.of(deadline, policies)
        return cls(
            **running.model_dump(),
            subject=None if deadline.key.subject is None else deadline.key.subject.text,
            unit=duty.unit,
            owed_to=tuple(one for one in Recipient if one in duty.owed_to),
        )


class PetitionState(ResponseModel):
    """The present state of a petition. `due_on` is the earliest date of `clocks`; days are in the authority's zone.

    `person_count` is the number that the letter said, `standing_count` how many of them have not withdrawn.
    `waiting_since` is the day since which the citizen's supplement is waited for; no clock stands still by it.
    `matters` are the numbers of the petitions that a letter was split into.
    `duties` are what acts made due beside the answer; they move no due date, and outlive the end of the petition.
    """

    petition_id: UUID
    reference: str | None
    version: int
    stage: Stage
    is_open: bool
    kind: PetitionKind | None
    channel: Channel | None
    summary: str
    place: str
    person_count: int
    standing_count: int
    mandate: MandateShown | None
    representatives: tuple[UUID, ...]
    identity_protected: bool
    document_no: str
    received_on: date
    unit: str
    coordinating_units: tuple[str, ...]
    officer: str | None
    due_on: date | None
    clocks: tuple[RunningClock, ...]
    duties: tuple[OwedDuty, ...]
    suspended_on: date | None
    waiting_since: date | None
    settled_on: date | None
    due_when_settled: date | None
    round: int
    reminders: int
    is_citizen_told: bool
    ways_up: tuple[WayUp, ...]
    court_ruling: RulingShown | None
    split_from: UUID | None
    matters: tuple[str, ...]
    earlier: UUID | None
    duplicate_of: UUID | None
    duplicates: tuple[UUID, ...]

    @classmethod
    def of(
        cls,
        petition: Petition,
        policies: Policies,
        *,
        is_protected: bool,
        credentials: Credentials,
        matters: tuple[str, ...] = (),
    ) -> Self:
        standing, opening = petition.status, petition.opening
        hidden = is_protected and not may_read_protected(credentials, standing.unit)
        return cls(
            petition_id=petition.petition_id,
            reference=petition.reference,
            version=petition.version,
            stage=petition.stage,
            is_open=petition.stage.is_open,
            kind=petition.kind,
            channel=opening.channel,
            summary=PROTECTED_TEXT if hidden else opening.summary,
            place=PROTECTED_TEXT if hidden else opening.place,
            person_count=opening.counted_persons,
            standing_count=petition.standing_count,
            mandate=None if petition.mandate is None else MandateShown.of(petition.mandate),
            representatives=petition.representatives,
            identity_protected=is_protected,
            document_no=opening.document_no,
            received_on=petition.received_on,
            unit=standing.unit,
            coordinating_units=standing.coordinating,
            officer=standing.officer,
            due_on=standing.due_on,
            clocks=tuple(RunningClock.of(deadline, policies) for deadline in petition.deadlines.values()),
            duties=tuple(
                OwedDuty.owed(deadline, standing.duties[key], policies) for key, deadline in petition.duties.items()
            ),
            suspended_on=standing.suspended_on,
            waiting_since=standing.waiting_since,
            settled_on=standing.settled_on,
            due_when_settled=standing.due_when_settled,
            round=standing.round,
            reminders=petition.reminders,
            is_citizen_told=petition.is_citizen_told,
            ways_up=tuple(sorted(petition.ways_up)),
            court_ruling=None if petition.ruling is None else RulingShown(**msgspec.structs.asdict(petition.ruling)),
            split_from=opening.letter,
            matters=matters,
            earlier=opening.earlier,
            duplicate_of=petition.duplicate_of,
            duplicates=tuple(sorted(petition.duplicates)),
        )


class PetitionerShown(ResponseModel):
    """The identity of one petitioner.

    If the identity was erased, `is_erased` is true and what it said is empty. `version` is said of one that does not
    count: it was corrected, or is the correction that nobody approved (yet).
    """

    petitioner_ref: UUID
    is_erased: bool = False
    name: str = Field(default="", repr=False)
    address: str = Field(default="", repr=False)
    identity_no: str = Field(default="", repr=False)
    phone: str = Field(default="", repr=False)
    is_representative: bool = False
    version: IdentityVersion | None = None


class Whoami(ResponseModel):
    officer: str
    unit: str
    position: str
    acting_for: str | None
    roles: tuple[Role, ...]
