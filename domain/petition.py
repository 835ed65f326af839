"""A petition as decisions see it; how it follows from its history is `domain.evolve`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain import events as e
from domain.alerts.keys import StepKey
from domain.deadlines.deadline import Clock, Deadline, Suspension
from domain.status import Standing
from domain.vocabulary import (
    NO_UNIT,
    Complexity,
    EscalationKind,
    MeetingId,
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
    correction: e.Correction | None = None
    why: str = ""


@dataclass(frozen=True)  # no slots: see `changed`
class Petition:
    """`version` is the place of the last event in its history; `deadlines` are the running clocks in full.

    `acted_version` is the place of the last one but alerts: whoever has read that far knows what was done.
    """

    petition_id: PetitionId
    version: int
    standing: Standing
    receipt: e.PetitionReceived
    reference: str | None = None
    received_by_unit: UnitId = NO_UNIT
    deadlines: Mapping[Clock, Deadline] = field(default_factory=dict)
    stopped: Mapping[Clock, Deadline] = field(default_factory=dict)  # those that ran until it was settled
    duplicate_of: PetitionId | None = None
    duplicates: frozenset[PetitionId] = frozenset()  # the letters that are linked to this one
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
    complexity: Complexity = Complexity.NORMAL
    extensions: Mapping[Clock, int] = field(default_factory=dict)  # granted in time, since the clocks started
    assigned_on: date | None = None  # for the first time in this round
    suspensions: tuple[Suspension, ...] = ()  # all that are over: a date set by decision no longer holds them
    prepared_answers: Mapping[MeetingId, str] = field(default_factory=dict)  # proposed, by the meeting to come
    acted_version: int = 1
    first_step_on: date | None = None  # the earliest day of anything after the receipt but alerts
    alerts: Mapping[StepKey, bool] = field(default_factory=dict)  # that were raised, and whether somebody took note

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

    def is_known_by(self, version: int) -> bool:
        """Whether who read it at that version knows all that was done: an alert of this morning keeps nobody off."""
        return self.acted_version <= version <= self.version

    def is_past_limit(self, on: date) -> bool:
        return self.standing.is_past_limit(on)
