"""Defines the state of a petition that decisions read. `domain.evolve` computes it from the history."""

from collections.abc import Mapping
from datetime import date
from typing import Self

import msgspec

from domain import events as e
from domain.alerts.keys import StepKey
from domain.character import Character
from domain.deadlines.clock import Clock, ClockKey
from domain.deadlines.deadline import Deadline, Suspension
from domain.opening import Opening
from domain.order_of_acts import ActDay
from domain.status import Status
from domain.value import Value
from domain.vocabulary import (
    ANSWERED_STAGES,
    CAPACITIES_OF_PETITIONERS,
    NO_UNIT,
    Competence,
    Complexity,
    CourtOutcome,
    IdentityVersion,
    Instance,
    MeetingId,
    OfficerId,
    PersonCapacity,
    PetitionerRef,
    PetitionId,
    PetitionKind,
    RulingForce,
    Stage,
    UnitId,
    WayUp,
    WithdrawalScope,
)


class PendingRequest(Value):
    """Holds a request of one officer that another must grant: an extension, a correction or a reversal."""

    parties: frozenset[OfficerId]
    requested_by: OfficerId
    clock: Clock | None = None
    until: date | None = None
    reason: str = ""
    corrections: tuple[e.Correction, ...] = ()
    persons: tuple[e.Person, ...] = ()  # whose corrected identities came into the vault with the proposal
    identities: tuple[e.IdentityCorrection, ...] = ()
    reverses: int | None = None  # the place of the ending that is to be reversed
    why: str = ""


class CourtRuling(Value):
    """Holds the ruling of a court on a decision that was sued."""

    court: str
    ruling_no: str
    ruled_on: date
    outcome: CourtOutcome
    force: RulingForce

    @classmethod
    def of(cls, fact: e.CourtRulingRecorded) -> Self:
        return cls(
            court=fact.court,
            ruling_no=fact.ruling_no,
            ruled_on=fact.occurred_on,
            outcome=fact.outcome,
            force=fact.force,
        )


class Petition(Value):
    """Holds the state of one petition after its last event.

    `version` is the place of that event in the history, counted from 1. `last_action_version` is the place of the last
    event that is not about alerts: a reader of that version knows every action. `deadlines` are the running clocks.
    """

    petition_id: PetitionId
    version: int
    status: Status
    opening: Opening
    instance: Instance | None = None  # as the opening or the last classification that spoke of it says
    earlier_decision: e.EarlierDecision | None = None  # likewise
    reference: str | None = None
    received_by_unit: UnitId = NO_UNIT
    deadlines: Mapping[Clock, Deadline] = msgspec.field(default_factory=dict)
    stopped_deadlines: Mapping[Clock, Deadline] = msgspec.field(
        default_factory=dict
    )  # the clocks that ran until it was settled
    duties: Mapping[ClockKey, Deadline] = msgspec.field(default_factory=dict)  # those that nobody fulfilled yet
    duplicate_of: PetitionId | None = None
    duplicates: frozenset[PetitionId] = frozenset()  # the letters that are linked to this one
    assigned_by_unit: UnitId | None = None
    accountable_head: OfficerId | None = None
    was_denunciation: bool = False  # at any time: protection stays whatever the letter is classified as later
    was_transferred: bool = False
    signed_by: OfficerId | None = None
    told_on: date | None = None  # the first day on which the citizen was told of the last answer
    reminders: int = 0
    added_persons: tuple[e.Person, ...] = ()  # who came on file after the opening, proxies too
    mandate: e.Mandate | None = None
    proxies: tuple[e.Proxy, ...] = ()
    identity_versions: Mapping[PetitionerRef, IdentityVersion] = msgspec.field(
        default_factory=dict
    )  # of identities in the vault that do not count
    withdrawn: frozenset[PetitionerRef] = frozenset()  # who have left those who asked together
    withdrawal: WithdrawalScope | None = None
    withdrawal_may_be_forced: bool = False
    pending_extension: PendingRequest | None = None
    pending_correction: PendingRequest | None = None
    pending_reversal: PendingRequest | None = None
    ways_up: frozenset[WayUp] = frozenset()  # in this round
    is_check_requested: bool = False  # by the ladder, in this round
    sued_on: date | None = None  # the day of the last lawsuit
    ruling: CourtRuling | None = None  # the latest one after that lawsuit
    answers: tuple[date, ...] = ()
    complexities: Mapping[PetitionKind | None, Complexity] = msgspec.field(default_factory=dict)  # as each kind
    competence: Competence | None = None  # as the last classification says
    extensions: Mapping[Clock, int] = msgspec.field(default_factory=dict)  # granted in time, since the clocks started
    assigned_on: date | None = None  # first assignment of this round
    taken_up_on: date | None = None  # acceptance or reopening of this round: the settlement counts from there
    # the clocks of each kind that it had, as they ran until then
    set_aside: Mapping[PetitionKind | None, Mapping[Clock, Deadline]] = msgspec.field(default_factory=dict)
    suspensions: tuple[Suspension, ...] = ()  # all that have ended: a date set by decision does not contain them
    prepared_answers: Mapping[MeetingId, str] = msgspec.field(default_factory=dict)  # proposed, by planned meeting
    last_action_version: int = 1
    act_days: Mapping[type[e.Fact], ActDay] = msgspec.field(default_factory=dict)  # latest of each act to rest on
    alerts: Mapping[StepKey, bool] = msgspec.field(default_factory=dict)  # raised steps; True: acknowledged
    alert_days: Mapping[StepKey, date] = msgspec.field(default_factory=dict)  # on which each step was raised

    @property
    def stage(self) -> Stage:
        return self.status.stage

    @property
    def kind(self) -> PetitionKind | None:
        return self.status.kind

    @property
    def received_on(self) -> date:
        return self.status.received_on

    @property
    def answered_on(self) -> date | None:
        """Return the day of the last answer of this round, also of a closed petition; None while there is none."""
        is_answered = self.stage in ANSWERED_STAGES or self.stage is Stage.CLOSED
        return self.answers[-1] if is_answered and self.answers else None

    @property
    def is_citizen_told(self) -> bool:
        """Return True when the citizen was told of the last answer."""
        return self.told_on is not None

    @property
    def complexity(self) -> Complexity:
        return self.complexity_as(self.kind)

    def complexity_as(self, kind: PetitionKind | None) -> Complexity:
        """Return what was determined of the petition in this round while it was of that kind."""
        return self.complexities.get(kind, _NORMAL) if self.complexities else _NORMAL

    @property
    def character(self) -> Character:
        """Return what the rules of law ask of the petition."""
        return self.character_as(self.kind, self.instance)

    def character_as(self, kind: PetitionKind | None, instance: Instance | None) -> Character:
        """Return what the rules of law would ask of the petition if it were of that kind and instance."""
        opening = self.opening
        return Character(
            kind,
            instance,
            self.status.received_on,
            opening.channel,
            opening.is_remote_area is True,
            self.complexity_as(kind),
        )

    @property
    def identity_protected(self) -> bool:
        """Return True for a protected identity: asked for, or that of a denouncer, now or before (Law 25/2018 Arts 9,
        47, 56).
        """
        return self.opening.identity_protected or self.was_denunciation or self.kind is PetitionKind.DENUNCIATION

    @property
    def standing_count(self) -> int:
        """Return how many persons still stand behind the petition."""
        return self.opening.counted_persons - len(self.withdrawn)

    @property
    def standing_persons(self) -> tuple[e.Person, ...]:
        """Return the persons on file who still stand behind the petition; a proxy is none of them."""
        return tuple(
            person
            for person in (*self.opening.persons, *self.added_persons)
            if person.capacity in CAPACITIES_OF_PETITIONERS and person.ref not in self.withdrawn
        )

    @property
    def representatives_at_receipt(self) -> tuple[PetitionerRef, ...]:
        """Return those who still stand behind the petition and whom its opening called representatives."""
        return tuple(
            person.ref
            for person in self.opening.persons
            if person.capacity is PersonCapacity.REPRESENTATIVE and person.ref not in self.withdrawn
        )

    @property
    def representatives(self) -> tuple[PetitionerRef, ...]:
        """Return who represents those who stand behind the petition: by the mandate, or as its opening says."""
        if self.mandate is None:
            return self.representatives_at_receipt
        return tuple(ref for ref in self.mandate.representatives if ref not in self.withdrawn)

    def is_current_for(self, version: int) -> bool:
        """Return True when a reader of that version knows every action. Later alerts alone do not make it outdated."""
        return self.last_action_version <= version <= self.version

    def was_late_on(self, on: date) -> bool:
        """Return True when the petition was settled after the day `on` and its due date lay before that day."""
        status = self.status
        return (
            status.settled_on is not None
            and status.due_when_settled is not None
            and status.due_when_settled < on < status.settled_on
        )

    def is_past_limit(self, on: date) -> bool:
        """Return True when the petition is open, not suspended, and its earliest due date lies before the day `on`."""
        return self.status.is_past_limit(on)


_NORMAL = Complexity.NORMAL

PER_ROUND = (
    "signed_by",
    "told_on",
    "withdrawal",
    "withdrawal_may_be_forced",
    "pending_extension",
    "ways_up",
    "is_check_requested",
    "complexities",
    "extensions",
    "assigned_on",
    "taken_up_on",
    "set_aside",
)
"""The fields that say what happened in the present round of handling. Each begins every round anew."""
